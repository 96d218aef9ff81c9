"""Trouble is sorted by SQLSTATE: waited out, halved, started again or paused for, as ARCHITECTURE §3 has it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from shared.db import make_engine, transaction
from shared.runtime import batches
from shared.runtime.batches import Fault, run_batch
from shared.runtime.fold import Fold
from shared.runtime.saving import LostRace
from shared.runtime.trouble import Trouble, sort_trouble
from shared.testing.facts import Speaker
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import hear, missed, person, reader, requested
from tests.integration.runtime.toy import Toy
from tests.integration.runtime.wire import silenceable

STATES = {
    "08006": Trouble.WAIT, "40001": Trouble.WAIT, "40P01": Trouble.WAIT, "53300": Trouble.WAIT, "55P03": Trouble.WAIT,
    "57P01": Trouble.WAIT, "57P03": Trouble.WAIT, "57P05": Trouble.WAIT, "25P03": Trouble.WAIT, "25006": Trouble.WAIT,
    "22003": Trouble.GUILTY, "23505": Trouble.GUILTY,
    "23514": Trouble.GUILTY, "57014": Trouble.SLOW,
    "25P04": Trouble.SLOW, "42P01": Trouble.FAULT, "28000": Trouble.FAULT, "XX000": Trouble.FAULT,
}  # fmt: skip


async def raised(toy: Toy, state: str) -> BaseException:
    """The error that PostgreSQL itself raises with this SQLSTATE."""
    try:
        async with transaction(toy.worker) as tx:
            await tx.run(f"do $$ begin raise exception 'x' using errcode = '{state}'; end $$")
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(("state", "meant"), STATES.items())
async def test_each_state_is_sorted_as_written(toy: Toy, state: str, meant: Trouble) -> None:
    assert sort_trouble(await raised(toy, state)) is meant


@pytest.mark.parametrize("error", [ConnectionResetError(), asyncpg.InterfaceError("x"), TimeoutError(), OSError()])
def test_a_lost_connection_is_waited_for(error: Exception) -> None:
    assert sort_trouble(error) is Trouble.WAIT


def test_what_is_not_the_databases_is_our_fault() -> None:
    assert sort_trouble(KeyError("x")) is Trouble.FAULT


class Script:
    """An attempt that fails as scripted: (how many items, condemned) are noted."""

    def __init__(self, errors: list[BaseException], only_with: int | None = None) -> None:
        self.errors, self.only_with = errors, only_with
        self.tried: list[tuple[int, bool]] = []
        self.done: list[int] = []

    async def __call__(self, items: Sequence[int], condemned: tuple[str, str] | None) -> None:
        self.tried.append((len(items), condemned is not None))
        guilty = self.only_with is None or self.only_with in items
        if guilty and condemned is None and self.errors:
            raise self.errors.pop(0)
        self.done += items


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LONGEST_WAIT", 0.01)


async def test_waiting_trouble_is_retried_in_place_and_never_counts(toy: Toy) -> None:
    script = Script([await raised(toy, "40001") for _ in range(12)])
    await run_batch([1, 2, 3], script)
    assert script.tried == [(3, False)] * 13


async def test_the_guilty_one_is_halved_down_to_tried_once_more_and_condemned(toy: Toy) -> None:
    script = Script([await raised(toy, "23514") for _ in range(20)], only_with=6)
    await run_batch(list(range(8)), script)
    assert [size for size, _ in script.tried] == [8, 4, 4, 2, 2, 1, 1, 1, 1]
    assert [n for n, (_, condemned) in enumerate(script.tried) if condemned] == [7]
    assert script.done == list(range(8))


async def test_a_race_on_a_unique_key_is_tried_again_before_anybody_is_condemned(toy: Toy) -> None:
    script = Script([await raised(toy, "23505")])
    await run_batch([1], script)
    assert script.tried == [(1, False), (1, False)]


async def test_a_slow_statement_gets_a_few_tries_then_is_halved(toy: Toy) -> None:
    script = Script([await raised(toy, "57014") for _ in range(batches.TRIES + 1)])
    await run_batch([1, 2], script)
    assert script.tried == [(2, False)] * (batches.TRIES + 1) + [(1, False), (1, False)]


@pytest.mark.parametrize("state", ["42P01", "28000", "XX000"])
async def test_our_own_fault_pauses(toy: Toy, state: str) -> None:
    with pytest.raises(Fault):
        await run_batch([1], Script([await raised(toy, state)]))


async def test_a_lost_race_on_a_version_is_decided_again_from_fresh_loads(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between load and save, another transaction changes the row (as a glance, unlocked, would allow)."""
    speaker = Speaker()
    await hear(toy, [speaker.say(requested(1))])
    with _interrupted_once(monkeypatch, toy, "update tally set trail = trail || 'other ', version = version + 1"):
        await hear(toy, [speaker.say(requested(1))])
    assert await toy.rows("select count, trail from tally") == [(2, "a1 other a2 ")]


