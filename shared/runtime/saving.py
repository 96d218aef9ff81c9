"""How do changed rows get back? One statement a kind and verb, with arrays; what was loaded must still be as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from shared.db import Statement, Tx
from shared.runtime.rows import Column, Kind, Row, in_order
from shared.runtime.unit_of_work import UnitOfWork


class LostRace(Exception):
    """A row this batch changed was changed, made or deleted by another in between: start again from fresh loads."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.name)


@dataclass(frozen=True, slots=True)
class _Save:
    """Rows of one kind that are made, changed or taken away; all of them must be touched."""

    kind: Kind
    rows: Sequence[Row]
    statement: Statement


async def save(tx: Tx, work: UnitOfWork, also: Sequence[Statement] = ()) -> list[Any]:
    """Write all dirty rows, kinds in their fixed order, keys sorted, and say what is `also` to be said on the same way;
    gives what that gave. Raises LostRace."""
    saves = [one for kind in sorted(work.dirty, key=lambda kind: kind.order) for one in _saves_of(kind, work)]
    given = await tx.together([*(one.statement for one in saves), *also])
    for one, touched in zip(saves, given, strict=False):
        if touched != len(one.rows):
            raise LostRace(one.kind)
    work.saved()
    return given[len(saves) :]


def _saves_of(kind: Kind, work: UnitOfWork) -> Iterator[_Save]:
    """What goes goes first, because what comes may take over its unique values. A changed row is held at its next version; one
    that was removed and put anew in one batch is, to the database, the row that was loaded."""
    stored, held = work.stored.get(kind, {}), work.rows[kind]
    new, changed, gone = [], [], []
    for key in in_order(work.dirty[kind]):
        was, row = stored.get(key), held[key]
        if row is None:
            gone += [was] if was is not None else []
        elif was is None:
            new.append(row)
        else:
            changed.append(row if row.version == was.version else kind.at_version(row, was.version))
            held[key] = kind.at_version(row, was.version + 1)
    for rows, made in ((gone, _delete), (changed, _update), (new, _insert)):
        if rows:
            yield _Save(kind, rows, made(kind, rows))


def _insert(kind: Kind, rows: Sequence[Row]) -> Statement:
    return Statement(_inserting(kind), tuple(kind.arrays(rows, kind.columns)))


def _update(kind: Kind, rows: Sequence[Row]) -> Statement:
    return Statement(_updating(kind), tuple(kind.arrays(rows, _updated(kind))))


def _delete(kind: Kind, rows: Sequence[Row]) -> Statement:
    return Statement(_deleting(kind), tuple(kind.arrays(rows, _deleted(kind))))


@cache
def _inserting(kind: Kind) -> str:
    columns, target = _names(kind.columns), ", ".join(f'"{name}"' for name in kind.key)
    rows = f"select * from {_unnest(kind.columns)}"
    return f'insert into "{kind.name}" ({columns}) {rows} on conflict ({target}) do nothing'


@cache
def _updating(kind: Kind) -> str:
    sent = _updated(kind)
    rest = sent[len(kind.key) + 1 :]
    sets = ", ".join(chain((f'"{c.name}" = d."{c.name}"' for c in rest), ("version = t.version + 1",)))
    return f'update "{kind.name}" t set {sets} from {_unnest(sent)} as d({_names(sent)}) where {_same(kind)}'


@cache
def _deleting(kind: Kind) -> str:
    sent = _deleted(kind)
    return f'delete from "{kind.name}" t using {_unnest(sent)} as d({_names(sent)}) where {_same(kind)}'


@cache
def _updated(kind: Kind) -> tuple[Column, ...]:
    """The key and the version first, then the rest."""
    rest = (column for column in kind.columns if column.name not in kind.key and column.name != "version")
    return (*_deleted(kind), *rest)


@cache
def _deleted(kind: Kind) -> tuple[Column, ...]:
    return (*kind.of_key, kind.column("version"))


def _unnest(columns: Sequence[Column]) -> str:
    return f"unnest({', '.join(f'${n}::{column.sql_type}[]' for n, column in enumerate(columns, 1))})"


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _same(kind: Kind) -> str:
    """The same row, at the version that was loaded."""
    return " and ".join(f't."{name}" = d."{name}"' for name in (*kind.key, "version"))
