"""What would PostgreSQL do? Transactions (READ COMMITTED), row locks, lost connections; in memory, in one process.

A statement is a function of a transaction and its parameters (`statements.py`, `rows.py`). It first takes all its locks,
then writes: where a lock is held by another, it is run again from its beginning once that one has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from asyncpg import exceptions as pg

from shared.db import PARTS
from shared.testing.simulation.loop import Loop

Key = tuple[Any, ...]
Table = dict[Key, Any]
Lock = tuple[str, Key]
SHARE, UPDATE = "share", "update"


class Blocked(Exception):
    """A row this statement needs is held by others."""

    def __init__(self, holders: Iterable[Transaction]) -> None:
        super().__init__()
        self.holders = list(holders)


class Database:
    """The database of one service. `clock` gives business time; it outlives every process."""

    def __init__(self, service: str, loop: Loop, clock: Callable[[], datetime]) -> None:
        self.service, self.loop, self.clock = service, loop, clock
        self.tables: dict[str, Table] = {}
        self.locks: dict[Lock, dict[Transaction, str]] = {}
        self.running: dict[int, Transaction] = {}
        self.advisory: dict[Any, Transaction] = {}
        self.sequences: dict[str, int] = {}
        self.lose: Callable[[str], str] = lambda what: ""
        self.committed = self.rolled_back = 0

    def rows(self, table: str) -> Table:
        """What is committed."""
        return self.tables.setdefault(table, {})

    def past(self) -> tuple[dict[str, Table], dict[str, int]]:
        """What is committed now, for another database to begin with. Rows are never changed in place, so they are shared."""
        return {name: dict(rows) for name, rows in self.tables.items()}, dict(self.sequences)

    def begin_with(self, tables: dict[str, Table], sequences: dict[str, int]) -> None:
        self.tables, self.sequences = {name: dict(rows) for name, rows in tables.items()}, dict(sequences)

    def next(self, sequence: str) -> int:
        """Drawn numbers are never given back, as PostgreSQL's are not."""
        self.sequences[sequence] = number = self.sequences.get(sequence, 0) + 1
        return number


class Engine:
    """Stands where the product has an AsyncEngine: one process's way to a database. Dead with its process."""

    def __init__(self, database: Database, statements: Any) -> None:
        self.database, self.statements = database, statements

    async def raw_connection(self) -> Connection:
        return Connection(self)


class Transaction:
    """What one transaction has written, and holds."""

    def __init__(self, database: Database) -> None:
        self.database, self.xid = database, database.next("xid")
        self.written: dict[str, Table] = {}
        self.held: list[Lock] = []
        self.waiters: list[asyncio.Future[Any]] = []
        self.waits_for: list[Transaction] = []
        self.council = ""
        database.running[self.xid] = self

    # ── what statements use ───────────────────────────────────────────────────────────────────────────────────────
    def get(self, table: str, key: Key) -> Any:
        mine = self.written.get(table)
        if mine is not None and key in mine:
            return mine[key]
        return self.database.rows(table).get(key)

    def scan(self, table: str) -> Iterator[tuple[Key, Any]]:
        mine = self.written.get(table)
        if not mine:
            yield from self.database.rows(table).items()
            return
        for key, row in self.database.rows(table).items():
            if key not in mine:
                yield key, row
        for key, row in mine.items():
            if row is not None:
                yield key, row

    def put(self, table: str, key: Key, row: Any) -> None:
        """Insert or replace; None deletes. The lock is taken before."""
        self.written.setdefault(table, {})[key] = row

    def hold(self, table: str, keys: Iterable[Key], mode: str = UPDATE) -> None:
        """Take row locks, in the order given. Raises Blocked."""
        locks = self.database.locks
        for key in keys:
            holders = locks.setdefault((table, key), {})
            others = [tx for tx, held in holders.items() if tx is not self and UPDATE in (mode, held)]
            if others:
                raise Blocked(others)
            if holders.get(self) != UPDATE:
                if self not in holders:
                    self.held.append((table, key))
                holders[self] = mode

    def try_advisory(self, key: Any) -> bool:
        return self.database.advisory.setdefault(key, self) is self

    # ── how it ends ───────────────────────────────────────────────────────────────────────────────────────────────
    def commit(self) -> None:
        for table, rows in self.written.items():
            stored = self.database.rows(table)
            for key, row in rows.items():
                if row is None:
                    stored.pop(key, None)
                else:
                    stored[key] = row
        self.database.committed += 1
        self._end()

    def roll_back(self) -> None:
        self.database.rolled_back += 1
        self._end()

    def _end(self) -> None:
        database = self.database
        for lock in self.held:
            holders = database.locks[lock]
            del holders[self]
            if not holders:
                del database.locks[lock]
        database.advisory = {key: tx for key, tx in database.advisory.items() if tx is not self}
        database.running.pop(self.xid, None)
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait_for(self, holders: Sequence[Transaction]) -> None:
        """Until one of them has ended. Raises as PostgreSQL does where they wait for this one, too."""
        self.waits_for = list(holders)
        if any(_reaches(holder, self) for holder in holders):
            self.waits_for = []
            raise pg.DeadlockDetectedError("deadlock detected")
        waiter = self.database.loop.create_future()
        for holder in holders:
            holder.waiters.append(waiter)
        try:
            await waiter
        finally:
            self.waits_for = []
            for holder in holders:
                holder.waiters.remove(waiter)


