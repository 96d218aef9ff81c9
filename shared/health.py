"""Is it alive, and can it work? Live: the loop turns. Ready, by part: what each part needs is there."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from shared.db import transaction
from shared.heads import head_of
from shared.runtime.part import Part
from shared.runtime.relay import outbox_age

router = APIRouter(tags=["health"], prefix="/health")

LIVE_SECONDS = 120
STANDING_BY = "standing by"
"""Another replica's relay works; this one is there for when it does not. That is good: a rollout must not wait for it."""


@router.get("/live", responses={503: {"description": "A part is stuck"}})
async def live(request: Request) -> JSONResponse:
    """Every part has turned within two minutes."""
    stuck = [part.name for part in _parts(request) if time.monotonic() - part.last_turn > LIVE_SECONDS]
    return JSONResponse({"status": "stuck" if stuck else "live", "stuck": stuck}, 503 if stuck else 200)


@router.get("/ready", responses={503: {"description": "A part lacks what it works on"}})
async def ready(request: Request) -> JSONResponse:
    """HTTP needs database and migrations, not the broker; the other parts need what they work on."""
    settings = request.app.state.settings
    report: dict[str, Any] = {"http": await _http(request)} if settings.has("http") else {}
    report |= {part.name: _part(part) for part in _parts(request)}
    good = all(state in ("ready", STANDING_BY) for state in report.values())
    body = {"status": "ready" if good else "not ready", "parts": report, "outbox_seconds": await _outbox(request)}
    return JSONResponse(body, 200 if good else 503)


def _parts(request: Request) -> list[Part]:
    parts: list[Part] = request.app.state.parts
    return parts


def _part(part: Part) -> str:
    if part.paused_because:
        return f"paused: {part.paused_because}"
    if part.standing_by:
        return STANDING_BY
    return "ready" if part.ready else "waiting"


async def _http(request: Request) -> str:
    try:
        async with transaction(request.app.state.http_engine) as tx:
            rows = await tx.rows("select version_num from alembic_version")
    except Exception as error:  # whatever is wrong with the database, the answer is "not ready"
        return f"database: {type(error).__name__}"
    head = head_of(request.app.state.settings.service)
    return "ready" if rows and rows[0][0] == head else f"migrations: head is {head}"


async def _outbox(request: Request) -> float | None:
    try:
        async with transaction(request.app.state.worker_engine) as tx:
            return round(await outbox_age(tx), 3)
    except Exception:  # as above
        return None
