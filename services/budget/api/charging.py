"""What may be asked about what a person can pay?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.budget import store
from services.budget.actions import charging as actions
from services.budget.api.views import SourcedStep, in_steps
from services.budget.models import FinancialAssessment
from shared.auth import allowed
from shared.contracts.base import PolicyRef
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, found, page_of
from shared.runtime.messages import Caller
from shared.views import View

router = APIRouter(tags=["charging"], prefix="/v1")

Officer = Annotated[Caller, allowed("budget:write")]
"""Who sees a person's means: nobody who may only read budgets."""


class EquityView(View):
    """How much may be deferred against a home, and how much is. `near`: it is time to look at it again."""

    limit_pence: int
    deferred_pence: int
    left_pence: int
    near: bool


class ShrunkView(View):
    """What is left of capital that the person is treated as having, after whole weeks, and what it falls by in the next."""

    left_pence: int
    weeks: int
    falls_pence: int


class FinancialAssessmentView(View):
    """Pence a week. `asked_pence` is for support at the price of that day; `able_pence` what any price could ask for; with
    `full_cost` whatever it costs. `deferred_payment` where one is agreed against a home, `notional_capital` where somebody is
    treated as having some: both by rules that nobody here has read in the original, as their steps say."""

    financial_assessment_id: UUID
    budget_id: UUID
    person_id: UUID
    assessed_on: date
    assessed_by: str
    asked_pence: int
    able_pence: int
    full_cost: bool
    policy: PolicyRef
    steps: list[SourcedStep]
    deferred_payment: EquityView | None
    notional_capital: ShrunkView | None

    @classmethod
    def of(cls, row: FinancialAssessment) -> FinancialAssessmentView:
        shown = ("steps", "deferred_payment", "notional_capital")
        said = {name: getattr(row, name) for name in cls.model_fields if name not in shown}
        return cls(
            **said,
            steps=in_steps(row.steps),
            deferred_payment=row.equity and EquityView.of(row.equity),
            notional_capital=row.shrunk and ShrunkView.of(row.shrunk),
        )


@router.post(
    "/budgets/{budget_id}/financial-assessments",
    status_code=201,
    response_model=FinancialAssessmentView,
    **answers(),
)
async def assess_finances(budget_id: UUID, body: actions.AssessFinances, who: Officer, ask: Asking) -> Response:
    """Find what the person can pay, step by step; it counts from the next final figure."""
    show = FinancialAssessmentView.of
    return await ask(actions.assess_finances, who, body, target=budget_id, show=show, status=201)


@router.get("/budgets/{budget_id}/financial-assessments", **answers())
async def list_financial_assessments(
    budget_id: UUID, who: Officer, look: Looking, after: Cursor, limit: Limit = 50
) -> Page[FinancialAssessmentView]:
    """All that were ever made for this budget, each explained."""
    async with look(who, "list_financial_assessments", budget_id) as tx:
        found(await store.budget(tx, budget_id, who))
        rows = await store.financial_assessments(tx, budget_id, after, limit + 1)
    return page_of(rows, limit, lambda row: row.financial_assessment_id, FinancialAssessmentView.of)
