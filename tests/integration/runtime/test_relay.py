"""What is said gets onto the log: all of it, in the order it was said of each subject, while 32 write at once."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager

from shared.db import transaction
from shared.runtime.envelope import read_envelope
from shared.runtime.messages import Message
from shared.runtime.relay import Relay, make_producer, partition_of
from shared.runtime.speaking import speak
from shared.runtime.unit_of_work import UnitOfWork
from shared.testing.facts import NOON
from shared.testing.harness import an_id, eventually
from shared.testing.tokens import COUNCIL
from tests.integration.runtime.conftest import requested
from tests.integration.runtime.log import everything_on, places, topics
from tests.integration.runtime.toy import Toy


async def write(toy: Toy, rng: random.Random, facts: int, *, give_up: bool = False) -> None:
    """One transaction that says a few things about a few people and takes its time to commit."""
    work = UnitOfWork()
    message = Message(
        body=None, council=COUNCIL, now=NOON, cause=an_id(), correlation=an_id(), traceparent="00-ab-cd-01"
    )
    work.begin(message)
    for _ in range(facts):
        work.say(requested(rng.randrange(20)))
    async with transaction(toy.worker) as tx:
        await speak(tx, "toy", work, work.spoken)
        await tx.run("select pg_sleep($1)", rng.random() / 50)
        if give_up:
            await tx.driver.execute("rollback")


@asynccontextmanager
async def relaying(toy: Toy, prefix: str, *, relays: int = 1, locked: bool = True):  # type: ignore[no-untyped-def]
    made = [Relay(toy.worker, "toy", toy.bootstrap, prefix=prefix, locked=locked) for _ in range(relays)]
    tasks = [asyncio.create_task(relay.run()) for relay in made]
    try:
        yield made
    finally:
        for relay in made:
            relay.stop()
        await asyncio.gather(*tasks)


async def drained(toy: Toy) -> None:
    async def empty() -> bool:
        return not await toy.rows("select 1 from outbox limit 1")

    await eventually(empty)


async def write_much(toy: Toy, writers: int = 32, turns: int = 12) -> None:
    async def writer(seed: int) -> None:
        rng = random.Random(seed)
        for turn in range(turns):
            await write(toy, rng, rng.randint(1, 4), give_up=turn % 5 == 4)

    await asyncio.gather(*(writer(seed) for seed in range(writers)))


def in_order(seen: dict[str, list[int]], *, repeats: bool) -> bool:
    """Contiguous from 1 for every subject; where a relay may publish twice, at first sight."""
    for numbers in seen.values():
        first = list(dict.fromkeys(numbers)) if repeats else numbers
        if first != list(range(1, len(first) + 1)):
            return False
    return True


async def test_with_32_writers_nothing_is_lost_and_each_subjects_order_is_kept(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        async with relaying(toy, prefix):
            await write_much(toy)
            await drained(toy)
        said = (await toy.rows("select sum(last)::bigint from place"))[0][0]
        seen = places(await everything_on(toy.bootstrap, f"{prefix}toy.events", said))
        assert sum(map(len, seen.values())) == said > 500
        assert in_order(seen, repeats=False)


async def test_two_relays_at_once_only_do_work_twice(toy: Toy) -> None:
    """With the advisory lock taken out: nothing depends on it."""
    async with topics(toy.bootstrap) as prefix:
        async with relaying(toy, prefix, relays=2, locked=False):
            await write_much(toy, turns=6)
            await drained(toy)
        said = (await toy.rows("select sum(last)::bigint from place"))[0][0]
        seen = places(await everything_on(toy.bootstrap, f"{prefix}toy.events", said))
        assert {subject: max(numbers) for subject, numbers in seen.items()} == dict(
            await toy.rows("select subject, last from place")
        )
        assert in_order({subject: sorted(set(numbers)) for subject, numbers in seen.items()}, repeats=False)


async def test_the_lock_lets_one_relay_work_at_a_time(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix, relaying(toy, prefix, relays=2) as made:
        await eventually(lambda: _done([relay.ready for relay in made].count(True) == 1))
        await write_much(toy, writers=8, turns=3)
        await drained(toy)
        assert sorted(relay.published > 0 for relay in made) == [False, True]


async def _done(value: bool) -> bool:
    return value


async def test_a_relay_that_died_between_publishing_and_deleting_says_it_again(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        await write(toy, random.Random(1), 5)
        rows = await toy.rows("select * from outbox")
        async with relaying(toy, prefix):
            await drained(toy)
        async with transaction(toy.worker) as tx:
            for row in rows:
                await tx.run("insert into outbox values ($1, $2, $3, $4, $5, $6, $7)", *row)
        async with relaying(toy, prefix):
            await drained(toy)
        read = await everything_on(toy.bootstrap, f"{prefix}toy.events", 10)
        ids = [one.envelope.id for one in read if one.envelope]
        assert len(ids) == 10
        assert len(set(ids)) == 5


async def test_the_envelope_is_cloudevents_keyed_by_subject_and_carries_the_trace(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        await write(toy, random.Random(1), 1)
        async with relaying(toy, prefix):
            (record,) = await everything_on(toy.bootstrap, f"{prefix}toy.events", 1)
        headers = {name: value.decode() for name, value in record.headers}
        assert headers["ce_specversion"] == "1.0"
        assert headers["ce_traceparent"] == "00-ab-cd-01"
        assert headers["ce_sequence"].lstrip("0") == "1"
        assert record.partition == partition_of(headers["ce_subject"])
        assert read_envelope(record.headers).council == COUNCIL


async def test_our_partitioner_agrees_with_the_clients_default(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        for n in range(30):
            sent = await producer.send_and_wait(f"{prefix}toy.events", b"x", key=str(n).encode())
            assert sent.partition == partition_of(str(n))
        await producer.stop()
