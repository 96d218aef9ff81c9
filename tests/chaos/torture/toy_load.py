"""What is the toy told, and what must it have made of it? Rounds about made-up people, and what each must lead to."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer

from shared.runtime.records import Record
from shared.testing.facts import Speaker
from tests.integration.runtime.conftest import checked, left, missed, person, requested, right

STEADY = 4
"""People who are spoken of in every round; the others belong to one round."""
THINGS = 3
BEGINS = datetime(2024, 6, 3, 12, tzinfo=UTC)


@dataclass
class Wanted:
    """What must be in the toy's books in the end."""

    trails: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    """Of each person: what was heard, the order within one source being that of its numbers"""
    silences: set[UUID] = field(default_factory=set)
    pairs: set[UUID] = field(default_factory=set)
    parked: Counter[tuple[UUID, int, str]] = field(default_factory=Counter)
    dropped: set[UUID] = field(default_factory=set)
    painted: Counter[UUID] = field(default_factory=Counter)

    def spoken(self) -> Counter[str]:
        """How many facts the toy must have said about each subject."""
        said: Counter[str] = Counter()
        for who, trail in self.trails.items():
            said[str(who)] += sum(mark[0] in "am" for mark in trail)
        said.update(map(str, [*self.silences, *self.pairs]))
        said.update({str(thing): n for thing, n in self.painted.items()})
        return Counter({subject: n for subject, n in said.items() if n})


class Load:
    """Speaks for assessment and marketplace on the real log, and asks the toy's commands until they are answered."""

    def __init__(self, producer: AIOKafkaProducer, prefix: str, port: int) -> None:
        self.producer, self.prefix, self.port = producer, prefix, port
        self.speaker = Speaker(now=BEGINS)
        self.wanted = Wanted()
        self.ends = {"assessment": [0] * 12, "marketplace": [0] * 12}
        self.rounds = 0

    async def round(self) -> None:
        """Everything that can happen, once."""
        n, self.rounds = self.rounds, self.rounds + 1
        self.speaker.now = BEGINS + timedelta(days=2 * n)
        one = 1000 + n * 10
        records = [
            *self._steady(n),
            *self._poisoned(one),
            *self._gap(one + 3),
            *self._timers(one + 4),
            *self._pair(one + 6),
        ]
        await self.publish([*records, records[0], records[-1]])
        await self._tide()
        for thing in range(THINGS):
            await self.paint(UUID(int=0xB0000 + thing), f"{n}/{thing}")

    async def publish(self, records: Sequence[Record]) -> None:
        for one in records:
            assert one.envelope is not None
            await self.producer.send_and_wait(
                self.prefix + one.topic, one.payload, key=one.envelope.subject.encode(), headers=list(one.headers),
                partition=one.partition,
            )  # fmt: skip
            self.ends[one.topic.partition(".")[0]][one.partition] += 1

    def _steady(self, n: int) -> list[Record]:
        for who in map(person, range(STEADY)):
            self.wanted.trails[who] = (*self.wanted.trails.get(who, ()), f"a{n + 1}", f"m{n + 1}")
        return [self.speaker.say(what(who)) for who in range(STEADY) for what in (requested, missed)]

    def _poisoned(self, one: int) -> list[Record]:
        """One whose rule raises, one whom the database refuses, each with a sound fact behind; one that will be dropped."""
        self.wanted.parked.update({(person(one), 1, "rule_raised"): 1, (person(one), 2, "queue"): 1})
        self.wanted.parked.update({(person(one + 1), 1, "database_refused"): 1, (person(one + 1), 2, "queue"): 1})
        self.wanted.trails[person(one + 2)] = ("m2",)
        self.wanted.dropped.add(person(one + 2))
        bad = {one: "raise", one + 1: "constraint", one + 2: "raise"}
        told = [(missed(who, because), missed(who)) for who, because in bad.items()]
        return [self.speaker.say(fact) for both in told for fact in both]

    def _gap(self, one: int) -> list[Record]:
        self.wanted.trails[person(one)] = ("m1", "m2", "m3")
        first, second, third = (self.speaker.say(missed(one)) for _ in range(3))
        return [second, third, first]

    def _timers(self, one: int) -> list[Record]:
        """Of one nothing more is heard within the day, of the other something is."""
        self.wanted.trails[person(one)], self.wanted.trails[person(one + 1)] = ("w1", "silence"), ("w1", "a2")
        self.wanted.silences.add(person(one))
        return [self.speaker.say(fact) for fact in (checked(one), checked(one + 1), requested(one + 1))]

    def _pair(self, one: int) -> list[Record]:
        self.wanted.pairs.add(person(one))
        return [self.speaker.say(left(one)), self.speaker.say(right(one))]

    async def _tide(self) -> None:
        """How far the two are; nothing older will be said."""
        for service, ends in self.ends.items():
            at = self.speaker.now + timedelta(hours=36)
            mark = {"service": service, "at": at.isoformat(), "ends": dict(enumerate(ends))}
            await self.producer.send_and_wait(
                f"{self.prefix}watermarks", json.dumps(mark).encode(), key=service.encode()
            )

    async def paint(self, thing: UUID, key: str) -> None:
        answer = await self.ask({"thing": str(thing), "key": key, "size": 1})
        assert answer["status"] == 200, answer
        self.wanted.painted[thing] += 1

    async def ask(self, what: dict[str, Any], patience: float = 90.0) -> dict[str, Any]:
        """Until it is answered, for good."""
        async with asyncio.timeout(patience):
            while True:
                with suppress(OSError, ValueError, EOFError):
                    said = await self._ask_once(what)
                    if said["status"] not in (503, 409):
                        return said
                await asyncio.sleep(0.05)

    async def _ask_once(self, what: dict[str, Any]) -> dict[str, Any]:
        reading, writing = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writing.write(json.dumps(what).encode() + b"\n")
            line = await asyncio.wait_for(reading.readline(), 20)
        finally:
            writing.close()
        return dict(json.loads(line))
