"""Batches off the log into one statement each; a relay that sends whole batches. Offsets live in the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer
from pydantic_core import from_json

from shared.contracts.base import topic_of
from shared.runtime.relay import make_producer, publish

Event = tuple[str, str, str, str, Any]
"""(type, source, council, subject, body)"""
Said = list[tuple[str, str, str, str, str]]
"""(council, topic, key, headers, payload)"""

COMMON = """
with heard as (insert into inbox (reader, source, council_id, subject, last)
    select 'bare', * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    on conflict (reader, source, council_id, subject) do update set last = inbox.last + excluded.last),
offsets as (insert into reader_offset (reader, topic, partition, next)
    select 'bare', * from unnest($5::text[], $6::bigint[], $7::bigint[])
    on conflict (reader, topic, partition) do update set next = excluded.next),
placed as (insert into place (council_id, subject, last) select * from unnest($8::text[], $9::text[], $10::bigint[])
    on conflict (council_id, subject) do update set last = place.last + excluded.last),
said as (insert into book_outbox (topic, key, headers, payload)
    select * from unnest($11::text[], $12::text[], $13::text[], $14::text[]))
"""


def headers_of(kind: str, council: str) -> str:
    return json.dumps(
        [
            ("ce_id", str(uuid4())), ("ce_type", kind), ("ce_source", kind.split(".")[0]), ("ce_council", council),
            ("ce_specversion", "1.0"), ("ce_sequence", "00000000000000000000"), ("content-type", "application/json"),
        ]
    )  # fmt: skip


def say(said: Said, kind: str, council: str, key: str, payload: str) -> None:
    said.append((council, topic_of(kind.split(".")[0]), key, headers_of(kind, council), payload))


def read(message: Any) -> Event:
    headers = dict(message.headers)
    kind, council = headers["ce_type"].decode(), headers["ce_council"].decode()
    return kind, headers["ce_source"].decode(), council, message.key.decode(), from_json(message.value)


def counted(pairs: Sequence[Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for pair in pairs:
        found[pair] = found.get(pair, 0) + 1
    return found


def columns(rows: Sequence[tuple[Any, ...]], many: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(many)]


def common(events: Sequence[Event], offsets: dict[tuple[str, int], int], said: Said) -> list[list[Any]]:
    """The arrays of COMMON."""
    lines = sorted((*line, many) for line, many in counted([event[1:4] for event in events]).items())
    places = sorted((*place, many) for place, many in counted([(one[0], one[2]) for one in said]).items())
    wheres = [(*where, following) for where, following in offsets.items()]
    return [*columns(lines, 4), *columns(wheres, 3), *columns(places, 3), *columns([one[1:] for one in said], 4)]


async def consume(
    pool: asyncpg.Pool, bootstrap: str, prefix: str, service: str, hears: Sequence[str], decide: Callable[..., Any]
) -> None:
    """`decide(events)` gives (sql, arrays, said)."""
    kafka = AIOKafkaConsumer(
        *(prefix + topic_of(name) for name in hears),
        bootstrap_servers=bootstrap,
        group_id=prefix + service,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    await kafka.start()
    try:
        while True:
            fetched = await kafka.getmany(timeout_ms=250, max_records=500)
            messages = [one for many in fetched.values() for one in many]
            if not messages:
                continue
            events = [read(one) for one in messages]
            offsets = {(where.topic, where.partition): many[-1].offset + 1 for where, many in fetched.items()}
            sql, arrays, said = decide(events)
            await pool.execute(COMMON + sql, *common(events, offsets, said), *arrays)
    finally:
        await kafka.stop()


async def relay(pool: asyncpg.Pool, bootstrap: str, prefix: str) -> None:
    producer = make_producer(bootstrap)
    await producer.start()
    try:
        while True:
            rows = await pool.fetch("select id, topic, key, headers, payload from book_outbox order by id limit 2000")
            if rows:
                await publish(producer, prefix, rows)
                await pool.execute("delete from book_outbox where id = any($1::bigint[])", [row[0] for row in rows])
            else:
                await asyncio.sleep(0.005)
    finally:
        await producer.stop()
