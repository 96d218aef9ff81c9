"""Does the simulation's database do what PostgreSQL does? The same seeded sequence on both leaves the same rows.

Facts in and out of order, repeats, bad ones, unknown types, unreadable envelopes, replays, sweeps and commands: each
step is taken by the runtime on PostgreSQL and on `shared/testing/simulation`, and the tables are compared after each.
Not compared: the ids of parked rows, times of day, and what only one transaction at a time cannot show (locks).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import machine_now
from shared.runtime.batches import run_batch
from shared.runtime.consume import Consumer
from shared.runtime.messages import Asked, Caller
from shared.runtime.parking import Drain
from shared.runtime.perform import Performer, cause_of, fingerprint_of
from shared.runtime.records import Record, read_record
from shared.runtime.rows import Row
from shared.runtime.service import Service
from shared.testing.facts import Speaker
from shared.testing.simulation.clients import Shown
from shared.testing.simulation.database import Database, Engine
from shared.testing.simulation.loop import Loop
from shared.testing.simulation.statements import Statements
from shared.testing.tokens import COUNCIL
from tests.integration.runtime.conftest import checked, left, missed, person, requested, right
from tests.integration.runtime.toy import Paint, Pair, Tally, Thing, Toy, paint

STEPS, PEOPLE = 60, 4
KINDS: tuple[type[Row], ...] = (Tally, Pair, Thing)


@dataclass
class Side:
    """One of the two: the toy's engines, and what the runtime does with them."""

    service: Service
    worker: Any
    http: Any

    async def hear(self, records: Sequence[Record]) -> None:
        await run_batch(records, Consumer(self.worker, self.service, "").attempt)

    async def replay(self, source: str, n: int) -> None:
        await Drain(self.worker, self.service, "toy").drain((source, COUNCIL, str(person(n))))

    async def sweep(self) -> None:
        await Drain(self.worker, self.service, "toy").drain_closed_gaps()

    async def ask(self, asked: Asked[Paint]) -> tuple[int, str]:
        answer = await Performer(self.http, "toy").perform(paint, asked, Shown.of)
        return answer.status, answer.body


Step = Callable[[Side], Awaitable[Any]]


# ── the sequence ──────────────────────────────────────────────────────────────────────────────────────────────────
def a_sequence(seed: int) -> list[tuple[str, Step]]:
    """What is done, step by step; the same bytes for both sides."""
    chance, speaker = Random(seed), Speaker()
    waiting: list[Record] = []
    heard: list[Record] = []
    steps: list[tuple[str, Step]] = []
    for _ in range(STEPS):
        waiting += [_a_record(chance, speaker) for _ in range(chance.randint(1, 4))]
        chance.shuffle(waiting)
        batch = [waiting.pop() for _ in range(chance.randint(0, len(waiting)))]
        batch += chance.sample(heard, min(len(heard), chance.choice((0, 0, 1, 3))))
        heard += batch
        steps.append((f"hear {len(batch)}", partial(Side.hear, records=batch)) if batch else _another(chance))
        steps.append(_another(chance))
    return [*steps, ("hear the rest", partial(Side.hear, records=waiting)), ("sweep", Side.sweep)]


def _a_record(chance: Random, speaker: Speaker) -> Record:
    n, told = chance.randrange(PEOPLE), chance.random()
    if told < 0.05:
        return replace(speaker.say(requested(n)), payload=b"{}")
    if told < 0.1:
        return _retyped(speaker.say(requested(n)))
    if told < 0.13:
        return read_record("assessment.events", 1, 10_000 + chance.randrange(9), [("ce_id", b"\xff")], b"?")
    if told < 0.18:
        return speaker.say(missed(n, "raise"))
    return speaker.say(chance.choice((requested, missed, left, right, checked))(n))


def _retyped(record: Record) -> Record:
    assert record.envelope is not None
    headers = replace(record.envelope, type="assessment.support_requested.v9").headers()
    return read_record(record.topic, record.partition, record.offset, headers, record.payload)


def _another(chance: Random) -> tuple[str, Step]:
    source, n = chance.choice(("assessment", "marketplace")), chance.randrange(PEOPLE)
    if chance.random() < 0.3:
        return f"replay {source} {n}", partial(Side.replay, source=source, n=n)
    if chance.random() < 0.3:
        return "sweep", Side.sweep
    key, size = f"k{chance.randrange(12)}", chance.choice((1, 2, 200, -1))
    return f"ask {key} {size}", partial(Side.ask, asked=_asked(key, UUID(int=chance.randrange(3)), size))


def _asked(key: str, thing: UUID, size: int) -> Asked[Paint]:
    caller, body = Caller("sam", "app", COUNCIL, "broker"), Paint(thing_id=thing, size=size)
    cause = cause_of(caller, "paint", key)
    return Asked(
        body=body, council=COUNCIL, now=machine_now(), cause=cause, correlation=cause, caller=caller, key=key,
        fingerprint=fingerprint_of("paint", None, body),
    )  # fmt: skip


