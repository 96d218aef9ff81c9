"""A service made for tests of the runtime: it counts, it pairs, it breaks when it is told to. Synthetic throughout."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.contracts.assessment import ConsentGiven, ReviewFellDue, SupportRequested, WelfareCheckMade
from shared.contracts.base import Fact
from shared.contracts.marketplace import OrderConfirmed, VisitMissed
from shared.db import make_engine, transaction
from shared.db_admin import ensure_database, ensure_roles, own_schema, url_of
from shared.refusals import Refused
from shared.runtime import tables
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Asked, Command, Due, Heard, Reminder
from shared.runtime.rows import Row, metadata_of, table
from shared.runtime.service import Service, command, due, on
from shared.runtime.unit_of_work import UnitOfWork


@table("tally", key=("person_id",), checks=("count < 1000",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Row):
    """How often a person was spoken of, and the order in which."""

    person_id: UUID
    count: int = 0
    trail: str = ""


@table("pair", key=("person_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Row):
    """Two facts from two services that await each other; `acted` counts how often both were there."""

    person_id: UUID
    left: bool = False
    right: bool = False
    acted: int = 0


@table("thing", key=("thing_id",), indexes=(("colour",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Row):
    thing_id: UUID
    colour: str
    size: int = 0


class Silence(Reminder):
    person_id: UUID


class Broken(Exception):
    """What a rule with a bug raises."""


TALLY = by_key(Tally, "person_id")
PAIR = by_key(Pair, "person_id")


def bump(work: UnitOfWork, person: UUID, council: str, mark: str) -> Tally:
    tally = work.get(Tally, person) or Tally(council_id=council, person_id=person)
    return work.put(replace(tally, count=tally.count + 1, trail=f"{tally.trail}{mark} "))


def spoke(heard: Heard[Any], count: int) -> ReviewFellDue:
    """Something to say that tells how far the tally was."""
    return ReviewFellDue(
        review_id=UUID(int=count), plan_id=UUID(int=heard.place), person_id=heard.fact.person_id, due_from=heard.today,
        due_by=heard.today, team="toy",
    )  # fmt: skip


@on(SupportRequested, wants=(TALLY,))
def count_request(heard: Heard[SupportRequested], work: UnitOfWork) -> Iterator[Fact]:
    tally = bump(work, heard.fact.person_id, heard.council, f"a{heard.place}")
    work.put(Thing(council_id=heard.council, thing_id=work.new_id(), colour=heard.fact.route_of_access))
    yield spoke(heard, tally.count)


@on(VisitMissed, wants=(TALLY,))
def count_miss(heard: Heard[VisitMissed], work: UnitOfWork) -> Iterator[Fact]:
    """`because` tells what goes wrong: after the row was changed, so that the change must be taken back."""
    tally = bump(work, heard.fact.person_id, heard.council, f"m{heard.place}")
    if heard.fact.because == "raise":
        raise Broken
    if heard.fact.because == "constraint":
        work.put(replace(tally, count=1000))
    yield spoke(heard, tally.count)


@on(ConsentGiven, wants=(PAIR,))
def hear_left(heard: Heard[ConsentGiven], work: UnitOfWork) -> Iterator[Fact]:
    pair = work.get(Pair, heard.fact.person_id) or Pair(council_id=heard.council, person_id=heard.fact.person_id)
    yield from meet(heard, work, replace(pair, left=True))


@on(OrderConfirmed, wants=(PAIR,))
def hear_right(heard: Heard[OrderConfirmed], work: UnitOfWork) -> Iterator[Fact]:
    pair = work.get(Pair, heard.fact.person_id) or Pair(council_id=heard.council, person_id=heard.fact.person_id)
    yield from meet(heard, work, replace(pair, right=True))


def meet(heard: Heard[Any], work: UnitOfWork, pair: Pair) -> Iterator[Fact]:
    both = pair.left and pair.right and not pair.acted
    work.put(replace(pair, acted=pair.acted + both))
    if both:
        yield spoke(heard, 1)


@on(WelfareCheckMade, wants=(TALLY,))
def wait_for_more(heard: Heard[WelfareCheckMade], work: UnitOfWork) -> None:
    """Something must be heard of this person within a day, or it is said that nothing was."""
    bump(work, heard.fact.person_id, heard.council, f"w{heard.place}")
    at = heard.now + timedelta(days=1)
    work.remind(Silence(person_id=heard.fact.person_id), at, key=heard.fact.person_id, subject=heard.fact.person_id)


@due(Silence, wants=(TALLY,), after=("assessment", "marketplace"))
def note_silence(fell: Due[Silence], work: UnitOfWork) -> Iterator[Fact]:
    tally = work.one(Tally, fell.reminder.person_id)
    if "a" in tally.trail or "m" in tally.trail:
        return
    work.put(replace(tally, trail=f"{tally.trail}silence "))
    yield ReviewFellDue(
        review_id=UUID(int=1), plan_id=UUID(int=2), person_id=fell.reminder.person_id, due_from=fell.today,
        due_by=fell.today, team="toy",
    )  # fmt: skip


class Paint(Command):
    thing_id: UUID
    colour: str = "red"
    size: int = 0


class TooBig(Refused):
    """The thing is too big."""


@command(wants=(by_key(Thing, "thing_id"),))
def paint(asked: Asked[Paint], work: UnitOfWork) -> Generator[Fact, None, Thing]:
    if asked.body.size > 100:
        raise TooBig(size=asked.body.size)
    if asked.body.size < 0:
        raise Broken
    thing = work.get(Thing, asked.body.thing_id)
    thing = thing or Thing(council_id=asked.council, thing_id=asked.body.thing_id, colour="none")
    yield ReviewFellDue(
        review_id=work.new_id(), plan_id=thing.thing_id, person_id=thing.thing_id, due_from=asked.today,
        due_by=asked.today, team="toy",
    )  # fmt: skip
    return work.put(replace(thing, colour=asked.body.colour, size=thing.size + asked.body.size))


OF_COLOUR = by_match(Thing, "colour", of="colour")


@dataclass
class Toy:
    """The toy's service and engines on a database of its own."""

    service: Service
    worker: AsyncEngine
    http: AsyncEngine
    admin_url: str
    bootstrap: str

    async def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        async with transaction(self.worker) as tx:
            return [tuple(row) for row in await tx.rows(sql, *params)]

    async def state(self) -> str:
        """A hash of everything it remembers and has said, in the order it was said."""
        digest = hashlib.sha256()
        for what in (
            "select person_id, council_id, count, trail from tally order by 1, 2",
            "select person_id, council_id, acted from pair order by 1, 2",
            "select thing_id, council_id, colour from thing order by 1, 2",
            "select council_id, key, headers, payload from outbox order by council_id, key, seq",
            "select source, council_id, subject, last, held, gaps from inbox order by 1, 2, 3",
            "select council_id, subject, place, code from parked order by 1, 2, 3",
            "select name, key, at from due order by 1, 2",
        ):
            digest.update(repr(await self.rows(what)).encode())
        return digest.hexdigest()


