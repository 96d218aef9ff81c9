"""What stands on the log? Read and decoded by the accountant itself: none of the product's reading is trusted here."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: where it stands, what its headers say, its bytes."""

    topic: str
    partition: int
    offset: int
    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    payload: bytes
    taken_ms: int

    def said(self, name: str) -> str:
        return dict(self.headers).get(name, b"").decode()

    @property
    def place(self) -> int:
        return int(self.said("ce_sequence"))

    @property
    def line(self) -> tuple[str, str, str]:
        return self.said("ce_source"), self.said("ce_council"), self.said("ce_subject")

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.payload))


async def read_whole(
    bootstrap: str, topics: Sequence[str], patience: float = 120
) -> tuple[list[Entry], dict[Any, int]]:
    """All records, by partition and offset; and where each partition ends: (topic, partition) -> offset."""
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await kafka.start()
    try:
        async with asyncio.timeout(patience):
            parts = [TopicPartition(t, n) for t in topics for n in sorted(kafka.partitions_for_topic(t) or range(12))]
            kafka.assign(parts)
            await kafka.seek_to_beginning(*parts)
            ends = await kafka.end_offsets(parts)
            read: list[Entry] = []
            while sum([await kafka.position(tp) for tp in parts]) < sum(ends.values()):
                for tp, many in (await kafka.getmany(timeout_ms=300)).items():
                    read += [_entry(tp, one) for one in many]
    finally:
        await kafka.stop()
    read.sort(key=lambda one: (one.topic, one.partition, one.offset))
    return read, {(tp.topic, tp.partition): end for tp, end in ends.items()}


def _entry(tp: TopicPartition, one: Any) -> Entry:
    headers = tuple((name, value or b"") for name, value in one.headers)
    return Entry(tp.topic, tp.partition, one.offset, one.key or b"", headers, one.value or b"", one.timestamp)


def places_are_contiguous(entries: Iterable[Entry]) -> list[str]:
    """Of each source, council and subject: the places come as 1, 2, 3 …; what comes again was there before."""
    last: dict[tuple[str, str, str], int] = defaultdict(int)
    found = []
    for one in entries:
        if one.place > last[one.line] + 1:
            found.append(f"place {one.place} of {one.line} came after {last[one.line]}")
        last[one.line] = max(last[one.line], one.place)
    return found


def a_place_is_one_fact(entries: Iterable[Entry]) -> list[str]:
    """The same place always holds the same id, type and payload (versions of one fact differ in type and payload)."""
    ids: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    bytes_of: dict[tuple[Any, ...], set[bytes]] = defaultdict(set)
    for one in entries:
        ids[*one.line, one.place].add(one.said("ce_id"))
        bytes_of[*one.line, one.place, one.said("ce_type")].add(one.payload)
    found = [f"place {where} holds {len(several)} facts" for where, several in ids.items() if len(several) > 1]
    return found + [
        f"place {where} was said in several words" for where, several in bytes_of.items() if len(several) > 1
    ]


def a_fact_has_one_place(entries: Iterable[Entry]) -> list[str]:
    places: dict[str, set[Any]] = defaultdict(set)
    for one in entries:
        places[one.said("ce_id")].add((*one.line, one.place))
    return [f"fact {fact} stands at {len(several)} places" for fact, several in places.items() if len(several) > 1]


def first_tellings(entries: Iterable[Entry]) -> list[Entry]:
    """Each fact once, however often it was published."""
    seen: set[tuple[str, str]] = set()
    first = []
    for one in entries:
        mark = (one.said("ce_id"), one.said("ce_type"))
        if mark not in seen:
            seen.add(mark)
            first.append(one)
    return first


def last_places(entries: Iterable[Entry]) -> dict[tuple[str, str, str], int]:
    last: Counter[tuple[str, str, str]] = Counter()
    for one in entries:
        last[one.line] = max(last[one.line], one.place)
    return dict(last)
