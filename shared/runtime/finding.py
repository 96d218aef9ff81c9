"""How does PostgreSQL find the rows asked for? By an index, those of each value by themselves, however large the table.

Left to choose, it reads a whole table wherever it takes that for small, and it takes for small what it has not counted yet,
or had not when it kept the plan (docs/adr/0027). A lateral join with what it cannot see through, a lock or `offset 0`,
leaves it nothing but to look one value up after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from shared.runtime.rows import Kind


@cache
def looking(kind: Kind, columns: tuple[str, ...]) -> str:
    """Rows whose columns equal one of several values (an array a column), in the order of their key."""
    its = f"({_its(kind, columns)} offset 0) t"
    return f"select {kind.select_list} from {_asked(kind, columns)} cross join lateral {its} order by {_key(kind)}"


@cache
def locking(kind: Kind, columns: tuple[str, ...], lock: str) -> str:
    """The same, locked. In the order of their key, so that two batches cannot wait for each other: what matches is found
    and sorted first, then locked if it matches still."""
    if columns == kind.key:
        asked = f"(select * from {_asked(kind, columns)} order by {_key(kind, 'k', _numbered(columns))}) k"
        return f"select {kind.select_list} from {asked} cross join lateral ({_its(kind, columns)} {lock}) t"
    matched = f"{_asked(kind, columns)} cross join lateral ({_its(kind, columns)} offset 0) t"
    found = f"(select {_key(kind)}, k.* from {matched} order by {_key(kind)}) f"
    still = f"{_equal(kind.key, 'f', kind.key)} and {_equal(columns, 'f', _numbered(columns))}"
    again = f'(select * from "{kind.name}" t where {still} {lock}) t'
    return f"select {kind.select_list} from {found} cross join lateral {again}"


def _asked(kind: Kind, columns: tuple[str, ...]) -> str:
    arrays = ", ".join(f"${n}::{kind.column(name).sql_type}[]" for n, name in enumerate(columns, 1))
    return f"unnest({arrays}) as k({', '.join(_numbered(columns))})"


def _its(kind: Kind, columns: tuple[str, ...]) -> str:
    return f'select * from "{kind.name}" t where {_equal(columns, "k", _numbered(columns))}'


def _numbered(columns: Sequence[str]) -> list[str]:
    return [f"k{n}" for n in range(len(columns))]


def _equal(columns: Sequence[str], table: str, others: Sequence[str]) -> str:
    pairs = zip(columns, others, strict=True)
    return " and ".join(f't."{column}" = {table}."{other}"' for column, other in pairs)


def _key(kind: Kind, table: str = "t", names: Sequence[str] = ()) -> str:
    return ", ".join(f'{table}."{name}"' for name in names or kind.key)
