"""What may be asked about what a person can pay: to assess it from their means."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.budget.actions.budgets import WeeklyPence
from services.budget.common.sight import seen_by
from services.budget.models import Budget, FinancialAssessment
from services.budget.policy import POLICIES
from services.budget.rules.capital import Home, HomeIs, Notional, equity_of
from services.budget.rules.charging import (
    Household,
    Income,
    IncomeKind,
    Means,
    Premium,
    able_to_pay,
    counted,
    shrunk_of,
)
from services.budget.rules.policies import InForce, NoPolicyInForce, PolicyHasNoRow, choose_again
from services.budget.rules.snapshots import ChargeInputs, charge_from, charge_inputs
from shared.contracts.base import Fact
from shared.fields import Day
from shared.refusals import Refused
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

CapitalPence = Annotated[int, Field(ge=0, le=10**12, strict=True, description="whole pence")]


class NoFigurePublished(Refused):
    """The charging policy has no figure for these means on this day; nothing is charged by a guess. `figure` names it."""

    title = "A figure that is needed is not published"


class IncomeSaid(BaseModel):
    """One income a week."""

    model_config = ConfigDict(extra="forbid")

    kind: IncomeKind
    weekly_pence: WeeklyPence


class HomeSaid(BaseModel):
    """A home of the person's. `before_pence` are charges on it that go before the council's; `deferred_pence` is what is deferred
    against it so far, where that was agreed."""

    model_config = ConfigDict(extra="forbid")

    value_pence: CapitalPence
    standing: HomeIs
    before_pence: CapitalPence = 0
    deferred_pence: CapitalPence | None = None


class NotionalSaid(BaseModel):
    """Capital that the person is treated as still having, from a day on."""

    model_config = ConfigDict(extra="forbid")

    pence: CapitalPence
    since: Day


class AssessFinances(Command):
    """Means as declared and checked: capital in pence (half of what is joint), the rest pence a week. `housing_pence` is
    what benefits do not meet; `disability_pence` actual, reasonable costs that follow from the disability. A `home`, and
    `notional` capital that somebody is treated as having, are besides `capital_pence`."""

    capital_pence: CapitalPence
    income: Annotated[tuple[IncomeSaid, ...], Field(max_length=50)]
    age: Annotated[int, Field(ge=0, le=130, strict=True)]
    pension_age: bool
    household: Household = Household.SINGLE
    premium: Premium = Premium.NONE
    children: Annotated[int, Field(ge=0, le=30, strict=True)] = 0
    housing_pence: WeeklyPence = 0
    disability_pence: WeeklyPence = 0
    other_pence: WeeklyPence = 0
    night_care: bool = False
    exempt: bool = False
    home: HomeSaid | None = None
    notional: NotionalSaid | None = None

    def as_means(self) -> Means:
        income = tuple(Income(each.kind, each.weekly_pence) for each in self.income)
        home, notional = self.home, self.notional
        besides = {
            "home": home and Home(home.value_pence, home.standing, home.before_pence, home.deferred_pence),
            "notional": notional and Notional(notional.pence, notional.since),
        }
        return Means(**dict(self) | {"income": income} | besides)


@command(wants=(by_key(Budget),))
def assess_finances(asked: Asked[AssessFinances], work: UnitOfWork) -> Generator[Fact, None, FinancialAssessment]:
    """What the person can pay counts from the next time the budget is made final. Nothing of it travels."""
    budget = seen_by(asked.caller, work.one(Budget, asked.target))
    match_version(asked, budget.version)
    assessed = work.put(_assessed(asked, work, budget))
    able = None if assessed.full_cost else assessed.able_pence
    work.put(replace(budget, contribution_pence=able, pays_full_cost=assessed.full_cost))
    yield from ()
    return assessed


def _assessed(asked: Asked[AssessFinances], work: UnitOfWork, budget: Budget) -> FinancialAssessment:
    try:
        inputs = charge_inputs(asked.body.as_means(), budget.standing_pence, asked.council, asked.today, POLICIES)
        return FinancialAssessment(
            council_id=asked.council,
            financial_assessment_id=work.new_id(),
            budget_id=budget.budget_id,
            person_id=budget.person_id,
            team=budget.team,
            assessed_on=asked.today,
            assessed_by=asked.caller.sub,
            inputs=inputs,
            **_found(inputs),
        )
    except PolicyHasNoRow as gap:
        raise NoFigurePublished(figure=gap.rule_id) from gap
    except NoPolicyInForce as gap:
        raise NoFigurePublished(figure="charging") from gap


def _found(inputs: ChargeInputs) -> dict[str, Any]:
    """The columns of a FinancialAssessment that follow from its inputs."""
    policy: InForce = choose_again(POLICIES, inputs.digest, inputs.council, inputs.on)
    charge = charge_from(inputs, POLICIES)
    assessed = not (charge.full_cost or inputs.means.exempt)
    means, cost = inputs.means, inputs.cost_pence
    return {
        "steps": charge.steps,
        "asked_pence": charge.weekly_pence,
        "able_pence": able_to_pay(counted(means, cost, policy), policy) if assessed else 0,
        "equity": None if means.exempt else equity_of(means.home, policy),
        "shrunk": None if means.exempt else shrunk_of(means, cost, policy),
        "full_cost": charge.full_cost,
        "policy": policy.ref,
    }
