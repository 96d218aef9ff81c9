"""What may be asked about a direct payment?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.budget import store
from services.budget.actions import direct_payments as actions
from services.budget.api.views import ReasonView
from services.budget.models import DirectPayment
from services.budget.rules.direct_payments import IN_CONFIDENCE, in_confidence
from services.budget.rules.states import DirectPaymentState
from shared.auth import allowed
from shared.contracts.budget import PaidTo
from shared.explain import Step
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, found, page_of
from shared.runtime.messages import Caller
from shared.views import View

router = APIRouter(tags=["direct payments"], prefix="/v1")

Reader = Annotated[Caller, allowed("budget:read")]
Writer = Annotated[Caller, allowed("budget:write")]
WRITER = "budget:write"


class ConditionView(ReasonView):
    """One condition: whether it is met, why in words, and by which text."""

    rule: str
    met: bool
    source: str
    verified: bool

    @classmethod
    def of_step(cls, step: Step, whole: bool) -> ConditionView:
        why = step.because if whole or step.rule not in IN_CONFIDENCE else in_confidence(step)
        source = {"source": step.source.title, "verified": step.source.verified}
        return cls(rule=step.rule, met=bool(step.effect), **ReasonView.in_words(why), **source)


class DirectPaymentView(View):
    """A decision about a direct payment. What concerns capacity, courts or the family, and the written reasons, are shown
    only to those who decide. `inhouse_pence` is what future payments are reduced by; `review_by` follows the first one."""

    decision_id: UUID
    budget_id: UUID
    number: int
    person_id: UUID
    state: DirectPaymentState
    paid_to: PaidTo
    decided_on: date
    decided_by: str
    inhouse_pence: int
    first_paid_on: date | None
    review_by: date | None
    reasons: str | None
    conditions: list[ConditionView]
    stopped_on: date | None
    stopped_by: str | None

    @classmethod
    def shown(cls, row: DirectPayment, whole: bool) -> DirectPaymentView:
        own = {"reasons", "conditions", "stopped_on", "stopped_by"}
        return cls(
            **{name: getattr(row, name) for name in cls.model_fields if name not in own},
            reasons=row.reasons if whole else None,
            conditions=[ConditionView.of_step(step, whole) for step in row.steps],
            stopped_on=row.stopped and row.stopped.on,
            stopped_by=row.stopped and row.stopped.by,
        )

    @classmethod
    def of(cls, row: DirectPayment) -> DirectPaymentView:
        return cls.shown(row, whole=True)


@router.post(
    "/budgets/{budget_id}/direct-payment-decisions", status_code=201, response_model=DirectPaymentView, **answers()
)
async def decide_direct_payment(
    budget_id: UUID, body: actions.DecideDirectPayment, who: Writer, ask: Asking
) -> Response:
    """Decide a request by the conditions of s.31 or s.32, each explained. Refused is an answer too, and is kept."""
    show = DirectPaymentView.of
    return await ask(actions.decide_direct_payment, who, body, target=budget_id, show=show, status=201)


@router.get("/budgets/{budget_id}/direct-payment-decisions", **answers())
async def list_direct_payment_decisions(
    budget_id: UUID, who: Reader, look: Looking, after: Cursor, limit: Limit = 50
) -> Page[DirectPaymentView]:
    """All that were ever made about this budget; the one with the highest number stands."""
    async with look(who, "list_direct_payment_decisions", budget_id) as tx:
        found(await store.budget(tx, budget_id, who))
        rows = await store.direct_payments(tx, budget_id, after, limit + 1)
    whole = WRITER in who.scopes
    return page_of(rows, limit, lambda row: row.decision_id, lambda row: DirectPaymentView.shown(row, whole))


@router.post("/budgets/{budget_id}/stop-direct-payment", response_model=DirectPaymentView, **answers())
async def stop_direct_payment(budget_id: UUID, body: actions.StopDirectPayment, who: Writer, ask: Asking) -> Response:
    """Stop the payment, as a named person, once cover is confirmed. The order goes on; no more money goes out."""
    return await ask(actions.stop_direct_payment, who, body, target=budget_id, show=DirectPaymentView.of)
