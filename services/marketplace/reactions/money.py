"""What follows when money is committed, is short, or was paid?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.marketplace.common.blocking import ready_for
from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.common.wages import look_when_the_band_changes, underpaid
from services.marketplace.models import Claim, Order, PaidFamily, Supplier
from services.marketplace.reminders import WageBandChanges
from services.marketplace.rules.states import CLAIMS, ORDERS
from shared.contracts.base import Fact
from shared.contracts.budget import ClaimPaid, DirectPaymentDecided, DirectPaymentStopped, FundsCommitted, FundsShort
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

ORDER = by_key(Order, "order_id")
PAID_FAMILY = by_key(PaidFamily, "person_id")


def _its_supplier(heard: Heard[FundsCommitted], work: UnitOfWork) -> UUID:
    return work.one(Order, heard.fact.order_id).supplier_id


# The supplier is locked before its orders, as where evidence is recorded; an order that changed meanwhile makes the save
# start again.
LOOKED_AT = by_key(Order, "order_id", hold=Hold.GLANCE)
ITS_SUPPLIER = by_key(Supplier, _its_supplier, hold=Hold.RELY)
SHOWN = EvidenceLoads(lambda heard, work: [work.one(Supplier, _its_supplier(heard, work))], 2)


@on(FundsCommitted, wants=(LOOKED_AT, ITS_SUPPLIER, *SHOWN.wants))
def confirm_order(heard: Heard[FundsCommitted], work: UnitOfWork) -> Iterator[Fact]:
    """Support may start, or what is missing for that is said. Money for a further year of an order that moved on changes
    nothing here; nor does any for one that stands in for another, and starts on its day. That a wage is below the year's floor
    is said."""
    order = work.one(Order, heard.fact.order_id)
    supplier = work.one(Supplier, order.supplier_id)
    if below := underpaid(order, supplier, heard.fact.period.first):
        yield below
    if (order.state, "confirm") in ORDERS and order.covers_order_id is None:
        missing = ready_for(order, supplier, SHOWN.of(work, supplier), max(order.starts_on, heard.today)).missing
        confirmed = work.put(replace(order, state=ORDERS.move(order.state, "confirm"), missing=missing))
        yield confirmed.as_confirmed()
        if missing:
            yield confirmed.as_blocked()


@due(
    WageBandChanges,
    wants=(by_key(Order, "order_id", hold=Hold.GLANCE), by_key(Supplier, "supplier_id", hold=Hold.GLANCE)),
)
def look_at_wage(fell: Due[WageBandChanges], work: UnitOfWork) -> Iterator[Fact]:
    """A birthday that counts: is the agreed wage still lawful?"""
    order, supplier = work.one(Order, fell.reminder.order_id), work.one(Supplier, fell.reminder.supplier_id)
    if below := underpaid(order, supplier, fell.today):
        yield below
    look_when_the_band_changes(work, order.order_id, order.supplier_id, supplier.age)


@on(DirectPaymentDecided, DirectPaymentStopped, wants=(PAID_FAMILY,))
def note_paid_family(heard: Heard[DirectPaymentDecided | DirectPaymentStopped], work: UnitOfWork) -> None:
    """Whether close family may be paid goes by the decision that stands."""
    said, before = heard.fact, work.get(PaidFamily, heard.fact.person_id)
    if isinstance(said, DirectPaymentDecided) and said.close_family_may_be_paid:
        version = before.version if before else 0
        work.put(
            PaidFamily(
                council_id=heard.council, version=version, person_id=said.person_id, decision_id=said.decision_id
            )
        )
    elif before is not None:
        work.remove(before)


@on(FundsShort, wants=(ORDER,))
def hold_order(heard: Heard[FundsShort], work: UnitOfWork) -> Iterator[Fact]:
    """An order not yet confirmed waits for the re-costing. What was confirmed does not: support never stops by software; nor
    does what stands in for another, of which somebody is told instead, nor what cannot wait for a plan."""
    order = work.one(Order, heard.fact.order_id)
    if (order.state, "hold") in ORDERS and order.waits_for_money:
        yield work.put(replace(order, state=ORDERS.move(order.state, "hold"))).as_held()


@on(ClaimPaid, wants=(by_key(Claim, "claim_id"),))
def note_payment(heard: Heard[ClaimPaid], work: UnitOfWork) -> None:
    claim = work.one(Claim, heard.fact.claim_id)
    if (claim.state, "pay") in CLAIMS:
        work.put(replace(claim, state=CLAIMS.move(claim.state, "pay"), paid_on=heard.fact.paid_on))
