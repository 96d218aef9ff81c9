"""How are remembered rows kept in memory? As the parameters the runtime sends: loads and saves, by their statements' text.

The four shapes of statement that `runtime/loads.py` and `runtime/saving.py` make are read once each and compiled; any
other text about a service's own tables is an error here, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from asyncpg import exceptions as pg

from shared.runtime.rows import Kind
from shared.testing.simulation.database import SHARE, UPDATE, Key, Transaction

Does = Callable[..., Any]

_TABLE = re.compile(r'^(?:select .*? from|insert into|update|delete from) "(\w+)"', re.S)
_JOINED = re.compile(r't\."(\w+)" = k\."k\d+"')
_LOCKED = re.compile(r"for (no key update|share)\) t$")
_NAMED = re.compile(r"as d\((.*?)\)")
_LISTED = re.compile(r'^insert into "\w+" \((.*?)\)')


def _split(names: str) -> list[str]:
    return [name.strip().strip('"') for name in names.split(",")]


class Kinds:
    """The tables of one service, with their unique keys. (Their CHECKs hold in the run's own invariants.)"""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self.unique = {kind.name: _unique_of(kind) for kind in kinds}

    def compile(self, sql: str) -> tuple[str, Does] | None:
        found = _TABLE.match(sql)
        kind = self.kinds.get(found[1]) if found else None
        if kind is None:
            return None
        verb = sql.split(" ", 1)[0]
        made = {"select": self._select, "insert": self._insert, "update": self._update, "delete": self._delete}
        return f"{verb} {kind.name}", made[verb](kind, sql)

    def _select(self, kind: Kind, sql: str) -> Does:
        joined = _JOINED.findall(sql)
        at, own = [_place(kind, name) for name in joined], _key_of(kind)
        by_key = joined == list(kind.key)
        mode = {"no key update": UPDATE, "share": SHARE}.get(_lock_of(sql), "")

        def found(tx: Transaction, arrays: Sequence[Any]) -> list[tuple[Key, Any]]:
            wanted = list(zip(*arrays, strict=True))
            if by_key:
                return [(key, row) for key in wanted if (row := tx.get(kind.name, key)) is not None]
            asked = set(wanted)
            return [(key, row) for key, row in tx.scan(kind.name) if tuple(row[n] for n in at) in asked]

        def select(tx: Transaction, *arrays: Any) -> list[Any]:
            rows = sorted(found(tx, arrays), key=lambda pair: _sortable(pair[0]))
            if mode:
                tx.hold(kind.name, [own(row) for _, row in rows], mode)
            return [row for _, row in rows]

        return select

    def _insert(self, kind: Kind, sql: str) -> Does:
        named = _split(_LISTED.findall(sql)[0])
        assert named == [column.name for column in kind.columns]
        own = _key_of(kind)

        def insert(tx: Transaction, *arrays: Any) -> int:
            rows = {own(row): row for row in zip(*arrays, strict=True)}
            new = {key: row for key, row in rows.items() if tx.get(kind.name, key) is None}
            tx.hold(kind.name, new)
            new = {key: row for key, row in new.items() if tx.get(kind.name, key) is None}
            self._hold_unique(tx, kind, list(new.values()))
            for key, row in new.items():
                self._write(tx, kind, key, row)
            return len(new)

        return insert

    def _update(self, kind: Kind, sql: str) -> Does:
        named = _split(_NAMED.findall(sql)[0])
        order, keys, version = [named.index(column.name) for column in kind.columns], len(kind.key), len(kind.key)
        at = _place(kind, "version")

        def update(tx: Transaction, *arrays: Any) -> int:
            sent = list(zip(*arrays, strict=True))
            present = [row for row in sent if tx.get(kind.name, row[:keys]) is not None]
            tx.hold(kind.name, [row[:keys] for row in present])
            same = [row for row in present if tx.get(kind.name, row[:keys])[at] == row[version]]
            following = [_moved_on([row[n] for n in order], at) for row in same]
            self._hold_unique(tx, kind, following)
            for row in following:
                self._write(tx, kind, row[:keys], row)
            return len(same)

        return update

    def _delete(self, kind: Kind, sql: str) -> Does:
        keys, at = len(kind.key), _place(kind, "version")

        def delete(tx: Transaction, *arrays: Any) -> int:
            sent = list(zip(*arrays, strict=True))
            present = [row for row in sent if tx.get(kind.name, row[:keys]) is not None]
            tx.hold(kind.name, [row[:keys] for row in present])
            same = [row for row in present if tx.get(kind.name, row[:keys])[at] == row[keys]]
            gone = [tx.get(kind.name, row[:keys]) for row in same]
            self._hold_unique(tx, kind, gone)
            for row in gone:
                for name, columns in self.unique[kind.name]:
                    tx.put(name, tuple(row[n] for n in columns), None)
                tx.put(kind.name, row[:keys], None)
            return len(same)

        return delete

    def _hold_unique(self, tx: Transaction, kind: Kind, rows: Sequence[tuple[Any, ...]]) -> None:
        """Unique keys are rows of a table of their own: two transactions wait for each other there, too."""
        for name, columns in self.unique[kind.name]:
            tx.hold(name, [tuple(row[n] for n in columns) for row in rows])

    def _write(self, tx: Transaction, kind: Kind, key: Key, row: tuple[Any, ...]) -> None:
        for name, columns in self.unique[kind.name]:
            values = tuple(row[n] for n in columns)
            if None in values:
                continue
            if tx.get(name, values) not in (None, key):
                raise _broken(pg.UniqueViolationError, name)
            tx.put(name, values, key)
        tx.put(kind.name, key, row)


def _moved_on(row: list[Any], version: int) -> tuple[Any, ...]:
    row[version] += 1
    return tuple(row)


def _broken(error: type[pg.PostgresError], constraint: str) -> pg.PostgresError:
    made: pg.PostgresError = error(f"violates {constraint}")
    made.constraint_name = constraint
    return made


def _unique_of(kind: Kind) -> list[tuple[str, list[int]]]:
    said = [one for one in kind.table.constraints if isinstance(one, sa.UniqueConstraint)]
    return [(str(one.name), [_place(kind, column.name) for column in one.columns]) for one in said]


def _place(kind: Kind, name: str) -> int:
    return [column.name for column in kind.columns].index(name)


def _key_of(kind: Kind) -> Callable[[Any], Key]:
    at = [_place(kind, name) for name in kind.key]
    return lambda row: tuple(row[n] for n in at)


def _lock_of(sql: str) -> str:
    found = _LOCKED.search(sql)
    return found[1] if found else ""


def _sortable(key: Key) -> tuple[str, ...]:
    return tuple(map(str, key))
