"""Short scenes in which one particular mistake would show. Each plays on a fresh toy and gives what is wrong: nothing, if
the runtime is right. Deaths are exceptions nobody catches, raised at crash points: the transaction is gone, as by kill -9.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError

from shared import money
from shared.contracts.base import Fact
from shared.db import Tx, transaction
from shared.runtime import consume, hearing, perform, relay
from shared.runtime.batches import run_batch
from shared.runtime.consume import Consumer
from shared.runtime.hearing import Hearing
from shared.runtime.messages import Heard, Message
from shared.runtime.perform import Performer
from shared.runtime.records import Record
from shared.runtime.relay import Relay, make_producer
from shared.runtime.service import Decision, Service
from shared.runtime.speaking import speak
from shared.runtime.timers import Timers
from shared.runtime.unit_of_work import UnitOfWork
from shared.runtime.watermarks import Watermark
from shared.testing.facts import NOON, Speaker
from shared.testing.harness import eventually
from tests.chaos.torture.log_reading import (
    Entry,
    a_fact_has_one_place,
    a_place_is_one_fact,
    last_places,
    places_are_contiguous,
    read_whole,
)
from tests.chaos.torture.painting import COUNCIL, asked_to_paint, shown
from tests.chaos.torture.toy_books import differ
from tests.integration.runtime.conftest import checked, hear, missed, person, reader, requested
from tests.integration.runtime.log import topics
from tests.integration.runtime.toy import Toy, paint, spoke

Scene = Callable[[Toy], Any]
SEEN = 1.5
"""Seconds in which a bystander would have gone wrong, if it were to."""


class Died(BaseException):
    """Killed at a crash point."""


@asynccontextmanager
async def dying_at(module: Any, point: str) -> AsyncIterator[None]:
    """Whoever reaches this point in there dies of it."""

    def hit(name: str) -> None:
        if name == point:
            raise Died

    with pytest.MonkeyPatch.context() as patch, suppress(Died):
        patch.setattr(module, "crash_point", hit)
        yield


# ── hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def trail_is(toy: Toy, wanted: str, n: int = 1) -> list[str]:
    found = dict(await toy.rows("select person_id, trail from tally"))
    return differ("trail", {person(n): wanted}, {who: trail.strip() for who, trail in found.items()})


def three() -> list[Record]:
    speaker = Speaker()
    return [speaker.say(requested(1)) for _ in range(3)]


async def a_reader_dies_before_its_commit(toy: Toy) -> list[str]:
    """It reads on from the offsets in its database."""
    records = three()
    async with dying_at(hearing, "hear.written"):
        await reader(toy).attempt(records)
    rows = await toy.rows("select coalesce(max(next), 0)::bigint from reader_offset")
    left = [one for one in records if one.offset >= rows[0][0]]
    if left:
        await hear(toy, left)
    return await trail_is(toy, "a1 a2 a3")


async def a_reader_dies_after_its_commit(toy: Toy) -> list[str]:
    """And hears all of it again: Kafka was not told."""
    records = three()
    async with dying_at(consume, "consume.committed"):
        await reader(toy).attempt(records)
    await hear(toy, records)
    parked = await toy.rows("select place, code from parked")
    return await trail_is(toy, "a1 a2 a3") + [f"parked: {row}" for row in parked]


async def a_fact_comes_twice_in_one_batch(toy: Toy) -> list[str]:
    first, second, third = three()
    await hear(toy, [first, second, second, first, third])
    return await trail_is(toy, "a1 a2 a3")


async def facts_queue_behind_a_bad_one(toy: Toy) -> list[str]:
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1)), speaker.say(missed(1, "raise")), speaker.say(missed(1))])
    parked = {(row[0], row[1]): 1 for row in await toy.rows("select place, code from parked")}
    return await trail_is(toy, "m1") + differ("parked", {(2, "rule_raised"): 1, (3, "queue"): 1}, parked)


async def one_subject_is_spoken_of_in_several_ways(toy: Toy) -> list[str]:
    speaker = Speaker()
    await hear(toy, [speaker.say(fact(1)) for fact in (requested, checked, requested)])
    return await trail_is(toy, "a1 w2 a3")


async def a_row_is_locked_for_a_while(toy: Toy) -> list[str]:
    """Longer than the database lets anybody wait: that is nobody's fault, least of all the fact's."""
    database = toy.admin_url.rpartition("/")[2]
    first, second, _ = three()
    await hear(toy, [first])
    await _as_admin(toy, f"alter role toy_worker in database {database} set lock_timeout = '200ms'")
    await toy.worker.dispose()
    async with transaction(toy.http, COUNCIL) as other:
        await other.rows("select 1 from tally for update")
        waiting = asyncio.create_task(hear(toy, [second]))
        await asyncio.wait({waiting}, timeout=SEEN)
    await waiting
    parked = await toy.rows("select place, code from parked")
    return await trail_is(toy, "a1 a2") + [f"parked: {row}" for row in parked]


def chat(heard: Heard[Any], work: UnitOfWork) -> Iterator[Fact]:
    """Remembers nothing: no row of its own keeps it from speaking twice."""
    yield spoke(heard, 1)


async def two_readers_hear_a_subject_s_first_fact(toy: Toy) -> list[str]:
    """One is slow to commit, the other was given its partition."""
    service = Service("toy", {"assessment.support_requested.v1": [Decision(chat, ())]})
    first = three()[:1]
    heir = Consumer(toy.worker, service, toy.bootstrap)
    async with transaction(toy.worker) as tx:
        await Hearing(tx, service, "toy").hear(first)
        other = asyncio.create_task(run_batch(first, heir.attempt))
        await asyncio.wait({other}, timeout=SEEN)
    await other
    return differ("said", {str(person(1)): 1}, dict(await toy.rows("select subject, last from place")))


async def a_timer_looks_while_a_fact_is_on_its_way(toy: Toy) -> list[str]:
    speaker = Speaker()
    await hear(toy, [speaker.say(checked(1))])
    late = speaker.say(missed(1))
    timers = Timers(toy.worker, toy.service, toy.bootstrap)
    for service, ends in (("assessment", {}), ("marketplace", {late.partition: late.offset + 1})):
        timers.tide.latest[service] = Watermark(service=service, at=datetime(9000, 1, 1, tzinfo=UTC), ends=ends)
    await timers.sweep()
    await hear(toy, [late])
    await timers.sweep()
    return await trail_is(toy, "w1 m1") + [f"timer: {row}" for row in await toy.rows("select name from due")]


# ── speaking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def say(tx: Tx, *people: int) -> None:
    """One fact about each, in this transaction."""
    work, cause = UnitOfWork(), uuid4()
    work.begin(Message(body=None, council=COUNCIL, now=NOON, cause=cause, correlation=cause))
    for n in people:
        work.say(requested(n))
    await speak(tx, "toy", work, work.spoken)


@asynccontextmanager
async def relaying(toy: Toy) -> AsyncIterator[tuple[Relay, AIOKafkaProducer, str]]:
    """A relay, a producer, and the topic that is written."""
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        try:
            yield Relay(toy.worker, "toy", toy.bootstrap, prefix=prefix), producer, prefix
        finally:
            await producer.stop()


async def log_is(toy: Toy, prefix: str, wanted: dict[int, int]) -> list[str]:
    """On the log: so many places about each person, contiguous, each one fact."""
    entries = [
        entry
        for topic in ("assessment.events", "toy.events")
        for entry in (await read_whole(toy.bootstrap, [f"{prefix}{topic}"]))[0]
    ]
    return [
        *_log_is_sound(entries),
        *differ("on the log", {str(person(n)): k for n, k in wanted.items()}, _last(entries)),
    ]


def _last(entries: Sequence[Entry]) -> dict[str, int]:
    return {line[2]: last for line, last in last_places(entries).items()}


def _log_is_sound(entries: Sequence[Entry]) -> list[str]:
    return [*places_are_contiguous(entries), *a_place_is_one_fact(entries), *a_fact_has_one_place(entries)]


async def a_transaction_that_began_first_commits_last(toy: Toy) -> list[str]:
    async with relaying(toy) as (one, producer, prefix):
        async with transaction(toy.worker) as slow:
            await say(slow, 1)
            async with transaction(toy.worker) as quick:
                await say(quick, 2)
            await one.publish_once(producer)
        await one.publish_once(producer)
        return await log_is(toy, prefix, {1: 1, 2: 1})


async def a_relay_dies_everywhere(toy: Toy) -> list[str]:
    async with relaying(toy) as (one, producer, prefix):
        for point in ("relay.claimed", "relay.sent", "relay.acknowledged", "relay.published", "relay.deleted"):
            async with transaction(toy.worker) as tx:
                await say(tx, 1)
            async with dying_at(relay, point):
                await one.publish_once(producer)
        await one.publish_once(producer)
        return await log_is(toy, prefix, {1: 5})


async def two_speak_of_one_person_at_once(toy: Toy) -> list[str]:
    async def other() -> None:
        async with transaction(toy.worker) as tx:
            await say(tx, 1)

    async with relaying(toy) as (one, producer, prefix):
        async with transaction(toy.worker) as slow:
            await say(slow, 1)
            quick = asyncio.create_task(other())
            await asyncio.wait({quick}, timeout=SEEN)
        await quick
        await one.publish_once(producer)
        return await log_is(toy, prefix, {1: 2})


async def who_began_first_speaks_second(toy: Toy) -> list[str]:
    """And somebody who began in between is still at it."""
    async with relaying(toy) as (one, producer, prefix), AsyncExitStack() as between:
        async with transaction(toy.worker) as early:
            await between.enter_async_context(transaction(toy.worker))
            async with transaction(toy.worker) as late:
                await say(late, 1)
            await say(early, 1)
        await eventually(lambda: _nobody_began_before(toy, early.xid))
        await one.publish_once(producer)
        await between.aclose()

        async def drained() -> bool:
            await one.publish_once(producer)
            return not await toy.rows("select 1 from outbox")

        await eventually(drained)
        return await log_is(toy, prefix, {1: 2})


async def _nobody_began_before(toy: Toy, xid: int) -> bool:
    """On the whole server, where other tests run, too: snapshots reach back to the oldest transaction of all."""
    return not await toy.rows(f"select 1 from pg_stat_activity where backend_xid::text::bigint < {xid}")


class Losing:
    """A producer whose first batch is lost on the way; those after it arrive."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self.producer, self.lost = producer, False

    def create_batch(self) -> Any:
        return self.producer.create_batch()

    async def send_batch(self, *told: Any, **more: Any) -> Any:
        if self.lost:
            return await self.producer.send_batch(*told, **more)
        self.lost = True
        failed = asyncio.get_running_loop().create_future()
        failed.set_exception(KafkaTimeoutError())
        return failed


