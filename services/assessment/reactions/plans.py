"""What does assessment do about budget's answer to a plan, and when a switch of route ends?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.assessment.models import Plan
from services.assessment.reminders import SwitchEnds
from services.assessment.rules.states import PLAN_MOVES, PlanState
from services.assessment.rules.switching import deployed_with
from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import Fact
from shared.contracts.budget import BudgetFinalised, BudgetInadequate
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

ANSWERABLE = (PlanState.PROPOSED, PlanState.SHORT, PlanState.AFFORDABLE)
"""The states in which budget's answer about the revision on the table still counts."""

PLAN = by_key(Plan, "plan_id")


@on(BudgetInadequate, wants=(PLAN,))
def note_shortfall(heard: Heard[BudgetInadequate], work: UnitOfWork) -> None:
    """The plan cannot be agreed: the budget does not buy it."""
    plan = work.one(Plan, heard.fact.plan_id)
    if plan.revision == heard.fact.revision and plan.state in ANSWERABLE:
        state = PLAN_MOVES.move(plan.state, "find_short")
        work.put(replace(plan, state=state, budget_id=heard.fact.budget_id, short_pence=heard.fact.short_pence))


@on(BudgetFinalised, wants=(PLAN,))
def note_budget(heard: Heard[BudgetFinalised], work: UnitOfWork) -> None:
    """The budget buys the plan: it may be agreed."""
    plan = work.one(Plan, heard.fact.plan_id)
    if plan.revision == heard.fact.revision and plan.state in ANSWERABLE:
        state = PLAN_MOVES.move(plan.state, "find_affordable")
        budget_id, yearly_pence = heard.fact.budget_id, heard.fact.yearly_pence
        work.put(replace(plan, state=state, budget_id=budget_id, short_pence=0, yearly_pence=yearly_pence))


def _plan_before(fell: Due[SwitchEnds], work: UnitOfWork) -> UUID | None:
    return work.one(Plan, fell.reminder.plan_id).supersedes_plan_id


@due(SwitchEnds, wants=(PLAN, by_key(Plan, _plan_before, hold=Hold.GLANCE)))
def switch_back(fell: Due[SwitchEnds], work: UnitOfWork) -> Iterator[Fact]:
    """The other route's last day is over: from today the line is deployed as the plan says, and so is one that still runs
    until support in its place starts."""
    plan, line_id = work.one(Plan, fell.reminder.plan_id), fell.reminder.line_id
    switch = next((one for one in plan.switches if one.line_id == line_id), None)
    if switch is None or switch.until >= fell.today:
        return
    work.put(replace(plan, switches=tuple(one for one in plan.switches if one is not switch)))
    old = () if plan.supersedes_plan_id is None else work.one(Plan, plan.supersedes_plan_id).lines
    for line in deployed_with(plan.lines, old, line_id):
        yield RouteSwitched(
            plan_id=plan.plan_id,
            line_id=line.line_id,
            person_id=plan.person_id,
            route=line.route,
            because="time_over",
            budget_id=plan.budget_id,
            holds_from=switch.until + timedelta(days=1),
        )
