"""What runs of a service? Its readers, relays, timers and HTTP: the product's own classes, on clients that are in memory."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import Any

from pydantic import BaseModel

from shared.contracts.base import topic_of
from shared.runtime import consume, relay, timers, watermarks
from shared.runtime.inbox import Line
from shared.runtime.messages import Asked
from shared.runtime.part import Part
from shared.runtime.perform import Performer
from shared.runtime.rows import Kind
from shared.runtime.service import Decision, Service
from shared.runtime.topics import PARTITIONS, WATERMARKS
from shared.testing.simulation import log as memory
from shared.testing.simulation.database import Database, Engine
from shared.testing.simulation.loop import Loop
from shared.testing.simulation.statements import Statements

Work = Coroutine[Any, Any, Any]
READERS = RELAYS = 2


class Tide(watermarks.Tide):
    """The product's, on the log in memory."""

    def __init__(self, log: memory.Log) -> None:
        self.topic, self.latest, self._awaited, self._passed = WATERMARKS, {}, {}, {}
        self.kafka: Any = memory.Consumer(log)
        self.kafka.assign([(WATERMARKS, 0)])


class Timers(timers.Timers):
    """The product's, on the log in memory."""

    def __init__(self, engine: Any, service: Service, log: memory.Log) -> None:
        Part.__init__(self)
        self.engine, self.service, self.bootstrap, self.prefix = engine, service, "", ""
        self.tide = Tide(log)
        self.sweeps = 0


class Running:
    """One process of a service. It can be killed at any gate, and made anew."""

    def __init__(self, home: Home, name: str) -> None:
        self.home, self.name = home, f"{home.service.name}/{name}"
        self.engine: Any = Engine(home.database, home.statements)
        self.task: Any = None

    @property
    def idle(self) -> bool:
        return self.task is None or self.task.done()

    @property
    def part(self) -> Part | None:
        return None

    def has_work(self) -> bool:
        raise NotImplementedError

    def turn(self) -> Work:
        raise NotImplementedError


class Http(Running):
    def __init__(self, home: Home, name: str) -> None:
        super().__init__(home, name)
        self.performer = Performer(self.engine, home.service.name)

    def has_work(self) -> bool:
        return False

    async def answer(
        self, verb: Decision, asked: Asked[Any], show: Callable[[Any], BaseModel], heard: Callable[[Any], None]
    ) -> None:
        heard(await self.performer.perform(verb, asked, show))


class Reader(Running):
    """One member of a service's group. `assigned` is what the group gave it; it learns of that at its next turn."""

    def __init__(self, home: Home, name: str) -> None:
        super().__init__(home, name)
        self.kafka = memory.Consumer(home.log, home.chance)
        self.consumer = consume.Consumer(self.engine, home.service, "", ordinal=int(name[-1]))
        self.consumer.kafka = self.kafka
        self.assigned: list[memory.Partition] = []
        self.joined: list[memory.Partition] = []

    @property
    def part(self) -> Part:
        return self.consumer

    def has_work(self) -> bool:
        return self.joined != self.assigned or not self.consumer.ready or bool(self.kafka.behind())

    async def turn(self) -> None:
        await self.consumer.guarded(self._read_on)

    async def _read_on(self) -> None:
        """As the product's: whatever breaks a turn, the next one joins again and reads on from where its data is."""
        try:
            if self.joined != self.assigned or not self.consumer.ready:
                await self.join()
            await self.consumer._turn()
        except BaseException:
            self.consumer.ready = False
            raise

    async def replay(self, line: Line) -> None:
        """As `care parked replay`, in a process of its own."""
        await self.consumer.guarded(self._drain, line)

    async def _drain(self, line: Line) -> None:
        await self.consumer.drain.drain(line)

    async def join(self) -> None:
        self.consumer.ready, mine = False, self.assigned
        self.kafka.assign(mine)
        await self.consumer.seek(list(mine))
        self.joined = mine


class Relaying(Running):
    def __init__(self, home: Home, name: str) -> None:
        super().__init__(home, name)
        self.relay = relay.Relay(self.engine, home.service.name, "")
        self.producer: Any = memory.Producer(home.log)
        self.relay.watermarks.kafka = memory.Consumer(home.log)

    @property
    def part(self) -> Part:
        return self.relay

    def has_work(self) -> bool:
        return bool(self.home.database.rows("outbox"))

    async def turn(self) -> None:
        await self.relay.guarded(self._publish)

    async def _publish(self) -> None:
        await self.relay.publish_once(self.producer)

    async def tell_how_far(self) -> None:
        await self.relay.guarded(self._tell_how_far)

    async def _tell_how_far(self) -> None:
        """As the relay does on every turn, where it is time."""
        self.relay.watermarks._last = float("-inf")
        due = await self.relay.watermarks.begin_if_due()
        await self.relay.publish_once(self.producer)
        if due:
            await self.relay.watermarks.say_if_published(self.producer)


class Sweeping(Running):
    def __init__(self, home: Home, name: str) -> None:
        super().__init__(home, name)
        self.timers = Timers(self.engine, home.service, home.log)

    @property
    def part(self) -> Part:
        return self.timers

    def has_work(self) -> bool:
        now = self.home.database.clock()
        return any(row["at"] <= now for row in self.home.database.rows("due").values())

    async def turn(self) -> None:
        await self.timers.guarded(self._sweep)

    async def _sweep(self) -> None:
        await self.timers.tide.read()
        await self.timers.sweep()


MADE: dict[str, type[Running]] = {
    "http": Http,
    **{f"reader-{n}": Reader for n in range(READERS)},
    **{f"relay-{n}": Relaying for n in range(RELAYS)},
    "timers": Sweeping,
}


class Home:
    """One service: its database, which stays, and its processes, which come and go."""

    def __init__(self, service: Service, kinds: Sequence[Kind], log: memory.Log, database: Database) -> None:
        self.service, self.log, self.database = service, log, database
        self.statements = Statements(kinds)
        self.chance: Random | None = None
        self.running: dict[str, Running] = {}
        self.partitions = [memory.Partition(topic_of(one), n) for one in service.hears for n in range(PARTITIONS)]

    def start(self) -> None:
        for name in MADE:
            self.restart(name)
        self.share_out([0] * len(self.partitions))

    def restart(self, name: str) -> None:
        """A process that died is back, with nothing in its head; the group gives it what it had."""
        before = self.running.get(name)
        self.running[name] = now = MADE[name](self, name)
        if isinstance(before, Reader) and isinstance(now, Reader):
            now.assigned = list(before.assigned)

    def share_out(self, whose: Sequence[int]) -> None:
        """Partition by partition, to which reader."""
        for n in range(READERS):
            reader = self.reader(n)
            reader.assigned = [at for at, one in zip(self.partitions, whose, strict=True) if one == n]

    def reader(self, n: int) -> Reader:
        found = self.running[f"reader-{n}"]
        assert isinstance(found, Reader)
        return found

    def kill(self, loop: Loop, name: str) -> None:
        loop.kill(self.running[name])
        self.restart(name)
