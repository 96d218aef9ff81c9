"""Has everything said before T been heard? Each relay says how far it is; timers compare it with how far they have read.

A watermark says: all transactions of this service begun before `at` have ended and are published; the topic then ended
at `ends`. One compacted topic holds the latest of every service.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import session, transaction
from shared.runtime.crash import crash_point
from shared.runtime.part import close
from shared.runtime.topics import PARTITIONS, WATERMARKS

log = structlog.get_logger()

EVERY_SECONDS = 0.5


class Watermark(BaseModel):
    """`at` is business time; `ends` the end offset of each partition of the service's topic."""

    service: str
    at: datetime
    ends: dict[int, int]


@dataclass(frozen=True, slots=True)
class Begun:
    """A watermark in the making: waits until all transactions before `fence` ended, then until the outbox is past `upto`.

    The fence is a transaction id drawn after `at` was read: whoever began by then has a smaller one. (A snapshot's xmax
    will not do: it is the first id after the latest *completed* one, so a running transaction may lie at or above it.)
    """

    at: datetime
    fence: int
    upto: int | None = None


class Watermarks:
    """The speaking side, driven by the relay."""

    def __init__(self, engine: AsyncEngine, service: str, bootstrap: str, prefix: str) -> None:
        self.engine, self.service, self.bootstrap, self.prefix = engine, service, bootstrap, prefix
        self.kafka: AIOKafkaConsumer | None = None
        self._begun: Begun | None = None
        self._last = 0.0

    async def start(self) -> None:
        self._begun = None
        self.kafka = AIOKafkaConsumer(bootstrap_servers=self.bootstrap)
        await self.kafka.start()

    async def stop(self) -> None:
        if self.kafka is not None:
            await close(self.kafka)

    async def begin_if_due(self) -> bool:
        """Start one if it is time; True while one is in the making. The clock is read before the fence is drawn."""
        if self._begun is None and time.monotonic() - self._last > EVERY_SECONDS:
            self._last = time.monotonic()
            async with transaction(self.engine) as tx:
                at = tx.now
            async with transaction(self.engine) as tx:
                self._begun = Begun(at, tx.xid)
            crash_point("watermark.begun")
        return self._begun is not None

    async def say_if_published(self, producer: AIOKafkaProducer) -> bool:
        """Say it, once all transactions begun before it have ended and what they said is published."""
        begun = self._begun
        if begun is None:
            return False
        if begun.upto is None:
            begun = self._begun = await self._ended(begun)
        if begun.upto is None or not await self._gone(begun.upto):
            return False
        crash_point("watermark.ended")
        await self._say(producer, begun.at)
        crash_point("watermark.said")
        self._begun = None
        return True

    async def _ended(self, begun: Begun) -> Begun:
        async with session(self.engine) as held:
            rows = await held.rows(
                "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (select coalesce(max(seq), 0) from outbox)"
            )
        oldest, upto = rows[0]
        return Begun(begun.at, begun.fence, upto) if oldest >= begun.fence else begun

    async def _gone(self, upto: int) -> bool:
        async with session(self.engine) as held:
            return not await held.rows("select 1 from outbox where seq <= $1 limit 1", upto)

    async def _say(self, producer: AIOKafkaProducer, at: datetime) -> None:
        assert self.kafka is not None
        topic = self.prefix + topic_of(self.service)
        partitions = [
            TopicPartition(topic, n) for n in sorted(self.kafka.partitions_for_topic(topic) or range(PARTITIONS))
        ]
        ends = await self.kafka.end_offsets(partitions)
        mark = Watermark(service=self.service, at=at, ends={tp.partition: end for tp, end in ends.items()})
        payload = mark.model_dump_json().encode()
        crash_point("watermark.measured")
        await producer.send_and_wait(self.prefix + WATERMARKS, key=self.service.encode(), value=payload)


class Tide:
    """The hearing side: the latest watermark of every service, kept up by the timers part.

    A reader that is always a little behind never passes the latest one: so one is awaited until it is passed, however
    many come meanwhile, and timers go by that.
    """

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.topic = prefix + WATERMARKS
        self.latest: dict[str, Watermark] = {}
        self._awaited: dict[str, Watermark] = {}
        self._passed: dict[str, Watermark] = {}
        self.kafka = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
        )

    async def start(self) -> None:
        await self.kafka.start()
        self.kafka.assign([TopicPartition(self.topic, 0)])
        await self.kafka.seek_to_beginning()

    async def stop(self) -> None:
        await self.kafka.stop()

    async def read(self) -> None:
        """Take in what came since; waits a moment if nothing did."""
        fetched = await self.kafka.getmany(timeout_ms=50, max_records=1000)
        for records in fetched.values():
            for record in records:
                self._take(record.value or b"")

    def passed_of(self, service: str, is_passed: Callable[[Watermark], bool]) -> Watermark | None:
        """The newest watermark of a service known here that its reader has passed."""
        latest = self.latest.get(service)
        if latest is None:
            return None
        for mark in (self._awaited.get(service), latest):
            if mark is not None and is_passed(mark):
                self._passed[service] = self._awaited[service] = mark
        if self._awaited.get(service) == self._passed.get(service):
            self._awaited[service] = latest
        return self._passed.get(service)

    def _take(self, payload: bytes) -> None:
        """The last one said counts, not the one furthest ahead: an empty sandbox's clock may be set back. What is no
        watermark is passed over: it must not stop the timers of every service."""
        try:
            mark = Watermark.model_validate_json(payload)
        except ValueError:
            log.error("not a watermark", topic=self.topic)
            return
        if mark.service in self.latest and mark.at < self.latest[mark.service].at:
            self._awaited.pop(mark.service, None)
            self._passed.pop(mark.service, None)
        self.latest[mark.service] = mark
