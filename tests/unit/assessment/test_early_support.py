"""Support before the assessment is agreed from a day to a day, within what one decision may say; answers have a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.assessment.rules.challenges import answer_by
from services.assessment.rules.early_support import Early, EarlySupportNotSo, be_complete, hold_for_a_time
from shared.contracts.base import Slot, Support

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("early", "days", "rules"),
    [
        (Early.URGENT, 0, []),
        (Early.URGENT, 27, []),
        (Early.URGENT, 28, ["EARLY-2"]),
        (Early.REABLEMENT, 41, []),
        (Early.REABLEMENT, 42, ["EARLY-2"]),
        (Early.REABLEMENT, -1, ["EARLY-1"]),
    ],
)
def test_reablement_runs_at_most_six_weeks_and_urgent_support_four_on_one_decision(
    early: Early, days: int, rules: list[str]
) -> None:
    """Care Act 2014 s.19(3); SI 2014/2672 reg 3(3); the four weeks are our own."""
    found: list[str] = []
    try:
        hold_for_a_time(early, DAY, DAY + timedelta(days=days))
    except EarlySupportNotSo as refused:
        found = [one.rule for one in refused.failures]
    assert found == rules


def slots(*starts: str) -> tuple[Slot, ...]:
    return tuple(Slot(weekday=0, starts=at, minutes=60) for at in starts)


@pytest.mark.parametrize(
    ("support", "minutes", "pattern", "rules"),
    [
        (Support.HOME_CARE, 120, slots("08:00", "09:00"), []),
        (None, 60, slots("08:00"), ["EARLY-3"]),
        (Support.HOME_CARE, 0, (), ["EARLY-4"]),
        (Support.HOME_CARE, 60, (), ["EARLY-4", "EARLY-5"]),
        (Support.HOME_CARE, 90, slots("08:00"), ["EARLY-5"]),
        (Support.HOME_CARE, 120, slots("08:00", "08:59"), ["EARLY-6"]),
    ],
)
def test_what_is_bought_is_support_at_visits_that_come_to_its_minutes(
    support: Support | None, minutes: int, pattern: tuple[Slot, ...], rules: list[str]
) -> None:
    found: list[str] = []
    try:
        assert be_complete(support, minutes, pattern) is support
    except EarlySupportNotSo as refused:
        found = [one.rule for one in refused.failures]
    assert found == rules


def test_an_answer_is_owed_within_twenty_eight_days() -> None:
    assert answer_by(DAY) == date(2026, 3, 30)
