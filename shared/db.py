"""How does a service reach its database? One engine a role, one short transaction a batch, statements with arrays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

TIMEOUT_MS = 10_000
"""A frozen process cannot hold others for longer than this (ARCHITECTURE §3)."""

POOL_SECONDS = 10
COMMAND_SECONDS = 15.0
"""A server that answers nothing at all, as behind a cut network, is given up after this: longer than its own limits."""


def make_engine(url: str, *, pool_size: int, application: str, command_seconds: float = COMMAND_SECONDS) -> AsyncEngine:
    """An engine for one role. `url` is `postgresql://role[:password]@host[:port]/database`."""
    limits = {
        f"{name}_timeout": str(TIMEOUT_MS) for name in ("statement", "transaction", "idle_in_transaction_session")
    }
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        connect_args={
            "server_settings": {**limits, "application_name": application, "jit": "off"},
            "timeout": 5,
            "command_timeout": command_seconds,
        },
    )


class Tx:
    """A transaction that knows the business time it began at. Counts the statements it executes."""

    executions = 0
    """All statements of this process: tests compare a batch of 1 with a batch of 500."""

    def __init__(self, connection: AsyncConnection, now: datetime, xid: int) -> None:
        self.connection, self.now, self.xid = connection, now, xid

    async def rows(self, sql: str, *params: Any) -> Sequence[Any]:
        Tx.executions += 1
        return (await self.connection.exec_driver_sql(sql, params)).fetchall()

    async def run(self, sql: str, *params: Any) -> int:
        """Execute, and say how many rows it touched."""
        Tx.executions += 1
        return (await self.connection.exec_driver_sql(sql, params)).rowcount

    async def commit(self) -> None:
        await self.connection.commit()


# The transaction id is drawn before the clock is read: so a transaction whose clock reads no later than some instant
# has a smaller id than any drawn after that instant, which is what watermarks wait by. Never change this order.
_BEGIN = """
select pg_current_xact_id()::text::bigint as xid,
       clock_timestamp() + (select make_interval(secs => ahead_us / 1e6) from business_clock) as now,
       set_config('app.council', $1, true)
"""


@asynccontextmanager
async def transaction(engine: AsyncEngine, council: str = "") -> AsyncIterator[Tx]:
    """A transaction of `council` (none for workers). Commits at the end, rolls back on any error."""
    async with engine.connect() as connection:
        Tx.executions += 1
        begun = (await connection.exec_driver_sql(_BEGIN, (council,))).one()
        tx = Tx(connection, begun.now, begun.xid)
        yield tx
        await tx.commit()
