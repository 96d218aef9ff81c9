"""Topics of a test's own on the real log, and what stands on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.runtime.records import Record, read_record
from shared.runtime.topics import PARTITIONS, WATERMARKS

TOPICS = ("toy.events", "assessment.events", "marketplace.events")


@asynccontextmanager
async def topics(bootstrap: str) -> AsyncIterator[str]:
    """Create them under a fresh prefix; gives the prefix."""
    prefix = f"t{uuid4().hex[:10]}-"
    wanted = [NewTopic(prefix + name, PARTITIONS, 1) for name in TOPICS] + [NewTopic(prefix + WATERMARKS, 1, 1)]
    async with _admin(bootstrap) as admin:
        await admin.create_topics(wanted)
    try:
        yield prefix
    finally:
        async with _admin(bootstrap) as admin:
            await admin.delete_topics([topic.name for topic in wanted])


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client of its own each time: the broker may have died in between."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def everything_on(bootstrap: str, topic: str, count: int, patience: float = 30) -> list[Record]:
    """All records of a topic, by partition and offset, once there are at least `count`."""
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await kafka.start()
    try:
        partitions = [TopicPartition(topic, n) for n in range(PARTITIONS)]
        kafka.assign(partitions)
        await kafka.seek_to_beginning(*partitions)
        read: list[Record] = []
        async with asyncio.timeout(patience):
            while len(read) < count:
                read += _records(await kafka.getmany(timeout_ms=200))
        ends = await kafka.end_offsets(partitions)
        while len(read) < sum(ends.values()):
            read += _records(await kafka.getmany(timeout_ms=200))
        return sorted(read, key=lambda one: (one.partition, one.offset))
    finally:
        await kafka.stop()


def _records(fetched: Any) -> list[Record]:
    return [
        read_record(tp.topic, tp.partition, one.offset, one.headers, one.value)
        for tp, many in fetched.items()
        for one in many
    ]


def places(records: list[Record]) -> dict[str, list[int]]:
    """Places by subject, in the order of the log."""
    seen: dict[str, list[int]] = {}
    for record in records:
        assert record.envelope is not None
        seen.setdefault(record.envelope.subject, []).append(record.envelope.place)
    return seen
