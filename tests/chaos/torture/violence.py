"""How is it done? Each kind of violence, and how long until the victim has an effect again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from care.local.trouble import Trouble
from tests.chaos.torture.clients import KEYS, Client
from tests.chaos.torture.filling import filled, is_small
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.plan import APART, Act
from tests.chaos.torture.severing import may_sever, severed

PATIENCE = 90.0
REACHED = 12.0
"""Seconds an armed point is given to be reached, once the victim runs, before it is disarmed."""
CUT = 12.0
"""Seconds nothing comes through between everybody and a server: longer than Kafka waits for a member."""
FULL = 5.0
"""Seconds the disk stays full."""
FROZEN = 14.0
"""Seconds a process is frozen: longer than Kafka waits for a member, and than a transaction may idle."""
BACK = 2
"""How many of its backends a service loses at once."""
READERS = {"assessment.plan_agreed.v1": ("budget", "marketplace", "safeguarding")}
_MOVED = """
select coalesce((select sum(next) from reader_offset), 0)::bigint as consumer,
       (coalesce((select sum(last) from place), 0) - (select count(*) from outbox))::bigint as relay
"""


@dataclass
class Violence:
    """Does the acts of a plan to a ground under load. `recoveries`: (kind of victim, part) -> seconds."""

    ground: Ground
    client: Client
    seed: int
    poisoned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recoveries: list[dict[str, Any]] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    async def do(self, act: Act) -> dict[str, Any]:
        """One act, until its victim works again; gives the line that is written down about it."""
        deeds: dict[str, Callable[[Act], Awaitable[dict[str, float]]]] = {
            "kill": self.kill, "kill-keeper": self.kill_keeper, "crash": self.crash, "backends": self.terminate,
            "duplicate": self.duplicate, "poison": self.poison, "guest": self.guest, "freeze": self.freeze,
            "kill-postgres": self.server, "stop-postgres": self.server, "kill-kafka": self.server,
            "cut-postgres": self.cut, "cut-kafka": self.cut, "fill-postgres": self.fill,
        }  # fmt: skip
        recovered = await deeds[act.kind](act)
        return {
            "number": act.number,
            "kind": act.kind,
            "victim": act.victim,
            "order": act.order,
            "recovered": recovered,
            "reached": (act.order or act.kind) not in self.unreached,
        }

    async def kill(self, act: Act) -> dict[str, float]:
        """Whoever serves."""
        await self._strike(act.victim)
        return await self.recovery(act.victim)

    async def kill_keeper(self, act: Act) -> dict[str, float]:
        """And with it whoever serves: all of it starts anew."""
        await self._end(act.victim)
        return await self.recovery(act.victim)

    async def crash(self, act: Act) -> dict[str, float]:
        """Start the victim anew with its order, and wait until it died of it. Its keeper's next one has none."""
        point = act.order.partition(":")[0]
        before = self.ground.deaths(act.victim)[point]
        self.ground.order(act.victim, act.order)
        await self._end(act.victim)
        await self._works(act.victim)
        deadline = time.monotonic() + REACHED
        while self.ground.deaths(act.victim)[point] == before and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        self.ground.order(act.victim, "")
        if self.ground.deaths(act.victim)[point] == before:
            self.unreached.append(act.order)
            await self._end(act.victim)
        return await self.recovery(act.victim)

    async def terminate(self, act: Act) -> dict[str, float]:
        async with _database(self.ground, act.victim) as connection:
            await connection.execute(
                "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where usename like $1 "
                "order by random() limit $2) few",
                f"{act.victim}\\_%", BACK,
            )  # fmt: skip
        return await self.recovery(act.victim)

    async def server(self, act: Act) -> dict[str, float]:
        if act.kind == "stop-postgres":  # what `pg_ctl stop -m immediate` sends
            await asyncio.to_thread(self.ground.supervisor.signal, "postgres", "QUIT")
        else:
            await asyncio.to_thread(self.ground.kill9, act.victim)
        return await self._all_recover()

    async def cut(self, act: Act) -> dict[str, float]:
        """The network to a server is cut for a while; recovery counts from when it is whole again."""
        if not may_sever():
            self.unreached.append(act.kind)
            return {}
        async with severed(self.ground.place.port(act.victim)):
            await asyncio.sleep(CUT)  # not to wait for anything: this long it is cut
        return await self._all_recover()

    async def fill(self, act: Act) -> dict[str, float]:
        """PostgreSQL's disk is full for a while; it may die of it, and cannot come back before there is room."""
        if not is_small(self.ground.place):
            self.unreached.append(act.kind)
            return {}
        with filled(self.ground.place):
            await self._until_full()
            await asyncio.sleep(FULL)  # not to wait for anything: this long it is full
        return await self._all_recover()

    async def _until_full(self) -> None:
        """Write until PostgreSQL itself has said so, or could not even say it."""
        with suppress(asyncpg.DiskFullError, OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(self.ground.admin_dsn, timeout=5)
            while True:
                await connection.execute("create temp table if not exists filler (said text)")
                await connection.execute("insert into filler select repeat('x', 500) from generate_series(1, 10000)")

    async def _all_recover(self) -> dict[str, float]:
        """A server serves several: the slowest counts."""
        began = time.time()
        several = await asyncio.gather(*(self.recovery(name, began) for name in ("marketplace", "budget")))
        parts = {part for one in several for part in one}
        return {part: max(one.get(part, 0.0) for one in several) for part in parts}

    async def guest(self, act: Act) -> dict[str, float]:
        """A second reader joins, reads, and is killed."""
        await self._guest_reads(act.victim)
        await asyncio.to_thread(self.ground.supervisor.kill, f"{act.victim}-guest", True)
        return await self.recovery(act.victim)

    async def freeze(self, act: Act) -> dict[str, float]:
        """A reader stops in the middle, its partitions move to another, and it wakes, still believing in them."""
        await self._guest_reads(act.victim)
        await asyncio.to_thread(self.ground.pause, act.victim)
        await asyncio.sleep(FROZEN)  # not to wait for anything: this long it is frozen
        await asyncio.to_thread(self.ground.resume, act.victim)
        await asyncio.to_thread(self.ground.supervisor.kill, f"{act.victim}-guest", True)
        return await self.recovery(act.victim)

    async def duplicate(self, act: Act) -> dict[str, float]:
        """Records that stand on the log are published again, as they are."""
        lots = random.Random(f"{self.seed}/{act.number}")
        async with _consumer(self.ground) as kafka, _producer(self.ground) as producer:
            tp = TopicPartition(f"{act.victim}.events", lots.randrange(12))
            kafka.assign([tp])
            await kafka.seek_to_beginning(tp)
            for many in (await kafka.getmany(timeout_ms=1000, max_records=40)).values():
                for one in many:
                    await producer.send_and_wait(
                        tp.topic, one.value, key=one.key, headers=list(one.headers), partition=tp.partition
                    )
        return {}

    async def poison(self, act: Act) -> dict[str, float]:
        """A fact nobody can decode, and a sound one behind it, about a subject of their own."""
        kind, subject = "assessment.plan_agreed.v1", str(uuid5(KEYS, f"poison/{self.seed}/{act.number}"))
        async with _producer(self.ground) as producer:
            for place in (1, 2):
                await producer.send_and_wait(
                    "assessment.events", b'{"broken', key=subject.encode(), headers=_envelope(kind, subject, place)
                )
        self.poisoned[subject] = READERS[kind]
        return {}

    async def recovery(self, name: str, began: float | None = None) -> dict[str, float]:
        """Seconds until each part of it had an effect again: an answer, an offset, a fact gone from the outbox."""
        began, service = began or time.time(), "budget" if name == APART else name
        wanted = {"relay"} if name == APART else {"consumer"} if name == "budget" else {"consumer", "relay"}
        found: dict[str, float] = {}
        before: dict[str, int] | None = None
        deadline = time.monotonic() + PATIENCE
        wanted |= set() if name == APART else {"http"}
        while wanted - set(found) and time.monotonic() < deadline:
            if "http" in wanted - set(found) and await self.client.is_answered(service):
                found["http"] = time.time() - began
            now = await self._moved(service)
            before = before or now
            for part in wanted & set(now) if before else ():
                if now[part] > before.get(part, 0):
                    found.setdefault(part, time.time() - began)
            await asyncio.sleep(0.05)
        return {part: round(seconds, 2) for part, seconds in found.items() if part in wanted}

    async def _moved(self, service: str) -> dict[str, int]:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            async with _database(self.ground, service) as connection:
                return dict((await connection.fetch(_MOVED))[0])
        return {}

    async def _strike(self, name: str) -> None:
        """kill -9 whoever serves; its keeper lives."""
        await self._once_it_runs(self.ground.kill9_kept, name)

    async def _end(self, name: str) -> None:
        """kill -9 the keeper, and with it whoever serves."""
        await self._once_it_runs(self.ground.kill9, name)

    async def _once_it_runs(self, kill: Callable[[str], None], name: str) -> None:
        """It may be starting from an earlier death."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return await asyncio.to_thread(kill, name)
            except Trouble:
                await asyncio.sleep(0.1)
        raise Trouble(f"{name} did not come back within {PATIENCE:.0f} s")

    async def _works(self, name: str) -> None:
        """Wait until one that was struck reaches any point again."""
        path, deadline = self.ground.hits_of(name), time.monotonic() + PATIENCE
        before = path.stat().st_size
        while path.stat().st_size == before and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def _guest_reads(self, service: str) -> None:
        """Start the guest and wait until it was given partitions."""
        name = f"{service}-guest"
        path = self.ground.hits_of(name)
        before = path.read_text().count("consume.sought") if path.exists() else 0
        await asyncio.to_thread(self.ground.supervisor.start, [name])
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if path.exists() and path.read_text().count("consume.sought") > before:
                return
            await asyncio.sleep(0.1)


def _envelope(kind: str, subject: str, place: int) -> list[tuple[str, bytes]]:
    said = {
        "ce_specversion": "1.0", "ce_id": str(uuid5(UUID(subject), str(place))), "ce_type": kind,
        "ce_source": kind.partition(".")[0], "ce_time": "2026-01-01T00:00:00+00:00", "ce_subject": subject,
        "ce_sequence": str(place).zfill(20), "ce_council": "E99999991", "ce_correlationid": str(uuid5(KEYS, subject)),
        "ce_causationid": str(uuid5(KEYS, subject)), "content-type": "application/json",
    }  # fmt: skip
    return [(name, value.encode()) for name, value in said.items()]


class _database:  # noqa: N801 - reads as a function
    def __init__(self, ground: Ground, service: str) -> None:
        self.url = ground.database_url(service, "worker").replace(f"{service}_worker", "postgres", 1)

    async def __aenter__(self) -> asyncpg.Connection:
        self.connection = await asyncpg.connect(self.url, timeout=5)
        return self.connection

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close(timeout=2)


class _client:  # noqa: N801
    kind: Any = AIOKafkaConsumer

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    async def __aenter__(self) -> Any:
        """The broker may be starting."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.client = self.kind(bootstrap_servers=self.ground.bootstrap)
            try:
                await self.client.start()
                return self.client
            except KafkaError:
                await self.client.stop()
                if time.monotonic() > deadline:
                    raise

    async def __aexit__(self, *_: object) -> None:
        await self.client.stop()


class _consumer(_client):  # noqa: N801
    kind = AIOKafkaConsumer


class _producer(_client):  # noqa: N801
    kind = AIOKafkaProducer
