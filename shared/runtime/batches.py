"""What happens when a batch fails? Wait, start again, or halve until the guilty one stands alone; then condemn it."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from shared.runtime.crash import crash_point
from shared.runtime.trouble import Trouble, constraint_of, sort_trouble, sqlstate

T = TypeVar("T")
log = structlog.get_logger()

Attempt = Callable[[Sequence[T], tuple[str, str] | None], Awaitable[None]]
"""Do these items in one transaction; with a (code, detail), set the only item aside instead of deciding it."""

TRIES = 3
"""How often a slow or raced item is tried before it counts as guilty."""
LONGEST_WAIT = 1.0
"""A server that is back is found within a second; to ask one a second whether it is costs nothing."""


class Fault(Exception):
    """Trouble that is ours: code or schema. The part that met it pauses."""


async def run_batch(items: Sequence[T], attempt: Attempt[T], patience: float = math.inf) -> None:
    """Get all items done, in order, whatever it takes; waits for `patience` seconds at most. Raises Fault."""
    tried, waits, started = 0, 0, time.monotonic()
    while True:
        try:
            return await attempt(items, None)
        except Exception as error:
            trouble, code = sort_trouble(error), error_code(error)
            if trouble is not Trouble.GUILTY and time.monotonic() - started > patience:
                raise
            tried, waits = await _weigh(trouble, error, tried, waits)
        if tried > _tries(trouble, len(items)):
            return await _halve(items, attempt, code, patience)


def _tries(trouble: Trouble, items: int) -> int:
    """How many tries before halving (or condemning): the guilty one is tried once more only when it stands alone."""
    if trouble is Trouble.GUILTY:
        return 1 if items == 1 else 0
    return TRIES


async def _weigh(trouble: Trouble, error: Exception, tried: int, waits: int) -> tuple[int, int]:
    """Count a try, or wait: trouble that is nobody's fault does not count."""
    if trouble is Trouble.FAULT:
        raise Fault(error_code(error)[1]) from error
    if trouble is not Trouble.WAIT:
        return tried + 1, waits
    log.warning("waiting", because=sqlstate(error) or type(error).__name__, tries=waits + 1)
    await asyncio.sleep(min(LONGEST_WAIT, 0.05 * 2 ** min(waits, 10)) * (0.5 + random.random() / 2))
    return tried, waits + 1


async def _halve(items: Sequence[T], attempt: Attempt[T], code: tuple[str, str], patience: float) -> None:
    if len(items) == 1:
        return await _condemn(items, attempt, code, patience)
    middle = len(items) // 2
    await run_batch(items[:middle], attempt, patience)
    crash_point("batch.halved")
    await run_batch(items[middle:], attempt, patience)
    return None


async def _condemn(items: Sequence[T], attempt: Attempt[T], code: tuple[str, str], patience: float) -> None:
    """Set the guilty item aside. Only waiting is possible trouble here; anything else is a fault."""
    waits, started = 0, time.monotonic()
    while True:
        try:
            return await attempt(items, code)
        except Exception as error:
            trouble = sort_trouble(error)
            if trouble not in (Trouble.WAIT, Trouble.RACE):
                raise Fault(error_code(error)[1]) from error
            if time.monotonic() - started > patience:
                raise
            _, waits = await _weigh(Trouble.WAIT, error, 0, waits)


def error_code(error: BaseException) -> tuple[str, str]:
    """A code and a detail that hold no content: the SQLSTATE and the constraint, or the class of the error."""
    state = sqlstate(error)
    if state is None:
        return "raised", type(error).__name__
    return "database_refused", f"{state} {constraint_of(error)}".strip()
