"""For how long, and for how much, is money set aside within a financial year?

Source: DOMAIN.md, Ledger: an open-ended order commits to the end of the financial year and is rolled by a timer. Sums
are by the day, rounded once, half up (shared.money).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from shared.contracts.base import Period
from shared.money import DAYS_A_WEEK, financial_year_end, financial_year_start, price_of, weekly_over

MOST_ROUNDED = 6
"""Sevenths of a penny that a job may come to more by rounding: its order up by three, its line of the plan down by three."""


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
    funded = tuple(FundedLine(UUID(int=at), each, starts_on) for at, each in enumerate(lines))
    return money_of(Funded(weekly_pence, person_weekly_pence, starts_on, funded), financial_year_start(starts_on))


@dataclass(frozen=True, slots=True)
class FundedLine:
    """A line of the plan in force: its planned price a week, from its first day. A line that went on untouched from a plan
    that was superseded keeps the day on which it began there. `employed_minutes` a week are those of a PA whom the person
    employs: what that adds is known with the order, and is in what the budget has above its lines."""

    line_id: UUID
    weekly_pence: int
    first: date
    employed_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """Pence a week over some days, both included. `jobs` of them share it, each rounded by itself."""

    weekly_pence: int
    first: date
    last: date
    jobs: int = 0

    def within(self, year: date) -> int:
        """What of it falls in the financial year that begins on `year`, in pence, rounded once."""
        first, last = max(self.first, year), min(self.last, financial_year_end(year))
        if not self.jobs or self.weekly_pence <= 0 or last < first:
            return weekly_over(self.weekly_pence, first, last)
        sevenths = self.weekly_pence * ((last - first).days + 1) + MOST_ROUNDED * self.jobs
        return sevenths // DAYS_A_WEEK


@dataclass(frozen=True, slots=True)
class Funded:
    """What funds a budget, plan after plan: the plan in force since `starts_on`, and what earlier ones had until then."""

    weekly_pence: int
    person_pence: int
    starts_on: date
    lines: tuple[FundedLine, ...]
    past: tuple[Spell, ...] = ()
    past_person: tuple[Spell, ...] = ()

    @property
    def above_lines(self) -> int:
        """What the budget has a week above its lines' prices; below zero where they were planned dearer."""
        return self.weekly_pence - sum(line.weekly_pence for line in self.lines)

    @property
    def jobs(self) -> int:
        return sum(bool(line.employed_minutes) for line in self.lines)


def money_of(funded: Funded, year: date) -> YearMoney:
    """The allocation of the financial year that begins on `year`, over all plans that had a part of it (DOMAIN.md, Ledger)."""
    now = _now(funded, year)
    spells = (*now, *funded.past)
    total = sum(spell.within(year) for spell in spells)
    person = sum(spell.within(year) for spell in (*funded.past_person, _whole(funded.person_pence, funded, year)))
    return YearMoney(total - min(person, total), min(person, total))


def _now(funded: Funded, year: date) -> Iterator[Spell]:
    """Line by line, as the orders will be rounded; in one go where the lines were planned dearer than the budget."""
    end = financial_year_end(year)
    spare = funded.above_lines
    for line in funded.lines:
        last = end if spare >= 0 else funded.starts_on - timedelta(days=1)
        yield Spell(line.weekly_pence, line.first, last)
    whole = _whole(spare if spare >= 0 else funded.weekly_pence, funded, year)
    yield replace(whole, jobs=funded.jobs) if spare >= 0 else whole


def _whole(weekly_pence: int, funded: Funded, year: date) -> Spell:
    return Spell(weekly_pence, funded.starts_on, max(financial_year_end(year), funded.starts_on))


def superseded(old: Funded, new: Funded, agreed_on: date) -> Funded:
    """The new plan's money, and what the old one had until the day before it. A line that goes on keeps its first day, so
    that its order is rounded as it was; support that is left out runs at least through the day this was agreed."""
    began = {line.line_id: line.first for line in old.lines}
    lines = tuple(replace(line, first=began.get(line.line_id, line.first)) for line in new.lines)
    kept, before = {line.line_id for line in new.lines}, new.starts_on - timedelta(days=1)
    over = max(before, agreed_on)
    gone = tuple(Spell(line.weekly_pence, line.first, over) for line in old.lines if line.line_id not in kept)
    past = (*old.past, *gone, Spell(old.above_lines, old.starts_on, before, old.jobs))
    person = (*old.past_person, Spell(old.person_pence, old.starts_on, before))
    return Funded(new.weekly_pence, new.person_pence, new.starts_on, lines, past, person)


def years_from(starts_on: date, known: Iterable[date]) -> tuple[date, ...]:
    """The financial years whose money a plan changes: that of its first day, and later ones that have money already."""
    first = financial_year_start(starts_on)
    return tuple(sorted({first, *(year for year in known if year > first)}))


Visits = tuple[tuple[int, int], ...]
"""The visits of a week: on which weekday (0 is Monday), and how many minutes each."""


def visits_pence(visits: Visits, hourly_pence: int, period: Period, last_day: date | None = None) -> int:
    """What the visits of these days, or of those after a day, cost one by one. A few days are not so many sevenths of a week: a
    cover of one day may have all its visits, or none."""
    first = max(period.first, last_day + timedelta(days=1)) if last_day else period.first
    days = [(first + timedelta(days=n)).weekday() for n in range((period.last - first).days + 1)]
    return sum(days.count(weekday) * price_of(minutes, hourly_pence) for weekday, minutes in visits)


def tail_pence(weekly_pence: int, period: Period, first: date) -> int:
    """What an order over the period costs from a day on, as it was rounded when it was set aside."""
    return unneeded_pence(weekly_pence, period, first - timedelta(days=1))
