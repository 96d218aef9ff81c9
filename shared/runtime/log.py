"""How is the log read by somebody who is no service? Without a group, from the beginning, to the end or for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.runtime.records import Record, read_record
from shared.runtime.topics import PARTITIONS

Ends = dict[tuple[str, int], int]
"""By topic and partition, the offset of the next record that will be written there."""


async def read_log(
    bootstrap: str, topics: Sequence[str], *, prefix: str = "", follow: bool = False
) -> AsyncIterator[Record]:
    """Every record of these topics, each partition in its order; ends at the end unless it follows."""
    async for records in read_batches(bootstrap, topics, prefix=prefix, follow=follow):
        for record in records:
            yield record


async def read_batches(
    bootstrap: str,
    topics: Sequence[str],
    *,
    prefix: str = "",
    follow: bool = False,
    most: int | None = None,
) -> AsyncIterator[list[Record]]:
    """The same, as many at a time as there are, `most` at most."""
    partitions = [(topic, n) for topic in topics for n in range(PARTITIONS)]
    async with _reader(bootstrap) as kafka:
        ends = await _ends(kafka, prefix, partitions)
        async for records in _read(kafka, prefix, ends, follow, most):
            yield records


async def ends_of(bootstrap: str, topics: Sequence[str], *, prefix: str = "") -> Ends:
    """Where these topics end now."""
    async with _reader(bootstrap) as kafka:
        return await _ends(kafka, prefix, [(topic, n) for topic in topics for n in range(PARTITIONS)])


async def read_to(bootstrap: str, ends: Ends, *, prefix: str = "", most: int) -> AsyncIterator[list[Record]]:
    """The records of these partitions up to these ends, `most` at a time; nothing of what came later."""
    async with _reader(bootstrap) as kafka:
        async for records in _read(kafka, prefix, ends, False, most):
            if known := [record for record in records if record.offset < ends[record.topic, record.partition]]:
                yield known


@asynccontextmanager
async def _reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await kafka.start()
    try:
        yield kafka
    finally:
        await kafka.stop()


async def _ends(kafka: AIOKafkaConsumer, prefix: str, partitions: Sequence[tuple[str, int]]) -> Ends:
    ends = await kafka.end_offsets([TopicPartition(prefix + topic, n) for topic, n in partitions])
    return {(tp.topic.removeprefix(prefix), tp.partition): end for tp, end in ends.items()}


async def _read(
    kafka: AIOKafkaConsumer, prefix: str, ends: Ends, follow: bool, most: int | None
) -> AsyncIterator[list[Record]]:
    upto = {TopicPartition(prefix + topic, n): end for (topic, n), end in ends.items()}
    kafka.assign(list(upto))
    await kafka.seek_to_beginning(*upto)
    while follow or [tp for tp, end in upto.items() if await kafka.position(tp) < end]:
        fetched = await kafka.getmany(timeout_ms=300, max_records=most)
        if fetched:
            yield [_record(prefix, tp, one) for tp, many in fetched.items() for one in many]


def _record(prefix: str, tp: TopicPartition, one: Any) -> Record:
    return read_record(tp.topic.removeprefix(prefix), tp.partition, one.offset, one.headers, one.value, one.timestamp)
