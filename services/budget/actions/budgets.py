"""What may be asked about a budget: to enter what the person pays, and to make a figure final."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from services.budget.common.books import Books, book_loads
from services.budget.common.judging import as_finalised, asked_of, made_final, open_to, verdict_again
from services.budget.common.orders import settle
from services.budget.common.sight import seen_by
from services.budget.models import Budget, Funding, ListingCopy, PlanCheck, RestrictionCopy
from services.budget.rules.finalising import FinalFigure
from shared.contracts.base import Fact
from shared.money import financial_year_end, yearly
from shared.refusals import NotFound, Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

BUDGET = by_key(Budget)
CHECK = by_key(PlanCheck, "plan_id")
FUNDING = by_key(Funding, "plan_id")
BOOKS = book_loads(lambda asked, work: (asked.target,))
FOR_SALE = by_match(
    ListingCopy,
    "area",
    "support",
    of=lambda asked, work: _asked_of(work.one(PlanCheck, asked.body.plan_id)),
    hold=Hold.GLANCE,
    stage=1,
)

RESTRICTED = by_match(
    RestrictionCopy,
    "supplier_id",
    of=lambda asked, work: [(copy.supplier_id,) for copy in _for_sale(asked, work)],
    hold=Hold.GLANCE,
    stage=2,
)

WeeklyPence = Annotated[int, Field(ge=0, le=10**9, strict=True, description="whole pence a week")]
Reasons = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000, pattern=r"^[^\x00]*$")]
"""Written by a person; empty where no reason is needed. Never leaves this service."""


class StillShort(Refused):
    """At today's prices the figure does not buy the plan: `short_pence` a week is missing (guidance 11.24)."""

    title = "The figure does not buy the plan"


class NotByDirectPayment(Refused):
    """The plan buys of the council's own services week by week with a direct payment, and the council's policy
    (`dp_may_buy_inhouse`) does not let it: no figure cures that. `line_ids` are the lines; another route, or another kind of
    supplier, is open to them. A single purchase is decided with the direct payment (guidance on in-house services, TLAP)."""

    title = "A direct payment may not buy this of the council's own services"


class LessThanCommitted(Refused):
    """The lower figure would take away money that is set aside or spent: `short_pence` of the year is missing."""

    title = "More is committed than the figure leaves"


class AboveLimit(Refused):
    """A year of this figure, 52 weeks, is more than was delegated to whoever makes it final."""

    title = "The figure is above the delegated limit"


class EnterContribution(Command):
    """What the person pays a week, as assessed outside this system."""

    person_pence: WeeklyPence


@command(wants=(BUDGET,))
def enter_contribution(asked: Asked[EnterContribution], work: UnitOfWork) -> Generator[Fact, None, Budget]:
    """It counts from the next time the budget is made final."""
    budget = _theirs(asked, work)
    yield from ()
    return work.put(replace(budget, contribution_pence=asked.body.person_pence, pays_full_cost=False))


class FinaliseBudget(Command):
    """The total and its two parts, pence a week. A figure that is not the indicated one needs a reason (Savva)."""

    plan_id: UUID
    weekly_pence: WeeklyPence
    council_pence: WeeklyPence
    person_pence: WeeklyPence
    reason: Reasons = ""


@command(wants=(BUDGET, CHECK, FUNDING, FOR_SALE, RESTRICTED, *BOOKS.all))
def finalise_budget(asked: Asked[FinaliseBudget], work: UnitOfWork) -> Generator[Fact, None, Budget]:
    """Refused while the figure falls short of today's prices, or buys what a direct payment may not; money of an agreed plan
    follows the figure."""
    budget, check = _theirs(asked, work), work.one(PlanCheck, asked.body.plan_id)
    refuse_unless(check.budget_id == budget.budget_id, NotFound())
    _within_limit(asked.body.weekly_pence, asked.caller.limit_pence)
    final = made_final(budget, _figure(asked.body, budget), check, asked, asked.caller.sub)
    check = work.put(_enough(asked, work, check))
    work.put(final)
    yield as_finalised(final, check)
    funding = work.get(Funding, check.plan_id)
    if funding is not None and funding.in_force:
        books = Books(work, budget.budget_id, budget.person_id, BOOKS, asked.caller.sub)
        yield from settle(books, _funded_anew(asked.today, books, funding, final))
    return final


def _within_limit(weekly_pence: int, limit_pence: int | None) -> None:
    """Where the council names a yearly limit for this caller, the figure stays within it; the limit itself is within."""
    year = yearly(weekly_pence)
    refuse_unless(limit_pence is None or year <= limit_pence, AboveLimit(yearly_pence=year, limit_pence=limit_pence))


def _figure(body: FinaliseBudget, budget: Budget) -> FinalFigure:
    entered = budget.contribution_to(body.weekly_pence)
    return FinalFigure(body.weekly_pence, body.council_pence, body.person_pence, body.reason, entered)


def _enough(asked: Asked[FinaliseBudget], work: UnitOfWork, check: PlanCheck) -> PlanCheck:
    copies = open_to(work, check.person_id, _for_sale(asked, work), RESTRICTED)
    again = verdict_again(check, asked.body.weekly_pence, copies, asked.today)
    refuse_unless(
        not again.forbidden,
        NotByDirectPayment(line_ids=[str(each) for each in again.forbidden], policy=again.inputs.inhouse.value),
    )
    refuse_unless(
        not again.short_pence, StillShort(short_pence=again.short_pence, weekly_cost_pence=again.weekly_cost_pence)
    )
    return again


def _funded_anew(today: date, books: Books, funding: Funding, budget: Budget) -> Funding:
    """This year's purse, and any later one, is brought to the new figure; years that are over stay as they are."""
    anew = replace(funding, weekly_pence=budget.weekly_pence or 0, person_pence=budget.person_pence or 0)
    for purse in books.purses():
        short = books.fund(anew, purse.year) if financial_year_end(purse.year) >= today else None
        if short and not anew.past:
            raise LessThanCommitted(short_pence=short.short_pence)
        if short:  # orders of the plan before this one still hold it
            books.fund_as_far_as_free(anew, purse.year)
    return books.work.put(anew)


def _for_sale(asked: Asked[FinaliseBudget], work: UnitOfWork) -> list[ListingCopy]:
    check = work.one(PlanCheck, asked.body.plan_id)
    return [copy for wanted in _asked_of(check) for copy in work.all(FOR_SALE, *wanted)]


def _asked_of(check: PlanCheck) -> list[Any]:
    return asked_of(check.inputs.lines, check.inputs.area)


def _theirs(asked: Asked[Any], work: UnitOfWork) -> Budget:
    budget = seen_by(asked.caller, work.one(Budget, asked.target))
    match_version(asked, budget.version)
    return budget
