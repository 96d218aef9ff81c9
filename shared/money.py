"""How is money counted? In whole pence, rounded once, half up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MINUTES_AN_HOUR = 60
DAYS_A_WEEK = 7
WEEKS_A_YEAR = 52


def to_pence(amount: Decimal) -> int:
    """Round pence with fractions (never pounds) to whole pence, half up."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def price_of(minutes: int, hourly_pence: int) -> int:
    """What `minutes` cost at `hourly_pence` an hour, in pence."""
    return to_pence(Decimal(minutes) * hourly_pence / MINUTES_AN_HOUR)


def weekly_over(weekly_pence: int, first: date, last: date) -> int:
    """What a weekly sum comes to from `first` to `last`, both included, by the day, in pence."""
    days = (last - first).days + 1
    return to_pence(Decimal(weekly_pence) * max(days, 0) / DAYS_A_WEEK)


def yearly(weekly_pence: int) -> int:
    """The yearly cost an approver's limit is compared with: 52 weeks, in pence."""
    return weekly_pence * WEEKS_A_YEAR


def pounds(pence: int) -> str:
    """`98760` as `£987.60`."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def financial_year_end(day: date) -> date:
    """The 31 March that ends the financial year `day` falls in."""
    end = date(day.year, 3, 31)
    return end if day <= end else date(day.year + 1, 3, 31)


def financial_year_start(day: date) -> date:
    """The 1 April that begins the financial year `day` falls in."""
    end = financial_year_end(day)
    return date(end.year - 1, 3, 31) + timedelta(days=1)