# ── what stands in the tables ─────────────────────────────────────────────────────────────────────────────────────
Tables = dict[str, list[str]]

ON_POSTGRES = {
    **{one.kind.name: f"select {one.kind.select_list} from {one.kind.name} t" for one in KINDS},
    "inbox": "select reader, source, council_id, subject, last, open_at, held, gaps from inbox",
    "parked": """select reader, source, council_id, subject, place, type, code, detail, headers, payload, topic,
        partition, "offset" from parked""",
    "order of parked": "select place, subject, topic from parked order by id",
    "place": "select council_id, subject, last from place",
    "outbox": "select council_id, topic, key, headers, payload from outbox order by seq",
    "reader_offset": "select reader, topic, partition, next from reader_offset",
    "unknown_type": "select reader, type, heard from unknown_type",
    "reader_state": "select reader, parked_in_a_row from reader_state",
    "due": "select name, key, council_id, subject, at, body, cause, correlation, parked_code from due",
    "answer": "select client_id, key, council_id, fingerprint, status, body, version from answer",
    "access_log": "select count(*) from access_log",
}
IN_ORDER = ("outbox", "order of parked")


def _in_memory(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    def flat(table: str) -> list[tuple[Any, ...]]:
        return [
            (*key, *(row if isinstance(row, tuple) else (row,))) for key, row in sorted(database.rows(table).items())
        ]

    parked = [row for _, row in sorted(database.rows("parked").items())]
    names = ("name", "key", "council_id", "subject", "at", "body", "cause", "correlation", "code")
    return {
        **{one.kind.name: list(database.rows(one.kind.name).values()) for one in KINDS},
        **{name: flat(name) for name in ("inbox", "place", "reader_offset", "unknown_type", "reader_state", "answer")},
        "parked": [tuple(value for name, value in row.items() if name != "id") for row in parked],
        "order of parked": [(row["place"], row["subject"], row["topic"]) for row in parked],
        "outbox": [row[1:6] for row in flat("outbox")],
        "due": [tuple(row[name] for name in names) for row in database.rows("due").values()],
        "access_log": [(len(database.rows("access_log")),)],
    }


def _comparable(tables: dict[str, list[tuple[Any, ...]]]) -> Tables:
    said = {name: [repr([_plain(value) for value in row]) for row in rows] for name, rows in tables.items()}
    return {name: rows if name in IN_ORDER else sorted(rows) for name, rows in said.items()}


def _plain(value: Any) -> str:
    """In words. Of an envelope all but the time, which is each database's own where a command was asked."""
    if isinstance(value, str) and value.startswith('[["ce_'):
        return str(sorted(pair for pair in json.loads(value) if pair[0] != "ce_time"))
    if isinstance(value, datetime):
        return str(value.timestamp())
    return str(value)


# ── both ──────────────────────────────────────────────────────────────────────────────────────────────────────────
Seen = list[tuple[Any, Tables]]


async def _on_postgres(toy: Toy, steps: Sequence[tuple[str, Step]], ahead: timedelta) -> Seen:
    await toy.rows(f"update business_clock set ahead_us = {ahead // timedelta(microseconds=1)} returning 1")
    side, seen = Side(toy.service, toy.worker, toy.http), []
    for _, step in steps:
        answer = await step(side)
        seen.append((answer, _comparable({name: await toy.rows(sql) for name, sql in ON_POSTGRES.items()})))
    return seen


def _played_in_memory(service: Service, steps: Sequence[tuple[str, Step]], ahead: timedelta) -> Seen:
    loop, seen = Loop(), []  # type: ignore[abstract]
    loop.gated = False
    database = Database("toy", loop, lambda: machine_now() + ahead)
    engine: AsyncEngine = Engine(database, Statements([one.kind for one in KINDS]))  # type: ignore[assignment]
    side = Side(service, engine, engine)
    with loop:
        for _, step in steps:
            task = loop.start("toy", step(side))  # type: ignore[arg-type]
            seen.append((task.result(), _comparable(_in_memory(database))))
    assert not loop.errors
    return seen


@pytest.mark.parametrize("seed", range(4))
async def test_the_same_sequence_leaves_the_same_rows_in_memory_and_on_postgresql(toy: Toy, seed: int) -> None:
    """Both from noon of one day on: what is compared holds days, and the one is played after the other."""
    steps, ahead = a_sequence(seed), datetime(2024, 7, 1, 12, tzinfo=UTC) - machine_now()
    real = await _on_postgres(toy, steps, ahead)
    simulated = await asyncio.to_thread(_played_in_memory, toy.service, steps, ahead)

    for (what, _), (answer, tables), (other, others) in zip(steps, real, simulated, strict=True):
        assert other == answer, what
        for name, rows in tables.items():
            assert others[name] == rows, f"{name} after: {what}"
    assert all(any(tables[name] for _, tables in real) for name in ON_POSTGRES), "a table that was never written to"
