"""Whatever order facts arrive in, however the batches are cut, and whoever reads: the same is remembered and said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest

from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitMissed
from shared.db import transaction
from shared.runtime.batches import run_batch
from shared.runtime.hearing import Hearing
from shared.runtime.records import Record
from shared.testing.facts import Speaker, hear, reader_of
from shared.testing.harness import Running, eventually
from tests.integration.safeguarding.heard import (
    ANN,
    BEN,
    CAT,
    DAN,
    FIRM,
    PATTERN_OF_THREE,
    agreed,
    alerts,
    missed,
    started,
    sweep,
)

FACTS = [*PATTERN_OF_THREE, missed(DAN, 1, critical=True), missed(ANN, 9)]

STATE = {
    "miss": "select visit_id, person_id, supplier_id, day, week, time_critical, said_at from miss",
    "check": "select person_id, because, by from welfare_check",
    "alert": "select rule, owner, person_id, supplier_id, because, evidence, as_of, state from alert",
    "watch": "select plan_id, line_id, person_id, agreed_on, starts_on, started_on from watch",
}


async def end_state(safeguarding: Running, council: str, *, without: Sequence[str] = ()) -> dict[str, list[str]]:
    """All that is remembered of a council, but for ids (they are made with the council's own) and versions."""
    await sweep(safeguarding)
    found = {}
    for name, sql in STATE.items():
        rows = await safeguarding.rows(f"{sql} where council_id = $1", council)
        found[name] = sorted(str([value for key, value in row.items() if key not in without]) for row in rows)
    return found


async def checks_said(safeguarding: Running) -> dict[str, int]:
    rows = await safeguarding.rows("select council_id, count(*) as said from outbox group by council_id")
    return {row["council_id"]: row["said"] for row in rows}


def councils() -> Iterator[str]:
    """One for each order: they share a database and nothing else."""
    return (f"E{number:08}" for number in range(1, 10**6))


def in_order(council: str, facts: Sequence[VisitMissed]) -> list[Record]:
    """As the log would hold them; each said an hour after the visit, whoever is heard first."""
    market = Speaker(council=council)
    return [market.say(fact, now=fact.planned_at + timedelta(hours=1)) for fact in facts]


def cut(records: list[Record], at: int) -> list[list[Record]]:
    """Bit n of `at` says whether to cut after record n."""
    batches: list[list[Record]] = [[]]
    for number, record in enumerate(records):
        batches[-1].append(record)
        if at >> number & 1:
            batches.append([])
    return [batch for batch in batches if batch]


def interleaved(seed: int) -> list[VisitMissed]:
    """Any order of arrival: each person's facts keep theirs, because one partition holds them all."""
    lines = [[fact for fact in FACTS if fact.person_id == person] for person in (ANN, BEN, CAT, DAN)]
    order = [number for number, line in enumerate(lines) for _ in line]
    Random(seed).shuffle(order)
    return [lines[number].pop(0) for number in order]


async def test_every_order_of_arrival_gives_the_same_end_state(safeguarding: Running) -> None:
    expected: dict[str, list[str]] = {}
    for seed, council in zip(range(40), councils(), strict=False):
        records = in_order(council, interleaved(seed))
        for batch in cut(records, Random(seed).getrandbits(len(records))):
            await hear(safeguarding, batch)
            if seed % 3:  # at times the supplier is looked at in between
                await sweep(safeguarding)
        reached = await end_state(safeguarding, council)
        expected = expected or reached
        assert reached == expected, f"seed {seed}"
    assert len(expected["alert"]) == 5
    assert set((await checks_said(safeguarding)).values()) == {4}


async def test_even_one_persons_misses_may_become_known_in_any_order(safeguarding: Running) -> None:
    """An earlier visit may be uploaded late: only the day a check was asked for tells the difference."""
    expected: dict[str, list[str]] = {}
    for seed, council in zip(range(40), councils(), strict=False):
        records = in_order(council, Random(seed).sample(FACTS, len(FACTS)))
        await hear(safeguarding, records[:4])
        await hear(safeguarding, records[4:])
        reached = await end_state(safeguarding, council, without=["by"])
        expected = expected or reached
        assert reached == expected, f"seed {seed}"


async def test_every_way_of_cutting_batches_gives_the_same_end_state(safeguarding: Running) -> None:
    expected: dict[str, list[str]] = {}
    for at, council in zip(range(2 ** (len(PATTERN_OF_THREE) - 1)), councils(), strict=False):
        for batch in cut(in_order(council, PATTERN_OF_THREE), at):
            await hear(safeguarding, batch)
        reached = await end_state(safeguarding, council)
        expected = expected or reached
        assert reached == expected, f"cut {at:b}"


async def test_repeats_change_nothing(safeguarding: Running) -> None:
    once, again = "E00000001", "E00000002"
    await hear(safeguarding, in_order(once, FACTS))
    records = in_order(again, FACTS)
    for repeated in (records[:3], records[:5], records + records, records):
        await hear(safeguarding, repeated)
    said_anew = in_order(again, [*FACTS, *FACTS])[len(FACTS) :]  # the same visits, in facts of their own
    await hear(safeguarding, said_anew)
    assert await end_state(safeguarding, once) == await end_state(safeguarding, again)
    assert set((await checks_said(safeguarding)).values()) == {4}


HALVES = (missed(BEN, 2), missed(CAT, 2))
"""Without either, no pattern of three: they are about two people, and so come from two partitions."""


async def but_for_the_halves(safeguarding: Running, market: Speaker) -> None:
    await hear(safeguarding, [market.say(fact) for fact in PATTERN_OF_THREE if fact not in HALVES])
    await sweep(safeguarding)
    assert await alerts(safeguarding.as_("commissioner")) == []


async def test_two_readers_that_each_hear_a_half_see_the_pattern(safeguarding: Running) -> None:
    """The second has decided before the first commits, and seen nothing of what it saved."""
    market = Speaker()
    await but_for_the_halves(safeguarding, market)
    async with transaction(safeguarding.worker) as tx:
        await Hearing(tx, safeguarding.app.state.service, "safeguarding").hear([market.say(HALVES[0])])
        second = [market.say(HALVES[1])]
        other = asyncio.create_task(run_batch(second, reader_of(safeguarding).attempt))
        await eventually(lambda: safeguarding.somebody_waits())
    await other
    await sweep(safeguarding)
    (alert,) = await alerts(safeguarding.as_("commissioner"))
    assert (alert["supplier_id"], len(alert["evidence"])) == (str(FIRM), 6)


async def test_a_miss_heard_while_the_supplier_is_looked_at_is_seen_by_the_next_look(safeguarding: Running) -> None:
    market = Speaker()
    await but_for_the_halves(safeguarding, market)
    await hear(safeguarding, market.say(HALVES[0]))
    async with transaction(safeguarding.worker) as looking:  # as a sweep does: holds the timer, looks, takes it away
        await looking.rows("select 1 from due where name = 'LookAtSupplier' for update")
        second = [market.say(HALVES[1])]
        other = asyncio.create_task(run_batch(second, reader_of(safeguarding).attempt))
        await eventually(lambda: safeguarding.somebody_waits())
        await looking.run("delete from due where name = 'LookAtSupplier'")
    await other
    assert await sweep(safeguarding) == 1
    assert len(await alerts(safeguarding.as_("commissioner"))) == 1


STORIES: list[Fact] = [agreed(), started(0), started(1)]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_agreement_and_start_meet_in_whatever_order(safeguarding: Running, order: tuple[int, ...]) -> None:
    speaker = Speaker()
    for number in order:
        await hear(safeguarding, speaker.say(STORIES[number]))
    rows: list[dict[str, Any]] = await safeguarding.rows("select agreed_on, started_on from watch")
    assert [(str(row["agreed_on"]), str(row["started_on"])) for row in rows] == [("2024-06-03", "2024-06-10")] * 2
    assert await sweep(safeguarding) == 1
    assert await alerts(safeguarding.as_("safeguarding_practitioner")) == []
