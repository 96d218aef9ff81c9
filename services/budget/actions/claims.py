"""What may be asked about an accepted claim: to pay it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from services.budget.common.books import Books, book_loads
from services.budget.common.orders import spread
from services.budget.common.sight import seen_by
from services.budget.common.switching import settle_managed
from services.budget.models import Budget, Claim, Funding
from services.budget.rules import ledger
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.states import PAYMENT_MOVES
from shared.contracts.base import ClaimKind, Fact
from shared.contracts.budget import ClaimPaid
from shared.refusals import OwnWork, Refused, refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

# Glanced at, not locked: whoever posts to a budget locks its purses first, and claims after them.
CLAIM = by_key(Claim, hold=Hold.GLANCE)
BUDGET = by_key(Budget, lambda asked, work: work.one(Claim, asked.target).budget_id, hold=Hold.GLANCE)
OUTSIDE = by_key(Funding, lambda asked, work: work.one(Claim, asked.target).budget_id, hold=Hold.GLANCE)
BOOKS = book_loads(lambda asked, work: (work.one(Claim, asked.target).budget_id,), stage=1)


class NotPostedYet(Refused):
    """The claim's order is not known yet, so nothing of it stands in the books: try again when it is."""

    title = "The claim is not in the books yet"


class PayClaim(Command):
    """Nothing to say besides."""


@command(wants=(CLAIM, BUDGET, OUTSIDE, *BOOKS.all))
def pay_claim(asked: Asked[PayClaim], work: UnitOfWork) -> Generator[Fact, None, Claim]:
    """Paid by somebody else than who made the budget final: nobody pays out what they themselves decided. Outside the personal
    budget nobody made anything final: whoever agreed that support is of another service."""
    claim = work.one(Claim, asked.target)
    outside = work.get(Funding, claim.budget_id)
    whose = seen_by(asked.caller, outside or work.one(Budget, claim.budget_id))
    match_version(asked, claim.version)
    state = PAYMENT_MOVES.move(claim.state, "pay")
    refuse_unless(not isinstance(whose, Budget) or whose.decided_by != asked.caller.sub, OwnWork())
    employing_pence, holiday_pence = _pay(Books(work, claim.budget_id, claim.person_id, BOOKS, asked.caller.sub), claim)
    yield ClaimPaid(
        claim_id=claim.claim_id,
        order_id=claim.order_id,
        person_id=claim.person_id,
        supplier_id=claim.supplier_id,
        pence=claim.pence,
        paid_on=asked.today,
        employing_pence=employing_pence,
        holiday_pence=holiday_pence,
    )
    return work.put(replace(claim, state=state, paid_on=asked.today, paid_by=asked.caller.sub))


def _pay(books: Books, claim: Claim) -> tuple[int, int]:
    """Out of what was delivered, the oldest year first. Gives what went with it because the person employs, and what of that
    is kept for holiday."""
    try:
        parts = spread(claim.pence, books.positions(claim.order_id))
    except ledger.MoreThanHeld:
        raise NotPostedYet() from None
    post = ledger.recharge if claim.claim_kind is ClaimKind.INTERNAL_RECHARGE else ledger.pay
    for position, part in parts:
        books.post(post(position.balances, part), position.year, claim.order_id, claim.claim_id)
    order = books.commitment(claim.order_id)
    if order is None or order.route not in PAID_AHEAD:
        return 0, 0
    return settle_managed(books, order, claim, parts)
