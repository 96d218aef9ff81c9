"""What may be asked about what a supplier owes back? To note that it came."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from services.budget.actions.claims import BOOKS, BUDGET, CLAIM
from services.budget.common.books import Books
from services.budget.common.orders import spread
from services.budget.common.sight import seen_by
from services.budget.models import Budget, Claim
from services.budget.rules import ledger
from shared.contracts.base import Fact
from shared.contracts.budget import RefundReceived
from shared.refusals import Refused, refuse_unless
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class NothingOwedBack(Refused):
    """Nothing of this claim is owed back, or it came already."""

    title = "Nothing of this claim is owed back"


class ReceiveRefund(Command):
    """Nothing to say besides: all that is owed back came."""


@command(wants=(CLAIM, BUDGET, *BOOKS.all))
def receive_refund(asked: Asked[ReceiveRefund], work: UnitOfWork) -> Generator[Fact, None, Claim]:
    """What was paid beyond the claim is the council's again; the last year's first, as it was found owed."""
    claim = work.one(Claim, asked.target)
    seen_by(asked.caller, work.one(Budget, claim.budget_id))
    match_version(asked, claim.version)
    pence = claim.owed_back_pence
    refuse_unless(pence, NothingOwedBack())
    books = Books(work, claim.budget_id, claim.person_id, BOOKS, asked.caller.sub)
    for position, part in spread(pence, books.positions(claim.order_id)[::-1], ledger.Account.OWED_BACK):
        books.post(ledger.receive_back(position.balances, part), position.year, claim.order_id, claim.claim_id)
    yield RefundReceived(
        claim_id=claim.claim_id,
        order_id=claim.order_id,
        budget_id=claim.budget_id,
        person_id=claim.person_id,
        supplier_id=claim.supplier_id,
        pence=pence,
        received_on=asked.today,
    )
    return work.put(replace(claim, owed_back_pence=0, given_back_pence=claim.given_back_pence + pence))