def _reaches(one: Transaction, goal: Transaction) -> bool:
    seen: set[int] = set()
    left = [one]
    while left:
        at = left.pop()
        if at is goal:
            return True
        if at.xid not in seen:
            seen.add(at.xid)
            left.extend(at.waits_for)
    return False


class Connection:
    """Stands where the product has a connection out of its pool, and that one's driver. A lost one is closed."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.database = engine, engine.database
        self.tx: Transaction | None = None
        self.driver_connection = self

    def is_in_transaction(self) -> bool:
        return self.tx is not None

    def is_closed(self) -> bool:
        return False

    def close(self) -> None:
        """Back into the pool, or, with a transaction open, thrown away."""
        self._roll_back()

    invalidate = terminate = close

    async def fetch(self, sql: str, *params: Any) -> Any:
        """Rows. Outside a transaction a statement is one of its own."""
        if self.tx is not None:
            return await self._does(self.tx, sql, params)
        tx = Transaction(self.database)
        try:
            found = await self._does(tx, sql, params)
        except BaseException:
            tx.roll_back()
            raise
        tx.commit()
        return found

    async def execute(self, sql: str, *params: Any) -> str:
        """As PostgreSQL answers: the verb, and how many rows were touched."""
        match sql:
            case "begin":
                self.tx = Transaction(self.database)
            case "rollback":
                self._roll_back()
            case "commit":
                await self._commit()
            case _:
                made = await self.fetch(sql, *params)
                return f"DONE {made if isinstance(made, int) else len(made)}"
        return sql.upper()

    async def _does(self, tx: Transaction, sql: str, params: Sequence[Any]) -> Any:
        """One statement, or the parts of a joined one after each other."""
        if sql not in PARTS:
            return await self._does_one(tx, sql, params)
        given, left = [], list(params)
        for text, many, _ in PARTS[sql]:
            given.append(await self._does_one(tx, text, left[:many]))
            del left[:many]
        return [given]

    async def _does_one(self, tx: Transaction, sql: str, params: Sequence[Any]) -> Any:
        name, does = self.engine.statements.find(sql)
        if self.database.loop.stops(name):
            await self.database.loop.wait(name)
        if self.database.lose(name):
            raise pg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        while True:
            try:
                return does(tx, *params)
            except Blocked as blocked:
                await tx.wait_for(blocked.holders)

    def _roll_back(self) -> None:
        if self.tx is not None:
            self.tx.roll_back()
            self.tx = None

    async def _commit(self) -> None:
        """The reply may be lost on its way: then nobody here knows whether it was done."""
        await self.database.loop.gate("commit")
        lost = self.database.lose("commit")
        if self.tx is not None and lost != "before":
            self.tx.commit()
            self.tx = None
        if lost:
            raise pg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
