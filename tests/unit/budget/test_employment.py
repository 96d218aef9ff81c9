"""The wage is not the cost: what the law adds, step by step (RULES.md §4, §9 cases 23, 25, 27)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.employers import running_costs
from services.budget.rules.employment import (
    accrue_holiday,
    employment_cost,
    lawful_pay,
    put_into_pension,
    weekly_allowance,
)

NOW = in_force("employment", "E99999999", date(2026, 11, 23))


def effects(minutes: int, wage: int, relief: int = 0) -> list[tuple[str, int]]:
    return [(step.rule, step.effect) for step in employment_cost(minutes, wage, NOW, relief)]


def test_forty_hours_at_the_floor_cost_far_more_than_the_wage() -> None:
    assert effects(2400, 1271) == [("EMPLOY-1", 50840), ("EMPLOY-3", 6136), ("EMPLOY-4", 7106), ("EMPLOY-6", 1349)]


def test_the_employment_allowance_takes_off_national_insurance_and_no_more() -> None:
    assert ("EMPLOY-5", -7106) in effects(2400, 1271, relief=20192)
    assert ("EMPLOY-5", -100) in effects(2400, 1271, relief=100)
    assert weekly_allowance(NOW) == 20192


def test_a_few_hours_cost_pay_and_holiday_only() -> None:
    assert effects(300, 1271, relief=20192) == [("EMPLOY-1", 6355), ("EMPLOY-3", 767)]


@pytest.mark.parametrize(("asked", "paid"), [(1250, 1271), (1271, 1271), (1400, 1400)])
def test_nobody_is_paid_below_the_lawful_floor(asked: int, paid: int) -> None:
    assert lawful_pay(60, asked, NOW).effect == paid


@pytest.mark.parametrize(("earned", "pension"), [(44485, [975]), (19230, []), (19231, [217]), (200000, [2540])])
def test_the_pension_is_three_per_cent_of_the_band_above_the_trigger(earned: int, pension: list[int]) -> None:
    """RULES §9 case 25: (444.85 - 120) at 3 % is 9.75; 10,000 a year, as weeks, is the trigger."""
    assert [step.effect for step in put_into_pension(earned, NOW)] == pension


def test_holiday_is_12_07_per_cent_of_pay() -> None:
    assert accrue_holiday(10000, NOW).effect == 1207


def test_a_council_s_own_percentage_stands_for_all_that_employing_adds() -> None:
    """Norfolk 2023-24: 26.08 % on £11.00 is £13.87."""
    norfolk = in_force("employment", "E10000020", date(2023, 11, 1))
    assert [step.effect for step in employment_cost(60, 1100, norfolk)] == [1100, 287]


def test_steps_that_rest_on_unread_figures_say_so() -> None:
    verified = {step.rule: step.source.verified for step in employment_cost(2400, 1271, NOW, 100)}
    expected = {"EMPLOY-1": True, "EMPLOY-3": True, "EMPLOY-4": False, "EMPLOY-5": True, "EMPLOY-6": False}
    assert verified == expected


@given(st.integers(0, 6000), st.integers(0, 5000), st.integers(0, 30000))
def test_the_steps_add_up_to_pay_holiday_insurance_less_relief_and_pension(
    minutes: int, wage: int, relief: int
) -> None:
    """RULES §4.1, §4.2, counted again in one go: 12.07 % holiday, 15 % above £96.15 a week, 3 % of the band."""
    pay = half_up(Decimal(minutes) * max(wage, 1271) / 60)
    holiday = half_up(pay * Decimal("0.1207"))
    earned = pay + holiday
    threshold = int(NOW.row("employer_ni_threshold").figure)
    owed = half_up(max(earned - threshold, 0) * NOW.row("employer_ni_percent").figure / 100)
    year, lower, upper = earned * 52, int(NOW.row("pension_lower").figure), int(NOW.row("pension_upper").figure)
    band = Decimal(min(year, upper) - lower) if year > NOW.row("pension_trigger").figure else Decimal(0)
    pension = half_up(band * NOW.row("pension_employer_percent").figure / 100 / 52)
    found = [step.effect for step in employment_cost(minutes, wage, NOW, relief)]
    assert sum(found) == earned + owed - min(owed, relief) + pension


@given(st.integers(0, 6000), st.integers(0, 5000), st.booleans())
def test_a_councils_own_percentage_adds_up_too_and_stands_for_all_else(minutes: int, wage: int, first: bool) -> None:
    """RULES §4.4, LOCAL: Norfolk 2023-24."""
    norfolk = in_force("employment", "E10000020", date(2023, 11, 1))
    pay, added = employment_cost(minutes, wage, norfolk)
    assert added.effect == half_up(pay.effect * norfolk.row("on_cost_percent").figure / 100)
    assert running_costs(norfolk, first) == ()


def half_up(pence: Decimal) -> int:
    return int(pence.quantize(Decimal(1), rounding=ROUND_HALF_UP))