async def a_batch_is_lost_on_the_way(toy: Toy) -> list[str]:
    async with relaying(toy) as (one, _, prefix):
        small = AIOKafkaProducer(bootstrap_servers=toy.bootstrap, max_batch_size=1200, enable_idempotence=True)
        await small.start()
        async with transaction(toy.worker) as tx:
            await say(tx, *[1] * 12)
        with suppress(KafkaTimeoutError):
            await one.publish_once(Losing(small))
        await one.publish_once(small)
        await small.stop()
        return await log_is(toy, prefix, {1: 12})


# ── commands, walls, money ───────────────────────────────────────────────────────────────────────────────────────────

THING = UUID(int=0xB0001)


async def a_service_dies_before_its_answer_is_sent(toy: Toy) -> list[str]:
    """The client sends the same key again."""
    performer = Performer(toy.http, "toy")
    async with dying_at(perform, "perform.committed"):
        asking = asyncio.create_task(performer.perform(paint, asked_to_paint(THING, "k", 5), shown))
        await eventually(lambda: _idle(performer))
    asking.cancel()
    answer = await Performer(toy.http, "toy").perform(paint, asked_to_paint(THING, "k", 5), shown)
    said = dict(await toy.rows("select subject, last from place"))
    sizes = dict(await toy.rows("select thing_id, size from thing"))
    status = {"status": answer.status}
    return (
        differ("size", {THING: 5}, sizes) + differ("said", {str(THING): 1}, said) + differ("", {"status": 200}, status)
    )


