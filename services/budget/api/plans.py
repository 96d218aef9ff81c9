"""What may be asked about plans? Whether the budget buys them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.budget import store
from services.budget.api.views import AdequacyView
from shared.auth import allowed
from shared.http import Looking, answers, etag, found
from shared.runtime.messages import Caller

router = APIRouter(tags=["adequacy"], prefix="/v1")


@router.get("/plans/{plan_id}/adequacy", **answers())
async def read_adequacy(
    plan_id: UUID, who: Annotated[Caller, allowed("budget:read")], look: Looking, response: Response
) -> AdequacyView:
    """The last verdict about the plan's latest revision: what is short, and what else exists and has room."""
    async with look(who, "read_adequacy", plan_id) as tx:
        check = found(await store.plan_check(tx, plan_id, who))
    etag(response, check)
    return AdequacyView.of(check)
