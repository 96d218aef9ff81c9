"""Are the toy's books exact? Plain SQL and a plain read of its topic, against what the load must have led to."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg

from tests.chaos.torture.log_reading import (
    a_fact_has_one_place,
    a_place_is_one_fact,
    last_places,
    places_are_contiguous,
    read_whole,
)
from tests.chaos.torture.toy_load import Load, Wanted

PATIENCE = 60.0


async def audit(url: str, bootstrap: str, prefix: str, load: Load, patience: float = PATIENCE) -> list[str]:
    """What is wrong, once nothing moves any more; nothing, if all is exact."""
    connection = await asyncpg.connect(url)
    try:
        await _quiet(connection, load, patience)
        return [*await _rows(connection, load), *await _log(connection, bootstrap, f"{prefix}toy.events", load.wanted)]
    finally:
        await connection.close()


async def _quiet(connection: asyncpg.Connection, load: Load, patience: float) -> None:
    """Everything read, nothing to publish, and no timer left; or as long as we wait for that."""
    deadline = time.monotonic() + patience
    while await _moving(connection, load) and time.monotonic() < deadline:  # noqa: ASYNC110 - a database tells nobody
        await asyncio.sleep(0.05)


_MOVING = """
select (select count(*) from outbox) as "in the outbox", (select count(*) from due) as timers,
       (select count(*) from inbox where gaps > 0) as gaps,
       (select count(*) from parked p where code = 'queue' and not exists (
          select from parked b where (b.reader, b.source, b.council_id, b.subject) = (p.reader, p.source, p.council_id, p.subject)
             and b.place < p.place)) as "queued behind nobody"
"""


async def _moving(connection: asyncpg.Connection, load: Load) -> list[str]:
    (counts,) = await connection.fetch(_MOVING)
    moving = [f"{n} {what}" for what, n in counts.items() if n]
    read = {
        (row[0], row[1]): row[2] for row in await connection.fetch("select topic, partition, next from reader_offset")
    }
    for source, ends in load.ends.items():
        behind = [n for n, end in enumerate(ends) if read.get((f"{source}.events", n), 0) < end]
        moving += [f"behind in {source}: {behind}"] if behind else []
    return moving


async def _rows(connection: asyncpg.Connection, load: Load) -> list[str]:
    wanted = load.wanted
    tally = await connection.fetch("select person_id, count, trail from tally")
    heard = await connection.fetch("select source, subject, last from inbox where last > 0")
    spoken = {(line[0], line[1]): last for line, last in load.speaker.places.items()}
    parked = await connection.fetch("select subject, place, code from parked")
    return [
        *(f"moving: {one}" for one in await _moving(connection, load)),
        *_trails(wanted, {row[0]: (row[1], row[2].split()) for row in tally}),
        *differ("heard", spoken, {(row[0], row[1]): row[2] for row in heard}),
        *differ("parked", wanted.parked, Counter((UUID(row[0]), row[1], row[2]) for row in parked)),
        *differ("dropped", Counter(wanted.dropped), _counted(await connection.fetch("select subject from dropped"))),
        *differ(
            "pairs", dict.fromkeys(wanted.pairs, 1), await _by_key(connection, "select person_id, acted from pair")
        ),
        *differ("things", wanted.painted, await _by_key(connection, _SIZES)),
    ]


_SIZES = "select thing_id, size from thing where colour = 'red'"


async def _by_key(connection: asyncpg.Connection, sql: str) -> dict[Any, Any]:
    return {row[0]: row[1] for row in await connection.fetch(sql)}


def _counted(rows: Iterable[Any]) -> Counter[UUID]:
    return Counter(UUID(row[0]) for row in rows)


def _trails(wanted: Wanted, found: dict[UUID, tuple[int, list[str]]]) -> list[str]:
    """Everything once, what one source said in its order; a silence is not counted."""
    wrong = []
    for who in wanted.trails.keys() | found.keys():
        trail, (count, marks) = wanted.trails.get(who, ()), found.get(who, (0, []))
        same = all([m for m in marks if m[0] == source] == [m for m in trail if m[0] == source] for source in "amws")
        if not same or count != sum(mark != "silence" for mark in trail):
            wrong.append(f"trail of {who}: {trail} should be, {count} counted, {marks} found")
    return wrong


async def _log(connection: asyncpg.Connection, bootstrap: str, topic: str, wanted: Wanted) -> list[str]:
    entries, _ = await read_whole(bootstrap, [topic])
    places = await _by_key(connection, "select subject, last from place")
    on_log = {line[2]: last for line, last in last_places(entries).items()}
    return [
        *places_are_contiguous(entries),
        *a_place_is_one_fact(entries),
        *a_fact_has_one_place(entries),
        *differ("said", wanted.spoken(), places),
        *differ("on the log", wanted.spoken(), on_log),
    ]


def differ(what: str, wanted: Any, found: Any) -> list[str]:
    keys = {key for key in set(wanted) | set(found) if wanted.get(key, 0) != found.get(key, 0)}
    return [
        f"{what}: {key}: {wanted.get(key, 0)} should be, {found.get(key, 0)} found" for key in sorted(keys, key=str)
    ]
