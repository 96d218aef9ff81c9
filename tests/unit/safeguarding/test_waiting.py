"""What stands too long, by the business clock: on which day somebody looks, whose it is, and that it is one alert each time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.safeguarding.policy import THRESHOLDS
from services.safeguarding.rules import restriction_reviews, waiting
from services.safeguarding.rules.waiting import Matter
from services.safeguarding.rules.words import WORDS
from shared.explain import in_words

COUNCIL, PLAN, ANN, FIRM = "E09000012", UUID(int=7), UUID(int=1), UUID(int=100)


@pytest.mark.parametrize(
    ("since", "looked_at_on"),
    [
        (date(2024, 6, 3), date(2024, 6, 17)),
        (date(2024, 2, 20), date(2024, 3, 5)),  # a leap year
        (date(2024, 12, 24), date(2025, 1, 7)),
    ],
)
def test_a_short_budget_is_looked_at_when_it_has_stood_for_fourteen_days(since: date, looked_at_on: date) -> None:
    assert waiting.look_for_budget_on(since, THRESHOLDS.shortage_stands_days) == looked_at_on


def test_an_answer_is_overdue_the_day_after_it_was_owed_and_not_on_the_day() -> None:
    assert waiting.look_for_answer_on(date(2024, 6, 30)) == date(2024, 7, 1)


def test_both_are_the_teams_and_say_since_when() -> None:
    short = waiting.budget_still_short(COUNCIL, PLAN, ANN, date(2024, 6, 3), 14)
    late = waiting.answer_overdue(COUNCIL, PLAN, ANN, date(2024, 6, 3), date(2024, 7, 1))
    assert {(one.kind, one.owner, one.subject, one.evidence) for one in (short, late)} == {
        ("operational", "team", ANN, (PLAN,))
    }
    assert in_words(short.because, WORDS) == "The budget does not buy the plan since 2024-06-03, for 14 days."
    assert in_words(late.because, WORDS) == "A challenge should have been answered by 2024-07-01."


def test_early_support_is_told_of_a_week_ahead_and_again_on_its_last_day() -> None:
    """Care Act s.19(3): it came before the assessment, and ends by a decision."""
    last = date(2024, 7, 14)
    days = waiting.look_at_early_support_on(last, THRESHOLDS.early_support_told_days_ahead)
    assert days == (date(2024, 7, 7), last)
    ahead, then = (waiting.early_support(COUNCIL, PLAN, ANN, last, day) for day in days)
    assert {(one.kind, one.owner, one.subject, one.evidence) for one in (ahead, then)} == {
        ("operational", "team", ANN, (PLAN,))
    }
    assert ahead.alert_id != then.alert_id
    assert "ends after 2024-07-14, in 7 days" in in_words(ahead.because, WORDS)
    assert "nobody said what is next" in in_words(then.because, WORDS)


@pytest.mark.parametrize(
    ("agreed_on", "looked_at_on"),
    [(date(2024, 7, 1), date(2024, 7, 5)), (date(2024, 7, 3), date(2024, 7, 5)), (date(2024, 7, 9), date(2024, 7, 11))],
)
def test_nobody_having_come_is_looked_at_two_days_after_the_first_day_or_after_it_was_said(
    agreed_on: date, looked_at_on: date
) -> None:
    """Our own threshold: no law names one. Where it was said only afterwards, nobody could have come before."""
    days, starts_on = THRESHOLDS.early_support_started_within_days, date(2024, 7, 3)
    assert waiting.look_whether_early_started_on(agreed_on, starts_on, days) == looked_at_on
    finding = waiting.early_support_not_started(COUNCIL, PLAN, ANN, starts_on, days)
    assert (finding.kind, finding.owner, finding.subject, finding.evidence) == ("operational", "team", ANN, (PLAN,))
    assert "was to start on 2024-07-03; 2 days on nobody has come" in in_words(finding.because, WORDS)


def test_each_time_it_begins_to_stand_is_an_alert_of_its_own_in_its_own_council() -> None:
    first, second = date(2024, 6, 3), date(2024, 9, 3)
    ids = {
        waiting.alert_id(council, matter, PLAN, since)
        for council in (COUNCIL, "E09000033")
        for matter in Matter
        for since in (first, second)
    }
    assert len(ids) == 12
    assert waiting.alert_id(COUNCIL, Matter.SHORTAGE, PLAN, first) in ids


def test_a_restrictions_review_is_an_alert_to_the_commissioner_once_for_each_date() -> None:
    due = [restriction_reviews.review_due(COUNCIL, PLAN, FIRM, date(2024, 7, day)) for day in (1, 1, 29)]
    assert [(one.kind, one.owner, one.subject) for one in due] == [("operational", "commissioner", FIRM)] * 3
    assert len({one.alert_id for one in due}) == 2