@asynccontextmanager
async def a_toy(admin_dsn: str, bootstrap: str) -> AsyncIterator[Toy]:
    """A fresh database with the runtime's tables and the toy's."""
    name = f"toy_{uuid4().hex[:12]}"
    async with _admin(admin_dsn) as admin:
        await ensure_roles(admin, "toy")
        await ensure_database(admin, name, "toy")
    await own_schema(url_of(admin_dsn, name, "postgres"), "toy")
    await _lay_tables(url_of(admin_dsn, name, "toy_owner"))
    engines = {
        role: make_engine(
            url_of(admin_dsn, name, f"toy_{role}"),
            pool_size=40 if role == "worker" else 8,
            application=role,
            plans_once=role == "worker",
        )
        for role in ("worker", "http")
    }
    try:
        service = Service.of("toy", sys.modules[__name__])
        yield Toy(service, engines["worker"], engines["http"], url_of(admin_dsn, name, "postgres"), bootstrap)
    finally:
        for engine in engines.values():
            await engine.dispose()
        async with _admin(admin_dsn) as admin:
            await admin.execute(f"drop database if exists {name} with (force)")


@asynccontextmanager
async def _admin(admin_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own each time: the server may have died in between."""
    admin = await asyncpg.connect(admin_dsn)
    try:
        yield admin
    finally:
        await admin.close()


async def _lay_tables(owner_url: str) -> None:
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await connection.run_sync(_create)
    await engine.dispose()


class _Op:
    """What `tables.install` and `tables.protect` want of Alembic."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def execute(self, sql: str) -> None:
        self.connection.exec_driver_sql(sql)


def _create(connection: sa.Connection) -> None:
    op = _Op(connection)
    tables.install(op)
    op.execute("create table alembic_version (version_num text)")
    metadata = metadata_of(__name__)
    metadata.create_all(connection)
    tables.protect(op, "toy", tuple(metadata.tables), first=True)
