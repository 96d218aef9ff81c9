"""What does a service remember? A frozen dataclass and its table, defined once.

    @table("budget", key=("budget_id",), checks=("weekly_pence >= 0",))
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Budget(Row):
        budget_id: UUID
        ...

Columns follow the annotations: UUID, str, int (bigint), bool, date, datetime and StrEnum (text + CHECK) are columns of
their own kind; everything else is carried as JSON in a text column. The primary key is the key and then the council. No
column can be called `kind`: that name is the row's table, to the runtime.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql as pg

Key = tuple[Any, ...]
"""The key columns' values, then the council."""


def in_order(keys: Iterable[Key]) -> list[Key]:
    """One order for all batches, so that no two wait for each other: the database's own, of ids, days and texts. Ids are told
    as numbers once, instead of at each of the many times that one is held against another."""
    try:
        return sorted(keys, key=_comparable)
    except TypeError:  # a column that may be null
        return sorted(keys, key=lambda key: tuple(map(str, key)))


def _comparable(key: Key) -> list[Any]:
    return [part.int if isinstance(part, UUID) else part for part in key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A remembered thing of one council. `version` counts its changes and is moved on by the runtime alone."""

    council_id: str
    version: int = 0

    kind: ClassVar[Kind]


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its PostgreSQL type, and how a value becomes a parameter and back."""

    name: str
    sql_type: str
    to_sql: Callable[[Any], Any] | None
    from_sql: Callable[[Any], Any] | None


class Kind:
    """A table of rows: its columns in order, and where in the fixed order of locking it stands."""

    _count = 0

    def __init__(self, row: type[Row], name: str, key: tuple[str, ...], table: sa.Table) -> None:
        Kind._count += 1
        self.row, self.name, self.table, self.order = row, name, table, Kind._count
        self.key = (*key, "council_id")
        self.columns = tuple(_column(row, name) for name in _column_names(row, key))
        self.of_key = tuple(column for column in self.columns if column.name in self.key)
        self.select_list = ", ".join(f't."{column.name}"' for column in self.columns)
        self.key_of: Callable[[Row], Key] = attrgetter(*self.key)
        self._slots = tuple(_slot(row, column.name) for column in self.columns)
        self._read_as = tuple((n, column.from_sql) for n, column in enumerate(self.columns) if column.from_sql)
        self._version = next(n for n, column in enumerate(self.columns) if column.name == "version")

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def read(self, values: Sequence[Any]) -> Row:
        """A database row, in the order of `columns`, as the dataclass."""
        read = list(values)
        for n, read_as in self._read_as:
            if read[n] is not None:
                read[n] = read_as(read[n])
        return self._made(read)

    def at_version(self, row: Row, version: int) -> Row:
        """The row, as it is at another version."""
        values = [slot.__get__(row) for slot in self._slots]
        values[self._version] = version
        return self._made(values)

    def _made(self, values: Sequence[Any]) -> Row:
        """Its slots filled one by one: what the dataclass's own `__init__` does with names, in a fifth of the time."""
        row = object.__new__(self.row)
        for slot, value in zip(self._slots, values, strict=True):
            slot.__set__(row, value)
        return row

    def arrays(self, rows: Sequence[Row], columns: Sequence[Column]) -> list[list[Any]]:
        """The rows turned on their side: one list a column, as unnest() wants them."""
        return [_array(rows, column) for column in columns]


def _slot(row: type[Row], name: str) -> Any:
    """Where the dataclass keeps this field, past its refusal to be changed."""
    return next(vars(base)[name] for base in row.__mro__ if name in vars(base))


def table(
    name: str,
    *,
    key: tuple[str, ...],
    checks: Sequence[str] = (),
    unique: Sequence[tuple[str, ...]] = (),
    indexes: Sequence[tuple[str, ...]] = (),
) -> Callable[[type[R]], type[R]]:
    """Give a dataclass its table, in the metadata of the service whose `models.py` it stands in."""

    def give(row: type[R]) -> type[R]:
        columns = [_sa_column(row, column, key) for column in _column_names(row, key)]
        enums = [check for column in _column_names(row, key) for check in _enum_check(row, column, name)]
        made = sa.Table(name, metadata_of(row.__module__), *columns, *enums, *_constraints(name, checks, unique))
        for index in indexes:
            sa.Index(f"ix_{name}_{'_'.join(index)}", *(made.c[column] for column in (*index, "council_id")))
        row.kind = Kind(row, name, key, made)
        return row

    return give


_SHORT = 100
"""Characters of a carried list that is worth keeping."""

_METADATA: dict[str, sa.MetaData] = {}


def metadata_of(module: str) -> sa.MetaData:
    """One MetaData a service: `services.budget.models` and its neighbours share that of `services.budget`."""
    package = ".".join(module.split(".")[:2])
    return _METADATA.setdefault(package, sa.MetaData())


def _column_names(row: type[Row], key: tuple[str, ...]) -> list[str]:
    names = [field.name for field in fields(row)]
    rest = [name for name in names if name not in (*key, "council_id", "version")]
    return [*key, "council_id", *rest, "version"]


def _hint(row: Any, name: str) -> tuple[Any, bool]:
    hint = _hints(row)[name]
    if get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return (inner[0] if len(inner) == 1 else Union[tuple(inner)]), True  # noqa: UP007 - built at run time
    return (get_args(hint)[0] if get_origin(hint) is Annotated else hint), False


@lru_cache
def _hints(row: Any) -> dict[str, Any]:
    """Once a class: a service that starts again looks at each of hundreds of columns three times."""
    return get_type_hints(row)


_PLAIN: dict[Any, tuple[str, Any]] = {
    UUID: ("uuid", sa.Uuid()),
    str: ("text", sa.Text()),
    int: ("bigint", sa.BigInteger()),
    bool: ("boolean", sa.Boolean()),
    date: ("date", sa.Date()),
    datetime: ("timestamptz", pg.TIMESTAMP(timezone=True)),
}


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _column(row: type[Row], name: str) -> Column:
    hint, _ = _hint(row, name)
    if hint in _PLAIN:
        return Column(name, _PLAIN[hint][0], None, None)
    if _is_enum(hint):
        return Column(name, "text", str, hint)
    carried: TypeAdapter[Any] = TypeAdapter(hint)
    read_as = _shared(carried.validate_json) if get_origin(hint) is tuple else carried.validate_json
    return Column(name, "text", lambda value: carried.dump_json(value).decode() if value != () else "[]", read_as)


def _shared(read_as: Callable[[Any], Any]) -> Callable[[str], Any]:
    """Short lists say the same over and over, and nothing most of all: each is read once. They are frozen, so shared."""
    known = lru_cache(maxsize=4096)(read_as)
    return lambda text: known(text) if len(text) <= _SHORT else read_as(text)


def _sa_column(row: type[Row], name: str, key: tuple[str, ...]) -> sa.Column[Any]:
    hint, nullable = _hint(row, name)
    sql = _PLAIN[hint][1] if hint in _PLAIN else sa.Text()
    in_key = name in key or name == "council_id"
    return sa.Column(name, sql, primary_key=in_key, nullable=nullable, autoincrement=False)


def _enum_check(row: type[Row], column: str, table_name: str) -> list[sa.CheckConstraint]:
    hint, _ = _hint(row, column)
    if not _is_enum(hint):
        return []
    allowed = ", ".join(f"'{member.value}'" for member in hint)
    return [sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table_name}_{column}")]


def _constraints(name: str, checks: Sequence[str], unique: Sequence[tuple[str, ...]]) -> list[Any]:
    said = [sa.CheckConstraint(text, name=f"ck_{name}_{n}") for n, text in enumerate(checks, 1)]
    alone = [sa.UniqueConstraint(*columns, "council_id", name=f"uq_{name}_{'_'.join(columns)}") for columns in unique]
    return [*said, *alone]


def _array(rows: Sequence[Row], column: Column) -> list[Any]:
    values = [getattr(row, column.name) for row in rows]
    if column.to_sql is None:
        return values
    return [None if value is None else column.to_sql(value) for value in values]
