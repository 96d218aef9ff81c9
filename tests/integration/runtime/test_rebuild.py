"""Tables made anew out of the log: they are the ones that a reader made live, and nothing is said again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from care.local.servers import Servers
from shared.runtime import rebuild
from shared.runtime.consume import Consumer
from shared.runtime.rebuild import NotEmpty, Rebuild, Rebuilt
from shared.runtime.relay import make_producer
from shared.testing.facts import Speaker, publish_records
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import a_story, checked, missed
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


async def state(toy: Toy) -> dict[str, Any]:
    """All rows; of a trail each source's own order, because there is none between topics."""
    quoted = {name: columns.replace("left, right", '"left", "right"') for name, columns in STATE.items()}
    rows = {name: await toy.rows(f'select {what} from "{name}" order by 1, 2, 3, 4') for name, what in quoted.items()}
    return {**rows, "tally": [(*row[:3], sorted(row[3].split(), key=lambda mark: mark[0])) for row in rows["tally"]]}


def reading(toy: Toy, prefix: str) -> Consumer:
    return Consumer(toy.worker, toy.service, toy.bootstrap, prefix=prefix)


def rebuilding(toy: Toy, prefix: str) -> Rebuild:
    return Rebuild(toy.worker, toy.service, toy.bootstrap, prefix=prefix)


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
        assert await rebuilding(second, prefix).run() == Rebuilt(len(story))
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
        await rebuilding(toy, prefix).run()
        await tell(toy, prefix, speaker.say(missed(2)))
        async with running(reading(toy, prefix)):
            await heard_to(toy, 6)
    assert sorted(row[0] for row in await toy.rows("select count from tally")) == [1, 1, 1, 1, 2]
    assert len(await toy.rows("select 1 from outbox")) == 1


async def test_a_rebuild_refuses_a_database_that_has_heard_something(toy: Toy) -> None:
    speaker = Speaker()
    async with topics(toy.bootstrap) as prefix:
        await tell(toy, prefix, speaker.say(missed(1)))
        assert (await rebuilding(toy, prefix).run()).facts == 1
        with pytest.raises(NotEmpty):
            await rebuilding(toy, prefix).run()
