"""PostgreSQL and Kafka die under load: the parts wait, go on, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from care.local.servers import Servers
from shared.runtime.batches import run_batch
from shared.runtime.consume import Consumer
from shared.runtime.part import Part
from shared.runtime.relay import Relay, make_producer
from shared.testing.facts import Speaker, publish_records
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import missed, reader, requested
from tests.integration.runtime.log import everything_on, places, topics
from tests.integration.runtime.toy import Toy

PEOPLE, ROUNDS = 10, 30

pytestmark = pytest.mark.xdist_group("mortal")


@asynccontextmanager
async def running(*parts: Part) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for part in parts:
            part.stop()
        await asyncio.gather(*tasks)


def parts_of(toy: Toy, prefix: str) -> tuple[Consumer, Relay]:
    consumer = Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)
    relay = Relay(toy.worker, "toy", toy.bootstrap, prefix=prefix)
    consumer.heard_said = relay.wake
    return consumer, relay


async def tell(toy: Toy, prefix: str, speaker: Speaker, rounds: int) -> None:
    producer = make_producer(toy.bootstrap)
    await producer.start()
    for _ in range(rounds):
        await publish_records(
            producer, prefix, [speaker.say(fact(n)) for n in range(PEOPLE) for fact in (requested, missed)]
        )
    await producer.stop()


async def all_heard(toy: Toy, rounds: int) -> bool:
    try:
        counts = await toy.rows("select count(*), min(count), max(count) from tally")
    except Exception:
        return False
    return counts == [(PEOPLE, 2 * rounds, 2 * rounds)]


async def check_books(toy: Toy, prefix: str, rounds: int) -> None:
    """Heard exactly once, said exactly once a place, in order, nothing left over."""
    await eventually(lambda: all_heard(toy, rounds), 60)
    await eventually(lambda: _empty(toy), 60)
    seen = places(await everything_on(toy.bootstrap, f"{prefix}toy.events", PEOPLE * 2 * rounds))
    assert {subject: list(dict.fromkeys(numbers)) for subject, numbers in seen.items()} == {
        subject: list(range(1, 2 * rounds + 1)) for subject in seen
    }
    assert len(seen) == PEOPLE
    assert await toy.rows("select 1 from parked") == []


async def _empty(toy: Toy) -> bool:
    return not await toy.rows("select 1 from outbox limit 1")


async def test_postgres_is_killed_and_comes_back(mortal_servers: Servers, mortal_toy: Toy) -> None:
    async with topics(mortal_toy.bootstrap) as prefix:
        speaker = Speaker()
        async with running(*parts_of(mortal_toy, prefix)):
            telling = asyncio.create_task(tell(mortal_toy, prefix, speaker, ROUNDS))
            await eventually(lambda: mortal_toy.rows("select 1 from tally limit 1"))
            for _ in range(2):
                await asyncio.to_thread(mortal_servers.kill9, "postgres")
                await asyncio.to_thread(mortal_servers.wait_ready, "postgres")
            await telling
            await check_books(mortal_toy, prefix, ROUNDS)


async def test_kafka_is_killed_and_comes_back(mortal_servers: Servers, mortal_toy: Toy) -> None:
    """What is said while it is away waits in the outbox."""
    async with topics(mortal_toy.bootstrap) as prefix:
        speaker = Speaker()
        async with running(*parts_of(mortal_toy, prefix)):
            await tell(mortal_toy, prefix, speaker, 5)
            await eventually(lambda: all_heard(mortal_toy, 5))
            await eventually(lambda: _empty(mortal_toy))
            await asyncio.to_thread(lambda: mortal_servers.kill9("kafka", stay_down=True))
            late = [speaker.say(fact(n)) for _ in range(5) for n in range(PEOPLE) for fact in (requested, missed)]
            await run_batch(late, reader(mortal_toy).attempt)
            assert (await mortal_toy.rows("select count(*) from outbox"))[0][0] == len(late)
            await asyncio.to_thread(mortal_servers.start, "kafka")
            await tell(mortal_toy, prefix, speaker, 5)
            await check_books(mortal_toy, prefix, 15)


async def test_a_frozen_postgres_is_waited_for(mortal_servers: Servers, mortal_toy: Toy) -> None:
    """SIGSTOP: alive, holding its connections, answering nothing; then it goes on."""
    speaker = Speaker()
    await asyncio.to_thread(mortal_servers.pause, "postgres")
    hearing = asyncio.create_task(
        run_batch([speaker.say(requested(n)) for n in range(PEOPLE)], reader(mortal_toy).attempt)
    )
    done, _ = await asyncio.wait({hearing}, timeout=0.5)
    assert not done
    await asyncio.to_thread(mortal_servers.resume, "postgres")
    await hearing
    assert (await mortal_toy.rows("select count(*), max(count) from tally"))[0] == (PEOPLE, 1)
