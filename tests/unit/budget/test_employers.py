"""What the law and a council make of being an employer (RULES §4.1-4.4; RULES §9 cases 23, 27, 29)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.budget.policy import POLICIES, in_force
from services.budget.rules.employers import (
    Insurance,
    cover_absence,
    exposure_pence,
    holiday_accrued,
    holiday_days,
    holiday_hours,
    is_enough,
    running_costs,
    sick_pay,
)
from services.budget.rules.policies import InForce, PolicyHasNoRow
from services.budget.rules.words import WORDS
from shared.explain import in_words

DEMO, SHROPSHIRE, NORFOLK, ELSEWHERE = "E99999999", "E06000051", "E10000020", "E09000012"


def on(day: date, council: str = ELSEWHERE) -> InForce:
    return in_force("employment", council, day)


APRIL, NOW = on(date(2026, 4, 1)), on(date(2026, 11, 23))


def test_case_27_holiday_of_regular_hours_is_5_6_weeks_and_at_most_28_days() -> None:
    """RULES §4.2, derived."""
    assert holiday_hours(Decimal(35)) == 196
    assert (holiday_days(6), holiday_days(5), holiday_days(3)) == (28, 28, Decimal("16.8"))


def test_case_27_holiday_of_irregular_hours_accrues_at_12_07_per_cent() -> None:
    """RULES §4.2, derived: 5.6/46.4."""
    assert holiday_accrued(Decimal(100), NOW) == Decimal("12.07")


def test_case_29_ten_days_uninsured_are_25_000_and_a_penny_below_5_million_is_not_cover() -> None:
    """Employers' Liability (Compulsory Insurance) Act 1969, gov.uk."""
    assert exposure_pence(Insurance(0, days_without=10), NOW) == 2_500_000
    assert not is_enough(Insurance(499_999_900), NOW)
    assert is_enough(Insurance(500_000_000), NOW)


def test_case_29_whoever_employs_only_close_family_is_exempt() -> None:
    """gov.uk, employers' liability insurance."""
    family = Insurance(0, days_without=10, only_close_family=True)
    assert (is_enough(family, NOW), exposure_pence(family, NOW)) == (True, 0)


@pytest.mark.parametrize(
    ("day", "earned", "pence"),
    [
        (date(2024, 6, 1), 10000, 11675),
        (date(2025, 6, 1), 10000, 11875),
        (date(2026, 6, 1), 10000, 8000),
        (date(2026, 6, 1), 40000, 12325),
    ],
)
def test_sick_pay_by_year_and_from_2026_at_most_80_per_cent_of_earnings(day: date, earned: int, pence: int) -> None:
    assert sick_pay(earned, on(day)) == pence


def test_a_year_without_a_rate_of_sick_pay_is_an_error_not_a_guess() -> None:
    with pytest.raises(PolicyHasNoRow):
        sick_pay(10000, on(date(2023, 6, 1)))


def test_a_council_s_own_costs_of_employing_are_its_own_alone() -> None:
    costs = {each.rule: each.effect for each in running_costs(on(date(2024, 6, 1), SHROPSHIRE))}
    assert costs == {"EMPLOY-7": 117, "EMPLOY-8": 1000}
    assert running_costs(on(date(2024, 6, 1))) == ()
    assert running_costs(on(date(2023, 6, 1), NORFOLK)) == ()


def test_insurance_is_paid_for_once_and_the_rest_for_every_job() -> None:
    policy = on(date(2026, 11, 23), DEMO)
    first, second = ({each.rule: each.effect for each in running_costs(policy, job)} for job in (True, False))
    assert first == {"EMPLOY-7": 117, "EMPLOY-8": 1000, "EMPLOY-9": 237, "EMPLOY-10": 192}
    assert first.keys() - second.keys() == {"EMPLOY-7"}


def test_r_case_27_holiday_weeks_are_covered_besides_the_holiday_pay() -> None:
    """RULES §4.2, §9 case 27: 5.6 weeks a year; 35 hours at 12.71 are 444.85 a week, so 47.91 of each are kept for whoever
    comes. A council that reckons with sickness keeps its weeks too; where its own percentage stands for all, nothing."""
    day = date(2026, 11, 23)
    (step,) = cover_absence(2100, 1271, on(day))
    assert (step.rule, step.effect, step.source.verified) == ("EMPLOY-12", 4791, False)
    assert in_words(step.because, WORDS).endswith("5.6 weeks a year at £444.85 a week.")
    (demo,) = cover_absence(2100, 1271, on(day, DEMO))
    assert (demo.because.params["weeks"], demo.effect) == ("6.6", 5646)
    assert cover_absence(2100, 1271, on(date(2023, 6, 1), NORFOLK)) == ()


def test_a_decision_made_before_cover_was_reckoned_has_none() -> None:
    before = next(each for each in POLICIES if each.version == "2026-27.2")
    assert cover_absence(2100, 1271, InForce(before, DEMO, date(2026, 11, 23))) == ()
