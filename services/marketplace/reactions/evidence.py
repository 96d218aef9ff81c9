"""What follows when evidence is about to end, and when it has ended? Running support is never stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from services.marketplace.common.blocking import look_again, ready_for
from services.marketplace.common.covering import CoverLoads, ask_for_cover
from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.models import Cover, Evidence, Order, Supplier
from services.marketplace.policy import in_force
from services.marketplace.reminders import EmployersEvidenceEnds, EvidenceEnds
from services.marketplace.rules.cover import uncovered_since
from services.marketplace.rules.readiness import is_followed
from services.marketplace.rules.states import CoverState, OrderState
from shared.contracts.base import Fact, SupplierKind
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork

SHOWN = EvidenceLoads(lambda fell, work: [work.one(Supplier, fell.reminder.supplier_id)], 1, Hold.CHANGE)
THEIR_ORDERS = by_match(Order, "supplier_id", of="supplier_id", stage=1)


def _of_a_pa(fell: Due[EvidenceEnds], work: UnitOfWork) -> list[Order]:
    """Running orders of a PA, on the day of a lapse: others send somebody else themselves."""
    if fell.reminder.days_left or work.one(Supplier, fell.reminder.supplier_id).supplier_kind is not SupplierKind.PA:
        return []
    orders: list[Order] = work.all(THEIR_ORDERS, fell.reminder.supplier_id)
    return [order for order in orders if order.state is OrderState.STARTED]


FOR_COVER = CoverLoads(_of_a_pa, 2)
COVERED = by_match(
    Cover,
    "order_id",
    of=lambda fell, work: [(order.order_id,) for order in _of_a_pa(fell, work)],
    hold=Hold.GLANCE,
    stage=2,
)


THEIR_PAS = by_match(Supplier, "employer_id", of="employer_id", hold=Hold.GLANCE)


@due(EmployersEvidenceEnds, wants=(THEIR_PAS,))
def look_at_each_pa(fell: Due[EmployersEvidenceEnds], work: UnitOfWork) -> None:
    """Whoever is employed by then, each by a timer of their own."""
    evidence_id, days_left = fell.reminder.evidence_id, fell.reminder.days_left
    pas: list[Supplier] = work.all(THEIR_PAS, fell.reminder.employer_id)
    for pa in (each.supplier_id for each in pas):
        ends = EvidenceEnds(evidence_id=evidence_id, supplier_id=pa, days_left=days_left)
        work.remind(ends, fell.now, key=f"{evidence_id}/{days_left}/{pa}", subject=pa)


@due(EvidenceEnds, wants=(by_key(Supplier, "supplier_id"), *SHOWN.wants, THEIR_ORDERS, COVERED, *FOR_COVER.wants))
def warn_of_lapse(fell: Due[EvidenceEnds], work: UnitOfWork) -> Iterator[Fact]:
    """Said only where nothing follows it. On the day after the last, orders that wait are blocked."""
    supplier, days_left = work.one(Supplier, fell.reminder.supplier_id), fell.reminder.days_left
    evidence = SHOWN.of(work, supplier)
    ending = next(each for each in evidence if each.evidence_id == fell.reminder.evidence_id).at(supplier)
    if ending.holds_until is None or is_followed(evidence, ending):
        return
    if days_left:
        yield ending.as_lapsing(ending.holds_until, days_left)
        return
    orders: list[Order] = work.all(THEIR_ORDERS, supplier.supplier_id)
    running = [order for order in orders if order.state is OrderState.STARTED]
    yield ending.as_lapsed(ending.holds_until, len(running))
    yield from _ask_for_cover(fell, work, ending, running)
    yield from look_again(work, orders, supplier, evidence, fell.today)


def _ask_for_cover(fell: Due[EvidenceEnds], work: UnitOfWork, lapsed: Evidence, running: list[Order]) -> Iterator[Fact]:
    """For each running order of a PA that the policy needs it for: nobody is left without support."""
    supplier = work.one(Supplier, lapsed.supplier_id)
    evidence = SHOWN.of(work, supplier)
    if supplier.supplier_kind is not SupplierKind.PA:
        return
    days = in_force("readiness", fell.council, fell.today).figure("cover_days_after_lapse")
    last = fell.today + timedelta(days=days - 1)
    for order in running:
        if lapsed.evidence_kind in ready_for(order, supplier, evidence, fell.today).missing:
            because, covered = lapsed.evidence_kind.value, _covered_days(work, order)
            if first := uncovered_since(fell.today, min(last, order.last_day or last), covered):
                yield from ask_for_cover(work, FOR_COVER, order, (first, last), because, fell.now, is_lapse=True)


def _covered_days(work: UnitOfWork, order: Order) -> list[tuple[date, date]]:
    """The days on which somebody is arranged to come already."""
    covers: list[Cover] = work.all(COVERED, order.order_id)
    return [(each.first, each.last) for each in covers if each.state is CoverState.ARRANGED]
