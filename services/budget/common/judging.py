"""What does budget find about a plan? A verdict at today's prices, and the budget as it is once it is final."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.budget.models import Budget, Commitment, Finalised, ListingCopy, PlanCheck
from services.budget.policy import POLICIES
from services.budget.rules.finalising import FinalFigure
from services.budget.rules.market import Listing, Running
from services.budget.rules.snapshots import (
    AdequacyInputs,
    FinalInputs,
    adequacy_inputs,
    finalise_from,
    judge_from,
)
from services.budget.rules.states import BUDGET_MOVES
from shared.contracts.assessment import PlanProposed
from shared.contracts.base import PlanLine, Reason, Support
from shared.contracts.budget import BudgetFinalised, BudgetInadequate
from shared.money import yearly
from shared.runtime.loads import ByMatch
from shared.runtime.messages import Message
from shared.runtime.unit_of_work import UnitOfWork


def open_to(work: UnitOfWork, person_id: UUID, copies: Iterable[ListingCopy], restricted: ByMatch) -> list[ListingCopy]:
    """The listings that are there for this person (a PA whom somebody employs is for that person alone) and at whose
    supplier no restriction stops new offers of their support."""
    theirs = (copy for copy in copies if copy.for_person_id in (None, person_id))
    return [
        copy
        for copy in theirs
        if not any(restriction.covers(copy.support) for restriction in work.all(restricted, copy.supplier_id))
    ]


def as_sold(copies: Iterable[ListingCopy]) -> tuple[Listing, ...]:
    """Live listings as the rules read them, each once, in an order that is always the same."""
    listings = {copy.listing_id: copy for copy in copies}
    return tuple(_listing(each) for _, each in sorted(listings.items()))


def _listing(copy: ListingCopy) -> Listing:
    return Listing(
        copy.listing_id,
        copy.supplier_kind,
        copy.support,
        frozenset({copy.area}),
        copy.hourly_pence,
        copy.room_minutes,
        copy.skills,
    )


def as_running(orders: Iterable[Any]) -> tuple[Running, ...]:
    """A budget's orders that run, as the rules read them, in an order that is always the same: not those that stand in for
    another for a time."""
    every: Iterable[Commitment] = orders
    known = {one.order_id: one for one in every if one.runs and one.covers_order_id is None}
    return tuple(_running(one) for _, one in sorted(known.items()))


def _running(order: Commitment) -> Running:
    assert order.line_id is not None  # an order that runs is known
    assert order.supplier_id is not None
    assert order.supplier_kind is not None
    return Running(
        order.line_id,
        order.supplier_id,
        order.supplier_kind,
        order.route,
        order.hourly_pence,
        order.weekly_pence,
        order.weekly_minutes,
        order.employs,
    )


def verdict_of(
    said: PlanProposed,
    budget: Budget,
    copies: Iterable[ListingCopy],
    running: tuple[Running, ...],
    on: date,
    version: int,
) -> PlanCheck:
    """What the budget, as it stands, buys of a proposed plan; lines that go on cost what their orders do."""
    standing, council = budget.standing_pence, budget.council_id
    inputs = adequacy_inputs(said.lines, standing, said.area, as_sold(copies), council, on, POLICIES, running)
    return PlanCheck(
        council_id=council,
        version=version,
        plan_id=said.plan_id,
        revision=said.revision,
        budget_id=budget.budget_id,
        person_id=budget.person_id,
        team=budget.team,
        starts_on=said.starts_on,
        **judged(inputs),
    )


def verdict_again(
    check: PlanCheck,
    weekly_pence: int,
    copies: Iterable[ListingCopy],
    on: date,
    ground: Reason | None = None,
    without: UUID | None = None,
) -> PlanCheck:
    """The same revision of the plan at another figure, and at the prices of another day; `ground` is why it was looked at
    again, where no person asked, `without` a supplier whose orders are not to go on."""
    before, sold = check.inputs, as_sold(copies)
    left = tuple(one for one in before.running if one.supplier_id != without)
    inputs = adequacy_inputs(before.lines, weekly_pence, before.area, sold, before.council, on, POLICIES, left)
    return replace(check, ground=ground, **judged(inputs))


def judged(inputs: AdequacyInputs) -> dict[str, Any]:
    """The columns of a PlanCheck that follow from its inputs."""
    verdict = judge_from(inputs, POLICIES)
    return {
        "inputs": inputs,
        "checked_on": inputs.on,
        "weekly_budget_pence": verdict.weekly_budget_pence,
        "weekly_cost_pence": verdict.weekly_cost_pence,
        "short_pence": verdict.short_pence,
        "shortfalls": verdict.shortfalls,
        "alternatives": verdict.alternatives,
        "warnings": verdict.warnings,
        "steps": verdict.steps,
    }


def made_final(budget: Budget, figure: FinalFigure, check: PlanCheck, message: Message[Any], by: str) -> Budget:
    """The budget at its final figure. Raises FinalBudgetUnsound."""
    inputs = FinalInputs(budget.indicated_pence or 0, figure)
    entry = Finalised(
        message.now, by, check.plan_id, check.revision,
        figure.weekly_pence, figure.council_pence, figure.person_pence, figure.reason,
    )  # fmt: skip
    return replace(
        budget,
        state=BUDGET_MOVES.move(budget.state, "finalise"),
        weekly_pence=figure.weekly_pence,
        council_pence=figure.council_pence,
        person_pence=figure.person_pence,
        reason=figure.reason,
        decided_by=by,
        decided_on=message.today,
        plan_id=check.plan_id,
        revision=check.revision,
        final_inputs=inputs,
        final_steps=finalise_from(inputs),
        history=(*budget.history, entry),
    )


def as_finalised(budget: Budget, check: PlanCheck) -> BudgetFinalised:
    assert budget.weekly_pence is not None  # it was just made final
    assert budget.council_pence is not None
    assert budget.person_pence is not None
    return BudgetFinalised(
        budget_id=budget.budget_id,
        plan_id=check.plan_id,
        revision=check.revision,
        person_id=budget.person_id,
        weekly_pence=budget.weekly_pence,
        council_pence=budget.council_pence,
        person_pence=budget.person_pence,
        yearly_pence=yearly(budget.weekly_pence),
        lines=tuple(step.as_line() for step in budget.final_steps),
    )


def as_inadequate(check: PlanCheck) -> BudgetInadequate:
    return BudgetInadequate(
        budget_id=check.budget_id,
        plan_id=check.plan_id,
        revision=check.revision,
        person_id=check.person_id,
        weekly_budget_pence=check.weekly_budget_pence,
        weekly_cost_pence=check.weekly_cost_pence,
        short_pence=check.short_pence,
        shortfalls=check.shortfalls,
        alternatives=check.alternatives,
    )


def asked_of(lines: Iterable[PlanLine], area: str) -> list[tuple[str, Support]]:
    """Which listings a plan's lines ask for: (area, support)."""
    return sorted({(area, line.support) for line in lines})
