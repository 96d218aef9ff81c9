"""How does what was said get onto the log? Unpublished rows by `seq`, a batch a partition, deleted once acknowledged.

No transaction is open while publishing. Two relays at once only do work twice: readers know a place they have heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import Session, Tx, session
from shared.runtime.crash import crash_point
from shared.runtime.part import CALL_SECONDS, Part, close
from shared.runtime.topics import PARTITIONS
from shared.runtime.watermarks import Watermarks

log = structlog.get_logger()

BATCH = 2000
IDLE_SECONDS, LONGEST_IDLE_SECONDS = 0.015, 0.12
"""How long it looks away: whoever speaks in its own process wakes it, and others are asked for the less the less they say."""
LOCK = 0x0CA2E
"""The advisory lock that saves a second relay its work; nothing depends on it."""

_ANY = "select exists (select 1 from outbox)"
_UNPUBLISHED = "select seq, topic, key, headers, payload from outbox order by seq limit $1"


class Relay(Part):
    """Publishes the outbox of one service, and its watermarks."""

    name = "relay"

    def __init__(
        self, engine: AsyncEngine, service: str, bootstrap: str, *, prefix: str = "", locked: bool = True
    ) -> None:
        super().__init__()
        self.engine, self.service, self.bootstrap, self.prefix = engine, service, bootstrap, prefix
        self.locked = locked
        self.watermarks = Watermarks(engine, service, bootstrap, prefix)
        self.published = 0
        self._woken = asyncio.Event()
        self._idle_seconds = IDLE_SECONDS

    def wake(self) -> None:
        """Something may have been said in this process."""
        self._woken.set()

    def stop(self) -> None:
        super().stop()
        self.wake()

    async def run(self) -> None:
        while not self.stopping:
            await self.guarded(self._publish_on)

    async def _publish_on(self) -> None:
        producer = make_producer(self.bootstrap)
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await producer.start()
                await self.watermarks.start()
            async with self._lock_held() as held:
                crash_point("relay.locked")
                while not self.stopping:
                    await self._turn(producer, held)
                    self.well()
        finally:
            self.ready = False
            await self.watermarks.stop()
            await close(producer)

    @asynccontextmanager
    async def _lock_held(self) -> AsyncIterator[Session]:
        """A session's lock lives as long as its session: so that session never goes back to the pool, where it would
        keep the lock from this very relay's next try."""
        async with session(self.engine) as held:
            try:
                await self._hold_lock(held)
                yield held
            finally:
                self.standing_by = False
                held.forget()

    async def _hold_lock(self, held: Session) -> None:
        """Wait for the lock, but not for ever idle in a transaction: it is a session's lock, taken outside any."""
        while self.locked and not self.stopping:
            if (await held.rows("select pg_try_advisory_lock($1)", LOCK))[0][0]:
                self.standing_by = False
                return
            self.standing_by = True
            self.beat()
            await self.sleep(0.5)

    async def _turn(self, producer: AIOKafkaProducer, held: Session) -> None:
        self.beat()
        woken = self._woken.is_set()
        self._woken.clear()
        async with asyncio.timeout(CALL_SECONDS):
            due = await self.watermarks.begin_if_due()
            sent = (woken or await self._is_anything_said(held)) and await self.publish_once(producer)
            due = due and not await self.watermarks.say_if_published(producer)
        if sent and not woken:
            self._idle_seconds = IDLE_SECONDS
        elif not sent:
            await self._look_away(IDLE_SECONDS if due else self._idle_seconds)

    async def _look_away(self, seconds: float) -> None:
        """Until woken, or so long; the next time for longer."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            self._idle_seconds = min(seconds * 2, LONGEST_IDLE_SECONDS)

    async def _is_anything_said(self, held: Session) -> bool:
        """One question outside any transaction: an idle relay asks it many times a second."""
        return bool((await held.rows(_ANY))[0][0])

    async def publish_once(self, producer: AIOKafkaProducer) -> int:
        """One batch: read, publish, wait for every acknowledgement, delete by id. Gives how many. Each of the two statements
        is a transaction of its own."""
        async with session(self.engine) as held:
            rows = await held.rows(_UNPUBLISHED, BATCH)
        if not rows:
            return 0
        crash_point("relay.claimed")
        await publish(producer, self.prefix, rows)
        crash_point("relay.published")
        async with session(self.engine) as held:
            await held.run("delete from outbox where seq = any($1::bigint[])", [row[0] for row in rows])
        crash_point("relay.deleted")
        self.published += len(rows)
        self._failures = 0
        return len(rows)


async def publish(producer: AIOKafkaProducer, prefix: str, rows: Sequence[Any]) -> None:
    """Send rows (seq, topic, key, headers, payload) in order, and wait until all are acknowledged."""
    waiting: dict[tuple[str, int], list[Any]] = {}
    for row in rows:
        waiting.setdefault((prefix + row[1], partition_of(row[2])), []).append(row)
    await asyncio.gather(*(_send_in_order(producer, where, many) for where, many in waiting.items()))


async def _send_in_order(producer: AIOKafkaProducer, where: tuple[str, int], rows: Sequence[Any]) -> None:
    """A partition's next batch only after the last one's acknowledgement."""
    left = list(rows)
    while left:
        batch, taken = producer.create_batch(), 0
        for _, _, key, headers, payload in left:
            pairs = [(name, value.encode()) for name, value in from_json(headers)]
            if batch.append(key=key.encode(), value=payload.encode(), timestamp=None, headers=pairs) is None:
                break
            taken += 1
        acknowledged = await producer.send_batch(batch, where[0], partition=where[1])
        crash_point("relay.sent")
        await acknowledged
        crash_point("relay.acknowledged")
        left = left[taken:]


@lru_cache(maxsize=65_536)
def partition_of(key: str) -> int:
    """The default murmur2 partitioner, so that every client agrees. Of one subject several facts are said in a row."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS)


def make_producer(bootstrap: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        max_batch_size=512 * 1024,
        max_request_size=4 * 1024 * 1024,
        request_timeout_ms=10_000,
        metadata_max_age_ms=10_000,
    )


def partitions_of(service: str, prefix: str) -> Iterable[tuple[str, int]]:
    return ((prefix + topic_of(service), partition) for partition in range(PARTITIONS))


async def outbox_age(tx: Tx) -> float:
    """Seconds the oldest unpublished row has waited, by the business clock."""
    rows = await tx.rows("select min(said_at) from outbox")
    return float((tx.now - rows[0][0]).total_seconds()) if rows[0][0] else 0.0
