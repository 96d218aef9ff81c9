"""What after a backup was restored? Nothing said is said again, no place is used twice, what is missing is named."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from shared.contracts.base import topic_of
from shared.db import Tx, transaction
from shared.operations.parked import worker
from shared.runtime.crash import crash_point
from shared.runtime.envelope import Envelope
from shared.runtime.log import read_log
from shared.settings import Settings

_LIFT = """
insert into place as p (council_id, subject, last)
select * from unnest($1::text[], $2::text[], $3::bigint[]) order by 1, 2
on conflict (council_id, subject) do update set last = greatest(p.last, excluded.last)
"""


async def restored(settings: Settings) -> dict[str, Any]:
    """Read this service's own topic to the end and compare it with its (older) database. Run it before starting parts.
    Run again, it names the same again: what an earlier run noted counts as said after the backup."""
    async with worker(settings) as engine:
        async with transaction(engine) as tx:
            rows = await tx.rows("select council_id, subject, last from place")
            known = {(council, subject): last for council, subject, last in rows}
            noted = {row[0] for row in await tx.rows("select id from already_said")}
            unpublished = await _unpublished(tx)
        beyond: list[Envelope] = []
        published: list[int] = []
        async for one in _own_log(settings):
            published += [unpublished[said]] if (said := (str(one.id), one.type)) in unpublished else []
            beyond += [one] if one.id in noted or one.place > known.get((one.council, one.subject), 0) else []
        crash_point("restored.read")
        async with transaction(engine) as tx:
            await tx.run("delete from outbox where seq = any($1::bigint[])", published)
            await _note(tx, beyond)
            crash_point("restored.noted")
    beyond.sort(key=lambda one: (one.council, one.subject, one.place, one.type))
    return {"said_after_the_backup": len(beyond), "without_a_row_any_more": [_named(one) for one in beyond]}


async def _unpublished(tx: Tx) -> dict[tuple[str, str], int]:
    """What the backup had not published: most of it was, since. (id, type) -> seq."""
    rows = [(seq, dict(json.loads(headers))) for seq, headers in await tx.rows("select seq, headers from outbox")]
    return {(headers["ce_id"], headers["ce_type"]): seq for seq, headers in rows}


async def _own_log(settings: Settings) -> AsyncIterator[Envelope]:
    log = read_log(settings.kafka_bootstrap, [topic_of(settings.service)], prefix=settings.topic_prefix)
    async for record in log:
        if record.envelope is not None:
            yield record.envelope


async def _note(tx: Tx, beyond: list[Envelope]) -> None:
    """Lift the counters and remember the ids."""
    highest: dict[tuple[str, str], int] = {}
    for one in beyond:
        subject = (one.council, one.subject)
        highest[subject] = max(highest.get(subject, 0), one.place)
    ordered = sorted(highest)
    await tx.run(_LIFT, [c for c, _ in ordered], [s for _, s in ordered], [highest[key] for key in ordered])
    ids: list[UUID] = [one.id for one in beyond]
    await tx.run("insert into already_said (id) select distinct unnest($1::uuid[]) on conflict do nothing", ids)


def _named(one: Envelope) -> dict[str, Any]:
    return {
        "council": one.council,
        "subject": one.subject,
        "place": one.place,
        "type": one.type,
        "id": str(one.id),
        "cause": str(one.causation),
    }
