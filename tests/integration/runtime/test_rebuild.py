"""Tables made anew out of the log: they are the ones that a reader made live, and nothing is said again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from care.local.servers import Servers
from shared.contracts.marketplace import VisitRecorded
from shared.runtime import rebuild
from shared.runtime.consume import Consumer
from shared.runtime.rebuild import NotEmpty, Rebuild, shares_of
from shared.runtime.relay import make_producer
from shared.testing.facts import NOON, Speaker, publish_records
from shared.testing.harness import eventually
from tests.integration.runtime import again
from tests.integration.runtime.conftest import a_story, checked, missed, person
from tests.integration.runtime.log import topics
from tests.integration.runtime.test_timers import running
from tests.integration.runtime.toy import Toy, a_toy

STATE = {
    "tally": "person_id, council_id, count, trail",
    "pair": "person_id, council_id, left, right, acted",
    "thing": "thing_id, council_id, colour, size",
    "due": "name, key, council_id, subject, at, body, cause, correlation",
    "inbox": "reader, source, council_id, subject, last, open_at, held, gaps",
    "parked": 'source, council_id, subject, place, type, code, detail, headers, payload, topic, partition, "offset"',
    "reader_offset": "reader, topic, partition, next",
}


@pytest.fixture
async def second(real_servers: Servers) -> AsyncIterator[Toy]:
    """The same service on another, empty database."""
    async with a_toy(real_servers.admin_dsn, real_servers.bootstrap) as made:
        yield made


@pytest.fixture
async def third(real_servers: Servers) -> AsyncIterator[Toy]:
    async with a_toy(real_servers.admin_dsn, real_servers.bootstrap) as made:
        yield made


async def state(toy: Toy) -> dict[str, Any]:
    """All rows; of a trail each source's own order, because there is none between topics."""
    quoted = {name: columns.replace("left, right", '"left", "right"') for name, columns in STATE.items()}
    rows = {name: await toy.rows(f'select {what} from "{name}" order by 1, 2, 3, 4') for name, what in quoted.items()}
    return {**rows, "tally": [(*row[:3], sorted(row[3].split(), key=lambda mark: mark[0])) for row in rows["tally"]]}


def reading(toy: Toy, prefix: str) -> Consumer:
    return Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)


async def rebuilt(toy: Toy, prefix: str) -> int:
    """By one, here; gives how many facts were heard."""
    heard: list[int] = []
    rebuild = Rebuild(toy.worker, toy.service, toy.bootstrap, prefix=prefix)
    await rebuild.hear(await rebuild.begin(), heard.append)
    await rebuild.end()
    return sum(heard)


