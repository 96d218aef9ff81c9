"""What becomes of a budget's money when a plan takes the place of another? One purse: what runs keeps what it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.budget.common.books import Books
from services.budget.models import Funding
from services.budget.rules.commitments import superseded, years_from
from shared.runtime.loads import ByMatch, by_match
from shared.runtime.unit_of_work import UnitOfWork

FUNDINGS = by_match(Funding, "budget_id", of="budget_id")


def funding_of(work: UnitOfWork, budget_id: UUID, plan_id: UUID | None, fundings: ByMatch = FUNDINGS) -> Funding | None:
    """The plan's funding, or that of the plan which took its place."""
    every: list[Any] = work.all(fundings, budget_id)
    found: Funding | None = next((one for one in every if one.plan_id == plan_id), None)
    if found is None or found.superseded_by is None:
        return found
    return funding_of(work, budget_id, found.superseded_by, fundings)


def take_place(books: Books, old: Funding, new: Funding, agreed_on: date) -> Funding:
    """The new plan takes over the old one's orders, and what it had until then; the years from its first day on have its
    money, and keep what orders of the old one still hold."""
    books.work.put(replace(old, superseded_by=new.plan_id))
    for order in books.commitments(old.plan_id):
        books.work.put(replace(order, plan_id=new.plan_id))
    money = superseded(old.funded, new.funded, agreed_on)
    new = replace(new, lines=money.lines, past=money.past, past_person=money.past_person)
    new = books.work.put(replace(new, switches=old.switches))
    _fund(books, new)
    return new


def give_up_what_is_free(books: Books, funding: Funding) -> None:
    """An order of an earlier plan is over: what the plan in force does not need is taken away."""
    if funding.past:
        _fund(books, funding)


def _fund(books: Books, funding: Funding) -> None:
    assert funding.starts_on is not None  # an agreed plan has a first day
    for year in years_from(funding.starts_on, [purse.year for purse in books.purses()]):
        books.fund_as_far_as_free(funding, year)
