"""What may be asked about accepted claims?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.budget import store
from services.budget.actions import claims as actions
from services.budget.actions import refunds
from services.budget.api.views import ClaimView
from shared.auth import allowed
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, page_of
from shared.runtime.messages import Caller

router = APIRouter(tags=["claims"], prefix="/v1")


@router.get("/claims", **answers())
async def list_claims(
    who: Annotated[Caller, allowed("budget:read")], look: Looking, after: Cursor, limit: Limit = 50
) -> Page[ClaimView]:
    """What is owed and what was paid."""
    async with look(who, "list_claims") as tx:
        rows = await store.claims(tx, after, who, limit + 1)
    return page_of(rows, limit, lambda row: row.claim_id, ClaimView.of)


@router.post("/claims/{claim_id}/pay", response_model=ClaimView, **answers())
async def pay_claim(
    claim_id: UUID, body: actions.PayClaim, who: Annotated[Caller, allowed("claims:decide")], ask: Asking
) -> Response:
    """Pay an accepted claim, as somebody else than who made the budget final."""
    return await ask(actions.pay_claim, who, body, target=claim_id, show=ClaimView.of)


@router.post("/claims/{claim_id}/receive-refund", response_model=ClaimView, **answers())
async def receive_refund(
    claim_id: UUID, body: refunds.ReceiveRefund, who: Annotated[Caller, allowed("claims:decide")], ask: Asking
) -> Response:
    """What was paid beyond a claim that turned out too high came back."""
    return await ask(refunds.receive_refund, who, body, target=claim_id, show=ClaimView.of)
