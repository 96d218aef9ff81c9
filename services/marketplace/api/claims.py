"""What may be asked about claims?"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import claims as actions
from services.marketplace.actions import refunds
from services.marketplace.api.callers import ClaimDecider, ClaimWriter, Reader, sight_of
from services.marketplace.api.claims_shown import ClaimView
from services.marketplace.rules.states import ClaimState
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of

router = APIRouter(tags=["claims"], prefix="/v1")


@router.post("/orders/{order_id}/claims", status_code=201, response_model=ClaimView, **answers())
async def submit_claim(order_id: UUID, body: actions.SubmitClaim, who: ClaimWriter, ask: Asking) -> Response:
    """Claim for a period: accepted at once where it agrees with the visits recorded, else disputed with reasons."""
    return await ask(actions.submit_claim, who, body, target=order_id, show=ClaimView.of, status=201)


@router.get("/claims", **answers())
async def list_claims(
    who: Reader,
    look: Looking,
    after: Cursor,
    order_id: UUID | None = None,
    state: ClaimState | None = None,
    limit: Limit = 50,
) -> Page[ClaimView]:
    async with look(who, "list_claims") as tx:
        rows = await store.claims(tx, sight_of(who), after, order_id, state, limit + 1)
    return page_of(rows, limit, lambda row: row.claim_id, ClaimView.of)


@router.get("/claims/{claim_id}", **answers())
async def read_claim(claim_id: UUID, who: Reader, look: Looking, response: Response) -> ClaimView:
    async with look(who, "read_claim", claim_id) as tx:
        claim = found(await store.claim(tx, sight_of(who), claim_id))
    etag(response, claim)
    return ClaimView.of(claim)


@router.post("/claims/{claim_id}/settle", response_model=ClaimView, **answers())
async def settle_claim(claim_id: UUID, body: actions.SettleClaim, who: ClaimDecider, ask: Asking) -> Response:
    """Decide a disputed claim, with a reason. Never by the supplier who claims."""
    return await ask(actions.settle_claim, who, body, target=claim_id, show=ClaimView.of)


@router.post("/claims/{claim_id}/credit", response_model=ClaimView, **answers())
async def credit_claim(claim_id: UUID, body: refunds.LowerClaim, who: ClaimWriter, ask: Asking) -> Response:
    """A credit note: the supplier says which lines of its accepted claim are too high. What was paid beyond is owed back."""
    return await ask(refunds.credit_claim, who, body, target=claim_id, show=ClaimView.of)


@router.post("/claims/{claim_id}/ask-back", response_model=ClaimView, **answers())
async def ask_back(claim_id: UUID, body: refunds.LowerClaim, who: ClaimDecider, ask: Asking) -> Response:
    """The council found lines of an accepted claim too high, with a reason that the supplier reads."""
    return await ask(refunds.ask_back, who, body, target=claim_id, show=ClaimView.of)
