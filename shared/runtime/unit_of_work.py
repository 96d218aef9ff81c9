"""What do decisions read and change? Rows loaded for them, in memory; nothing else exists. Each message can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from shared.contracts.base import Fact
from shared.ids import id_from
from shared.refusals import NotFound
from shared.runtime.messages import Message, Reminder, Spoken
from shared.runtime.rows import Key, Kind, Row, in_order

R = TypeVar("R", bound=Row)

MAX_FACT_BYTES = 64 * 1024


class NotLoaded(Exception):
    """A decision asked for a row that no load had fetched: distinct from a row that is not there."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.name)


class FactTooLarge(Exception):
    """A fact is over 64 KiB."""


class OtherCouncil(Exception):
    """A decision put a row of another council than its message's."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A reminder to set (`at`) or to forget (`at` is None)."""

    name: str
    key: str
    council: str
    at: datetime | None
    subject: str = ""
    body: str = ""
    cause: UUID | None = None
    correlation: UUID | None = None


@dataclass(slots=True)
class Mark:
    """Where a message began: what to go back to if it fails."""

    undo: list[tuple[Kind, Key, Row | None, bool]]
    spoken: int
    wishes: int


class UnitOfWork:
    """The rows of one batch. While a message is being decided, `message` scopes every read and write to its council."""

    def __init__(self) -> None:
        self.rows: dict[Kind, dict[Key, Row | None]] = {}
        self.stored: dict[Kind, dict[Key, Row | None]] = {}
        self.dirty: dict[Kind, set[Key]] = {}
        self.matches: dict[Any, dict[Key, set[Key]]] = {}
        self.watching: dict[Kind, list[Any]] = {}
        self.asked: dict[Any, set[Key]] = {}
        self.awaited: dict[Any, set[Key]] = {}
        self.found: dict[tuple[Any, UUID], list[Key]] = {}
        self.spoken: list[Spoken] = []
        self.wishes: list[Wish] = []
        self._message: Message[Any] | None = None
        self._ids = self._said = 0
        self._mark: Mark = Mark([], 0, 0)

    # ── what decisions use ────────────────────────────────────────────────────────────────────────────────────────
    @property
    def message(self) -> Message[Any]:
        if self._message is None:
            raise RuntimeError("no message is being decided")
        return self._message

    def get(self, row: type[R], *key: Any) -> R | None:
        """The row as earlier messages of this batch left it, or None if there is none. NotLoaded if nobody fetched it."""
        held = self.rows.get(row.kind)
        full = (*key, self.message.council)
        if held is None or full not in held:
            raise NotLoaded(row.kind)
        return cast("R | None", held[full])

    def one(self, row: type[R], *key: Any) -> R:
        """The row, which must be there: NotFound otherwise, in the same words as for a row the caller may not see."""
        found = self.get(row, *key)
        if found is None:
            raise NotFound()
        return found

    def all(self, load: Any, *values: Any) -> list[Any]:
        """The rows a `by_match` load fetched for these values, with what this batch changed; ordered by key."""
        wanted = (*values, self.message.council)
        if wanted not in self.asked.get(load, ()):
            raise NotLoaded(load.kind)
        held, keys = self.rows.get(load.kind, {}), self.matches[load].get(wanted, set())
        return [held[key] for key in (in_order(keys) if len(keys) > 1 else keys) if held[key] is not None]

    def everywhere(self, load: Any, *values: Any) -> list[Any]:
        """The rows of all councils that an `everywhere` load fetched for these values, ordered by key."""
        if values not in self.asked.get(load, ()):
            raise NotLoaded(load.kind)
        held = self.rows.get(load.kind, {})
        return [held[key] for key in in_order(self.matches[load].get(values, set())) if held[key] is not None]

    def listed(self, load: Any) -> list[Any]:
        """The rows a hand-written load found for this message, as earlier messages left them, in its order."""
        keys = self.found.get((load, self.message.cause))
        if keys is None:
            raise NotLoaded(load.kind)
        held = self.rows.get(load.kind, {})
        return [row for key in keys if (row := held.get(key)) is not None]

    def put(self, row: R) -> R:
        """Remember a row: insert it if it is new, update it if it was loaded."""
        if row.council_id != self.message.council:
            raise OtherCouncil(row.kind.name)
        self._set(row.kind, row.kind.key_of(row), row)
        return row

    def remove(self, row: Row) -> None:
        self._set(row.kind, row.kind.key_of(row), None)

    def new_id(self) -> UUID:
        """The next id of this message: the same message always makes the same ids."""
        self._ids += 1
        return id_from(self.message.cause, f"row/{self._ids}")

    def remind(self, reminder: Reminder, at: datetime, *, key: object, subject: object) -> None:
        """Set (or move) the timer of this name and key."""
        said = self.message
        self.wishes.append(
            Wish(
                type(reminder).__name__, str(key), said.council, at, str(subject), reminder.model_dump_json(),
                id_from(said.cause, f"due/{type(reminder).__name__}/{key}"), said.correlation,
            )
        )  # fmt: skip

    def remind_council(self, council: str, reminder: Reminder, at: datetime, *, key: object, subject: object) -> None:
        """Set (or move) a timer of another council: it is decided there, over that council's rows, and speaks for it alone."""
        name, said = type(reminder).__name__, self.message
        cause, body = id_from(said.cause, f"due/{council}/{name}/{key}"), reminder.model_dump_json()
        self.wishes.append(Wish(name, str(key), council, at, str(subject), body, cause, said.correlation))

    def forget(self, reminder: type[Reminder], *, key: object) -> None:
        """Take the timer of this name and key back, if it is still set."""
        self.wishes.append(Wish(reminder.__name__, str(key), self.message.council, None))

    # ── what the fold uses ────────────────────────────────────────────────────────────────────────────────────────
    def begin(self, message: Message[Any]) -> None:
        self._message, self._ids, self._said = message, 0, 0
        self._mark = Mark([], len(self.spoken), len(self.wishes))

    def undo(self) -> None:
        """Take back this message's changes, and only those."""
        for kind, key, before, was_dirty in reversed(self._mark.undo):
            self._reindex(kind, key, self.rows[kind].get(key), before)
            self.rows[kind][key] = before
            if not was_dirty:
                self.dirty[kind].discard(key)
            if before is None and self.stored.get(kind, {}).get(key, _NEVER) is _NEVER:
                del self.rows[kind][key]
        del self.spoken[self._mark.spoken :]
        del self.wishes[self._mark.wishes :]

    def say(self, said: Fact | tuple[Fact, ...]) -> None:
        versions = said if isinstance(said, tuple) else (said,)
        payloads = tuple(fact.model_dump_json() for fact in versions)
        if any(len(payload) > MAX_FACT_BYTES or len(payload.encode()) > MAX_FACT_BYTES for payload in payloads):
            raise FactTooLarge(versions[0].type_name())
        self._said += 1
        self.spoken.append(Spoken(versions, payloads, self.message, self._said))

    def hold(self, kind: Kind, rows: Mapping[Key, Row | None]) -> None:
        """Take in what a load fetched. A row the batch already holds is not replaced."""
        held, stored = self.rows.setdefault(kind, {}), self.stored.setdefault(kind, {})
        for key, row in rows.items():
            if key not in held:
                held[key] = stored[key] = row
                self._reindex(kind, key, None, row)

    def watch(self, load: Any) -> None:
        """Keep the rows of a kind indexed by a `by_match` load's columns."""
        if load not in self.matches:
            self.matches[load] = {}
            self.watching.setdefault(load.kind, []).append(load)
            for key, row in self.rows.get(load.kind, {}).items():
                self._reindex_for(load, key, None, row)

    def is_dirty(self, kind: Kind) -> bool:
        return bool(self.dirty.get(kind))

    def saved(self) -> None:
        """Everything is in the database: from here on it counts as loaded."""
        for kind, keys in self.dirty.items():
            for key in keys:
                self.stored.setdefault(kind, {})[key] = self.rows[kind][key]
        self.dirty.clear()

    def _set(self, kind: Kind, key: Key, row: Row | None) -> None:
        held, dirty = self.rows.setdefault(kind, {}), self.dirty.setdefault(kind, set())
        before = held.get(key)
        self._mark.undo.append((kind, key, before, key in dirty))
        self._reindex(kind, key, before, row)
        held[key] = row
        dirty.add(key)

    def _reindex(self, kind: Kind, key: Key, before: Row | None, after: Row | None) -> None:
        for load in self.watching.get(kind, ()):
            self._reindex_for(load, key, before, after)

    def _reindex_for(self, load: Any, key: Key, before: Row | None, after: Row | None) -> None:
        index = self.matches[load]
        if before is not None:
            index.get(load.values_of(before), set()).discard(key)
        if after is not None:
            index.setdefault(load.values_of(after), set()).add(key)


_NEVER: Any = object()
