"""RULES.md §9 case 22, and the calendar's corners."""

from __future__ import annotations

from datetime import date

import pytest

from services.assessment.rules.reviews import (
    Window,
    before_it_closes,
    first_direct_payment_review,
    first_review,
    months_after,
    next_review,
    soonest,
)

AGREED = date(2026, 1, 10)


def test_the_first_review_is_six_to_eight_weeks_after_agreement() -> None:
    assert first_review(AGREED) == Window(date(2026, 2, 21), date(2026, 3, 7))


def test_the_next_review_is_within_twelve_months_of_the_last() -> None:
    assert next_review(date(2026, 3, 1)).due_by == date(2027, 3, 1)


def test_a_direct_payment_is_reviewed_within_six_months_of_its_first_payment() -> None:
    assert first_direct_payment_review(AGREED).due_by == date(2026, 7, 10)


def test_a_window_opens_before_it_closes() -> None:
    assert next_review(AGREED) == Window(date(2026, 11, 29), date(2027, 1, 10))


def test_where_several_duties_run_the_soonest_comes_first() -> None:
    assert soonest(first_direct_payment_review(AGREED), first_review(AGREED)) == first_review(AGREED)
    assert soonest(next_review(AGREED), first_direct_payment_review(AGREED)).due_by == date(2026, 7, 10)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 31), 6, date(2026, 6, 30)),
        (date(2025, 12, 1), 12, date(2026, 12, 1)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("closes_on", "due_by", "held_by"),
    [
        (date(2026, 3, 1), None, date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 1)),
        (date(2026, 3, 1), date(2026, 6, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2025, 12, 1), date(2026, 2, 28)),
        (date(2026, 1, 10), None, date(2026, 1, 10)),
        (date(2025, 12, 1), None, date(2026, 1, 10)),
    ],
)
def test_a_review_comes_before_support_is_withdrawn(closes_on: date, due_by: date | None, held_by: date) -> None:
    """Care Act s.27: from today, by the day before the service closes, and never later than it was due anyway."""
    today = date(2026, 1, 10)
    assert before_it_closes(today, closes_on, due_by) == Window(today, held_by)
