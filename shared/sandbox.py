"""What time is it in the sandbox? Mounted only with CARE_MODE=sandbox; production has no such routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel

from shared.auth import allowed
from shared.contracts.base import topic_of
from shared.db import Tx, transaction
from shared.problems import ANSWERS
from shared.refusals import Invalid
from shared.runtime.messages import Caller
from shared.runtime.service import Service

router = APIRouter(
    tags=["sandbox"], prefix="/sandbox", responses={status: ANSWERS[status] for status in (400, 401, 403, 413, 422)}
)


class Clock(BaseModel):
    """The business clock of this service, when its next timer is due, and what it has not yet worked off.

    `read` is how far this service has read each topic, `published` how much it ever put on its own.
    """

    now: datetime
    next_due: datetime | None
    overdue: int
    unpublished: int
    parked: int
    said: int
    read: dict[str, int]
    hears: list[str]


class Move(BaseModel):
    """Set the clock to an instant not before the present one."""

    to: AwareDatetime


@router.get("/clock")
async def read_clock(request: Request, who: Annotated[Caller, allowed("ops:read")]) -> Clock:
    """How far this service's time and work have come."""
    async with transaction(request.app.state.worker_engine) as tx:
        return await _clock(tx, request.app.state.service)


@router.post("/clock")
async def move_clock(request: Request, body: Move, who: Annotated[Caller, allowed("ops:write")]) -> Clock:
    """Forward only, once anything was said or heard: otherwise a fact could be older than its cause."""
    async with transaction(request.app.state.worker_engine) as tx:
        if body.to < tx.now and await tx.rows("select 1 from place union all select 1 from inbox limit 1"):
            raise Invalid("The clock only moves forward.", errors=[{"field": "to", "rule": "not_before_now"}])
        ahead = "extract(epoch from $1::timestamptz - clock_timestamp()) * 1e6"
        await tx.run(f"update business_clock set ahead_us = ({ahead})::bigint", body.to)
    async with transaction(request.app.state.worker_engine) as tx:
        return await _clock(tx, request.app.state.service)


_CLOCK = """
select (select min(at) from due where parked_code is null and at > $1),
       (select count(*) from due where parked_code is null and at <= $1),
       (select count(*) from outbox), (select count(*) from parked), (select coalesce(sum(last), 0)::bigint from place)
"""


async def _clock(tx: Tx, service: Service) -> Clock:
    due, overdue, unpublished, parked, said = (await tx.rows(_CLOCK, tx.now))[0]
    read = await tx.rows("select topic, sum(next)::bigint from reader_offset group by topic")
    return Clock(
        hears=[topic_of(name) for name in service.hears],
        now=tx.now,
        next_due=due,
        overdue=overdue,
        unpublished=unpublished,
        parked=parked,
        said=said,
        read={row[0]: row[1] for row in read},
    )
