"""A part that met trouble comes back by itself, says so on /health/ready, and never ends unseen."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared import health
from shared.db import transaction
from shared.runtime.consume import Consumer
from shared.runtime.part import Part
from shared.runtime.relay import LOCK, Relay, make_producer
from shared.runtime.timers import Timers
from shared.testing.facts import Speaker, publish_records
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import hear, person, requested
from tests.integration.runtime.log import everything_on, places, topics
from tests.integration.runtime.test_relay import drained, in_order, relaying, write_much
from tests.integration.runtime.test_timers import running
from tests.integration.runtime.toy import Toy

LOCK_HOLDER = (
    "from pg_locks join pg_database on pg_database.oid = pg_locks.database "
    "where datname = current_database() and locktype = 'advisory' and granted and objid = $1"
)


async def seen(value: Any) -> Any:
    return value


async def ready(part: Part) -> None:
    await eventually(lambda: seen(part.ready and not part.paused_because))


def failing_once(part: Any, name: str, error: BaseException) -> list[BaseException]:
    """The method `name` of this part raises once."""
    real, left = getattr(part, name), [error]

    async def once(*args: Any) -> Any:
        if left:
            raise left.pop()
        return await real(*args)

    setattr(part, name, once)
    return left


@pytest.mark.parametrize("error", [KafkaConnectionError(), RuntimeError("a client's own"), asyncio.CancelledError()])
@pytest.mark.parametrize("name", ["consumer", "relay", "timers"])
async def test_a_part_that_failed_once_is_ready_again(toy: Toy, name: str, error: BaseException) -> None:
    """Whatever it was: a broker away, a fault, or a cancellation that a client leaked. The relay's lock must not stay
    behind in a pooled session of its own process."""
    async with topics(toy.bootstrap) as prefix:
        made: dict[str, tuple[Part, str]] = {
            "consumer": (Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix), "_turn"),
            "relay": (Relay(toy.worker, "toy", toy.bootstrap, prefix=prefix), "_turn"),
            "timers": (Timers(toy.worker, toy.service, toy.bootstrap, prefix=prefix), "sweep"),
        }
        part, method = made[name]
        await _fill_the_pool(toy)
        async with running(part):
            await ready(part)
            for _ in range(2):
                left = failing_once(part, method, error)
                await eventually(lambda left=left: seen(not left))  # type: ignore[misc]
                await ready(part)


async def _fill_the_pool(toy: Toy) -> None:
    """Several sessions in the pool, so that the next one taken is another than the last one given back."""
    async with transaction(toy.worker), transaction(toy.worker), transaction(toy.worker), transaction(toy.worker):
        pass


async def test_a_relay_that_stands_by_makes_nobody_unready(toy: Toy) -> None:
    """A second replica waits for the lock as long as the first one lives: a rollout must not wait for that."""
    async with topics(toy.bootstrap) as prefix, relaying(toy, prefix, relays=2) as made:
        await eventually(
            lambda: seen(sorted((one.ready, one.standing_by) for one in made) == [(False, True), (True, False)])
        )
        state = SimpleNamespace(
            parts=made, settings=SimpleNamespace(has=lambda part: False), worker_engine=toy.worker, http_engine=toy.http
        )
        answer = await health.ready(SimpleNamespace(app=SimpleNamespace(state=state)))  # type: ignore[arg-type]
        assert answer.status_code == 200


async def test_a_relay_that_loses_its_lock_loses_nothing(toy: Toy) -> None:
    """Its session is ended while it works: a new one takes the lock, and readers see each place in order."""
    async with topics(toy.bootstrap) as prefix:
        async with relaying(toy, prefix, relays=2) as made:
            await eventually(lambda: seen([one.ready for one in made].count(True) == 1))
            writing = asyncio.create_task(write_much(toy, writers=8, turns=8))
            await eventually(lambda: toy.rows("select 1 from place limit 1"))
            admin = await asyncpg.connect(toy.admin_url)
            ended = await admin.fetchval(f"select pg_terminate_backend(pid), pid {LOCK_HOLDER}", LOCK, column=1)
            await eventually(lambda: admin.fetchval(f"select pid {LOCK_HOLDER} and pid <> $2", LOCK, ended))
            await admin.close()
            await writing
            await drained(toy)
        said = (await toy.rows("select sum(last)::bigint from place"))[0][0]
        read = places(await everything_on(toy.bootstrap, f"{prefix}toy.events", said))
        assert {subject: max(numbers) for subject, numbers in read.items()} == dict(
            await toy.rows("select subject, last from place")
        )
        assert in_order(read, repeats=True)


async def test_a_reader_restored_from_a_backup_skips_nothing_though_its_seek_is_slow(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kafka's own offsets are ahead of our data, and the client fetches from them before the seek is done."""
    async with topics(toy.bootstrap) as prefix:
        producer, speaker = make_producer(toy.bootstrap), Speaker()
        await producer.start()
        await publish_records(producer, prefix, [speaker.say(requested(n)) for n in range(20)])
        async with running(Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)):
            await eventually(lambda: _heard(toy, 20))
        await toy.rows(
            "with a as (delete from inbox), b as (delete from reader_offset), c as (delete from thing) "
            "delete from tally returning 1"
        )
        await publish_records(producer, prefix, [speaker.say(requested(n)) for n in range(100, 120)])
        again = Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)
        fetched = asyncio.Event()
        _slow_seek(monkeypatch, again, fetched)
        async with running(again):
            await eventually(lambda: _heard(toy, 40))
        await producer.stop()


