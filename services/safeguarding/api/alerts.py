"""What may be asked about alerts? A practitioner sees them all, a commissioner the commissioner's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.safeguarding import store
from services.safeguarding.actions import alerts as actions
from services.safeguarding.actions.sight import owners_seen_by
from services.safeguarding.api.views import AlertView, AlertWhole
from services.safeguarding.rules import states
from services.safeguarding.rules.alerts import Kind, Owner
from shared.auth import allowed_any
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.runtime.messages import Caller

router = APIRouter(tags=["alerts"], prefix="/v1")

Reader = Annotated[Caller, allowed_any("safeguarding:read", "market:commission")]
Actor = Annotated[Caller, allowed_any("safeguarding:write", "market:commission")]


@router.get("/alerts", **answers())
async def list_alerts(
    who: Reader,
    look: Looking,
    after: Cursor,
    state: states.Alert | None = None,
    kind: Kind | None = None,
    owner: Owner | None = None,
    supplier_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[AlertView]:
    owners = [seen for seen in owners_seen_by(who) if owner in (None, seen)]
    async with look(who, "list_alerts") as tx:
        rows = await store.alerts(tx, after, owners, state, kind, supplier_id, limit + 1)
    return page_of(rows, limit, lambda row: row.alert_id, AlertView.shown)


@router.get("/alerts/{alert_id}", **answers())
async def read_alert(alert_id: UUID, who: Reader, look: Looking, response: Response) -> AlertWhole:
    """The alert in words, with its evidence."""
    async with look(who, "read_alert", alert_id) as tx:
        alert = found(await store.alert(tx, alert_id, owners_seen_by(who)))
        misses = await store.misses(tx, alert.evidence)
    etag(response, alert)
    return AlertWhole.explained(alert, misses)


@router.post("/alerts/{alert_id}/acknowledge", response_model=AlertView, **answers())
async def acknowledge_alert(alert_id: UUID, body: actions.AcknowledgeAlert, who: Actor, ask: Asking) -> Response:
    """Say that you look into it. Something new opens it again."""
    return await ask(actions.acknowledge_alert, who, body, target=alert_id, show=AlertView.shown)


@router.post("/alerts/{alert_id}/close", response_model=AlertView, **answers())
async def close_alert(alert_id: UUID, body: actions.CloseAlert, who: Actor, ask: Asking) -> Response:
    """Say what was done, or why nothing is to be done. Something new opens it again."""
    return await ask(actions.close_alert, who, body, target=alert_id, show=AlertView.shown)
