"""What may be asked about money that was paid out and not needed? To take it back, after the reserves."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated, Any

from pydantic import Field

from services.budget.actions.budgets import BUDGET
from services.budget.actions.charging import NoFigurePublished
from services.budget.common.books import Books, book_loads
from services.budget.common.sight import seen_by
from services.budget.common.surplus import surplus_of
from services.budget.models import Budget, Position
from services.budget.rules import ledger
from services.budget.rules.policies import PolicyHasNoRow
from shared.contracts.base import Fact
from shared.contracts.budget import SurplusReturned
from shared.refusals import Refused, refuse_unless
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

BOOKS = book_loads(lambda asked, work: (asked.target,))


class MoreThanSurplus(Refused):
    """More is asked back than is surplus: `surplus_pence` is, after days to come, reserves and the council's own row."""

    title = "More is asked back than is surplus"


class ReturnSurplus(Command):
    """How much came back."""

    pence: Annotated[int, Field(ge=1, le=10**9, strict=True, description="whole pence")]


@command(wants=(BUDGET, *BOOKS.all))
def return_surplus(asked: Asked[ReturnSurplus], work: UnitOfWork) -> Generator[Fact, None, Budget]:
    """Take back what was paid out and not needed, the oldest payment first."""
    budget = seen_by(asked.caller, work.one(Budget, asked.target))
    match_version(asked, budget.version)
    books = Books(work, budget.budget_id, budget.person_id, BOOKS, asked.caller.sub)
    orders: list[Any] = work.all(BOOKS.commitments, budget.budget_id)
    positions: list[Position] = work.all(BOOKS.positions, budget.budget_id)
    try:
        found = sum(step.effect for step in surplus_of(orders, positions, asked.council, asked.today))
    except PolicyHasNoRow as gap:
        raise NoFigurePublished(figure=gap.rule_id) from gap
    refuse_unless(asked.body.pence <= found, MoreThanSurplus(surplus_pence=found))
    _give_back(books, positions, asked.body.pence)
    yield SurplusReturned(budget_id=budget.budget_id, person_id=budget.person_id, pence=asked.body.pence)
    return budget


def _give_back(books: Books, positions: list[Position], pence: int) -> None:
    left = pence
    ahead = {order.order_id for order in books.paid_ahead()}
    for position in sorted(positions, key=lambda one: (one.year, one.order_id)):
        part = min(left, position.paid) if position.order_id in ahead else 0
        books.post(ledger.give_back(position.balances, part), position.year, position.order_id)
        left -= part
