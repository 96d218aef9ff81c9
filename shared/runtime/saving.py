"""How do changed rows get back? One statement a kind and verb, with arrays; what was loaded must still be as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from shared.db import Tx
from shared.runtime.rows import Column, Key, Kind, Row, in_order
from shared.runtime.unit_of_work import UnitOfWork


class LostRace(Exception):
    """A row this batch changed was changed, made or deleted by another in between: start again from fresh loads."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.name)


async def save(tx: Tx, work: UnitOfWork) -> None:
    """Write all dirty rows, kinds in their fixed order, keys sorted. Raises LostRace."""
    for kind in sorted(work.dirty, key=lambda kind: kind.order):
        keys = in_order(work.dirty[kind])
        await _save_kind(tx, kind, keys, work)
    work.saved()


async def _save_kind(tx: Tx, kind: Kind, keys: Sequence[Key], work: UnitOfWork) -> None:
    """What goes goes first, because what comes may take over its unique values."""
    stored, held = work.stored.get(kind, {}), work.rows[kind]
    new = [row for key in keys if stored.get(key) is None and (row := held[key]) is not None]
    changed = [
        _at_version(row, was.version)
        for key in keys
        if (was := stored.get(key)) is not None and (row := held[key]) is not None
    ]
    gone = [row for key in keys if held[key] is None and (row := stored.get(key)) is not None]
    _expect(kind, len(gone), await _delete(tx, kind, gone) if gone else 0)
    _expect(kind, len(changed), await _update(tx, kind, changed) if changed else 0)
    _expect(kind, len(new), await _insert(tx, kind, new) if new else 0)
    for row in changed:
        held[kind.key_of(row)] = replace(row, version=row.version + 1)


def _at_version(row: Row, version: int) -> Row:
    """A row that was removed and put anew in one batch is, to the database, the row that was loaded."""
    return row if row.version == version else replace(row, version=version)


def _expect(kind: Kind, wanted: int, touched: int) -> None:
    if wanted != touched:
        raise LostRace(kind)


async def _insert(tx: Tx, kind: Kind, rows: Sequence[Row]) -> int:
    columns = ", ".join(f'"{column.name}"' for column in kind.columns)
    target = ", ".join(f'"{name}"' for name in kind.key)
    sql = (
        f'insert into "{kind.name}" ({columns}) select * from {_unnest(kind.columns)} on conflict ({target}) do nothing'
    )
    return await tx.run(sql, *kind.arrays(rows, kind.columns))


async def _update(tx: Tx, kind: Kind, rows: Sequence[Row]) -> int:
    rest = [column for column in kind.columns if column.name not in kind.key and column.name != "version"]
    version = kind.column("version")
    sets = ", ".join(chain((f'"{c.name}" = d."{c.name}"' for c in rest), ("version = t.version + 1",)))
    sent = (*kind.of_key, version, *rest)
    sql = f'update "{kind.name}" t set {sets} from {_unnest(sent)} as d({_names(sent)}) where {_same(kind)}'
    return await tx.run(sql, *kind.arrays(rows, sent))


async def _delete(tx: Tx, kind: Kind, rows: Sequence[Row]) -> int:
    sent = (*kind.of_key, kind.column("version"))
    sql = f'delete from "{kind.name}" t using {_unnest(sent)} as d({_names(sent)}) where {_same(kind)}'
    return await tx.run(sql, *kind.arrays(rows, sent))


def _unnest(columns: Sequence[Column]) -> str:
    return f"unnest({', '.join(f'${n}::{column.sql_type}[]' for n, column in enumerate(columns, 1))})"


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _same(kind: Kind) -> str:
    """The same row, at the version that was loaded."""
    return " and ".join(f't."{name}" = d."{name}"' for name in (*kind.key, "version"))
