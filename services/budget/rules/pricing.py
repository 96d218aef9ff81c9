"""From which day does another price hold, and what is owed for days that were worked or paid for at the one before?

Source: DOMAIN.md, Ledger: commitments are by the financial year, so a price for a day of the next one changes nothing of this
one's money. A price that holds from a day that has passed is owed for the days since (our own reading: what was agreed holds).
Days are London's, both ends included; money is in pence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.budget.rules.switching import own_days
from shared.contracts.base import Period
from shared.money import weekly_over

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coming:
    """A price for a day of a financial year whose money is not set aside yet."""

    holds_from: date
    weekly_pence: int
    hourly_pence: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a week costs from a day on: the price, and what employing adds to it."""

    since: date
    pence: int


def with_cost(history: tuple[Cost, ...], began: Cost, now: Cost) -> tuple[Cost, ...]:
    """The history, once a week costs otherwise from a day on: what lay before that day stays; `began` is where it starts."""
    return (*(one for one in history or (began,) if one.since < now.since), now)


def cost_since(history: Iterable[Cost], day: date) -> int | None:
    """What a week cost as of a day; None where the history does not reach back so far."""
    return next((one.pence for one in reversed(tuple(history)) if one.since <= day), None)


def with_said(coming: Iterable[Coming], said: Coming) -> tuple[Coming, ...]:
    """What is said last stands from its day on; what was said before stands until then."""
    return (*before(coming, said.holds_from), said)


def before(coming: Iterable[Coming], day: date) -> tuple[Coming, ...]:
    """The prices that were said for days before that one."""
    return tuple(one for one in coming if one.holds_from < day)


def since(coming: Iterable[Coming], day: date) -> tuple[Coming, ...]:
    """The prices that were said for that day, or for days after it."""
    return tuple(one for one in coming if one.holds_from >= day)


def difference(days: Iterable[Period], weekly_pence: int, cost_on_day: Callable[[date], int]) -> int:
    """What these days cost more (or, below nothing, less) at this price a week than they did; each run of days at one price is
    rounded once."""
    return sum(
        weekly_over(weekly_pence, run.first, run.last) - weekly_over(cost_on_day(run.first), run.first, run.last)
        for one in days
        for run in _runs(one, cost_on_day)
    )


def _runs(days: Period, cost_on_day: Callable[[date], int]) -> Iterator[Period]:
    """The days in runs of one price."""
    first = day = days.first
    while day <= days.last:
        after = day + A_DAY
        if after > days.last or cost_on_day(after) != cost_on_day(first):
            yield Period(first=first, last=day)
            first = after
        day = after


def days_paid(first: date, pay_from: date | None, switched: Sequence[Period]) -> tuple[Period, ...]:
    """The days of the order's own route, from that one on, that money went out for already."""
    if pay_from is None or first >= pay_from:
        return ()
    return tuple(own_days(first, pay_from - A_DAY, switched))
