"""What may be asked about offers?"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import offers as actions
from services.marketplace.api.bought import OrderView
from services.marketplace.api.callers import Offerer, Reader, Requester, sight_of
from services.marketplace.api.views import OfferView
from services.marketplace.rules.states import OfferState
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of

router = APIRouter(tags=["offers"], prefix="/v1")


@router.get("/offers", **answers())
async def list_offers(
    who: Reader,
    look: Looking,
    after: Cursor,
    requirement_id: UUID | None = None,
    supplier_id: UUID | None = None,
    state: OfferState | None = None,
    limit: Limit = 50,
) -> Page[OfferView]:
    sight = sight_of(who)
    async with look(who, "list_offers") as tx:
        rows = await store.offers(tx, sight, after, requirement_id, supplier_id, state, limit + 1)
    return page_of(rows, limit, lambda row: row.offer_id, lambda row: OfferView.as_seen(row, tx.now, sight.supplier_id))


@router.get("/offers/{offer_id}", **answers())
async def read_offer(offer_id: UUID, who: Reader, look: Looking, response: Response) -> OfferView:
    sight = sight_of(who)
    async with look(who, "read_offer", offer_id) as tx:
        offer = found(await store.offer(tx, sight, offer_id))
    etag(response, offer)
    return OfferView.as_seen(offer, tx.now, sight.supplier_id)


@router.post("/offers/{offer_id}/refuse", response_model=OfferView, **answers())
async def refuse_offer(offer_id: UUID, body: actions.RefuseOffer, who: Offerer, ask: Asking) -> Response:
    """The supplier says no."""
    return await ask(actions.refuse_offer, who, body, target=offer_id, show=OfferView.of)


@router.post("/offers/{offer_id}/accept", status_code=201, response_model=OrderView, **answers())
async def accept_offer(offer_id: UUID, body: actions.AcceptOffer, who: Offerer, ask: Asking) -> Response:
    """The supplier says yes: an order is placed, and waits for the money to be committed."""
    return await ask(actions.accept_offer, who, body, target=offer_id, show=OrderView.of, status=201)


@router.post("/offers/{offer_id}/withdraw", response_model=OfferView, **answers())
async def withdraw_offer(offer_id: UUID, body: actions.WithdrawOffer, who: Requester, ask: Asking) -> Response:
    """Take it back while it is not answered. What a competitor answered is not shown by that."""
    return await ask(actions.withdraw_offer, who, body, target=offer_id, show=OfferView.sealed)
