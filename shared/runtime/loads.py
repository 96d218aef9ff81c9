"""How do rows get into a unit of work? By loads that are declared, run once a batch, whatever its size.

`by_key(Budget, "budget_id")` is a plain fetch by key; `by_match(Listing, "support", of=…)` fetches by equality of
other columns; `@load(Listing)` marks a question written out in `store.py`. Each says how it holds the rows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import IntEnum
from operator import attrgetter
from typing import Any, Protocol

import structlog

from shared.db import Tx
from shared.refusals import NotFound
from shared.runtime import rows
from shared.runtime.messages import Message
from shared.runtime.part import where
from shared.runtime.rows import Key, Kind, Row
from shared.runtime.unit_of_work import NotLoaded, UnitOfWork

log = structlog.get_logger()

Of = Callable[[Any, UnitOfWork], Any]


class Hold(IntEnum):
    """How a load holds its rows until the transaction ends; the strongest is fetched first."""

    CHANGE = 0
    RELY = 1
    GLANCE = 2


_LOCK = {Hold.CHANGE: "for no key update of t", Hold.RELY: "for share of t", Hold.GLANCE: ""}


class Load(Protocol):
    """What the fold needs of a load. `stage` 1 loads follow keys out of rows fetched at stage 0, and so on."""

    kind: Kind
    hold: Hold
    stage: int
    fresh: bool

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None: ...


def in_order(loads: Iterable[Load]) -> list[Load]:
    """Kinds in one fixed order, so that two batches cannot wait for each other."""
    return sorted(loads, key=lambda load: (load.stage, load.kind.order, load.hold))


class ByKey:
    """Fetch rows by their key."""

    fresh = False

    def __init__(self, row: type[Row], of: str | Of | None, hold: Hold, stage: int) -> None:
        self.kind, self.hold, self.stage = row.kind, hold, stage
        self.of: Of = of if callable(of) else _attribute(of)

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None:
        wanted = {(*key, message.council) for message in messages for key in _asked(self.of, message, work)}
        keys = rows.in_order(wanted - work.rows.get(self.kind, {}).keys())
        if keys:
            found = await _select(tx, self.kind, self.kind.key, keys, self.hold)
            work.hold(self.kind, dict.fromkeys(keys) | found)


class ByMatch:
    """Fetch rows whose columns equal given values. `of` gives the values, one tuple or a list of them."""

    fresh = False

    def __init__(self, row: type[Row], columns: tuple[str, ...], of: Of, hold: Hold, stage: int) -> None:
        self.kind, self.columns, self.of, self.hold, self.stage = row.kind, columns, of, hold, stage
        self.values_of: Callable[[Row], Key] = attrgetter(*columns, "council_id")

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None:
        wanted = {(*values, message.council) for message in messages for values in _asked(self.of, message, work)}
        asked = work.asked.setdefault(self, set())
        values = rows.in_order(wanted - asked)
        asked.update(values)
        work.watch(self)
        if values:
            work.hold(self.kind, await _select(tx, self.kind, (*self.columns, "council_id"), values, self.hold))


class Everywhere(ByMatch):
    """Fetch rows of all councils whose columns equal given values: only to look at, and only by workers, because row-level
    security shows a command nothing of another council. Which loads may is a list in `tests/e2e/test_crossed_loads.py`."""

    def __init__(self, row: type[Row], columns: tuple[str, ...], of: Of) -> None:
        super().__init__(row, columns, of, Hold.GLANCE, 0)
        self.values_of = lambda found: tuple(getattr(found, column) for column in columns)

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None:
        wanted = {values for message in messages for values in _asked(self.of, message, work)}
        asked = work.asked.setdefault(self, set())
        values = rows.in_order(wanted - asked)
        asked.update(values)
        work.watch(self)
        if values:
            work.hold(self.kind, await _select(tx, self.kind, self.columns, values, self.hold))


class Written:
    """A question written out in `store.py`. It calls `work.hold(kind, rows)` and fills `work.found[self, cause]`."""

    stage = 0

    def __init__(self, row: type[Row], question: Any, hold: Hold, fresh: bool) -> None:
        self.kind, self.question, self.hold, self.fresh = row.kind, question, hold, fresh

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None:
        await self.question(self, tx, messages, work)


def by_key(row: type[Row], of: str | Of | None = None, *, hold: Hold = Hold.CHANGE, stage: int = 0) -> ByKey:
    """Rows by key: of a field of the fact, command or reminder; of the path (`of=None`); or of a function.

    The function takes (message, work) and gives a value, a tuple for a compound key, a list of either, or None.
    """
    return ByKey(row, of, hold, stage or (1 if callable(of) else 0))


def by_match(row: type[Row], *columns: str, of: str | Of, hold: Hold = Hold.CHANGE, stage: int = 0) -> ByMatch:
    return ByMatch(row, columns, of if callable(of) else _attribute(of), hold, stage or 0)


def everywhere(row: type[Row], *columns: str, of: str | Of) -> Everywhere:
    """Rows of all councils by these columns, read with `work.everywhere`. The row must hold nothing but what may be told."""
    return Everywhere(row, columns, of if callable(of) else _attribute(of))


def load(
    row: type[Row], *, hold: Hold = Hold.GLANCE, fresh: bool = False
) -> Callable[[Callable[..., Awaitable[None]]], Written]:
    """Mark an `async def question(load, tx, messages, work)` of `store.py` as a load of this kind."""
    return lambda question: Written(row, question, hold, fresh)


def _attribute(name: str | None) -> Of:
    if name is None:
        return lambda message, work: getattr(message, "target", None)
    return lambda message, work: getattr(message.body, name)


def _asked(of: Of, message: Message[Any], work: UnitOfWork) -> list[Key]:
    """The keys a message asks for; none while a row it would follow is not there yet, and none for a message that no
    keys can be made for: it fails when it is decided, alone. Here it would fail the whole batch, and pause the reader."""
    work.begin(message)
    try:
        asked = of(message, work)
    except (NotLoaded, NotFound):
        return []
    except Exception as error:  # one bad message never fails its neighbours: its decision will find nothing loaded
        log.error("keys not found", because=type(error).__name__, at=where(error))
        return []
    several = asked if isinstance(asked, list) else [asked]
    return [value if isinstance(value, tuple) else (value,) for value in several if value is not None]


async def _select(tx: Tx, kind: Kind, columns: Sequence[str], keys: Sequence[Key], hold: Hold) -> dict[Key, Row | None]:
    """One statement, however many keys; locks are taken in the order of the key."""
    typed = [kind.column(name) for name in columns]
    unnest = ", ".join(f"${n}::{column.sql_type}[]" for n, column in enumerate(typed, 1))
    names = ", ".join(f"k{n}" for n in range(len(typed)))
    joined = " and ".join(f't."{column.name}" = k.k{n}' for n, column in enumerate(typed))
    order = ", ".join(f't."{name}"' for name in kind.key)
    sql = f'select {kind.select_list} from "{kind.name}" t join unnest({unnest}) as k({names}) on {joined} order by {order}'
    arrays = [[str(key[n]) if column.sql_type == "text" else key[n] for key in keys] for n, column in enumerate(typed)]
    found = [kind.read(values) for values in await tx.rows(f"{sql} {_LOCK[hold]}", *arrays)]
    return {kind.key_of(row): row for row in found}
