"""What happens next? A world of services, a log, clients and trouble; each step is drawn from the seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from shared.runtime import relay
from shared.runtime.answers import Answer
from shared.runtime.messages import Message
from shared.runtime.rows import Kind
from shared.runtime.service import Decision, Service
from shared.testing.simulation.clients import Actor, Ask, Script, Shown
from shared.testing.simulation.database import Database
from shared.testing.simulation.log import Log
from shared.testing.simulation.loop import Loop
from shared.testing.simulation.parts import READERS, Home, Http, Reader, Relaying, Running

T = TypeVar("T")

TURN_SECONDS = 0.3
CHECK_EVERY = 50
IDLE_ROUNDS = 3
"""A watermark that was begun long ago takes a round to be said, and the one after it another."""
MOST_STEPS = 60_000
MOST_ROUNDS = 3_000


class Stuck(AssertionError):
    """Nothing moves any more, and somebody still waits."""


class BadCode(Exception):
    """What a reaction raises here, now and then, until somebody has mended it and replays what was parked."""


class Paused(AssertionError):
    """A part has stopped because of what it takes for a fault of ours."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often what goes wrong, out of a thousand steps (or statements, for lost connections)."""

    kill: float = 6
    kill_all: float = 1
    lose: float = 3
    rebalance: float = 3
    zombie: float = 2
    repeat: float = 10
    grain: tuple[float, ...] = (0.05, 0.1, 0.3, 1.0)
    """How many of a run's statements are gates, at which others may come in between; one of these is drawn."""
    batches: tuple[tuple[int, ...], ...] = ((1, 2, 3, 5, 8, 500), (2, 8, 500), (500,))
    """How many records or rows are taken at once: one of these is drawn for a run, and of it one for each batch."""
    shuffle: float = 150
    """Of a thousand batches sent: how many arrive in another order than they were sent in."""
    bad: float = 25
    """Of a thousand facts decided: how many find bad code, and are parked until somebody replays them."""


CALM = Trouble(0, 0, 0, 0, 0, 0, (1.0,), ((500,),), 0, 0)


