"""A database as old as its backup, under a log that went on: nothing is said twice, no place is used twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg

from shared.db import transaction
from shared.operations.restored import restored
from shared.runtime import tables
from shared.runtime.consume import Consumer
from shared.runtime.perform import Performer
from shared.runtime.relay import Relay, make_producer
from shared.settings import Settings
from shared.testing.facts import Speaker, publish_records
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import person, reader, requested
from tests.integration.runtime.log import everything_on, places, topics
from tests.integration.runtime.test_perform import asked, do
from tests.integration.runtime.test_relay import drained
from tests.integration.runtime.test_timers import running
from tests.integration.runtime.toy import Toy

KEPT = ("tally", "pair", "thing", *(name for name in tables.RUNTIME_TABLES if name != "alembic_version"))
PEOPLE = 4


async def back_up(toy: Toy) -> None:
    admin = await asyncpg.connect(toy.admin_url)
    await admin.execute("create schema backup")
    for name in KEPT:
        await admin.execute(f"create table backup.{name} as table public.{name}")
    await admin.close()


async def restore(toy: Toy) -> None:
    admin = await asyncpg.connect(toy.admin_url)
    for name in KEPT:
        await admin.execute(
            f"truncate public.{name}; insert into public.{name} overriding system value table backup.{name}"
        )
    await admin.close()


class Life:
    """A toy that hears rounds about four people off a real log, says so, and is asked to paint."""

    def __init__(self, toy: Toy, prefix: str, producer: Any) -> None:
        self.toy, self.prefix, self.producer, self.speaker = toy, prefix, producer, Speaker()
        self.rounds = 0

    async def round(self) -> None:
        self.rounds += 1
        await publish_records(self.producer, self.prefix, [self.speaker.say(requested(n)) for n in range(PEOPLE)])

    async def heard(self) -> None:
        async def all_heard() -> bool:
            rows = await self.toy.rows("select count(*), min(count), max(count) from tally")
            return rows == [(PEOPLE, self.rounds, self.rounds)]

        await eventually(all_heard)

    def consumer(self) -> Consumer:
        return Consumer(self.toy.worker, self.toy.service, self.toy.bootstrap, prefix=self.prefix)

    def relay(self) -> Relay:
        return Relay(self.toy.worker, "toy", self.toy.bootstrap, prefix=self.prefix)

    async def paint(self, key: str) -> None:
        assert (await do(Performer(self.toy.http, "toy"), asked(UUID(int=9), key=key, size=1))).status == 200

    def settings(self) -> Settings:
        url = self.toy.worker.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return Settings(
            service="toy", worker_database_url=url, kafka_bootstrap=self.toy.bootstrap, topic_prefix=self.prefix
        )


async def until_the_backup(life: Life) -> None:
    """Two rounds were heard, the second not yet published; somebody painted."""
    await life.round()
    async with running(life.consumer(), life.relay()):
        await life.heard()
        await drained(life.toy)
    await life.paint("before")
    await life.round()
    async with running(life.consumer()):
        await life.heard()
    assert (await life.toy.rows("select count(*) from outbox"))[0][0] == PEOPLE + 1
    await back_up(life.toy)


async def until_the_loss(life: Life) -> None:
    """All that is published, and a round more; and somebody painted again."""
    await life.round()
    await life.paint("after")
    async with running(life.consumer(), life.relay()):
        await life.heard()
        await drained(life.toy)
    await restore(life.toy)


async def test_a_service_restored_from_a_backup_says_nothing_twice_and_names_what_is_missing(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        life = Life(toy, prefix, producer)
        await until_the_backup(life)
        await until_the_loss(life)
        report = await restored(life.settings())
        missing = sorted((one["subject"], one["place"]) for one in report["without_a_row_any_more"])
        assert missing == sorted([*((str(person(n)), 3) for n in range(PEOPLE)), (str(UUID(int=9)), 2)])
        assert await toy.rows("select 1 from outbox") == []
        await life.round()
        async with running(life.consumer(), life.relay()):
            await life.heard()
            await life.paint("after")
            await life.paint("later")
            await drained(toy)
        await producer.stop()
        said = await everything_on(toy.bootstrap, f"{prefix}toy.events", PEOPLE * 4 + 3)
        assert places(said) == {
            **{str(person(n)): [1, 2, 3, 4] for n in range(PEOPLE)},
            str(UUID(int=9)): [1, 2, 3],
        }
        assert Counter(one.envelope.id for one in said if one.envelope).most_common(1)[0][1] == 1
        assert await toy.rows("select size from thing where thing_id = $1", UUID(int=9)) == [(3,)]


async def test_what_only_the_backup_knows_is_still_published(toy: Toy) -> None:
    """The broker was away from before the backup until after the loss."""
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        life = Life(toy, prefix, producer)
        await reader(toy).attempt([life.speaker.say(requested(n)) for n in range(PEOPLE)])
        report = await restored(life.settings())
        assert report == {"said_after_the_backup": 0, "without_a_row_any_more": []}
        async with running(life.relay()):
            await drained(toy)
        await producer.stop()
        said = await everything_on(toy.bootstrap, f"{prefix}toy.events", PEOPLE)
        assert set(map(tuple, places(said).values())) == {(1,)}


async def test_restored_may_be_run_again(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        life = Life(toy, prefix, producer)
        await until_the_backup(life)
        await until_the_loss(life)
        first = await restored(life.settings())
        before = (
            await toy.rows("select * from place order by 1, 2"),
            await toy.rows("select id from already_said order by 1"),
        )
        again = await asyncio.gather(restored(life.settings()), restored(life.settings()))
        assert [first, first] == list(again)
        async with transaction(toy.worker) as tx:
            assert len(await tx.rows("select 1 from already_said")) == first["said_after_the_backup"]
        assert before == (
            await toy.rows("select * from place order by 1, 2"),
            await toy.rows("select id from already_said order by 1"),
        )
        await producer.stop()
