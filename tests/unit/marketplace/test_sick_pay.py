"""How much statutory sick pay is owed after an injury, by the year's own rules (RULES §4.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.actions.injuries import _terms
from services.marketplace.rules.sick_pay import Away, Terms, Work, owed, unsound
from services.marketplace.rules.words import WORDS
from shared.explain import in_words

FIVE, EVERY = frozenset(range(5)), frozenset(range(7))
MONDAY_2024, MONDAY_2026 = date(2024, 6, 17), date(2026, 6, 15)


def terms_on(day: date) -> Terms:
    return _terms("E99999999", day)


def codes(away: Away, work: Work) -> list[tuple[str, int]]:
    return [(step.because.code, step.effect) for step in owed(away, work, terms_on)]


def weeks(first: date, number: int) -> Away:
    return Away(first, first + timedelta(days=7 * number - 1))


@pytest.mark.parametrize(
    ("away", "work", "found"),
    [
        # 2024-25: 116.75 a week, three waiting days: of ten days at work seven are paid, 7/5 of a week
        (weeks(MONDAY_2024, 2), Work(FIVE, 200_00), [("days_away", 0), ("sick_pay_for_days", 163_45)]),
        # 2025-26: 118.75
        (weeks(date(2025, 6, 16), 2), Work(FIVE, 200_00), [("days_away", 0), ("sick_pay_for_days", 166_25)]),
        # from 6 April 2026: 123.25 from day one
        (weeks(MONDAY_2026, 2), Work(FIVE, 200_00), [("days_away", 0), ("sick_pay_for_days", 246_50)]),
        # or 80 % of what they earn, where that is lower, and no limit of earnings
        (weeks(MONDAY_2026, 1), Work(FIVE, 100_00), [("days_away", 0), ("sick_pay_for_days", 80_00)]),
        (weeks(MONDAY_2024, 1), Work(FIVE, 100_00), [("earns_below_limit", 0)]),
        # a single day: from 2026 on it counts
        (Away(MONDAY_2026, MONDAY_2026), Work(FIVE, 200_00), [("days_away", 0), ("sick_pay_for_days", 24_65)]),
        (Away(MONDAY_2024, MONDAY_2024), Work(FIVE, 200_00), [("away_too_short", 0)]),
        (weeks(MONDAY_2024, 1), Work(frozenset(), 200_00), [("no_work_known", 0)]),
        (weeks(MONDAY_2024, 1), Work(FIVE, None), [("earnings_not_known", 0)]),
        # a weekend worker: in a week two days at work, all waited for
        (weeks(MONDAY_2024, 1), Work(frozenset({5, 6}), 200_00), [("days_away", 0)]),
    ],
)
def test_what_is_owed_by_the_rules_of_the_year(away: Away, work: Work, found: list[tuple[str, int]]) -> None:
    assert codes(away, work) == found


def test_a_new_years_rate_holds_from_its_day() -> None:
    """From 1 April 2025, working every day: three are waited for, then each is paid by its own year."""
    away, work = Away(date(2025, 4, 1), date(2025, 4, 14)), Work(EVERY, 200_00)
    assert codes(away, work) == [
        ("days_away", 0),
        ("sick_pay_for_days", 33_36),  # 4 and 5 April: 2/7 of 116.75
        ("sick_pay_for_days", 152_68),  # 6 to 14 April: 9/7 of 118.75
    ]


def test_after_28_weeks_nothing_more_is_due() -> None:
    *_, paid, ended = owed(weeks(MONDAY_2026, 30), Work(FIVE, 200_00), terms_on)
    assert (paid.effect, ended.because.code, ended.because.params["unpaid"]) == (28 * 123_25, "sick_pay_ended", 10)


def test_every_step_is_in_words_and_marked_as_not_read_in_its_original() -> None:
    for away in (weeks(MONDAY_2024, 2), weeks(MONDAY_2026, 30), Away(MONDAY_2024, MONDAY_2024)):
        for step in owed(away, Work(FIVE, 200_00), terms_on):
            assert "{" not in in_words(step.because, WORDS)
            assert not step.source.verified


@given(
    st.dates(date(2024, 4, 6), date(2027, 1, 1)),
    st.integers(1, 300),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 100_000),
)
def test_more_days_never_earn_less_and_never_more_than_28_weeks(
    first: date, days: int, weekdays: frozenset[int], earnings: int
) -> None:
    def total(number: int) -> int:
        away = Away(first, first + timedelta(days=number - 1))
        return sum(step.effect for step in owed(away, Work(weekdays, earnings), terms_on))

    assert 0 <= total(days) <= total(days + 1) + 1 <= 28 * 123_25 + 3


def test_days_that_do_not_hold_together_are_refused_by_their_rules() -> None:
    day = MONDAY_2024
    wrong = {
        "INJURY-2": Away(day - timedelta(days=1), day),
        "INJURY-3": Away(day + timedelta(days=1), day),
        "INJURY-4": Away(day, day + timedelta(days=731)),
    }
    for rule, away in wrong.items():
        assert [each.rule for each in unsound(away, day) if each] == [rule]
    assert not any(unsound(Away(day, day), day))
