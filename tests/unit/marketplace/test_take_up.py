"""A service is used much less than before: only delivered minutes count, and only where enough were to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.policy import in_force
from services.marketplace.rules.take_up import TakeUp, fell, first_compared, take_up
from services.marketplace.rules.visits import Outcome
from shared.clock import start_of

TODAY = date(2024, 6, 17)
POLICY = in_force("take_up", "E99999999", TODAY)
DAYS = POLICY.figure("over_days")
LEAST = POLICY.figure("least_minutes")


@dataclass(frozen=True)
class Made:
    planned_at: datetime
    minutes: int = 60
    outcome: Outcome = Outcome.RECORDED


def made(days_ago: int, minutes: int = 60, outcome: Outcome = Outcome.RECORDED) -> Made:
    return Made(start_of(TODAY - timedelta(days=days_ago)), minutes, outcome)


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [
        (LEAST, LEAST * 70 // 100, False),
        (LEAST, LEAST * 70 // 100 - 1, True),
        (LEAST - 1, 0, False),
        (LEAST, 0, True),
        (0, 0, False),
        (0, LEAST, False),
    ],
)
def test_below_seventy_percent_of_enough_it_fell_and_a_minute_more_it_did_not(
    before: int, after: int, falls: bool
) -> None:
    assert fell(TakeUp(before, after), POLICY) is falls


def test_each_day_counts_in_one_spell_and_today_in_none() -> None:
    edges = [made(0, 1), made(1, 10), made(DAYS, 100), made(DAYS + 1, 1000), made(2 * DAYS, 10000)]
    assert take_up([*edges, made(2 * DAYS + 1, 100000)], TODAY, DAYS) == TakeUp(11000, 110)
    assert first_compared(TODAY, DAYS) == TODAY - timedelta(days=56)


@pytest.mark.parametrize("outcome", [Outcome.MISSED, Outcome.CANCELLED, Outcome.FRUSTRATED])
def test_what_was_not_delivered_does_not_count(outcome: Outcome) -> None:
    assert take_up([made(1, outcome=outcome), made(40, outcome=outcome)], TODAY, DAYS) == TakeUp(0, 0)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_who_uses_it_as_much_as_before_is_never_warned_of(before: int, more: int) -> None:
    assert not fell(TakeUp(before, before + more), POLICY)