async def test_a_row_deleted_in_between_is_not_brought_back(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(requested(1))])
    with _interrupted_once(monkeypatch, toy, "delete from tally"):
        await hear(toy, [speaker.say(requested(1))])
    assert await toy.rows("select count, trail from tally") == [(1, "a2 ")]


def _interrupted_once(monkeypatch: pytest.MonkeyPatch, toy: Toy, sql: str):  # type: ignore[no-untyped-def]
    """Run `sql` in another session between the first fold's loads and its save. Locks are taken off the loads first."""
    real, left = Fold.finish, [sql]

    async def finish(fold: Fold, *also: Any, **more: Any) -> None:
        if left:
            connection = await asyncpg.connect(toy.admin_url)
            await connection.execute(left.pop())
            await connection.close()
        await real(fold, *also, **more)

    context = pytest.MonkeyPatch.context()
    patch = context.__enter__()
    patch.setattr(Fold, "finish", finish)
    patch.setattr("shared.runtime.loads._LOCK", dict.fromkeys(range(3), ""))
    return _Undo(context)


class _Undo:
    def __init__(self, context) -> None:  # type: ignore[no-untyped-def]
        self.context = context

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self.context.__exit__(*error)


async def test_a_race_that_is_always_lost_ends_with_the_message_parked(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(fold: Fold, *also: Any, **more: Any) -> None:
        from tests.integration.runtime.toy import Tally

        if fold.work.rows.get(Tally.kind):
            raise LostRace(Tally.kind)
        await real(fold, *also, **more)

    real = Fold.finish
    monkeypatch.setattr(Fold, "finish", lost)
    await hear(toy, [Speaker().say(requested(1))])
    assert (await toy.rows("select code, detail from parked"))[0] == ("raised", "LostRace")


async def test_terminated_sessions_are_replaced_and_nothing_is_lost(toy: Toy) -> None:
    speaker = Speaker()
    admin = await asyncpg.connect(toy.admin_url)
    stop, killed = asyncio.Event(), []

    async def terminate() -> None:
        while not stop.is_set():
            await admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where usename = 'toy_worker' and datname = current_database()"
            )
            killed.append(1)
            await asyncio.sleep(0.1)

    killer = asyncio.create_task(terminate())
    rounds = 0
    while rounds < 30 or len(killed) < 4:
        await run_batch([speaker.say(missed(n)) for n in range(20)], reader(toy).attempt)
        rounds += 1
    stop.set()
    await killer
    await admin.close()
    await toy.worker.dispose()  # some of what the pool holds was terminated, and reading here is nobody's retry
    assert await toy.rows("select count(*), min(count), max(count) from tally") == [(20, rounds, rounds)]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 20 * rounds


async def test_a_column_that_changes_its_type_under_a_running_reader_stops_nothing(toy: Toy) -> None:
    """Sessions remember the old type: what they say then is no fault, and the next try holds."""
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1))])
    admin = await asyncpg.connect(toy.admin_url)
    await admin.execute("alter table tally alter column count type integer")
    await admin.close()
    await hear(toy, [speaker.say(missed(1))])
    assert await toy.rows("select count from tally") == [(2,)]
    assert await toy.rows("select 1 from parked") == []


async def test_a_server_that_answers_nothing_is_given_up_and_waited_for(toy: Toy) -> None:
    """As behind a cut network: bytes go out, nothing comes back, and no session ends."""
    async with silenceable(toy.worker.url.port or 0) as wire:
        url = toy.worker.url.set(drivername="postgresql", host="127.0.0.1", port=wire.port)
        engine = make_engine(url.render_as_string(hide_password=False), pool_size=1, application="t", command_seconds=1)
        cut = replace(toy, worker=engine)
        await hear(cut, [Speaker().say(missed(1))])
        wire.silent = True
        hearing = asyncio.create_task(hear(cut, [Speaker().say(missed(2))]))
        await eventually(wire.was_dropped)
        wire.silent = False
        await hearing
        await engine.dispose()
    assert await toy.rows("select person_id, count from tally order by 1") == [(person(1), 1), (person(2), 1)]


async def test_a_connection_cut_at_commit_has_one_effect_whichever_way_it_went(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both outcomes: the commit arrived and its answer was lost, or it never arrived."""
    from shared.db import Tx

    real, speaker = Tx.commit, Speaker()
    for n, arrived in enumerate((True, False)):
        left = [arrived]

        async def cut(tx: Tx, left: list[bool] = left) -> None:
            if left and await tx.rows("select 1 from pg_class where relname = 'tally'"):
                if left.pop():
                    await real(tx)
                raise ConnectionResetError
            await real(tx)

        monkeypatch.setattr(Tx, "commit", cut)
        await hear(toy, [speaker.say(requested(n)), speaker.say(missed(n))])
    monkeypatch.setattr(Tx, "commit", real)
    assert await toy.rows("select person_id, count from tally order by 1") == [(person(0), 2), (person(1), 2)]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 4
