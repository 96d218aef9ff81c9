"""A timer speaks once, never for another's trouble, and never after it was moved or taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.db import transaction
from shared.runtime import batches
from shared.runtime import timers as timing
from shared.runtime.fold import Fold
from shared.runtime.messages import Due
from shared.runtime.service import Decision
from shared.runtime.timers import Timers
from shared.runtime.trouble import sqlstate
from shared.runtime.unit_of_work import UnitOfWork
from shared.runtime.watermarks import Watermark
from shared.testing.facts import Speaker
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import checked, hear, missed, person
from tests.integration.runtime.toy import TALLY, Silence, Toy, bump

LATE = datetime(9000, 1, 1, tzinfo=UTC)


def timers_of(toy: Toy, **told: Any) -> Timers:
    """Not started: `sweep` is what it does; all it depends on has been heard."""
    timers = Timers(toy.worker, replace(toy, **told).service, toy.bootstrap)
    timers.tide.latest = {name: Watermark(service=name, at=LATE, ends={}) for name in ("assessment", "marketplace")}
    return timers


def deciding(toy: Toy, decide: Any) -> Timers:
    decision = Decision(decide, (TALLY,), ("assessment",))
    return timers_of(toy, service=replace(toy.service, timers={"Silence": decision}))


async def set_timers(toy: Toy, *people: int) -> None:
    """Due long ago, in the order of the people."""
    speaker = Speaker()
    await hear(toy, [speaker.say(checked(n), now=speaker.now + timedelta(minutes=n)) for n in people])


async def spoken(toy: Toy) -> list[int]:
    rows = await toy.rows("select person_id from tally where trail like '%silence%' or trail like '%fell%' order by 1")
    return [row[0].int - 0xA0000 for row in rows]


def fall(fell: Due[Silence], work: UnitOfWork) -> None:
    bump(work, fell.reminder.person_id, fell.council, "fell")


async def test_timers_that_wait_do_not_keep_those_behind_them_waiting(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "BATCH", 2)
    await set_timers(toy, 1, 2, 3, 4)
    await hear(toy, [Speaker().say(missed(n, "raise")) for n in (1, 2, 3)])
    await timers_of(toy).sweep()
    assert await spoken(toy) == [4]


async def test_timers_of_one_name_do_not_wait_for_what_another_depends_on(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "BATCH", 2)
    await set_timers(toy, 1, 2, 3)
    await toy.rows("update due set name = 'Other', key = '1' where key = $1 returning 1", str(person(3)))
    timers = deciding(toy, fall)
    timers.service.timers["Other"] = replace(timers.service.timers["Silence"], after=("marketplace",))
    timers.service.reminders["Other"] = Silence
    del timers.tide.latest["assessment"]
    await timers.sweep()
    assert await spoken(toy) == [3]


async def test_trouble_of_another_council_with_the_same_subject_holds_nothing(toy: Toy) -> None:
    await set_timers(toy, 1)
    await hear(toy, [Speaker(council="E99999998").say(missed(1, "raise"))])
    await timers_of(toy).sweep()
    assert await spoken(toy) == [1]


@pytest.mark.parametrize("moved", [True, False])
async def test_a_timer_taken_back_by_one_before_it_in_the_same_sweep_does_not_speak(toy: Toy, moved: bool) -> None:
    def decide(fell: Due[Silence], work: UnitOfWork) -> None:
        fall(fell, work)
        for n in (1, 2) if fell.reminder.person_id == person(1) else ():
            if moved:
                work.remind(Silence(person_id=person(n)), LATE, key=person(n), subject=person(n))
            else:
                work.forget(Silence, key=person(n))

    await set_timers(toy, 1, 2, 3)
    timers = deciding(toy, decide)
    await timers.sweep()
    await timers.sweep()
    assert await spoken(toy) == [1, 3]
    assert await toy.rows("select key, at from due order by 1") == [(str(person(n)), LATE) for n in (1, 2) if moved]


async def test_a_timer_that_raises_after_it_took_another_back_took_nothing_back(toy: Toy) -> None:
    def decide(fell: Due[Silence], work: UnitOfWork) -> None:
        fall(fell, work)
        if fell.reminder.person_id == person(1):
            work.forget(Silence, key=person(2))
            raise ValueError

    await set_timers(toy, 1, 2)
    await deciding(toy, decide).sweep()
    assert await spoken(toy) == [2]
    assert await toy.rows("select key, parked_code from due") == [(str(person(1)), "rule_raised")]


@pytest.mark.parametrize("sql", ["update due set at = '9000-01-01'", "delete from due"])
async def test_a_timer_moved_or_taken_back_while_it_is_being_swept_does_not_speak(toy: Toy, sql: str) -> None:
    await set_timers(toy, 1)
    timers = timers_of(toy)
    real = timers._attempt

    async def late(*args: Any) -> None:
        await toy.rows(f"{sql} returning 1")
        await real(*args)

    timers._attempt = late  # type: ignore[method-assign]
    await timers.sweep()
    assert await spoken(toy) == []


async def test_a_row_that_cannot_be_read_any_more_is_parked_and_its_neighbours_speak(toy: Toy) -> None:
    await set_timers(toy, 1, 2)
    await toy.rows("update due set body = '{}' where key = $1 returning 1", str(person(1)))
    await timers_of(toy).sweep()
    assert await spoken(toy) == [2]
    assert await toy.rows("select key, parked_code from due") == [(str(person(1)), "undecodable")]


async def test_two_sweeps_at_once_let_a_timer_speak_once(toy: Toy) -> None:
    people = range(1, 30)
    await set_timers(toy, *people)
    await asyncio.gather(*(deciding(toy, fall).sweep() for _ in range(4)))
    assert await toy.rows("select distinct trail from tally") == [("w1 fell ",)]


async def test_a_timer_being_moved_and_a_sweep_do_not_wait_for_each_other(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hears something holds its rows and then moves the timer: so must a sweep take the rows first."""
    await set_timers(toy, 1)
    errors, real_weigh, real_finish, decided = [], batches._weigh, Fold.finish, asyncio.Event()

    async def weigh(trouble: Any, error: Exception, *rest: Any) -> Any:
        errors.append(sqlstate(error))
        return await real_weigh(trouble, error, *rest)

    async def finish(fold: Fold, *also: Any, **more: Any) -> None:
        if not decided.is_set():
            decided.set()
            await eventually(lambda: _somebody_waits(toy))
        await real_finish(fold, *also, **more)

    monkeypatch.setattr(batches, "_weigh", weigh)
    monkeypatch.setattr(Fold, "finish", finish)
    speaker = Speaker(now=datetime.now(UTC))
    speaker.say(checked(1))
    hearing = asyncio.create_task(hear(toy, [speaker.say(checked(1))]))
    await decided.wait()
    await asyncio.gather(hearing, deciding(toy, fall).sweep())
    assert errors == []
    assert await toy.rows("select trail from tally") == [("w1 w2 ",)]