async def _idle(performer: Performer) -> bool:
    """It took the command up, and is at it no more."""
    await asyncio.sleep(0)
    return all(task.done() for task in performer._working) and not any(performer._waiting.values())


async def two_councils_share_a_table(toy: Toy) -> list[str]:
    """A query that forgot its WHERE, in an HTTP session of one of them."""
    for council in (COUNCIL, "E99999998"):
        await Performer(toy.http, "toy").perform(paint, asked_to_paint(uuid4(), "k", 5, council), shown)
    async with transaction(toy.http, COUNCIL) as tx:
        seen = {row[0]: row[1] for row in await tx.rows("select council_id, count(*) from thing group by 1")}
    return differ("rows seen", {COUNCIL: 1}, seen)


async def prices_are_counted_out(toy: Toy) -> list[str]:
    """Against whole numbers: half up, to the penny."""
    cases = [(minutes, pence) for minutes in range(0, 600, 15) for pence in range(1999, 2600, 10)]
    wanted = {case: (2 * case[0] * case[1] + 60) // 120 for case in cases}
    return differ("price", wanted, {case: money.price_of(*case) for case in cases})


async def _as_admin(toy: Toy, sql: str) -> None:
    connection = await asyncpg.connect(toy.admin_url)
    await connection.execute(sql)
    await connection.close()