async def heard_again(toy: Toy, prefix: str, workers: int, **environment: str) -> tuple[int, str, str]:
    """By a program of its own that forks them; gives its exit status, what it printed and what it complained of."""
    url = toy.worker.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [sys.executable, "-m", again.__name__, url, toy.bootstrap, prefix, str(workers), "7"]
    program = await asyncio.create_subprocess_exec(
        *command, cwd=Path(__file__).parents[3], env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, complained = await program.communicate()
    assert program.returncode is not None
    return program.returncode, printed.decode().strip(), complained.decode()


def visited(n: int) -> VisitRecorded:
    return VisitRecorded(
        visit_id=UUID(int=n), order_id=UUID(int=n), budget_id=UUID(int=n), person_id=person(n), supplier_id=UUID(int=7),
        started_at=NOON, minutes=60, pence=2000,
    )  # fmt: skip


async def tell(toy: Toy, prefix: str, *records: Any) -> None:
    producer = make_producer(toy.bootstrap)
    await producer.start()
    await publish_records(producer, prefix, list(records))
    await producer.stop()


async def heard_to(toy: Toy, facts: int) -> None:
    async def all_heard() -> bool:
        return bool(await toy.rows("select 1 from inbox having sum(last) = $1", facts))

    await eventually(all_heard)


async def test_tables_made_anew_are_those_a_reader_made_and_nothing_is_said(
    toy: Toy, second: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 7)  # so that one subject's facts stand in many batches
    speaker = Speaker()
    story = [*a_story(), *(speaker.say(checked(n)) for n in range(20, 24))]
    story += [speaker.say(missed(30, because="raise")), speaker.say(missed(30))]
    async with topics(toy.bootstrap) as prefix:
        await tell(toy, prefix, *story)
        async with running(reading(toy, prefix)):
            await heard_to(toy, len(story))
        assert await rebuilt(second, prefix) == len(story)
    live = await state(toy)
    assert await state(second) == live
    assert len(live["parked"]) == 2
    assert len(live["due"]) == 4
    assert (await toy.rows("select count(*) from outbox"))[0][0] > 0
    assert await second.rows("select 1 from outbox") == []


async def test_a_reader_reads_on_from_where_a_rebuild_ended(toy: Toy) -> None:
    speaker = Speaker()
    async with topics(toy.bootstrap) as prefix:
        await tell(toy, prefix, *(speaker.say(missed(n)) for n in range(5)))
        await rebuilt(toy, prefix)
        await tell(toy, prefix, speaker.say(missed(2)))
        async with running(reading(toy, prefix)):
            await heard_to(toy, 6)
    assert sorted(row[0] for row in await toy.rows("select count from tally")) == [1, 1, 1, 1, 2]
    assert len(await toy.rows("select 1 from outbox")) == 1


async def test_a_rebuild_refuses_a_database_that_has_heard_something(toy: Toy) -> None:
    speaker = Speaker()
    async with topics(toy.bootstrap) as prefix:
        await tell(toy, prefix, speaker.say(missed(1)))
        assert await rebuilt(toy, prefix) == 1
        with pytest.raises(NotEmpty):
            await rebuilt(toy, prefix)


def a_long_story() -> list[Any]:
    """People on all partitions, some in trouble, one with a place that comes late, and a supplier they all meet in."""
    speaker = Speaker()
    story = [*a_story(people=24), *(speaker.say(checked(n)) for n in range(30, 40))]
    story += [speaker.say(visited(n)) for _ in range(4) for n in range(100, 130)]
    story += [speaker.say(missed(50, because="raise")), speaker.say(missed(50))]
    return [*story, speaker.say(missed(51), place=2), speaker.say(missed(51), place=1)]


@pytest.fixture
def meeting(toy: Toy) -> Toy:
    """The toy, where people meet in their supplier's row too."""
    return replace(toy, service=again.service())


async def test_two_workers_make_the_tables_that_one_and_a_live_reader_make(
    meeting: Toy, second: Toy, third: Toy
) -> None:
    story = a_long_story()
    async with topics(meeting.bootstrap) as prefix:
        await tell(meeting, prefix, *story)
        async with running(reading(meeting, prefix)):
            await heard_to(meeting, len({(one.line, one.place) for one in story}))
        assert await heard_again(second, prefix, workers=1) == (0, str(len(story)), "")
        status, printed, _ = await heard_again(third, prefix, workers=2)
    assert (status, printed) == (0, str(len(story)))
    live = await state(meeting)
    assert await state(second) == live
    assert await state(third) == live
    assert (120,) in await third.rows("select count from tally where person_id = $1", UUID(int=7))
    assert await third.rows("select 1 from outbox") == []


async def test_a_worker_that_dies_fails_the_whole_and_a_reader_reads_on_from_what_is_left(
    meeting: Toy, second: Toy
) -> None:
    story = a_long_story()
    left = replace(second, service=meeting.service)
    async with topics(meeting.bootstrap) as prefix:
        await tell(meeting, prefix, *story)
        status, printed, complained = await heard_again(left, prefix, workers=2, CARE_CRASH="hear.written:4")
        assert (status, printed) == (1, "")
        assert "of 2 ended with 137; the others were stopped." in complained
        heard = (await left.rows("select coalesce(sum(next), 0)::bigint from reader_offset"))[0][0]
        assert 0 < heard < len(story)
        for each in (meeting, left):
            async with running(reading(each, prefix)):
                await heard_to(each, len({(one.line, one.place) for one in story}))
    assert await state(left) == await state(meeting)


async def test_a_worker_that_fails_fails_the_whole_and_tells_no_content(second: Toy) -> None:
    speaker = Speaker()
    async with topics(second.bootstrap) as prefix:
        await tell(second, prefix, speaker.say(missed(1)))
        await _rename_tally(second)
        status, printed, complained = await heard_again(second, prefix, workers=2)
    assert (status, printed) == (1, "")
    assert "ended with 1; the others were stopped." in complained
    assert "42P01" in complained
    assert str(person(1)) not in complained


async def _rename_tally(toy: Toy) -> None:
    admin = await asyncpg.connect(toy.admin_url)
    await admin.execute("alter table tally rename to another")
    await admin.close()


def test_a_partition_number_is_one_workers_in_every_topic() -> None:
    ends = {(topic, n): 5 for topic in ("one", "other") for n in range(12)}
    shares = shares_of(ends, 5)
    assert sorted(of for share in shares for of in share) == sorted(ends)
    assert [{n for _, n in share} for share in shares] == [{0, 5, 10}, {1, 6, 11}, {2, 7}, {3, 8}, {4, 9}]


def test_nobody_is_forked_who_would_have_nothing_to_hear() -> None:
    assert shares_of({("one", 0): 0, ("one", 1): 5, ("one", 2): 0}, 3) == [{("one", 1): 5}]
