"""What does budget do when an accepted claim turns out too high? What was not paid is owed no more, what was paid is owed back,
and what was accounted for is in somebody's hands again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.budget.common.books import BY_BUDGET_ID, Books
from services.budget.common.orders import adjust, spread
from services.budget.common.payments import unaccounted
from services.budget.models import Claim, Commitment, Held, HeldKind, Position
from services.budget.rules import ledger
from services.budget.rules.ledger import Account
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.payroll import spend
from services.budget.rules.states import PaymentState
from shared.contracts.base import Fact
from shared.contracts.budget import RefundOwed, SpendingCorrected
from shared.contracts.marketplace import ClaimLowered
from shared.money import financial_year_start
from shared.runtime.loads import by_key
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

ORDER = by_key(Commitment, "order_id")


@on(ClaimLowered, wants=(ORDER, by_key(Claim, "claim_id"), *BY_BUDGET_ID.all))
def lower_claim(heard: Heard[ClaimLowered], work: UnitOfWork) -> Iterator[Fact]:
    """Revision by revision: each is posted once, for the difference that it makes."""
    said, claim = heard.fact, work.one(Claim, heard.fact.claim_id)
    if said.revision <= claim.revision:
        return
    books, order = Books(work, claim.budget_id, claim.person_id), work.one(Commitment, claim.order_id)
    lowered = replace(claim, pence=said.pence, revision=said.revision)
    if any(held.about == claim.claim_id for held in order.held):
        _lower_held(work, order, said)
    elif claim.state is PaymentState.PAID:
        back = claim.pence - said.pence
        _owe_back(books, order, claim, back)
        lowered = replace(lowered, owed_back_pence=claim.owed_back_pence + back)
        yield _refund_owed(lowered, back)
    elif claim.state is PaymentState.ACCOUNTED:
        yield _account_less(books, order, claim, said)
    else:
        adjust(books, order.order_id, Held(HeldKind.CLAIM, claim.claim_id, claim.last, said.pence, claim.pence))
    work.put(lowered)


def _lower_held(work: UnitOfWork, order: Commitment, said: ClaimLowered) -> None:
    """It is posted yet, when its order and plan are known."""
    held = tuple(replace(one, pence=said.pence) if one.about == said.claim_id else one for one in order.held)
    work.put(replace(order, held=held))


def _owe_back(books: Books, order: Commitment, claim: Claim, pence: int) -> None:
    out_of = Account.ACCOUNTED_FOR if order.route in PAID_AHEAD else Account.PAID
    for position, part in spread(pence, _latest_first(books, claim), out_of):
        books.post(ledger.owe_back(position.balances, part, out_of), position.year, order.order_id, claim.claim_id)


def _latest_first(books: Books, claim: Claim) -> list[Position]:
    return [one for one in reversed(books.positions(claim.order_id)) if one.year <= financial_year_start(claim.last)]


def _refund_owed(claim: Claim, pence: int) -> RefundOwed:
    return RefundOwed(
        claim_id=claim.claim_id,
        revision=claim.revision,
        order_id=claim.order_id,
        budget_id=claim.budget_id,
        person_id=claim.person_id,
        supplier_id=claim.supplier_id,
        pence=pence,
    )


def _account_less(books: Books, order: Commitment, claim: Claim, said: ClaimLowered) -> SpendingCorrected:
    """Wages with what was accounted for with them in proportion; first of all what was spent ahead of its payment."""
    before, after = (
        spend(pence, said.employing, order.reckoned, claim.last).pence for pence in (claim.pence, said.pence)
    )
    less, left = before - after, []
    for one in order.ahead:
        part = min(one.pence, less) if one.claim_id == claim.claim_id else 0
        less -= part
        left += [replace(one, pence=one.pence - part)] if one.pence > part else []
    if order.ahead:
        books.work.put(replace(order, ahead=tuple(left)))
    for position, part in spread(less, _latest_first(books, claim), Account.ACCOUNTED_FOR):
        books.post(ledger.account_less(position.balances, part), position.year, order.order_id, claim.claim_id)
    return SpendingCorrected(
        claim_id=claim.claim_id,
        revision=said.revision,
        order_id=order.order_id,
        budget_id=books.budget_id,
        person_id=order.person_id,
        pence=less,
        unaccounted_pence=unaccounted(books, order.order_id),
    )
