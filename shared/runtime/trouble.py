"""What does an error mean? Sorted by SQLSTATE, not by exception class (ARCHITECTURE §3)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from asyncpg import (
    InterfaceError,
    InternalClientError,
    InvalidCachedStatementError,
    OutdatedSchemaCacheError,
    PostgresError,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.runtime.saving import LostRace


class Trouble(StrEnum):
    WAIT = "wait"
    """Nobody's fault: retry in place, with back-off, as long as it lasts."""
    GUILTY = "guilty"
    """Some message of the batch: halve until it stands alone, try it once more, then park it."""
    SLOW = "slow"
    """A few tries, then as guilty."""
    RACE = "race"
    """Another changed what we loaded: start again from fresh loads, halving if it keeps losing."""
    FAULT = "fault"
    """Our code or our schema: pause, loudly."""


_WAIT = ("08", "40", "53", "55P03", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25006")
"""25006: the server became a standby in a fail-over; it is not for ever."""
_GUILTY = ("22", "23")
_SLOW = ("57014", "25P04")
"""A statement or a transaction that took longer than its limit: a smaller batch may not."""

_CONNECTION = (DBAPIError, PoolTimeout, InterfaceError, InternalClientError, OSError, TimeoutError)
"""No SQLSTATE came: it is the connection, or the way to it. The driver says InternalClientError where the server said
farewell and the socket has not closed yet."""


def sort_trouble(error: BaseException) -> Trouble:
    """Where an error met while talking to PostgreSQL or Kafka belongs."""
    if isinstance(error, LostRace) or _is_stale(error):
        return Trouble.RACE
    state = sqlstate(error)
    if state:
        return _by_state(state)
    if isinstance(error, _CONNECTION):
        return Trouble.WAIT
    return Trouble.FAULT


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE an error carries, wherever in its chain."""
    for seen in _chain(error):
        state = getattr(seen, "sqlstate", None) or getattr(getattr(seen, "orig", None), "sqlstate", None)
        if isinstance(state, str):
            return state
    return None


def constraint_of(error: BaseException) -> str:
    """The constraint that was broken, by name, if PostgreSQL named one."""
    for seen in _chain(error):
        if isinstance(seen, PostgresError) and getattr(seen, "constraint_name", None):
            return str(seen.constraint_name)
    return ""


def _is_stale(error: BaseException) -> bool:
    """A migration changed a type under a session that remembered the old one. It forgets, so the next try holds."""
    return any(isinstance(seen, (InvalidCachedStatementError, OutdatedSchemaCacheError)) for seen in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from, outermost first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _by_state(state: str) -> Trouble:
    if state.startswith(_WAIT):
        return Trouble.WAIT
    if state.startswith(_GUILTY):
        return Trouble.GUILTY
    return Trouble.SLOW if state in _SLOW else Trouble.FAULT