class World:
    """Everything, in one process. `trouble` is what may go wrong while it is `wild`; at the end all is let settle."""

    def __init__(
        self, seed: str, services: Sequence[tuple[Service, Sequence[Kind]]], now: datetime, trouble: Trouble
    ) -> None:
        self.chance, self.trouble, self.now = Random(seed), trouble, now
        self.loop = Loop()  # type: ignore[abstract]
        self.log = Log(self.loop)
        self.wild = trouble is not CALM
        self.loop.gated = self.wild
        self.batches = self.chance.choice(trouble.batches)
        if self.wild:
            self.loop.chance, self.loop.grain = self.chance, self.chance.choice(trouble.grain)
            self.log.shuffle = self._shuffle
        self.trace = hashlib.sha256()
        self.steps = 0
        self.counts: dict[str, int] = {}
        self.mended, self.salt = set[UUID](), self.chance.getrandbits(128)
        self.homes = {one.name: self._home(one, kinds) for one, kinds in services}
        self.actors: list[Actor] = []
        self.everybody: list[Actor] = []

    def _home(self, service: Service, kinds: Sequence[Kind]) -> Home:
        database = Database(service.name, self.loop, lambda: self.now)
        database.lose = self._lose
        home = Home(self._with_bad_code(service), kinds, self.log, database)
        home.chance = self.chance if self.wild else None
        home.start()
        return home

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.loop:
            yield

    # ── playing ───────────────────────────────────────────────────────────────────────────────────────────────────
    def play(self, scripts: dict[str, Script]) -> None:
        """Let these clients do what they have to do, until all have done."""
        self.actors = [Actor(name, script) for name, script in scripts.items()]
        self.everybody += self.actors
        for actor in self.actors:
            actor.begin()
        while self.wild and not all(actor.done for actor in self.actors):
            self.step()
            if self.steps > MOST_STEPS:
                raise Stuck(f"not done after {MOST_STEPS} steps: {self._waiting()}")
        if not self.wild:
            self._play_calmly()

    def _play_calmly(self) -> None:
        idle = 0
        for _ in range(MOST_ROUNDS):
            moved = [self._move(actor) for actor in self.actors if not actor.done]
            if not moved:
                return
            idle = 0 if any(moved) or self.round() else idle + 1
            if idle == IDLE_ROUNDS:
                raise Stuck(f"nobody moves: {self._waiting()}")

    def _waiting(self) -> list[str]:
        return [f"{actor.key} {getattr(actor.now, 'what', '') or actor.now}" for actor in self.actors if not actor.done]

    def step(self) -> None:
        """One thing happens."""
        self.steps += 1
        self._trouble()
        chance, gates = self.chance, self.loop.gates
        if gates and chance.random() < 0.8:
            gate = gates[chance.randrange(len(gates))]
            self._note(gate.owner.name, gate.name)
            self.loop.open(gate)
        elif chance.random() < 0.4:
            self._move_one()
        else:
            self._turn_one()
        if self.loop.errors:
            raise self.loop.errors[0]
        if self.steps % CHECK_EVERY == 0:
            self._check_errors()

    def _parts(self) -> list[Running]:
        return [one for home in self.homes.values() for one in home.running.values()]

    def _move_one(self) -> None:
        """A client, beginning anywhere: the first that can do something, most often; else whoever it is."""
        for actor in self._from_anywhere(self.actors):
            if self._move(actor):
                return

    def _turn_one(self) -> None:
        """A part that has something to do; now and then one that has not."""
        lazily = self.chance.random() < 0.9
        for one in self._from_anywhere(self._parts()):
            if one.idle and not isinstance(one, Http) and (not lazily or one.has_work()):
                self._turn(one, lazily)
                return

    def _from_anywhere(self, them: Sequence[T]) -> Iterator[T]:
        first = self.chance.randrange(len(them))
        yield from them[first:]
        yield from them[:first]

    def _turn(self, one: Running, lazily: bool) -> None:
        self._note(one.name, "turn")
        self.loop.pass_time(TURN_SECONDS)
        if isinstance(one, Reader):
            one.consumer.batch = self.chance.choice(self.batches)
        if isinstance(one, Relaying):
            relay.BATCH = self.chance.choice(self.batches)
            if not lazily or self.chance.random() < 0.1:
                one.task = self.loop.start(one, one.tell_how_far())
                return
        one.task = self.loop.start(one, one.turn())

    def _move(self, actor: Actor) -> bool:
        """A client sends what it has to send, or looks."""
        if actor.done:
            return False
        if not isinstance(actor.now, Ask):
            return actor.look()
        if self.wild and actor.in_flight and self.chance.random() > self.trouble.repeat / 100:
            return False
        self._send(actor, actor.now, actor.key)
        return True

    def _send(self, actor: Actor, ask: Ask, key: str) -> None:
        self._note(actor.name, key)
        http = self.homes[ask.service].running["http"]
        assert isinstance(http, Http)
        actor.in_flight += 1
        self.loop.start(http, self._sent(http, actor, ask, key))

    async def _sent(self, http: Http, actor: Actor, ask: Ask, key: str) -> None:
        asked = actor.asked(ask, key)

        def heard(answer: Answer) -> None:
            if answer.status >= 500:
                self.mended.add(asked.cause)
            actor.hear(ask, key, answer)

        try:
            verb = self._failing(ask.verb) if self.trouble.bad else ask.verb
            await http.answer(verb, asked, Shown.of, heard)
        finally:
            actor.in_flight -= 1

    # ── what goes wrong ───────────────────────────────────────────────────────────────────────────────────────────
    def _trouble(self) -> None:
        draw = self.chance.random() * 1000
        if draw >= self.most:
            return
        for name, often in self.troubles:
            draw -= often
            if draw < 0:
                self.counts[name] = self.counts.get(name, 0) + 1
                getattr(self, f"_{name}")(self.chance.choice(list(self.homes.values())))
                return

    @cached_property
    def most(self) -> float:
        return sum(often for _, often in self.troubles)

    @cached_property
    def troubles(self) -> tuple[tuple[str, float], ...]:
        of = self.trouble
        return (
            ("kill", of.kill), ("kill_all", of.kill_all), ("rebalance", of.rebalance), ("zombie", of.zombie),
            ("ask_again", of.repeat), ("replay", of.bad),
        )  # fmt: skip

    def _kill(self, home: Home) -> None:
        name = self.chance.choice(list(home.running))
        self._note(home.service.name, f"kill {name}")
        home.kill(self.loop, name)

    def _kill_all(self, home: Home) -> None:
        self._note(home.service.name, "kill all")
        for name in home.running:
            home.kill(self.loop, name)

    def _rebalance(self, home: Home) -> None:
        """Readers that are in the middle of a batch finish it: they learn of it at their next turn."""
        self._note(home.service.name, "rebalance")
        home.share_out([self.chance.randrange(READERS) for _ in home.partitions])

    def _zombie(self, home: Home) -> None:
        """One reader is given all; the other was paused, and for a turn still reads what it had."""
        one = self.chance.randrange(READERS)
        sleeper = home.reader(1 - one)
        home.share_out([one] * len(home.partitions))
        sleeper.assigned = sleeper.joined

    def _ask_again(self, home: Home) -> None:
        """A client that has its answer sends the same again."""
        actor = self.chance.choice(self.actors)
        if actor.sent:
            ask, key = self.chance.choice(actor.sent)
            self._send(actor, ask, key)

    def _with_bad_code(self, service: Service) -> Service:
        """The service, whose reactions fail for some facts: always for the same ones, until that is mended."""
        wrapped = {name: [self._failing(one) for one in decisions] for name, decisions in service.reactions.items()}
        return replace(service, reactions=wrapped) if self.trouble.bad else service

    def _failing(self, decision: Decision) -> Decision:
        salt = self.salt

        def decide(message: Message[Any], work: Any) -> Any:
            """It fails when all is done: so there is something to take back."""
            made: Any = decision.decide(message, work)
            result = yield from made or ()
            if message.cause not in self.mended and (message.cause.int ^ salt) % 1000 < self.trouble.bad:
                raise BadCode
            return result

        decide.__name__ = decision.name
        return replace(decision, decide=decide)

    def _replay(self, home: Home) -> None:
        """Somebody mends what was found wrong with one parked fact, and replays its subject."""
        parked = list(home.database.rows("parked").values())
        reader = home.reader(0)
        if parked and reader.idle:
            one = self.chance.choice(parked)
            self.mended.add(UUID(dict(json.loads(one["headers"]))["ce_id"]))
            line = (one["source"], one["council_id"], one["subject"])
            reader.task = self.loop.start(reader, reader.replay(line))

    def _shuffle(self, rows: list[Any]) -> None:
        if self.wild and self.chance.random() * 1000 < self.trouble.shuffle:
            self.counts["shuffle"] = self.counts.get("shuffle", 0) + 1
            self.chance.shuffle(rows)

    def _lose(self, what: str) -> str:
        """The connection breaks at this statement; at a commit, before or after it was done."""
        if not self.wild or self.chance.random() * 1000 >= self.trouble.lose:
            return ""
        self.counts["lose"] = self.counts.get("lose", 0) + 1
        return self.chance.choice(("before", "after"))

    # ── settling ──────────────────────────────────────────────────────────────────────────────────────────────────
    def settle(self) -> None:
        """Nothing goes wrong any more: everything that is said is heard, and every timer that may speak speaks."""
        before, self.wild = self.wild, False
        self.loop.gated, relay.BATCH = False, 2000
        while self.loop.gates:
            self.loop.open(self.loop.gates[0])
        idle = 0
        for _ in range(MOST_ROUNDS):
            idle = 0 if self.round() or self._replay_all() else idle + 1
            if idle == IDLE_ROUNDS:
                break
        else:
            raise Stuck("it does not settle")
        self._check_errors()
        self.wild = self.loop.gated = before

    def _replay_all(self) -> bool:
        """All code is mended, and one page of all that was parked replayed."""
        before = sum(len(home.database.rows("parked")) for home in self.homes.values())
        for home in self.homes.values():
            for one in list(home.database.rows("parked").values()):
                self.mended.add(UUID(dict(json.loads(one["headers"]))["ce_id"]))
            lines = [
                (one["source"], one["council_id"], one["subject"]) for one in home.database.rows("parked").values()
            ]
            for line in dict.fromkeys(lines):
                self.loop.start(home.reader(0), home.reader(0).replay(line))
        return sum(len(home.database.rows("parked")) for home in self.homes.values()) < before

    def round(self) -> bool:
        """Every part takes a turn; gives whether anything moved."""
        before = self._progress()
        for home in self.homes.values():
            for one in home.running.values():
                self._settle(home, one)
        self._check_errors()
        return self._progress() != before

    def _settle(self, home: Home, one: Running) -> None:
        self.loop.pass_time(TURN_SECONDS)
        if isinstance(one, Reader):
            one.consumer.batch = 500
        if isinstance(one, Relaying) and any(self._awaits_marks(each) for each in self.homes.values()):
            one.task = self.loop.start(one, one.tell_how_far())
        elif one.has_work():
            one.task = self.loop.start(one, one.turn())
        elif isinstance(one, Reader) and home.database.rows("parked"):
            one.task = self.loop.start(one, one.consumer.drain.drain_closed_gaps())

    def _awaits_marks(self, home: Home) -> bool:
        """Whether a timer is due that depends on what other services have said."""
        waiting = {name for name, one in home.service.timers.items() if one.after}
        due = home.database.rows("due").values()
        return any(row["name"] in waiting and row["at"] <= self.now and row["code"] is None for row in due)

    def _progress(self) -> tuple[int, ...]:
        written = (sum(map(len, home.database.tables.values())) for home in self.homes.values())
        heard = (sum(home.database.rows("reader_offset").values()) for home in self.homes.values())
        return (*written, *heard, *(home.database.sequences.get("outbox_seq", 0) for home in self.homes.values()))

    def _check_errors(self) -> None:
        if self.loop.errors:
            raise self.loop.errors[0]
        for home in self.homes.values():
            for one in home.running.values():
                if one.task is not None and one.task.done():
                    one.task.result()
                if one.part is not None and one.part.paused_because:
                    raise Paused(f"{one.name}: {one.part.paused_because}")

    def _note(self, who: str, what: str) -> None:
        self.trace.update(f"{who} {what}\n".encode())