async def _somebody_waits(toy: Toy) -> bool:
    async with transaction(toy.worker) as tx:
        waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        return bool(await tx.rows(waiting))


async def test_a_timer_may_set_itself_anew_in_its_own_decision(toy: Toy) -> None:
    def decide(fell: Due[Silence], work: UnitOfWork) -> Iterator[Any]:
        fall(fell, work)
        at = fell.now + timedelta(days=1) if fell.now.day < 7 else LATE
        work.remind(fell.reminder, at, key=fell.key, subject=fell.subject)
        return iter(())

    await set_timers(toy, 1)
    timers = deciding(toy, decide)
    for _ in range(6):
        await timers.sweep()
    assert await toy.rows("select trail from tally") == [("w1 " + "fell " * 4,)]
    assert await toy.rows("select at from due") == [(LATE,)]


async def test_a_reader_that_is_always_a_little_behind_still_lets_its_timers_speak(toy: Toy) -> None:
    """Whenever the timers look, the latest watermark lies ahead of what was read; those before it were passed."""
    await set_timers(toy, 1)
    timers = timers_of(toy)
    for read in (0, 10, 20):
        timers.tide.latest["assessment"] = Watermark(service="assessment", at=LATE, ends={11: read + 5})
        await toy.rows(_READ, read)
        await timers.sweep()
    assert await spoken(toy) == [1]


async def test_a_timer_does_not_go_by_a_watermark_that_was_not_passed(toy: Toy) -> None:
    await set_timers(toy, 1)
    timers = timers_of(toy)
    timers.tide.latest["assessment"] = Watermark(service="assessment", at=LATE, ends={11: 5})
    for read in (0, 4, 4):
        await toy.rows(_READ, read)
        await timers.sweep()
    assert await spoken(toy) == []


_READ = """
insert into reader_offset (reader, topic, partition, next) values ('toy', 'assessment.events', 11, $1)
on conflict (reader, topic, partition) do update set next = excluded.next returning 1
"""
