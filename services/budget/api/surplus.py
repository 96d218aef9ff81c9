"""What may be asked about money that was paid out and not needed?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.budget import store
from services.budget.actions import surplus as actions
from services.budget.actions.charging import NoFigurePublished
from services.budget.api.views import BudgetView, SourcedStep, in_steps
from services.budget.common.surplus import surplus_of
from services.budget.rules.policies import PolicyHasNoRow
from shared.auth import allowed
from shared.clock import civil_date
from shared.http import Asking, Looking, answers, found
from shared.runtime.messages import Caller
from shared.views import View

router = APIRouter(tags=["surplus"], prefix="/v1")


class SurplusView(View):
    """What may be taken back on this day; the steps add up to it."""

    budget_id: UUID
    on: date
    surplus_pence: int
    steps: list[SourcedStep]


@router.get("/budgets/{budget_id}/surplus", **answers())
async def read_surplus(budget_id: UUID, who: Annotated[Caller, allowed("budget:read")], look: Looking) -> SurplusView:
    """What was paid out and is not needed, after days to come, reserves, and the weeks the council lets stand."""
    async with look(who, "read_surplus", budget_id) as tx:
        found(await store.budget(tx, budget_id, who))
        commitments, positions = await store.commitments(tx, budget_id), await store.positions(tx, budget_id)
        on = civil_date(tx.now)
    try:
        steps = surplus_of(commitments, positions, who.council, on)
    except PolicyHasNoRow as gap:
        raise NoFigurePublished(figure=gap.rule_id) from gap
    total = sum(step.effect for step in steps)
    return SurplusView(budget_id=budget_id, on=on, surplus_pence=total, steps=in_steps(steps))


@router.post("/budgets/{budget_id}/return-surplus", response_model=BudgetView, **answers())
async def return_surplus(
    budget_id: UUID, body: actions.ReturnSurplus, who: Annotated[Caller, allowed("claims:decide")], ask: Asking
) -> Response:
    """Take back no more than is surplus."""
    return await ask(actions.return_surplus, who, body, target=budget_id, show=BudgetView.of)
