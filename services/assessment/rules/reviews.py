"""When is a review due?

Sources: Care Act 2014 s.27 as read at careact.trixonline.co.uk, "carrying out the review" (amended March 2024): a light
first review 6 to 8 weeks after a plan is agreed or changed, then at least every 12 months. Direct payments: within six
months of the first payment, then at least yearly (webarchive DH Q&A Q45; SI 2014/2871 reg 7 from memory).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_FROM = timedelta(weeks=6)
FIRST_BY = timedelta(weeks=8)
YEARLY_MONTHS = 12
DIRECT_PAYMENT_MONTHS = 6

OPENS_BEFORE = timedelta(weeks=6)
"""How long before its last day a later review's window opens: ours, no source sets it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Civil days, both included: from when a review is due, and by when it must be held."""

    due_from: date
    due_by: date


def first_review(agreed_on: date) -> Window:
    """6 to 8 weeks after the plan was agreed or changed (s.27; trixonline, amended March 2024)."""
    return Window(agreed_on + FIRST_FROM, agreed_on + FIRST_BY)


def next_review(last_held_on: date) -> Window:
    """Within 12 months of the last one (s.27; trixonline, amended March 2024)."""
    return _closing(months_after(last_held_on, YEARLY_MONTHS))


def first_direct_payment_review(first_paid_on: date) -> Window:
    """Within six months of the first payment; after it `next_review` holds (DH Q&A Q45; SI 2014/2871 reg 7)."""
    return _closing(months_after(first_paid_on, DIRECT_PAYMENT_MONTHS))


def before_it_closes(today: date, closes_on: date, due_by: date | None = None) -> Window:
    """From today, and before the day from which support would be gone, where that is still ahead; no later than it was
    due anyway (s.27; DOMAIN.md, closures: a review before anything is withdrawn)."""
    before = max(closes_on - timedelta(days=1), today)
    return Window(today, min(before, due_by) if due_by and due_by >= today else before)


def soonest(*windows: Window) -> Window:
    """Where several duties run, the one that ends first comes first (s.27 sets maxima, not dates)."""
    return min(windows, key=lambda window: (window.due_by, window.due_from))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 August and six months is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _closing(by: date) -> Window:
    return Window(by - OPENS_BEFORE, by)
