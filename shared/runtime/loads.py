"""How do rows get into a unit of work? By loads that are declared, run once a batch, whatever its size.

`by_key(Budget, "budget_id")` is a plain fetch by key; `by_match(Listing, "support", of=…)` fetches by equality of
other columns; `@load(Listing)` marks a question written out in `store.py`. Each says how it holds the rows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from operator import attrgetter
from typing import Any, Protocol

import structlog

from shared.db import Statement, Tx
from shared.refusals import NotFound
from shared.runtime import rows
from shared.runtime.finding import locking, looking
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


_LOCK = {Hold.CHANGE: "for no key update", Hold.RELY: "for share", Hold.GLANCE: ""}


class Load(Protocol):
    """What the fold needs of a load. `stage` 1 loads follow keys out of rows fetched at stage 0, and so on."""

    kind: Kind
    hold: Hold
    stage: int
    fresh: bool

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None: ...


async def fetch_all(tx: Tx, wanted: Mapping[Load, Sequence[Message[Any]]], work: UnitOfWork) -> None:
    """Each load once, for all messages that want it. Rows are locked by one statement a load, kinds in one fixed order, so
    that two batches cannot wait for each other; what is only looked at comes after that, as of one moment."""
    looks: list[tuple[Declared, Statement]] = []
    for load in sorted(wanted, key=lambda load: (load.stage, load.hold is Hold.GLANCE, load.kind.order, load.hold)):
        if not (isinstance(load, Declared) and load.hold is Hold.GLANCE):
            await _look(tx, looks, work)
            await load.fetch(tx, wanted[load], work)
            continue
        if looks and looks[0][0].stage != load.stage:
            await _look(tx, looks, work)
        try:
            question = load.question(wanted[load], work, more_to_come=bool(looks))
        except NotLoaded:  # it follows what is about to be looked at
            await _look(tx, looks, work)
            question = load.question(wanted[load], work)
        looks += [(load, question)] if question else []
    await _look(tx, looks, work)


async def _look(tx: Tx, looks: list[tuple[Declared, Statement]], work: UnitOfWork) -> None:
    found = await tx.together([question for _, question in looks])
    for (load, _), several in zip(looks, found, strict=True):
        load.take(several, work)
    looks.clear()


class Declared:
    """A load that is one statement: rows whose columns equal the values that the messages ask for."""

    fresh = False

    def __init__(self, row: type[Row], columns: Sequence[str], of: Of, hold: Hold, stage: int) -> None:
        self.kind, self.columns, self.of, self.hold, self.stage = row.kind, tuple(columns), of, hold, stage
        self.typed = [self.kind.column(name) for name in self.columns]

    async def fetch(self, tx: Tx, messages: Sequence[Message[Any]], work: UnitOfWork) -> None:
        if question := self.question(messages, work):
            self.take(await tx.rows(question.sql, *question.params), work)

    def question(
        self, messages: Sequence[Message[Any]], work: UnitOfWork, *, more_to_come: bool = False
    ) -> Statement | None:
        """None where nothing is asked for. Raises NotLoaded where it follows rows that are still to come."""
        asked = {
            key for message in messages for key in self.asked_by(message, _asked(self.of, message, work, more_to_come))
        }
        values = rows.in_order(self.not_asked_yet(asked, work))
        if not values:
            return None
        arrays = (
            [str(one[n]) if column.sql_type == "text" else one[n] for one in values]
            for n, column in enumerate(self.typed)
        )
        return Statement(self.sql, tuple(arrays), gives_rows=True)

    @property
    def sql(self) -> str:
        """An array of values a column."""
        lock = _LOCK[self.hold]
        return locking(self.kind, self.columns, lock) if lock else looking(self.kind, self.columns)

    def asked_by(self, message: Message[Any], values: Iterable[Key]) -> Iterable[Key]:
        """What a message asks for, of its own council."""
        return ((*one, message.council) for one in values)

    def not_asked_yet(self, asked: set[Key], work: UnitOfWork) -> Iterable[Key]:
        raise NotImplementedError

    def take(self, found: Sequence[Any], work: UnitOfWork) -> None:
        """Into the unit of work."""
        read = [self.kind.read(values) for values in found]
        work.hold(self.kind, {self.kind.key_of(row): row for row in read})


class ByKey(Declared):
    """Fetch rows by their key."""

    def __init__(self, row: type[Row], of: str | Of | None, hold: Hold, stage: int) -> None:
        super().__init__(row, row.kind.key, of if callable(of) else _attribute(of), hold, stage)

    def not_asked_yet(self, asked: set[Key], work: UnitOfWork) -> Iterable[Key]:
        work.awaited[self] = asked - work.rows.get(self.kind, {}).keys()
        return work.awaited[self]

    def take(self, found: Sequence[Any], work: UnitOfWork) -> None:
        """What was not found is known not to be there."""
        super().take(found, work)
        work.hold(self.kind, dict.fromkeys(work.awaited.pop(self)))


class ByMatch(Declared):
    """Fetch rows whose columns equal given values. `of` gives the values, one tuple or a list of them."""

    def __init__(self, row: type[Row], columns: tuple[str, ...], of: Of, hold: Hold, stage: int) -> None:
        super().__init__(row, (*columns, "council_id"), of, hold, stage)
        self.values_of: Callable[[Row], Key] = attrgetter(*self.columns)

    def not_asked_yet(self, asked: set[Key], work: UnitOfWork) -> Iterable[Key]:
        before = work.asked.setdefault(self, set())
        new = asked - before
        before.update(new)
        work.watch(self)
        return new


class Everywhere(ByMatch):
    """Fetch rows of all councils whose columns equal given values: only to look at, and only by workers, because row-level
    security shows a command nothing of another council. Which loads may is a list in `tests/e2e/test_crossed_loads.py`."""

    def __init__(self, row: type[Row], columns: tuple[str, ...], of: Of) -> None:
        Declared.__init__(self, row, columns, of, Hold.GLANCE, 0)
        self.values_of = lambda found: tuple(getattr(found, column) for column in columns)

    def asked_by(self, message: Message[Any], values: Iterable[Key]) -> Iterable[Key]:
        return values


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


def _asked(of: Of, message: Message[Any], work: UnitOfWork, more_to_come: bool) -> list[Key]:
    """The keys a message asks for; none while a row it would follow is not there yet, and none for a message that no
    keys can be made for: it fails when it is decided, alone. Here it would fail the whole batch, and pause the reader."""
    work.begin(message)
    try:
        asked = of(message, work)
    except NotLoaded:
        if more_to_come:
            raise
        return []
    except NotFound:
        return []
    except Exception as error:  # one bad message never fails its neighbours: its decision will find nothing loaded
        log.error("keys not found", because=type(error).__name__, at=where(error))
        return []
    several = asked if isinstance(asked, list) else [asked]
    return [value if isinstance(value, tuple) else (value,) for value in several if value is not None]
