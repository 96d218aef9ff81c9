"""What may be asked about restrictions of suppliers?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.safeguarding import store
from services.safeguarding.actions import restrictions as actions
from services.safeguarding.api.views import RestrictionView, ToldView
from services.safeguarding.rules import states
from shared.auth import allowed, allowed_any
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.runtime.messages import Caller

router = APIRouter(tags=["restrictions"], prefix="/v1")

Reader = Annotated[Caller, allowed_any("safeguarding:read", "market:commission")]
Proposer = Annotated[Caller, allowed("safeguarding:write")]
Commissioner = Annotated[Caller, allowed("market:commission")]


@router.post("/restrictions", status_code=201, response_model=RestrictionView, **answers())
async def propose_restriction(body: actions.ProposeRestriction, who: Proposer, ask: Asking) -> Response:
    """Propose to restrict a supplier; a commissioner decides."""
    return await ask(actions.propose_restriction, who, body, show=RestrictionView.of, status=201)


@router.get("/restrictions", **answers())
async def list_restrictions(
    who: Reader,
    look: Looking,
    after: Cursor,
    state: states.Restriction | None = None,
    supplier_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[RestrictionView]:
    async with look(who, "list_restrictions") as tx:
        rows = await store.restrictions(tx, after, state, supplier_id, limit + 1)
    return page_of(rows, limit, lambda row: row.restriction_id, RestrictionView.of)


@router.get("/restrictions/{restriction_id}", **answers())
async def read_restriction(restriction_id: UUID, who: Reader, look: Looking, response: Response) -> RestrictionView:
    async with look(who, "read_restriction", restriction_id) as tx:
        restriction = found(await store.restriction(tx, restriction_id))
    etag(response, restriction)
    return RestrictionView.of(restriction)


@router.post("/restrictions/{restriction_id}/place", response_model=RestrictionView, **answers())
async def place_restriction(
    restriction_id: UUID, body: actions.PlaceRestriction, who: Commissioner, ask: Asking
) -> Response:
    """Decide that it holds, as somebody else proposed it. The market hears of it."""
    return await ask(actions.place_restriction, who, body, target=restriction_id, show=RestrictionView.of)


@router.post("/restrictions/{restriction_id}/decline", response_model=RestrictionView, **answers())
async def decline_restriction(
    restriction_id: UUID, body: actions.DeclineRestriction, who: Commissioner, ask: Asking
) -> Response:
    return await ask(actions.decline_restriction, who, body, target=restriction_id, show=RestrictionView.of)


@router.post("/restrictions/{restriction_id}/keep", response_model=RestrictionView, **answers())
async def keep_restriction(
    restriction_id: UUID, body: actions.KeepRestriction, who: Commissioner, ask: Asking
) -> Response:
    """Reviewed, and still needed until its next review."""
    return await ask(actions.keep_restriction, who, body, target=restriction_id, show=RestrictionView.of)


@router.post("/restrictions/{restriction_id}/lift", response_model=RestrictionView, **answers())
async def lift_restriction(
    restriction_id: UUID, body: actions.LiftRestriction, who: Commissioner, ask: Asking
) -> Response:
    """It no longer holds. The market hears of it."""
    return await ask(actions.lift_restriction, who, body, target=restriction_id, show=RestrictionView.of)


@router.get("/restrictions-elsewhere", **answers())
async def list_restrictions_elsewhere(
    who: Reader, look: Looking, after: Cursor, supplier_id: UUID | None = None, limit: Limit = 50
) -> Page[ToldView]:
    """What this council was told of other councils' restrictions of suppliers it uses, in force and lifted."""
    async with look(who, "list_restrictions_elsewhere") as tx:
        rows = await store.told(tx, after, supplier_id, limit + 1)
    return page_of(rows, limit, lambda row: row.told_id, ToldView.of)
