"""What may be asked about orders?"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import orders as endings
from services.marketplace.actions import visits as actions
from services.marketplace.api.bought import OrderView
from services.marketplace.api.callers import Reader, Requester, VisitWriter, sight_of
from services.marketplace.rules.states import OrderState
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of

router = APIRouter(tags=["orders"], prefix="/v1")


@router.get("/orders", **answers())
async def list_orders(
    who: Reader,
    look: Looking,
    after: Cursor,
    person_id: UUID | None = None,
    plan_id: UUID | None = None,
    early_id: UUID | None = None,
    state: OrderState | None = None,
    limit: Limit = 50,
) -> Page[OrderView]:
    """Of anybody or of a person; for one plan, or for one urgent support or reablement."""
    async with look(who, "list_orders", person_id) as tx:
        rows = await store.orders(tx, sight_of(who), after, person_id, plan_id or early_id, state, limit + 1)
    return page_of(rows, limit, lambda row: row.order_id, OrderView.of)


@router.get("/orders/{order_id}", **answers())
async def read_order(order_id: UUID, who: Reader, look: Looking, response: Response) -> OrderView:
    async with look(who, "read_order", order_id) as tx:
        order = found(await store.order(tx, sight_of(who), order_id))
    etag(response, order)
    return OrderView.of(order)


@router.post("/orders/{order_id}/start", response_model=OrderView, **answers())
async def start_support(order_id: UUID, body: actions.StartSupport, who: VisitWriter, ask: Asking) -> Response:
    """Support began. Only what is confirmed starts; urgent support and reablement wait for no money."""
    return await ask(actions.start_support, who, body, target=order_id, show=OrderView.of)


@router.post("/orders/{order_id}/cancel", response_model=OrderView, **answers())
async def cancel_order(order_id: UUID, body: endings.CancelOrder, who: Requester, ask: Asking) -> Response:
    """Before support started. The money set aside and the supplier's room are free again."""
    return await ask(endings.cancel_order, who, body, target=order_id, show=OrderView.of)


@router.post("/orders/{order_id}/end", response_model=OrderView, **answers())
async def end_order(order_id: UUID, body: endings.EndOrder, who: Requester, ask: Asking) -> Response:
    """After support started. What was delivered up to the last day is still recorded, claimed and paid."""
    return await ask(endings.end_order, who, body, target=order_id, show=OrderView.of)
