"""For how long, and for how much, is money set aside within a financial year?

Source: DOMAIN.md, Ledger: an open-ended order commits to the end of the financial year and is rolled by a timer. Sums
are by the day, rounded once, half up (shared.money).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.contracts.base import Period
from shared.money import financial_year_end, weekly_over


@dataclass(frozen=True, slots=True)
class YearMoney:
    """What a budget has from a day to the end of its financial year, in pence."""

    council_pence: int
    person_pence: int


def commitment_period(starts_on: date, ends_on: date | None = None) -> Period:
    """From the first day to the order's last, or to 31 March where that comes first (DOMAIN.md, Ledger)."""
    year_end = financial_year_end(starts_on)
    return Period(first=starts_on, last=min(ends_on or year_end, year_end))


def commitment_pence(weekly_pence: int, period: Period) -> int:
    """What an order comes to over the period (DOMAIN.md, Ledger)."""
    return weekly_over(weekly_pence, period.first, period.last)


def unneeded_pence(weekly_pence: int, period: Period, last_day: date | None) -> int:
    """What was set aside over the period for days after the last one of support; all of it where there was none."""
    if last_day is None or last_day < period.first:
        return commitment_pence(weekly_pence, period)
    needed = Period(first=period.first, last=min(last_day, period.last))
    return commitment_pence(weekly_pence, period) - commitment_pence(weekly_pence, needed)


def year_money(weekly_pence: int, person_weekly_pence: int, lines: Iterable[int], starts_on: date) -> YearMoney:
    """The year's allocation from `starts_on`, rounded line by line as the orders will be.

    Rounded in one go it could be a penny less than its orders, and a penny would leave somebody without support.
    `lines` are the plan's weekly pence; what the budget has above them is added. Lines planned dearer than the budget
    (the market was cheaper) do not raise it.
    """
    weekly = tuple(lines)
    weekly = weekly if sum(weekly) <= weekly_pence else (weekly_pence,)
    spare = max(weekly_pence - sum(weekly), 0)
    last = financial_year_end(starts_on)
    total = sum(weekly_over(each, starts_on, last) for each in (*weekly, spare))
    person = min(weekly_over(person_weekly_pence, starts_on, last), total)
    return YearMoney(total - person, person)
