"""A command acts once, whatever is sent twice, whoever goes away, whatever breaks beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pydantic import BaseModel

from shared.clock import machine_now
from shared.contracts.base import Fact
from shared.db import Tx, transaction
from shared.runtime import perform as performing
from shared.runtime.answers import Answer
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Caller
from shared.runtime.perform import Performer, cause_of, fingerprint_of, match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork
from shared.testing.tokens import COUNCIL, OTHER_COUNCIL
from tests.integration.runtime.toy import Paint, Thing, Toy, paint


class Shown(BaseModel):
    thing_id: UUID
    colour: str
    size: int


def show(thing: Thing) -> Shown:
    return Shown(thing_id=thing.thing_id, colour=thing.colour, size=thing.size)


def asked(
    thing: UUID, *, key: str | None = None, council: str = COUNCIL, client: str = "app", **body: Any
) -> Asked[Paint]:
    caller, sent, key = Caller("sam", client, council, "broker"), Paint(thing_id=thing, **body), key or str(uuid4())
    cause = cause_of(caller, "paint", key)
    return Asked(
        body=sent, council=council, now=machine_now(), cause=cause, correlation=cause, caller=caller, key=key,
        fingerprint=fingerprint_of("paint", None, sent),
    )  # fmt: skip


async def do(performer: Performer, one: Asked[Paint]) -> Answer:
    return await performer.perform(paint, one, show)


@pytest.fixture
def performer(toy: Toy) -> Performer:
    return Performer(toy.http, "toy")


async def things(toy: Toy) -> list[tuple[Any, ...]]:
    return await toy.rows("select colour, size, council_id from thing order by council_id, colour, size")


async def test_fifty_equal_requests_at_once_act_once(toy: Toy, performer: Performer) -> None:
    """Over several processes too: four performers stand for four replicas."""
    replicas = [performer, *(Performer(toy.http, "toy") for _ in range(3))]
    thing = uuid4()
    answers = await asyncio.gather(*(do(replicas[n % 4], asked(thing, key="k", size=5)) for n in range(50)))
    given = {(answer.status, answer.body) for answer in answers if answer.status != 409}
    assert len(given) == 1
    assert {json.loads(answer.body)["type"] for answer in answers if answer.status == 409} <= {"/problems/in-progress"}
    assert await things(toy) == [("red", 5, COUNCIL)]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 1


async def test_the_same_key_with_another_body_is_refused(toy: Toy, performer: Performer) -> None:
    thing = uuid4()
    await do(performer, asked(thing, key="k", size=5))
    refused = await do(performer, asked(thing, key="k", size=6))
    assert (refused.status, json.loads(refused.body)["type"]) == (422, "/problems/key-reused")
    assert await things(toy) == [("red", 5, COUNCIL)]


async def test_keys_are_the_clients_own(toy: Toy, performer: Performer) -> None:
    thing = uuid4()
    for client in ("one", "other"):
        assert (await do(performer, asked(thing, key="k", client=client, size=5))).status == 200
    assert await things(toy) == [("red", 10, COUNCIL)]


async def test_a_refusal_is_given_again_as_the_same_refusal(toy: Toy, performer: Performer) -> None:
    one = asked(uuid4(), key="k", size=500)
    first, again = await do(performer, one), await do(performer, one)
    assert (first.status, first.body) == (again.status, again.body)
    assert json.loads(first.body)["type"] == "/problems/too-big"
    assert await things(toy) == []


async def test_one_refused_or_broken_command_never_fails_its_neighbours(toy: Toy, performer: Performer) -> None:
    sizes = [1, 500, 2, -1, 3]
    answers = await asyncio.gather(*(do(performer, asked(uuid4(), size=size)) for size in sizes))
    assert [answer.status for answer in answers] == [200, 409, 200, 500, 200]
    assert [size for _, size, _ in await things(toy)] == [1, 2, 3]


async def test_what_breaks_may_be_sent_again_with_the_same_key(toy: Toy, performer: Performer) -> None:
    thing = uuid4()
    assert (await do(performer, asked(thing, key="k", size=-1))).status == 500
    assert await toy.rows("select 1 from answer") == []


async def test_commands_of_one_verb_share_a_transaction(toy: Toy, performer: Performer) -> None:
    before = Tx.executions
    await asyncio.gather(*(do(performer, asked(uuid4(), size=1)) for _ in range(65)))
    assert Tx.executions - before < 65 * 3
    assert len(await things(toy)) == 65


async def test_a_client_that_goes_away_does_not_stop_the_command(toy: Toy, performer: Performer) -> None:
    one = asked(uuid4(), key="k", size=5)
    gone = asyncio.create_task(do(performer, one))
    await asyncio.sleep(0)
    gone.cancel()
    await performer.finish()
    assert await things(toy) == [("red", 5, COUNCIL)]
    assert (await do(performer, one)).status == 200
    assert await things(toy) == [("red", 5, COUNCIL)]


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_connection_cut_at_commit_has_one_effect(
    toy: Toy, performer: Performer, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    real, left = Tx.commit, [arrived]

    async def cut(tx: Tx) -> None:
        if left:
            if left.pop():
                await real(tx)
            raise ConnectionResetError
        await real(tx)

    monkeypatch.setattr(Tx, "commit", cut)
    assert (await do(performer, asked(uuid4(), key="k", size=5))).status == 200
    monkeypatch.setattr(Tx, "commit", real)
    assert await things(toy) == [("red", 5, COUNCIL)]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 1


async def test_a_database_that_stays_away_is_answered_503_and_the_same_key_acts_once_later(
    toy: Toy, performer: Performer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(tx: Tx) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(performing, "PATIENCE", 0.2)
    one = asked(uuid4(), key="k", size=5)
    with monkeypatch.context() as patch:
        patch.setattr(Tx, "commit", away)
        answer = await do(performer, one)
    assert (answer.status, json.loads(answer.body)["type"]) == (503, "/problems/not-ready")
    assert (await do(performer, one)).status == 200
    assert await things(toy) == [("red", 5, COUNCIL)]


async def test_the_same_ids_in_two_councils_never_meet(toy: Toy, performer: Performer) -> None:
    thing = uuid4()
    await do(performer, asked(thing, key="k", size=1))
    await do(performer, asked(thing, key="k", size=2, council=OTHER_COUNCIL, colour="blue"))
    assert await things(toy) == [("blue", 2, OTHER_COUNCIL), ("red", 1, COUNCIL)]


async def test_row_level_security_holds_with_the_where_taken_out(toy: Toy, performer: Performer) -> None:
    await do(performer, asked(uuid4(), size=1))
    await do(performer, asked(uuid4(), size=2, council=OTHER_COUNCIL))
    for council, size in ((COUNCIL, 1), (OTHER_COUNCIL, 2), ("", None)):
        async with transaction(toy.http, council) as tx:
            seen = [row[0] for row in await tx.rows("select size from thing")]
            assert seen == ([size] if size else [])
            for table in ("outbox", "place", "answer", "access_log", "due"):
                rows = await tx.rows(f"select distinct council_id from {table}")
                assert {row[0] for row in rows} <= {council}


async def test_the_http_role_can_neither_read_nor_write_another_councils_row(toy: Toy, performer: Performer) -> None:
    await do(performer, asked(uuid4(), size=1))
    async with transaction(toy.http, OTHER_COUNCIL) as tx:
        assert await tx.run("update thing set size = 9") == 0
        assert await tx.run("delete from thing") == 0
    with pytest.raises(Exception, match="row-level security"):
        async with transaction(toy.http, OTHER_COUNCIL) as tx:
            await tx.run(
                "insert into thing (thing_id, council_id, colour, size, version) values ($1, $2, 'x', 1, 0)",
                uuid4(),
                COUNCIL,
            )
    assert await things(toy) == [("red", 1, COUNCIL)]


async def test_the_http_role_owns_no_table(toy: Toy) -> None:
    owners = await toy.rows("select distinct tableowner from pg_tables where schemaname = 'public'")
    assert owners == [("toy_owner",)]


async def test_a_cancellation_a_driver_leaked_leaves_nobody_waiting_for_ever(
    toy: Toy, performer: Performer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancelled(tx: Tx) -> None:
        raise asyncio.CancelledError

    one = asked(uuid4(), key="k", size=5)
    async with asyncio.timeout(10):
        with monkeypatch.context() as patch:
            patch.setattr(Tx, "commit", cancelled)
            assert (await do(performer, one)).status == 503
        assert (await do(performer, one)).status == 200
    assert await things(toy) == [("red", 5, COUNCIL)]


async def test_what_cannot_be_shown_is_not_done_and_its_neighbours_are(toy: Toy, performer: Performer) -> None:
    def show_small(thing: Thing) -> Shown:
        return show(thing) if thing.size < 9 else Shown.model_validate({})

    answers = await asyncio.gather(
        *(performer.perform(paint, asked(uuid4(), size=size), show_small) for size in (1, 2, 9, 3))
    )
    assert [answer.status for answer in answers] == [200, 200, 500, 200]
    assert [size for _, size, _ in await things(toy)] == [1, 2, 3]
    assert (await toy.rows("select count(*) from outbox"))[0][0] == 3


@command(wants=(by_key(Thing, None),))
def repaint(asked: Asked[Paint], work: UnitOfWork) -> Generator[Fact, None, Thing]:
    thing = work.one(Thing, asked.target)
    match_version(asked, thing.version)
    yield from ()
    return work.put(replace(thing, colour=asked.body.colour))


async def test_two_who_read_the_same_version_and_act_at_once_do_not_both_act(toy: Toy, performer: Performer) -> None:
    """If-Match holds inside a shared transaction too: the second would overwrite what it never saw."""
    thing = uuid4()
    await do(performer, asked(thing, size=1))
    version = (await toy.rows("select version from thing"))[0][0]
    seen = [
        replace(asked(thing, colour=colour), target=thing, if_match=version) for colour in ("blue", "green", "white")
    ]
    answers = await asyncio.gather(
        *(performer.perform(repaint, one, show) for one in (*seen, replace(seen[0], key="x")))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]


async def test_a_row_held_by_somebody_who_is_frozen_is_no_fault_of_ours(
    toy: Toy, performer: Performer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(tx: Tx) -> None:
        raise asyncpg.QueryCanceledError

    monkeypatch.setattr(Tx, "commit", slow)
    monkeypatch.setattr(performing, "PATIENCE", 0)
    assert (await do(performer, asked(uuid4(), size=5))).status == 503
