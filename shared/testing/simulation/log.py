"""What would Kafka do? Topics of partitions, offsets, acknowledgements; in memory. Consumers read what they are let see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from shared.runtime.topics import PARTITIONS, WATERMARKS
from shared.testing.simulation.loop import Loop


class Partition(NamedTuple):
    """Equal to aiokafka's TopicPartition, which is a tuple, too."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Stored:
    offset: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class Log:
    """All topics. Whatever was acknowledged stays."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.stored: dict[Partition, list[Stored]] = {}
        self.appended = 0
        self.shuffle: Callable[[list[Any]], None] = lambda rows: None

    def of(self, at: Partition) -> list[Stored]:
        return self.stored.setdefault(at, [])

    def append(self, at: Partition, key: bytes, value: bytes, headers: Iterable[tuple[str, bytes]]) -> None:
        records = self.of(at)
        records.append(Stored(len(records), key, value, tuple(headers)))
        self.appended += 1

    def past(self) -> dict[Partition, list[Stored]]:
        return {at: list(records) for at, records in self.stored.items()}

    def begin_with(self, stored: dict[Partition, list[Stored]]) -> None:
        self.stored = {at: list(records) for at, records in stored.items()}
        self.appended = sum(map(len, stored.values()))


class _Batch:
    def __init__(self) -> None:
        self.rows: list[tuple[bytes, bytes, Any]] = []

    def append(self, *, key: bytes, value: bytes, timestamp: int | None, headers: Any) -> object:
        self.rows.append((key, value, headers))
        return self


class Producer:
    """Sending is one step, hearing that it arrived another: in between one may die."""

    def __init__(self, log: Log) -> None:
        self.log = log

    def create_batch(self) -> _Batch:
        return _Batch()

    async def send_batch(self, batch: _Batch, topic: str, *, partition: int) -> Any:
        await self.log.loop.gate("send")
        self.log.shuffle(batch.rows)
        for row in batch.rows:
            self.log.append(Partition(topic, partition), *row)
        return self.log.loop.gate("acknowledge")

    async def send_and_wait(self, topic: str, *, key: bytes, value: bytes) -> None:
        await self.log.loop.gate("send")
        self.log.append(Partition(topic, 0), key, value, ())


class Consumer:
    """A client of the log: its assignment, and where it stands. `chance` decides which partitions answer a fetch."""

    def __init__(self, log: Log, chance: Random | None = None) -> None:
        self.log, self.chance = log, chance
        self.at: dict[Partition, int] = {}
        self.read_up_to = -1
        """How much was on the log when there was last nothing left for this one."""

    def assign(self, partitions: Iterable[Any]) -> None:
        self.at, self.read_up_to = {Partition(*one): 0 for one in partitions}, -1

    def seek(self, at: Any, offset: int) -> None:
        self.at[Partition(*at)], self.read_up_to = offset, -1

    def behind(self) -> list[Partition]:
        """Where something is that was not fetched yet."""
        if self.read_up_to == self.log.appended:
            return []
        stored = self.log.stored
        found = [at for at, offset in self.at.items() if at in stored and offset < len(stored[at])]
        if not found:
            self.read_up_to = self.log.appended
        return found

    async def getmany(self, timeout_ms: int = 0, max_records: int = 500) -> dict[Partition, list[Stored]]:
        behind = self.behind()
        if self.chance is not None and behind:
            behind = self.chance.sample(behind, self.chance.randint(1, len(behind)))
        fetched: dict[Partition, list[Stored]] = {}
        for at in behind:
            records = self.log.of(at)[self.at[at] : self.at[at] + max_records]
            if records:
                fetched[at] = records
                self.at[at] += len(records)
                max_records -= len(records)
        return fetched

    async def commit(self, offsets: Any) -> None:
        """Kafka's own offsets decide nothing."""

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {0} if topic == WATERMARKS else set(range(PARTITIONS))

    async def end_offsets(self, partitions: Iterable[Any]) -> dict[Any, int]:
        await self.log.loop.gate("end offsets")
        return {at: len(self.log.of(Partition(*at))) for at in partitions}
