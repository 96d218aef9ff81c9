"""How does a service reach its database? One engine a role, one short transaction a batch, statements with arrays."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from asyncpg import InFailedSQLTransactionError, InterfaceError, InternalClientError, PostgresError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util.concurrency import greenlet_spawn

TIMEOUT_MS = 10_000
"""A frozen process cannot hold others for longer than this (ARCHITECTURE §3)."""

POOL_SECONDS = 10
STATEMENTS = 500
"""How many prepared statements a connection remembers: all that a service ever says."""
COMMAND_SECONDS = 15.0
"""A server that answers nothing at all, as behind a cut network, is given up after this: longer than its own limits."""


BY_INDEX = {f"enable_{way}": "off" for way in ("seqscan", "hashjoin", "mergejoin")}
"""A service asks for few rows by their keys. What PostgreSQL believes of a table it has not counted must not make it read the
whole of it (docs/adr/0027); where there is no index it still does."""
_LIMITS = {f"{name}_timeout": str(TIMEOUT_MS) for name in ("statement", "transaction", "idle_in_transaction_session")}


def make_engine(
    url: str,
    *,
    pool_size: int,
    application: str,
    command_seconds: float = COMMAND_SECONDS,
    plans_once: bool = False,
) -> AsyncEngine:
    """An engine for one role. `url` is `postgresql://role[:password]@host[:port]/database`. `plans_once` is for who says the
    same few statements for ever, each found by an index whatever the values: planning one takes longer than doing it."""
    planning = {"plan_cache_mode": "force_generic_plan"} if plans_once else {}
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,  # the connection used last has its statements prepared and its caches warm
        pool_timeout=POOL_SECONDS,
        connect_args={
            "server_settings": {**_LIMITS, **BY_INDEX, **planning, "application_name": application, "jit": "off"},
            "timeout": 5,
            "command_timeout": command_seconds,
            "statement_cache_size": STATEMENTS,
        },
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """Something to be said to the database: alone, or on one way there together with others."""

    sql: str
    params: tuple[Any, ...]
    gives_rows: bool = False
    """Whether rows come back; else it is how many rows were touched."""

    @property
    def shape(self) -> Shape:
        return self.sql, len(self.params), self.gives_rows


Shape = tuple[str, int, bool]
"""(text, how many parameters, whether rows come back)"""

PARTS: dict[str, tuple[Shape, ...]] = {}
"""What each joined text was made of: whoever stands in for PostgreSQL does one part after the other."""


@lru_cache(maxsize=1024)
def joined(parts: tuple[Shape, ...]) -> str:
    """One text for several statements that insert, update or delete. They are done in this order, because what is selected
    asks for one after the other; none sees what another did, except where it waits for the other's rows."""
    said, asked, before = [], [], 0
    for n, (sql, params, gives_rows) in enumerate(parts):
        renumbered = _PARAM.sub(partial(_further, before), sql)
        said.append(f"s{n} as ({renumbered if gives_rows else f'{renumbered} returning 1'})")
        asked.append(f"array(select row(s{n}.*) from s{n})" if gives_rows else f"(select count(*) from s{n})")
        before += params
    text = f"with {', '.join(said)} select {', '.join(asked)}"
    PARTS[text] = parts
    return text


_PARAM = re.compile(r"\$(\d+)")


def _further(by: int, param: re.Match[str]) -> str:
    return f"${int(param[1]) + by}"


class Session:
    """One of the pool's connections. Each statement goes to the driver itself (docs/adr/0020), in a transaction of its own
    unless one was begun. Rows come as the driver's records: by place, by name, or unpacked."""

    executions = 0
    """All statements of this process: tests compare a batch of 1 with a batch of 500."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    async def rows(self, sql: str, *params: Any) -> Sequence[Any]:
        Session.executions += 1
        found: Sequence[Any] = await self.driver.fetch(sql, *params)
        return found

    async def run(self, sql: str, *params: Any) -> int:
        """Execute, and say how many rows it touched: the last word of what PostgreSQL answers, as in `INSERT 0 3`."""
        Session.executions += 1
        return int((await self.driver.execute(sql, *params)).rpartition(" ")[2])

    async def together(self, statements: Sequence[Statement]) -> list[Any]:
        """Say several on one way to the database and back, in this order; what each gives, in the same order. On a busy
        machine a way costs as much as a small statement (docs/adr/0023)."""
        if not statements:
            return []
        if len(statements) == 1:
            (one,) = statements
            return [await (self.rows if one.gives_rows else self.run)(one.sql, *one.params)]
        params = [param for one in statements for param in one.params]
        return list((await self.rows(joined(tuple(one.shape for one in statements)), *params))[0])

    def forget(self) -> None:
        """End it with all it holds, a session's lock too: it does not go back to the pool."""
        self.driver.terminate()


class Tx(Session):
    """A transaction that knows the business time it began at, and whether its database was once restored from a backup."""

    def __init__(self, driver: Any, now: datetime, xid: int, restored: bool) -> None:
        super().__init__(driver)
        self.now, self.xid, self.restored = now, xid, restored

    async def commit(self) -> None:
        """PostgreSQL answers `ROLLBACK` where a statement had failed and nobody said so."""
        if await self.driver.execute("commit") != "COMMIT":
            raise InFailedSQLTransactionError("a statement had failed before the commit")


# The transaction id is drawn before the clock is read: so a transaction whose clock reads no later than some instant
# has a smaller id than any drawn after that instant, which is what watermarks wait by. Never change this order.
_BEGIN = """
select pg_current_xact_id()::text::bigint as xid,
       clock_timestamp() + (select make_interval(secs => ahead_us / 1e6) from business_clock) as now,
       set_config('app.council', $1, true), exists (select 1 from already_said) as restored
"""


@asynccontextmanager
async def transaction(engine: AsyncEngine, council: str = "") -> AsyncIterator[Tx]:
    """A transaction of `council` (none for workers). Commits at the end, rolls back on any error."""
    async with session(engine) as held:
        committed = False
        try:
            await held.driver.execute("begin")
            xid, now, _, restored = (await held.rows(_BEGIN, council))[0]
            tx = Tx(held.driver, now, xid, restored)
            yield tx
            await tx.commit()
            committed = True
        finally:
            if not committed:
                await _roll_back(held.driver)


@asynccontextmanager
async def session(engine: AsyncEngine) -> AsyncIterator[Session]:
    """A connection out of the pool. One that is closed, in disorder or still in a transaction does not go back there."""
    held = await _checked_out(engine)
    driver: Any = held.driver_connection
    try:
        yield Session(driver)
    except (InterfaceError, InternalClientError):
        driver.terminate()
        raise
    finally:
        if driver.is_closed() or driver.is_in_transaction():
            await greenlet_spawn(held.invalidate)
        else:
            held.close()  # with no transaction of SQLAlchemy's there is nothing to await


async def _checked_out(engine: AsyncEngine) -> PoolProxiedConnection:
    """Every connection of a server that died is found closed when it is asked for: it is made anew there and then."""
    while True:
        held = await engine.raw_connection()
        driver: Any = held.driver_connection
        if not driver.is_closed():
            return held
        await greenlet_spawn(held.invalidate)


async def _roll_back(driver: Any) -> None:
    """Even where nothing seems begun: a task that was cancelled did not hear the answer to its `begin`. What cannot be
    rolled back is not given to anybody else."""
    if not driver.is_closed():
        with suppress(PostgresError, InterfaceError, InternalClientError, OSError, TimeoutError):
            await driver.execute("rollback")
