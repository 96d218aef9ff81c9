"""What follows when the first day of a cover has come, when its last has passed, and when what it is for is over?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from services.marketplace.common.blocking import look_again, ready_for
from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.common.standing_in import begin, cut_short, end
from services.marketplace.models import Cover, Evidence, Listing, Order, Supplier
from services.marketplace.reminders import CoverBegins, CoveredEnds, CoverEnds, EvidenceCame
from services.marketplace.rules.states import CoverState, OrderState
from shared.contracts.base import Fact
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork

# Orders are only looked at: what changed meanwhile makes the save start again.
COVER = by_key(Cover, "cover_id", hold=Hold.CHANGE)


# ── its first day ─────────────────────────────────────────────────────────────────────────────────────────────────
@due(CoverBegins, wants=(by_key(Order, "order_id", hold=Hold.GLANCE),))
def begin_cover(fell: Due[CoverBegins], work: UnitOfWork) -> Iterator[Fact]:
    """Whatever budget answered: nobody is left without support for its sake. Whoever was found has the evidence that any start
    needs on this day: they were chosen by that."""
    order = work.one(Order, fell.reminder.order_id)
    if order.state is OrderState.PLACED:
        yield from begin(work, order)


# ── its last day ──────────────────────────────────────────────────────────────────────────────────────────────────
def _its_listing(fell: Due[CoverEnds], work: UnitOfWork) -> UUID | None:
    return work.one(Cover, fell.reminder.cover_id).listing_id


def _its_order(fell: Due[CoverEnds], work: UnitOfWork) -> UUID | None:
    return work.one(Cover, fell.reminder.cover_id).covering_order_id


@due(CoverEnds, wants=(COVER, by_key(Listing, _its_listing), by_key(Order, _its_order, hold=Hold.GLANCE)))
def end_cover(fell: Due[CoverEnds], work: UnitOfWork) -> Iterator[Fact]:
    """The order of whoever covered ends with it, and the room that was taken for it is theirs again."""
    yield from end(work, work.one(Cover, fell.reminder.cover_id))


# ── what it is for ────────────────────────────────────────────────────────────────────────────────────────────────
OF_ORDER = by_match(Cover, "order_id", of="order_id")
LIVE = (CoverState.ARRANGED, CoverState.NOT_FOUND)


def _of_order(fell: Due[CoveredEnds], work: UnitOfWork) -> list[Cover]:
    covers: list[Cover] = work.all(OF_ORDER, fell.reminder.order_id)
    return [each for each in covers if each.state in LIVE]


def _rooms(covers: Iterable[Cover]) -> list[UUID]:
    return [each.listing_id for each in covers if each.listing_id]


def _orders(covers: Iterable[Cover]) -> list[UUID]:
    return [each.covering_order_id for each in covers if each.covering_order_id]


ROOMS = by_key(Listing, lambda fell, work: _rooms(_of_order(fell, work)))
ORDERS = by_key(Order, lambda fell, work: _orders(_of_order(fell, work)), hold=Hold.GLANCE)


@due(CoveredEnds, wants=(OF_ORDER, ROOMS, ORDERS))
def end_with_what_is_covered(fell: Due[CoveredEnds], work: UnitOfWork) -> Iterator[Fact]:
    """Whoever covers comes no longer than the order they cover for runs; nor does anybody who covers for them."""
    for cover in _of_order(fell, work):
        if cover.last > fell.reminder.last_day:
            yield from cut_short(work, cover, fell.reminder.last_day, fell.today)


# ── evidence that is there again ──────────────────────────────────────────────────────────────────────────────────
def _running(fell: Due[EvidenceCame], work: UnitOfWork) -> list[Order]:
    orders: list[Order] = work.all(THEIR_ORDERS, fell.reminder.supplier_id)
    return [order for order in orders if order.state is OrderState.STARTED]


def _for_lapse(fell: Due[EvidenceCame], work: UnitOfWork) -> list[Cover]:
    covers: list[Cover] = [each for order in _running(fell, work) for each in work.all(FOR_LAPSE, order.order_id)]
    return [each for each in covers if each.is_lapse and each.state in LIVE]


def _of_running(fell: Due[Any], work: UnitOfWork) -> list[tuple[UUID]]:
    return [(order.order_id,) for order in _running(fell, work)]


SHOWN = EvidenceLoads(lambda fell, work: [work.one(Supplier, fell.reminder.supplier_id)], 1)
THEIR_ORDERS = by_match(Order, "supplier_id", of="supplier_id", hold=Hold.GLANCE, stage=1)
FOR_LAPSE = by_match(Cover, "order_id", of=_of_running, stage=2)
LAPSE_ROOMS = by_key(Listing, lambda fell, work: _rooms(_for_lapse(fell, work)), stage=3)
LAPSE_ORDERS = by_key(Order, lambda fell, work: _orders(_for_lapse(fell, work)), hold=Hold.GLANCE, stage=3)
# The supplier is held, so that an order that is being confirmed waits, or is seen here.
AGAIN = (by_key(Supplier, "supplier_id"), *SHOWN.wants, THEIR_ORDERS, FOR_LAPSE)


@due(EvidenceCame, wants=(*AGAIN, LAPSE_ROOMS, LAPSE_ORDERS))
def end_what_lapsed(fell: Due[EvidenceCame], work: UnitOfWork) -> Iterator[Fact]:
    """What had lapsed is there: from tomorrow the PA comes again, and nobody in their place."""
    supplier = work.one(Supplier, fell.reminder.supplier_id)
    evidence, orders = SHOWN.of(work, supplier), {one.order_id: one for one in _running(fell, work)}
    yield from _note_employers(fell, work, supplier, evidence)
    for cover in _for_lapse(fell, work):
        still_missing = ready_for(orders[cover.order_id], supplier, evidence, fell.today).missing
        if cover.last > fell.today and not still_missing:
            yield from cut_short(work, cover, fell.today, fell.today)


def _note_employers(
    fell: Due[EvidenceCame], work: UnitOfWork, supplier: Supplier, evidence: list[Evidence]
) -> Iterator[Fact]:
    """What their employer showed at another of their PAs counts here too."""
    came = next((each for each in evidence if each.evidence_id == fell.reminder.evidence_id), None)
    if came is not None:
        yield came.at(supplier).as_recorded()
        yield from look_again(work, work.all(THEIR_ORDERS, supplier.supplier_id), supplier, evidence, fell.today)
