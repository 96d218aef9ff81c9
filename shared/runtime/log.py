"""How is the log read by somebody who is no service? Without a group, from the beginning, to the end or for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.runtime.records import Record, read_record
from shared.runtime.topics import PARTITIONS


async def read_log(
    bootstrap: str, topics: Sequence[str], *, prefix: str = "", follow: bool = False
) -> AsyncIterator[Record]:
    """Every record of these topics, each partition in its order; ends at the end unless it follows."""
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await kafka.start()
    try:
        partitions = [TopicPartition(prefix + topic, n) for topic in topics for n in range(PARTITIONS)]
        kafka.assign(partitions)
        await kafka.seek_to_beginning(*partitions)
        ends = await kafka.end_offsets(partitions)
        while follow or [tp for tp, end in ends.items() if await kafka.position(tp) < end]:
            for tp, many in (await kafka.getmany(timeout_ms=300)).items():
                for one in many:
                    topic = tp.topic.removeprefix(prefix)
                    yield read_record(topic, tp.partition, one.offset, one.headers, one.value, one.timestamp)
    finally:
        await kafka.stop()
