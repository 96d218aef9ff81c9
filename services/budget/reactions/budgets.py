"""What does budget do about an assessment and a proposed plan? It indicates, measures, and makes final what is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.budget.common.judging import (
    as_finalised,
    as_inadequate,
    as_running,
    asked_of,
    made_final,
    open_to,
    verdict_of,
)
from services.budget.models import SYSTEM, Budget, Commitment, ListingCopy, PlanCheck, RestrictionCopy
from services.budget.policy import POLICIES
from services.budget.rules.allocation import NO_FIGURE, why_no_figure
from services.budget.rules.finalising import FinalFigure, share
from services.budget.rules.policies import choose_again
from services.budget.rules.snapshots import indicate_from, indication_inputs
from services.budget.rules.states import BUDGET_MOVES, BudgetState
from shared.contracts.assessment import AssessmentCompleted, PlanProposed
from shared.contracts.base import Fact
from shared.contracts.budget import BudgetIndicated
from shared.refusals import NotFound
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

OF_PERSON = by_match(Budget, "person_id", of="person_id")
CHECK = by_key(PlanCheck, "plan_id")
FOR_SALE = by_match(
    ListingCopy,
    "area",
    "support",
    of=lambda heard, work: asked_of(heard.fact.lines, heard.fact.area),
    hold=Hold.GLANCE,
)
RESTRICTED = by_match(
    RestrictionCopy,
    "supplier_id",
    of=lambda heard, work: [(copy.supplier_id,) for copy in _for_sale(heard, work)],
    hold=Hold.GLANCE,
    stage=1,
)


ORDERS = by_match(
    Commitment,
    "budget_id",
    of=lambda heard, work: [(each.budget_id,) for each in work.all(OF_PERSON, heard.fact.person_id)],
    hold=Hold.GLANCE,
    stage=1,
)


def _for_sale(heard: Heard[PlanProposed], work: UnitOfWork) -> list[ListingCopy]:
    asked = asked_of(heard.fact.lines, heard.fact.area)
    return [copy for one in asked for copy in work.all(FOR_SALE, *one)]


@on(AssessmentCompleted, wants=(OF_PERSON,))
def indicate_budget(heard: Heard[AssessmentCompleted], work: UnitOfWork) -> Iterator[Fact]:
    """Eligible needs have a budget, even where the council's policy gives no figure for them. Who has one and is assessed
    anew keeps it, with all that is set aside in it: it is indicated again (Care Act s.27)."""
    said, theirs = heard.fact, _standing(work, heard.fact.person_id)
    if not said.eligible or any(said.assessment_id in one.assessments for one in theirs):
        return
    budget = work.put(_again(heard, theirs[0]) if theirs else _indicated(heard, _blank(heard, work.new_id())))
    if budget.policy is not None:
        yield BudgetIndicated(
            budget_id=budget.budget_id,
            assessment_id=budget.assessment_id,
            person_id=budget.person_id,
            weekly_pence=budget.standing_pence,
            policy=budget.policy,
            lines=tuple(step.as_line() for step in budget.steps),
        )


def _standing(work: UnitOfWork, person_id: UUID) -> list[Budget]:
    theirs: list[Budget] = work.all(OF_PERSON, person_id)
    return [one for one in theirs if one.state is not BudgetState.ENDED]


def _blank(heard: Heard[AssessmentCompleted], budget_id: UUID) -> Budget:
    said = heard.fact
    return Budget(
        council_id=heard.council,
        budget_id=budget_id,
        assessment_id=said.assessment_id,
        person_id=said.person_id,
        team=said.team,
        state=BudgetState.UNINDICATED,
    )


def _again(heard: Heard[AssessmentCompleted], before: Budget) -> Budget:
    """The same budget for needs assessed anew. What was final stays in its history, and what is set aside in its books; what
    the person can pay, and who decided about it, is still so."""
    found = _indicated(heard, _blank(heard, before.budget_id))
    verb = "find_no_figure" if found.indicated_pence is None else "indicate_again"
    return replace(
        found,
        version=before.version,
        state=BUDGET_MOVES.move(before.state, verb),
        contribution_pence=before.contribution_pence,
        pays_full_cost=before.pays_full_cost,
        history=before.history,
        earlier=(*before.earlier, before.as_indicated()),
    )


def _indicated(heard: Heard[AssessmentCompleted], blank: Budget) -> Budget:
    said = heard.fact
    try:
        inputs = indication_inputs(said.needs, heard.council, said.completed_on, POLICIES)
        indication = indicate_from(inputs, POLICIES)
    except NO_FIGURE as trouble:
        return replace(blank, refusal=why_no_figure(trouble))
    policy = choose_again(POLICIES, inputs.digest, inputs.council, inputs.on).ref
    return replace(
        blank,
        state=BudgetState.INDICATIVE,
        indicated_pence=indication.weekly_pence,
        policy=policy,
        inputs=inputs,
        steps=indication.steps,
    )


@on(PlanProposed, wants=(OF_PERSON, CHECK, FOR_SALE, RESTRICTED, ORDERS))
def measure_plan(heard: Heard[PlanProposed], work: UnitOfWork) -> Iterator[Fact]:
    """Does the budget, as it stands, buy the plan at what the market asks today?"""
    said, before = heard.fact, work.get(PlanCheck, heard.fact.plan_id)
    if before is not None and before.revision >= said.revision:
        return
    budget = _budget_of(said, work)
    copies = open_to(work, said.person_id, _for_sale(heard, work), RESTRICTED)
    own = as_running(work.all(ORDERS, budget.budget_id))
    check = work.put(verdict_of(said, budget, copies, own, heard.today, before.version if before else 0))
    if not check.adequate:
        work.put(replace(budget, state=BUDGET_MOVES.move(budget.state, "find_short")))
        yield as_inadequate(check)
    else:
        final = work.put(made_final(budget, _standing_figure(budget), check, heard, SYSTEM))
        yield as_finalised(final, check)


def _standing_figure(budget: Budget) -> FinalFigure:
    """Nobody's figure is changed by software: the indicated one, or the one a person gave a reason for before."""
    entered = budget.contribution_to(budget.standing_pence)
    council, person = share(budget.standing_pence, (budget.person_pence or 0) if entered is None else entered)
    return FinalFigure(budget.standing_pence, council, person, budget.reason, entered)


def _budget_of(said: PlanProposed, work: UnitOfWork) -> Budget:
    """One source says both, in order: a plan without its assessment's budget is a fault, to be parked and looked at."""
    theirs: list[Budget] = work.all(OF_PERSON, said.person_id)
    found = [one for one in theirs if said.assessment_id in one.assessments]
    if not found:
        raise NotFound("There is no budget for this assessment.")
    return found[0]
