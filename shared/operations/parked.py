"""What has been set aside, and what is done about it by hand?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db import make_engine, transaction
from shared.runtime.parking import Drain
from shared.settings import Settings

_LIST = """
select id, source, council_id, subject, place, type, code, detail, parked_at from parked
where code not in ('queue', 'gap') or $1 order by id limit 500
"""
_GAPS = """
select min(p.id) as id, p.source, p.council_id, p.subject, min(t.last) + 1 as missing_from, min(p.place) - 1 as missing_to,
       count(*) as waiting, min(p.parked_at) as since
from parked p join inbox t using (reader, source, council_id, subject) where p.place > t.last
group by p.source, p.council_id, p.subject having min(p.place) > min(t.last) + 1 order by 1 limit 500
"""
_TIMERS = "select name, key, council_id, subject, at, parked_code, parked_detail from due where parked_code is not null"
_SHOW = """
select id, source, council_id, subject, place, type, code, detail, parked_at, topic, partition, "offset", headers,
       convert_from(payload, 'UTF8') as payload from parked where id = $1
"""


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(
        settings.worker_database_url, pool_size=2, application=f"{settings.service}-ops", plans_once=True
    )
    try:
        yield engine
    finally:
        await engine.dispose()


async def listed(settings: Settings, *, everything: bool = False) -> dict[str, Any]:
    """The guilty ones, and the subjects that wait for a missing place; `everything` shows what queues behind them too."""
    async with worker(settings) as engine, transaction(engine) as tx:
        facts = [dict(row) for row in await tx.rows(_LIST, everything)]
        queued = await tx.rows("select count(*) from parked where code in ('queue', 'gap')")
        gaps = [dict(row) for row in await tx.rows(_GAPS)]
        timers = [dict(row) for row in await tx.rows(_TIMERS)]
    return {"facts": facts, "queued_behind": queued[0][0], "gaps": gaps, "timers": timers}


async def shown(settings: Settings, number: int) -> dict[str, Any]:
    async with worker(settings) as engine, transaction(engine) as tx:
        rows = await tx.rows(_SHOW, number)
    return dict(rows[0]) if rows else {"error": f"Nothing is parked under number {number}."}


async def replayed(settings: Settings, number: int) -> dict[str, Any]:
    """Try the subject of this fact again, from its head."""
    async with worker(settings) as engine:
        drain = _drain(settings, engine)
        async with transaction(engine) as tx:
            try:
                line = await drain.line_of(tx, number)
            except LookupError as wrong:
                return {"error": str(wrong)}
        return {"applied": await drain.drain(line)}


async def dropped(settings: Settings, number: int, reason: str, by: str) -> dict[str, Any]:
    async with worker(settings) as engine:
        try:
            return {"applied_behind_it": await _drain(settings, engine).drop(number, reason, by)}
        except LookupError as wrong:
            return {"error": str(wrong)}


async def passed_over(settings: Settings, number: int, reason: str, by: str) -> dict[str, Any]:
    async with worker(settings) as engine:
        try:
            return {"applied_behind_it": await _drain(settings, engine).pass_over(number, reason, by)}
        except LookupError as wrong:
            return {"error": str(wrong)}


_IN_A_ROW = "select parked_in_a_row from reader_state where reader = $1 for update"


async def resumed(settings: Settings) -> dict[str, Any]:
    """`was_parked_in_a_row` 0: it had not paused, and nothing changes."""
    async with worker(settings) as engine, transaction(engine) as tx:
        rows = await tx.rows(_IN_A_ROW, settings.service)
        await tx.run("update reader_state set parked_in_a_row = 0 where reader = $1", settings.service)
    return {"reader": settings.service, "was_parked_in_a_row": rows[0][0] if rows else 0}


def _drain(settings: Settings, engine: AsyncEngine) -> Drain:
    service = import_module(f"services.{settings.service}.app").service()
    return Drain(engine, service, service.name)
