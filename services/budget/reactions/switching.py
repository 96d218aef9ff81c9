"""What does budget do when a line is switched to the council's management for a time, or back? No payment goes out for those
days, what suppliers claim for them is owed; support itself is untouched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.budget.common.books import Books, book_loads
from services.budget.common.orders import post_held
from services.budget.common.payments import remind_payment
from services.budget.common.superseding import funding_of
from services.budget.common.switching import set_beyond_aside
from services.budget.models import Commitment, Funding
from services.budget.models.budgets import Switched
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.states import CommitmentState
from services.budget.rules.switching import steps
from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import Fact, Period
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork


def _its_budget(heard: Heard[RouteSwitched], work: UnitOfWork) -> list[tuple[UUID]]:
    return [] if heard.fact.budget_id is None else [(heard.fact.budget_id,)]


BOOKS = book_loads(_its_budget)
FUNDINGS = by_match(Funding, "budget_id", of=_its_budget)


@on(RouteSwitched, wants=(by_key(Funding, "plan_id"), FUNDINGS, *BOOKS.all))
def switch_money(heard: Heard[RouteSwitched], work: UnitOfWork) -> Iterator[Fact]:
    """Kept with the plan, where an order that is yet to come finds it; orders that there are follow at once."""
    said = heard.fact
    if said.budget_id is None:
        return
    funding = funding_of(work, said.budget_id, said.plan_id, FUNDINGS) or Funding(
        council_id=heard.council, plan_id=said.plan_id, budget_id=said.budget_id, person_id=said.person_id
    )
    days = said.after(funding.switched(said.line_id), heard.today)
    others = tuple(one for one in funding.switches if one.line_id != said.line_id)
    work.put(replace(funding, switches=(*others, Switched(said.line_id, days))))
    books = Books(work, said.budget_id, said.person_id, BOOKS)
    for order in books.commitments(funding.plan_id):
        if order.line_id == said.line_id and order.route in PAID_AHEAD:
            yield from _switch(heard, books, order, days)


def _switch(heard: Heard[RouteSwitched], books: Books, order: Commitment, days: tuple[Period, ...]) -> Iterator[Fact]:
    before, order = order.pays_from, replace(order, switched=days)
    why = steps(days, order.kept_days(), order.week_on, heard.fact.holds_from or heard.today)
    order = books.work.put(replace(order, switching=why))
    if order.state in (CommitmentState.COMMITTED, CommitmentState.RELEASED):
        order = set_beyond_aside(books, order)
    if order.pays_from != before:  # one that is due already is not put off
        remind_payment(books.work, order)
    yield from post_held(books, order)
