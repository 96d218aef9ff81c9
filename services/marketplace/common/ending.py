"""What follows when an order is over: whose is the room, what becomes of its requirement, and who takes its place? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from services.marketplace.common.ordering import take_room
from services.marketplace.models import Listing, Order, Requirement
from services.marketplace.reminders import CoveredEnds, OrderEnds
from services.marketplace.rules.states import ORDERS, REQUIREMENTS, OrderState
from shared.clock import start_of
from shared.contracts.base import Fact, SupplierKind
from shared.runtime.unit_of_work import UnitOfWork

REPLACED, SUPERSEDED = "replaced", "plan_superseded"
BEFORE_THE_START = (OrderState.PLACED, OrderState.HELD, OrderState.CONFIRMED)


def free_room(work: UnitOfWork, order: Order, following: Iterable[Order] = ()) -> Iterator[Fact]:
    """The room is the supplier's again, but for what an order that takes this one's place at the same listing has of it."""
    kept = 0
    for one in following:
        if one.state not in (OrderState.CANCELLED, OrderState.ENDED):
            kept += one.shared_minutes
            work.put(replace(one, shared_minutes=0))
    own = order.weekly_minutes - order.shared_minutes
    yield from take_room(work, work.one(Listing, order.listing_id), kept - own)


def stand_alone(work: UnitOfWork, requirements: Iterable[Requirement]) -> None:
    """What was looked for in the place of an order that is over is looked for all the same."""
    for requirement in requirements:
        work.put(replace(requirement, replaces_order_id=None, replaces=None))


def end_covers(work: UnitOfWork, order: Order, last_day: date) -> None:
    """Whoever covers for it comes no longer than it runs: only a PA is covered for."""
    if order.supplier_kind is SupplierKind.PA:
        ends = CoveredEnds(order_id=order.order_id, last_day=last_day)
        work.remind(ends, work.message.now, key=order.order_id, subject=order.person_id)


def end_ahead(work: UnitOfWork, order: Order, last_day: date, today: date, because: str = SUPERSEDED) -> Iterator[Fact]:
    """The end is said at once, so that money and payments follow it; support runs until its last day."""
    ending = work.put(replace(order, last_day=max(last_day, order.started_on or last_day)))
    assert ending.last_day is not None  # just set
    yield ending.as_ended(ending.last_day, because, need_remains=False)
    end_covers(work, ending, ending.last_day)
    if ending.last_day < today:
        yield from be_over(work, ending)
        return
    at = start_of(ending.last_day + timedelta(days=1))
    work.remind(OrderEnds(order_id=order.order_id), at, key=order.order_id, subject=order.person_id)


def be_over(work: UnitOfWork, order: Order, following: Iterable[Order] = ()) -> Iterator[Fact]:
    """Its last day passed, and what it met is not needed any more."""
    work.put(replace(order, state=ORDERS.move(order.state, "end")))
    requirement = work.one(Requirement, order.requirement_id)
    if (requirement.state, "withdraw") in REQUIREMENTS:  # somebody may have said so meanwhile
        work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "withdraw")))
    yield from free_room(work, order, following)
