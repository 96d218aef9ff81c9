"""How does whoever covers come to an order of their own, start on it, and end? Pure.

It is an order like any other: money is set aside for it, visits are recorded for it and claimed. But that it starts on its
day whatever budget answers, and has its last day from the first.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.marketplace.common.ending import end_covers, free_room
from services.marketplace.common.ordering import take_room
from services.marketplace.models import Cover, Listing, Order
from services.marketplace.reminders import CoverBegins, CoverEnds
from services.marketplace.rules.states import COVERS, ORDERS, CoverState, OrderState
from shared.clock import start_of
from shared.contracts.base import Fact, Route
from shared.money import price_of
from shared.runtime.unit_of_work import UnitOfWork

COVER_OVER = "cover_over"


def place(work: UnitOfWork, covered: Order, cover: Cover, listing: Listing, today: date) -> Iterator[Fact]:
    """Where its day has come support starts at once."""
    assert cover.covering_order_id is not None  # somebody was found
    yield from take_room(work, listing, covered.weekly_minutes)
    order = work.put(_standing_in(cover.covering_order_id, covered, cover, listing, today))
    yield order.as_placed(listing.employer)
    if order.starts_on <= today:
        yield from begin(work, order)
        return
    begins = CoverBegins(order_id=order.order_id)
    work.remind(begins, start_of(order.starts_on), key=order.order_id, subject=order.person_id)


def _standing_in(order_id: UUID, covered: Order, cover: Cover, listing: Listing, today: date) -> Order:
    """For the same line, at the price of whoever covers, whom the council pays: it arranged the cover (docs/adr/0017)."""
    return Order(
        council_id=covered.council_id,
        order_id=order_id,
        requirement_id=covered.requirement_id,
        listing_id=listing.listing_id,
        offer_id=None,
        plan_id=covered.plan_id,
        budget_id=covered.budget_id,
        person_id=covered.person_id,
        supplier_id=listing.supplier_id,
        supplier_kind=listing.supplier_kind,
        line=covered.line,
        route=Route.COUNCIL_MANAGED,
        hourly_pence=listing.hourly_pence,
        weekly_minutes=covered.weekly_minutes,
        weekly_pence=price_of(covered.weekly_minutes, listing.hourly_pence),
        starts_on=max(cover.first, today),
        last_day=cover.last,
        state=OrderState.PLACED,
        covers_order_id=covered.order_id,
        basis=covered.basis,
    )


def begin(work: UnitOfWork, order: Order) -> Iterator[Fact]:
    started = replace(order, state=ORDERS.move(order.state, "stand_in"), started_on=order.starts_on)
    yield work.put(started).as_started(order.starts_on)


def cut_short(work: UnitOfWork, cover: Cover, last_day: date, today: date) -> Generator[Fact, None, Cover]:
    """Nobody comes in their place after that day. It is said at once, so that money follows."""
    last, over = max(last_day, cover.first - timedelta(days=1)), last_day < today
    state = COVERS.move(cover.state, "end" if over else "shorten")
    shorter = work.put(replace(cover, last=last, state=state, is_cut=True))
    yield shorter.as_ended()
    if over:
        work.forget(CoverEnds, key=cover.cover_id)
    else:
        ends = start_of(last + timedelta(days=1))
        work.remind(CoverEnds(cover_id=cover.cover_id), ends, key=cover.cover_id, subject=cover.person_id)
    if cover.state is CoverState.ARRANGED:
        yield from _cut_order(work, work.one(Order, cover.covering_order_id), last, over)
    return shorter


def _cut_order(work: UnitOfWork, order: Order, last: date, over: bool) -> Iterator[Fact]:
    """Whoever started today has today for their last day: somebody may have come. Nor does anybody come for them longer."""
    end_covers(work, order, last)
    if order.state is OrderState.PLACED and last < order.starts_on:
        yield from _called_off(work, order)
    elif order.state in (OrderState.PLACED, OrderState.STARTED):
        ending = work.put(replace(order, last_day=max(last, order.starts_on)))
        yield ending.as_ended(max(last, order.starts_on), COVER_OVER, need_remains=True)
        if over:
            yield from _over(work, ending)


def end(work: UnitOfWork, cover: Cover) -> Iterator[Fact]:
    """Its last day passed, and with it that of whoever covered."""
    work.put(replace(cover, state=COVERS.move(cover.state, "end")))
    order = work.one(Order, cover.covering_order_id) if cover.state is CoverState.ARRANGED else None
    if order is None:
        return
    if order.state is OrderState.PLACED:
        yield from _called_off(work, order)
    elif order.state is OrderState.STARTED:
        if not cover.is_cut:
            yield order.as_ended(order.last_day or cover.last, COVER_OVER, need_remains=True)
        yield from _over(work, order)


def _over(work: UnitOfWork, order: Order) -> Iterator[Fact]:
    work.put(replace(order, state=ORDERS.move(order.state, "end")))
    yield from free_room(work, order)


def _called_off(work: UnitOfWork, order: Order) -> Iterator[Fact]:
    """Before the start; the requirement is the covered order's, and stays filled by that."""
    work.forget(CoverBegins, key=order.order_id)
    cancelled = work.put(replace(order, state=ORDERS.move(order.state, "cancel")))
    yield cancelled.as_cancelled(COVER_OVER, need_remains=True)
    yield from free_room(work, cancelled)
