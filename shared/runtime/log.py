"""How is the log read by somebody who is no service? Without a group, from the beginning, to the end or for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.runtime.records import Record, read_record
from shared.runtime.topics import PARTITIONS


async def read_log(
    bootstrap: str, topics: Sequence[str], *, prefix: str = "", follow: bool = False
) -> AsyncIterator[Record]:
    """Every record of these topics, each partition in its order; ends at the end unless it follows."""
    async for records in read_batches(bootstrap, topics, prefix=prefix, follow=follow):
        for record in records:
            yield record


async def read_batches(
    bootstrap: str, topics: Sequence[str], *, prefix: str = "", follow: bool = False, most: int | None = None
) -> AsyncIterator[list[Record]]:
    """The same, as many at a time as there are, `most` at most."""
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await kafka.start()
    try:
        partitions = [TopicPartition(prefix + topic, n) for topic in topics for n in range(PARTITIONS)]
        kafka.assign(partitions)
        await kafka.seek_to_beginning(*partitions)
        ends = await kafka.end_offsets(partitions)
        while follow or [tp for tp, end in ends.items() if await kafka.position(tp) < end]:
            fetched = await kafka.getmany(timeout_ms=300, max_records=most)
            if fetched:
                yield [_record(prefix, tp, one) for tp, many in fetched.items() for one in many]
    finally:
        await kafka.stop()


def _record(prefix: str, tp: TopicPartition, one: Any) -> Record:
    return read_record(tp.topic.removeprefix(prefix), tp.partition, one.offset, one.headers, one.value, one.timestamp)