@pytest.mark.parametrize("call", ["start", "getmany", "commit"])
async def test_a_reader_whose_client_never_comes_back_from_a_call_takes_another(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """As seen once when a broker died: neither an error nor an answer, for ever."""
    monkeypatch.setattr("shared.runtime.consume.CALL_SECONDS", 3.0)
    async with topics(toy.bootstrap) as prefix:
        producer, speaker = make_producer(toy.bootstrap), Speaker()
        await producer.start()
        consumer = Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)
        hangs = _hanging_once(monkeypatch, consumer, call)
        async with running(consumer):
            await publish_records(producer, prefix, [speaker.say(requested(n)) for n in range(5)])
            await eventually(lambda: seen(hangs.is_set()))
            await publish_records(producer, prefix, [speaker.say(requested(n)) for n in range(5, 10)])
            await eventually(lambda: _heard(toy, 10))
        await producer.stop()


def _hanging_once(monkeypatch: pytest.MonkeyPatch, consumer: Consumer, call: str) -> asyncio.Event:
    """The first client's call never returns; gives what is set once it was made."""
    hangs, real = asyncio.Event(), consumer._client

    async def hang(*_: object, **__: object) -> None:
        hangs.set()
        await asyncio.Event().wait()

    def client() -> Any:
        made = real()
        if not hangs.is_set():
            setattr(made, call, hang)
        return made

    monkeypatch.setattr(consumer, "_client", client)
    return hangs


async def _heard(toy: Toy, people: int) -> bool:
    return await toy.rows("select count(*) from tally") == [(people,)]


def _slow_seek(monkeypatch: pytest.MonkeyPatch, consumer: Consumer, fetched: asyncio.Event) -> None:
    """The seek begins only when records have been fetched from where Kafka's own offsets are."""
    real_seek, real_client = consumer.seek, consumer._client

    async def seek(assigned: list[TopicPartition]) -> None:
        await fetched.wait()
        await real_seek(assigned)

    def client() -> Any:
        kafka = real_client()
        getmany = kafka.getmany

        async def noted(**limits: Any) -> Any:
            many = await getmany(**limits)
            if many and not fetched.is_set():
                asyncio.get_running_loop().call_later(0.2, fetched.set)
            return many

        monkeypatch.setattr(kafka, "getmany", noted)
        return kafka

    monkeypatch.setattr(consumer, "seek", seek)
    monkeypatch.setattr(consumer, "_client", client)


async def test_a_frozen_worker_holds_nobody_for_longer_than_ten_seconds(toy: Toy) -> None:
    """It stops in the middle of its transaction, holding a subject: PostgreSQL ends it, and the next one goes on."""
    limits = dict(
        await toy.rows(
            "select name, setting::bigint from pg_settings where name like '%\\_timeout' and setting = '10000'"
        )
    )
    assert set(limits) == {"statement_timeout", "transaction_timeout", "idle_in_transaction_session_timeout"}
    frozen = await asyncpg.connect(
        str(toy.worker.url.set(drivername="postgresql").render_as_string(hide_password=False)),
        server_settings={"idle_in_transaction_session_timeout": "1000", "transaction_timeout": "1000"},
    )
    speaker = Speaker()
    await hear(toy, [speaker.say(requested(1))])
    await frozen.execute("begin")
    await frozen.execute("select * from inbox for update")
    await asyncio.wait_for(hear(toy, [speaker.say(requested(1))]), 8)
    assert await toy.rows("select count from tally where person_id = $1", person(1)) == [(2,)]
    frozen.terminate()
