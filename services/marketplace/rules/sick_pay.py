"""How much statutory sick pay is owed for the days on which a PA who was hurt at work cannot work?

Sources: rows of the `sick_pay` policy, none read in its original (RULES §4.2). An absence stands by itself: ones that
follow on one another within weeks are not joined. What it takes to be owed anything goes by its first day, the rate by each
day; whether an absence that began before April 2026 is judged anew from then on, nobody has read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from services.marketplace.rules.failures import Failure
from shared.contracts.base import Reason
from shared.explain import Source, Step, because
from shared.money import to_pence

HUNDRED = Decimal(100)
MOST_DAYS = 731
"""Two years: no absence that is paid for is as long."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds on a day. `least_days` in a row, days off included; the `waiting_days` are days of work."""

    flat_pence: int
    earnings_percent: int
    lower_earnings_pence: int
    waiting_days: int
    least_days: int
    most_weeks: int
    source: Source

    def weekly_pence(self, earnings_pence: int) -> int:
        """The flat rate, or the part of earnings where that is lower."""
        return min(self.flat_pence, to_pence(self.earnings_percent * earnings_pence / HUNDRED))


@dataclass(frozen=True, slots=True)
class Work:
    """On which days of the week they work, 0 being Monday, and what they earn in one; None: not known."""

    weekdays: frozenset[int]
    weekly_pence: int | None


@dataclass(frozen=True, slots=True)
class Away:
    """From the first to the last day on which they cannot work, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def at_work(self, work: Work) -> list[date]:
        """Those days on which they would have worked."""
        days = (self.first + timedelta(days=n) for n in range(self.days))
        return [day for day in days if day.weekday() in work.weekdays]


def unsound(away: Away, happened_on: date) -> tuple[Failure | None, ...]:
    """Nobody is unfit by an injury before it, nor backwards, nor for more than two years here (our own rules)."""
    before = Failure("away", "INJURY-2", because("away_before_the_injury"))
    reversed_ = Failure("away", "INJURY-3", because("period_reversed"))
    too_long = Failure("away", "INJURY-4", because("away_too_long", most=MOST_DAYS))
    return (
        before if away.first < happened_on else None,
        reversed_ if away.last < away.first else None,
        too_long if away.days > MOST_DAYS else None,
    )


def owed(away: Away, work: Work, terms_on: Callable[[date], Terms]) -> tuple[Step, ...]:
    """Step by step; the effects, in pence, add up to what is owed (RULES §4.2). Nothing is guessed: of whom it is not known
    when they work or what they earn, that is said."""
    first = terms_on(away.first)
    if nothing := _nothing(away, work, first):
        return (Step("SICK-1", nothing, 0, first.source),)
    days = away.at_work(work)
    payable = days[first.waiting_days :]
    most = first.most_weeks * len(work.weekdays)
    waited = because("days_away", days=len(days), waiting=min(first.waiting_days, len(days)))
    ended = because("sick_pay_ended", weeks=first.most_weeks, unpaid=len(payable) - most)
    return (
        Step("SICK-2", waited, 0, first.source),
        *_paid(payable[:most], work, terms_on),
        *([Step("SICK-4", ended, 0, first.source)] if len(payable) > most else []),
    )


def _nothing(away: Away, work: Work, terms: Terms) -> Reason | None:
    """Why nothing is owed, or nothing can be said."""
    if not work.weekdays:
        return because("no_work_known")
    if work.weekly_pence is None:
        return because("earnings_not_known")
    if away.days < terms.least_days:
        return because("away_too_short", days=away.days, least=terms.least_days)
    if work.weekly_pence < terms.lower_earnings_pence:
        return because("earns_below_limit", weekly_pence=work.weekly_pence, limit_pence=terms.lower_earnings_pence)
    return None


def _paid(days: Sequence[date], work: Work, terms_on: Callable[[date], Terms]) -> Iterator[Step]:
    """A day is a week's rate shared by the days of work in a week; a new year's rate holds from its day."""
    week = len(work.weekdays)
    for terms, some in groupby(days, key=terms_on):
        number, rate = len(list(some)), terms.weekly_pence(work.weekly_pence or 0)
        reason = because("sick_pay_for_days", days=number, rate_pence=rate, week=week)
        yield Step("SICK-3", reason, to_pence(Decimal(rate) * number / week), terms.source)
