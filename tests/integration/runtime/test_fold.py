"""However the log is cut and whatever is said twice, the same things have happened in the end."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any
from uuid import UUID

import pytest

from care.local.servers import Servers
from shared.db import Tx, transaction
from shared.runtime.records import Record, decode
from shared.runtime.speaking import speak
from shared.runtime.unit_of_work import UnitOfWork
from shared.testing.facts import Speaker
from tests.integration.runtime.conftest import a_story, hear, left, missed, person, reader, requested, right
from tests.integration.runtime.toy import Toy, a_toy


def cut(records: list[Record], sizes: list[int]) -> list[list[Record]]:
    """Batches of these sizes, over and over."""
    batches, turns, rest = [], itertools.cycle(sizes), iter(records)
    while batch := list(itertools.islice(rest, next(turns))):
        batches.append(batch)
    return batches


async def end_of(servers: Servers, batches: list[list[Record]]) -> str:
    async with a_toy(servers.admin_dsn, servers.bootstrap) as toy:
        for batch in batches:
            await hear(toy, batch)
        return await toy.state()


@pytest.mark.parametrize("sizes", [[1], [2], [3], [5, 1], [1, 7], [13], [4, 2, 9]])
async def test_cutting_the_log_into_other_batches_gives_the_same_state(real_servers: Servers, sizes: list[int]) -> None:
    story = a_story()
    whole = await end_of(real_servers, [story])
    assert await end_of(real_servers, cut(story, sizes)) == whole


async def test_bad_facts_do_not_make_the_cut_matter(real_servers: Servers) -> None:
    speaker = Speaker()
    bad = {1: "raise", 4: "constraint"}
    story = [speaker.say(missed(n, bad.get(n, "late") if turn == 1 else "late")) for turn in range(4) for n in range(6)]
    whole = await end_of(real_servers, [story])
    for sizes in ([1], [3], [5, 2]):
        assert await end_of(real_servers, cut(story, sizes)) == whole


async def test_topics_in_any_order_give_the_same_end(real_servers: Servers) -> None:
    def by_topic(records: list[Record]) -> dict[str, list[Record]]:
        return {topic: [r for r in records if r.topic == topic] for topic in {r.topic for r in records}}

    async def pairs(batches: list[list[Record]]) -> list[tuple[Any, ...]]:
        async with a_toy(real_servers.admin_dsn, real_servers.bootstrap) as toy:
            for batch in batches:
                await hear(toy, batch)
            return await toy.rows("select person_id, left_heard, right_heard, acted from (select person_id, pair.left as "
                                  "left_heard, pair.right as right_heard, acted from pair) p order by 1")  # fmt: skip

    topics = by_topic(a_story())
    one, other = topics.values()
    ends = [await pairs([one, other]), await pairs([other, one]), await pairs(cut(other, [2]) + cut(one, [3]))]
    assert ends[0] == ends[1] == ends[2]
    assert all(acted == 1 for *_, acted in ends[0])


async def test_a_repeat_inside_a_batch_changes_nothing(real_servers: Servers) -> None:
    story = a_story()
    twice = [record for record in story for _ in (1, 2)]
    assert await end_of(real_servers, [twice]) == await end_of(real_servers, [story])


async def test_a_repeat_in_a_later_batch_or_after_a_restart_changes_nothing(real_servers: Servers) -> None:
    story = a_story()
    again = [story[:20], story[10:25], story, story[::2], story[20:]]
    assert await end_of(real_servers, again) == await end_of(real_servers, [story])


async def test_a_first_fact_heard_by_a_zombie_and_its_heir_is_applied_once(toy: Toy) -> None:
    speaker = Speaker()
    for n in range(20):
        record = speaker.say(requested(n))
        await asyncio.gather(hear(toy, [record]), hear(toy, [record]), hear(toy, [record]))
    assert await toy.rows("select distinct count, trail from tally") == [(1, "a1 ")]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 20


async def test_two_readers_each_hearing_one_of_two_facts_that_await_each_other_act_once(toy: Toy) -> None:
    speaker = Speaker()
    for n in range(30):
        one, other = speaker.say(left(n)), speaker.say(right(n))
        await asyncio.gather(hear(toy, [one]), hear(toy, [other]))
    assert await toy.rows('select "left", "right", acted, count(*) from pair group by 1, 2, 3') == [(True, True, 1, 30)]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 30


async def test_the_number_of_statements_does_not_grow_with_the_batch(toy: Toy) -> None:
    async def executions(people: range) -> int:
        speaker = Speaker()
        batch = [speaker.say(fact(n)) for n in people for fact in (requested, missed, left, right)]
        before = Tx.executions
        await reader(toy).attempt(batch)
        return Tx.executions - before

    assert await executions(range(1)) == await executions(range(1000, 1125))
    assert (await toy.rows("select count(*) from tally"))[0][0] == 126


async def test_one_subject_of_many_messages_folds_in_the_order_of_the_log(toy: Toy) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(requested(1)) if n % 2 else speaker.say(missed(1)) for n in range(40)])
    trail = (await toy.rows("select trail from tally where person_id = $1", person(1)))[0][0].split()
    assert [mark[0] for mark in trail] == ["m", "a"] * 20
    said = await toy.rows("select payload from outbox order by seq")
    assert [UUID(json.loads(row[0])["review_id"]).int for row in said] == list(range(1, 41))


async def test_what_two_services_say_about_one_fact_are_two_facts(toy: Toy) -> None:
    """Whoever hears both makes ids of theirs: were they the same, the second would be taken for the first."""
    work, record = UnitOfWork(), Speaker().say(requested(1))
    work.begin(decode(record))
    work.say(requested(1))
    async with transaction(toy.worker) as tx:
        for service in ("marketplace", "budget"):
            await speak(tx, service, work, work.spoken)
        said = [dict(json.loads(row[0]))["ce_id"] for row in await tx.rows("select headers from outbox")]
    assert len(set(said)) == 2
