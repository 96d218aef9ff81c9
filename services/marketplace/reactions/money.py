"""What follows when money is committed, is short, or was paid?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.marketplace.models import Claim, Order
from services.marketplace.rules.states import CLAIMS, ORDERS
from shared.contracts.base import Fact
from shared.contracts.budget import ClaimPaid, FundsCommitted, FundsShort
from shared.runtime.loads import by_key
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

ORDER = by_key(Order, "order_id")


@on(FundsCommitted, wants=(ORDER,))
def confirm_order(heard: Heard[FundsCommitted], work: UnitOfWork) -> Iterator[Fact]:
    """Support may start. Money for a further year of an order that moved on changes nothing here."""
    order = work.one(Order, heard.fact.order_id)
    if (order.state, "confirm") in ORDERS:
        yield work.put(replace(order, state=ORDERS.move(order.state, "confirm"))).as_confirmed()


@on(FundsShort, wants=(ORDER,))
def hold_order(heard: Heard[FundsShort], work: UnitOfWork) -> Iterator[Fact]:
    """An order not yet confirmed waits for the re-costing. What was confirmed is not: support never stops by software."""
    order = work.one(Order, heard.fact.order_id)
    if (order.state, "hold") in ORDERS:
        yield work.put(replace(order, state=ORDERS.move(order.state, "hold"))).as_held()


@on(ClaimPaid, wants=(by_key(Claim, "claim_id"),))
def note_payment(heard: Heard[ClaimPaid], work: UnitOfWork) -> None:
    claim = work.one(Claim, heard.fact.claim_id)
    if (claim.state, "pay") in CLAIMS:
        work.put(replace(claim, state=CLAIMS.move(claim.state, "pay"), paid_on=heard.fact.paid_on))
