"""What becomes of a connection whose task was cancelled, whose server ended it, or whose statement had failed?"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import asyncpg
import pytest
from asyncpg import InFailedSQLTransactionError, InterfaceError, PostgresError, UniqueViolationError

from shared.db import session, transaction
from tests.integration.runtime.toy import Toy

LEFT_OPEN = """select count(*) from pg_stat_activity
where application_name = 'worker' and datname = current_database() and state like 'idle in transaction%'"""


async def ask(toy: Toy) -> None:
    async with transaction(toy.worker) as tx:
        await tx.rows("select count(*) from outbox")


async def in_transaction(toy: Toy) -> bool:
    """Whether a statement by itself finds itself in somebody's transaction: one that began before it."""
    async with session(toy.worker) as held:
        await held.rows("select 1")
        return bool(held.driver.is_in_transaction())


async def test_a_thousand_cancelled_tasks_leave_no_transaction_open_and_no_place_in_the_pool_taken(toy: Toy) -> None:
    rng = random.Random(7)
    await asyncio.gather(*(ask(toy) for _ in range(20)))  # or they would be given up while they connect

    async def given_up() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(ask(toy), rng.random() / 50)

    for _ in range(50):
        await asyncio.gather(*(given_up() for _ in range(20)))
    assert not any(await asyncio.gather(*(in_transaction(toy) for _ in range(40))))
    await asyncio.gather(*(ask(toy) for _ in range(80)))
    assert await toy.rows(LEFT_OPEN) == [(0,)]


async def test_connections_that_the_server_ended_are_made_anew_when_they_are_asked_for(toy: Toy) -> None:
    await asyncio.gather(*(ask(toy) for _ in range(10)))
    await end_all(toy)
    left = 40
    while left:  # a farewell that has not been read yet may meet the first statement: once a connection at most
        left -= 1
        with suppress(PostgresError, InterfaceError):
            await ask(toy)
    await asyncio.gather(*(ask(toy) for _ in range(40)))


async def test_a_connection_that_the_server_ended_in_a_transaction_is_not_used_again(toy: Toy) -> None:
    async def ended() -> None:
        async with transaction(toy.worker) as tx:
            await end_all(toy)
            await tx.rows("select 1")

    with pytest.raises((PostgresError, InterfaceError)):
        await ended()
    await ask(toy)


async def test_a_transaction_in_which_a_statement_failed_cannot_be_committed_by_mistake(toy: Toy) -> None:
    make = "insert into place (council_id, subject, last) values ('E99999999', 'one', 1)"

    async def twice() -> None:
        async with transaction(toy.worker) as tx:
            await tx.run(make)
            with suppress(UniqueViolationError):
                await tx.run(make)

    with pytest.raises(InFailedSQLTransactionError):
        await twice()
    assert await toy.rows("select count(*) from place") == [(0,)]


async def end_all(toy: Toy) -> None:
    admin = await asyncpg.connect(toy.admin_url)
    await admin.fetch(
        """select pg_terminate_backend(pid, 2000) from pg_stat_activity
        where application_name = 'worker' and datname = current_database()"""
    )
    await admin.close()
