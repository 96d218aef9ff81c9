"""Nothing is an event only when everything said before has been heard; and the business clock may leap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.db import transaction
from shared.runtime.consume import Consumer
from shared.runtime.part import Part
from shared.runtime.relay import Relay, make_producer
from shared.runtime.timers import Timers
from shared.runtime.topics import WATERMARKS
from shared.runtime.watermarks import Watermark
from shared.testing.facts import Speaker, publish_records
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import checked, missed, person, requested
from tests.integration.runtime.log import everything_on, topics
from tests.integration.runtime.toy import Toy

SILENT = "silence"


@asynccontextmanager
async def running(*parts: Part) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for part in parts:
            part.stop()
        await asyncio.gather(*tasks)


class Stage:
    """The toy listening on a real log, other services spoken for by hand."""

    def __init__(self, toy: Toy, prefix: str, producer: Any) -> None:
        self.toy, self.prefix, self.producer = toy, prefix, producer
        self.speaker = Speaker(now=datetime.now(UTC))
        self.timers = Timers(toy.worker, toy.service, toy.bootstrap, prefix=prefix)
        self.said = {"assessment": [0] * 12, "marketplace": [0] * 12}

    async def publish(self, *records: Any) -> None:
        await publish_records(self.producer, self.prefix, records)
        for record in records:
            self.said[record.topic.split(".")[0]][record.partition] += 1

    async def watermark(self, service: str, at: datetime, ends: list[int] | None = None) -> None:
        mark = Watermark(service=service, at=at, ends=dict(enumerate(ends or self.said[service])))
        await self.producer.send_and_wait(
            self.prefix + WATERMARKS, mark.model_dump_json().encode(), key=service.encode()
        )

    async def trail(self) -> str:
        rows = await self.toy.rows("select trail from tally where person_id = $1", person(1))
        return str(rows[0][0]) if rows else ""

    async def overdue(self) -> bool:
        """Its time has come, by the business clock, and it has not spoken."""
        async with transaction(self.toy.worker) as tx:
            return bool(await tx.rows("select 1 from due where at <= $1", tx.now))


@pytest.fixture
async def stage(toy: Toy) -> AsyncIterator[Stage]:
    """A timer is set and its time has come; nobody has said yet how far they are."""
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        stage = Stage(toy, prefix, producer)
        async with running(Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix), stage.timers):
            await stage.publish(stage.speaker.say(checked(1)))
            await eventually(lambda: toy.rows("select 1 from due"))
            await leap(toy, days=2)
            await eventually(stage.overdue)
            yield stage
        await producer.stop()


async def leap(toy: Toy, days: int) -> None:
    async with transaction(toy.worker) as tx:
        await tx.run("update business_clock set ahead_us = $1", days * 86_400_000_000)


async def settle(stage: Stage) -> None:
    """Until the timers have taken in the last watermark and looked at what is due three times since."""
    last = Watermark(service="nobody", at=stage.speaker.now + timedelta(seconds=stage.timers.sweeps), ends={})
    await stage.producer.send_and_wait(stage.prefix + WATERMARKS, last.model_dump_json().encode(), key=b"nobody")
    await eventually(lambda: _now(stage.timers.tide.latest.get("nobody") == last))
    looked = stage.timers.sweeps
    await eventually(lambda: _now(stage.timers.sweeps > looked + 3))


async def _now(seen: bool) -> bool:
    return seen


async def heard_until(stage: Stage) -> datetime:
    return stage.speaker.now + timedelta(days=3)


async def test_a_timer_speaks_once_all_it_depends_on_have_said_how_far_they_are(stage: Stage) -> None:
    at = await heard_until(stage)
    await stage.watermark("assessment", at)
    await settle(stage)
    assert SILENT not in await stage.trail()
    await stage.watermark("marketplace", at)
    await eventually(lambda: _has(stage, SILENT))
    assert await stage.toy.rows("select 1 from due") == []
    assert (await stage.toy.rows("select count(*) from outbox where payload like '%00000001%'"))[0][0] == 1


async def _has(stage: Stage, mark: str) -> bool:
    return mark in await stage.trail()


async def test_a_watermark_from_before_its_time_is_not_enough(stage: Stage) -> None:
    for service in ("assessment", "marketplace"):
        await stage.watermark(service, stage.speaker.now + timedelta(hours=23))
    await settle(stage)
    assert SILENT not in await stage.trail()


async def test_a_timer_waits_for_a_fact_that_is_on_its_way(stage: Stage) -> None:
    """The watermark says more was published than this reader has read; then it comes, and silence is broken."""
    at, late = await heard_until(stage), stage.speaker.say(missed(1))
    ends = list(stage.said["marketplace"])
    ends[late.partition] += 1
    await stage.watermark("assessment", at)
    await stage.watermark("marketplace", at, ends)
    await settle(stage)
    assert SILENT not in await stage.trail()
    assert await stage.overdue()
    await stage.publish(late)
    await eventually(lambda: _spoken_out(stage))
    assert (await stage.trail()).split() == ["w1", "m1"]


async def _spoken_out(stage: Stage) -> bool:
    return not await stage.toy.rows("select 1 from due")


async def test_a_timer_waits_while_something_is_queued_for_its_subject(stage: Stage) -> None:
    at = await heard_until(stage)
    await stage.publish(stage.speaker.say(missed(1, "raise")))
    await eventually(lambda: stage.toy.rows("select 1 from parked"))
    await stage.watermark("assessment", at)
    await stage.watermark("marketplace", at)
    await settle(stage)
    assert SILENT not in await stage.trail()
    assert await stage.overdue()


async def test_a_speakers_watermark_waits_for_what_is_still_uncommitted_or_in_its_outbox(toy: Toy) -> None:
    """A transaction that began before the watermark and is still open holds it back; so does an unpublished row."""
    async with topics(toy.bootstrap) as prefix:
        relay = Relay(toy.worker, "toy", toy.bootstrap, prefix=prefix)
        async with transaction(toy.worker) as open_tx:
            await open_tx.run("select 1")
            marks = relay.watermarks
            producer = make_producer(toy.bootstrap)
            await producer.start()
            await marks.start()
            assert await marks.begin_if_due()
            for _ in range(5):
                assert not await marks.say_if_published(producer)
            await open_tx.run(
                "insert into outbox (council_id, topic, key, headers, payload, said_at) "
                "values ('E99999999', 'toy.events', 'k', '[]', '{}', now())"
            )
        assert not await marks.say_if_published(producer)
        await relay.publish_once(producer)
        await eventually(lambda: marks.say_if_published(producer))  # other databases' transactions hold it back, too
        await marks.stop()
        await producer.stop()


async def test_the_clock_may_leap_thirty_days_and_kafka_accepts_every_record(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        await leap(toy, days=30)
        speaker = Speaker()
        consumer = Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)
        async with transaction(toy.worker) as tx:
            speaker.now = tx.now
        await consumer.attempt([speaker.say(requested(n)) for n in range(50)])
        async with running(Relay(toy.worker, "toy", toy.bootstrap, prefix=prefix)):
            read = await everything_on(toy.bootstrap, f"{prefix}toy.events", 50)
        assert all(one.envelope and one.envelope.time > datetime.now(UTC) + timedelta(days=29) for one in read)
        assert await toy.rows("select 1 from outbox") == []


async def test_a_timer_that_raises_is_parked_and_others_go_on(stage: Stage) -> None:
    """Its tally is gone: the reminder finds nothing to look at."""
    await stage.toy.rows("delete from tally returning 1")
    at = await heard_until(stage)
    await stage.watermark("assessment", at)
    await stage.watermark("marketplace", at)
    await eventually(lambda: stage.toy.rows("select 1 from due where parked_code is not null"))
    assert await stage.toy.rows("select parked_code, parked_detail from due") == [("rule_raised", "NotFound")]
    await stage.publish(stage.speaker.say(requested(2)))
    await eventually(lambda: stage.toy.rows("select 1 from tally where person_id = $1", person(2)))
