"""Reserves before surplus, and surplus by the council's own row alone (RULES §2.4, §4.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.policies import PolicyHasNoRow
from services.budget.rules.surplus import Holding, days_to_come, notice_weeks, redundancy_years, surplus
from shared.contracts.base import Route, SupplierKind

ON = date(2026, 11, 23)
ST_HELENS, HACKNEY = (in_force("direct_payments", council, ON) for council in ("E08000013", "E09000012"))
EMPLOYMENT = in_force("employment", "E08000013", ON)
WEEK = 30000
HOLIDAY = 3621


def holding(
    unaccounted: int,
    route: Route = Route.ISF,
    kind: SupplierKind = SupplierKind.PROVIDER,
    first: date = date(2026, 1, 5),
    paid_until: date | None = None,
) -> Holding:
    holiday = HOLIDAY if kind is SupplierKind.PA and route is Route.DIRECT_PAYMENT else 0
    return Holding(route, kind, WEEK, WEEK + holiday, holiday, unaccounted, first, paid_until)


def effects(*holdings: Holding) -> dict[str, int]:
    return {step.rule: step.effect for step in surplus(holdings, ST_HELENS, EMPLOYMENT)}


def total(*holdings: Holding) -> int:
    return sum(step.effect for step in surplus(holdings, ST_HELENS, EMPLOYMENT))


@pytest.mark.parametrize(("weeks", "back"), [(8, 0), (9, WEEK), (3, 0)])
def test_st_helens_takes_back_what_is_above_eight_weeks(weeks: int, back: int) -> None:
    """LOCAL: sthelens.gov.uk/article/4464."""
    assert total(holding(weeks * WEEK)) == back


def test_a_council_without_a_row_takes_nothing_back_for_there_is_no_national_number() -> None:
    with pytest.raises(PolicyHasNoRow):
        surplus([holding(99 * WEEK)], HACKNEY, EMPLOYMENT)


def test_what_is_paid_for_days_to_come_is_not_surplus() -> None:
    """23 November to 6 December are fourteen days."""
    assert days_to_come(holding(20 * WEEK, paid_until=date(2026, 12, 6)), ON) == 2 * WEEK
    assert total(holding(10 * WEEK, paid_until=date(2026, 12, 6))) == 0
    assert days_to_come(holding(WEEK, paid_until=date(2026, 11, 22)), ON) == 0


def test_an_employer_s_reserves_go_before_surplus() -> None:
    """A PA of two years: holiday 12.07 % of a year, two weeks of notice, redundancy at 1½ weeks a year (RULES §4.2)."""
    served = date(2024, 11, 23)
    found = effects(holding(99 * WEEK, Route.DIRECT_PAYMENT, SupplierKind.PA, served))
    assert found["SURPLUS-3"] == -round(HOLIDAY * 365 / 7)
    assert found["SURPLUS-6"] == -8 * (WEEK + HOLIDAY)
    assert (found["SURPLUS-4"], found["SURPLUS-5"]) == (-2 * WEEK, -3 * WEEK)
    assert {"SURPLUS-3", "SURPLUS-4", "SURPLUS-5"}.isdisjoint(effects(holding(99 * WEEK, first=served)))


def test_what_stays_for_holiday_after_all_wages_are_accounted_for_is_the_reserve_and_counts_once() -> None:
    """RULES §2.4, §4.2: ten weeks paid and returned leave ten weeks of holiday, which is the reserve to the penny; of a
    payment for four weeks to come nothing is, holiday included."""
    began = date(2026, 9, 14)
    held = partial(holding, route=Route.DIRECT_PAYMENT, kind=SupplierKind.PA, first=began)
    found = effects(held(10 * HOLIDAY))
    assert found["SURPLUS-1"] + found["SURPLUS-3"] == 0
    ahead = effects(held(10 * HOLIDAY + 4 * (WEEK + HOLIDAY), paid_until=date(2026, 12, 20)))
    assert ahead["SURPLUS-2"] == -4 * (WEEK + HOLIDAY)
    assert ahead["SURPLUS-1"] + ahead["SURPLUS-2"] + ahead["SURPLUS-3"] == 0


@pytest.mark.parametrize(
    ("days", "weeks", "years"),
    [(29, 0, 0), (30, 1, 0), (729, 1, 0), (730, 2, 2), (365 * 15, 12, 15), (365 * 30, 12, 20)],
)
def test_notice_and_redundancy_by_length_of_service(days: int, weeks: int, years: int) -> None:
    """RULES §4.2."""
    assert (notice_weeks(days), redundancy_years(days)) == (weeks, years)


@given(st.lists(st.integers(0, 10**7), max_size=4))
def test_the_steps_always_add_up_to_a_surplus_that_is_never_below_zero(unaccounted: list[int]) -> None:
    assert 0 <= total(*(holding(pence) for pence in unaccounted)) <= sum(unaccounted)


HOLDINGS = st.builds(
    holding,
    st.integers(0, 10**7),
    st.sampled_from([Route.DIRECT_PAYMENT, Route.ISF]),
    st.sampled_from(SupplierKind),
    st.dates(date(2020, 1, 1), date(2026, 11, 23)),
)


@given(st.lists(HOLDINGS, max_size=4))
def test_with_reserves_of_any_length_of_service_the_steps_still_add_up(held: list[Holding]) -> None:
    """RULES §2.4, §4.2: what is surplus is what is unaccounted less every reserve, and nothing where that is less than it."""
    steps = surplus(held, ST_HELENS, EMPLOYMENT)
    found = sum(step.effect for step in steps)
    before = sum(step.effect for step in steps if step.rule != "SURPLUS-7")
    assert found == max(before, 0)
    assert found <= sum(one.unaccounted_pence for one in held)


def of_a_job(unaccounted: int, last: date, settled: bool) -> Holding:
    began = date(2024, 9, 2)
    held = holding(unaccounted, Route.DIRECT_PAYMENT, SupplierKind.PA, began)
    return replace(held, last=last, settled=settled)


def test_once_employment_is_over_its_reserves_stay_what_they_were_on_the_last_day_until_the_last_wages_are_in() -> None:
    """RULES §2.4, §4.2: nothing more accrues; no weeks may stand for support that is over."""
    ended = date(2026, 9, 6)
    found = effects(of_a_job(99 * WEEK, ended, settled=False))
    then = effects(holding(99 * WEEK, Route.DIRECT_PAYMENT, SupplierKind.PA, date(2024, 9, 2)))
    assert found["SURPLUS-3"] == then["SURPLUS-3"] == -round(HOLIDAY * 365 / 7)
    assert (found["SURPLUS-4"], found["SURPLUS-6"]) == (-2 * WEEK, 0)
    assert effects(of_a_job(99 * WEEK, date(2024, 9, 8), settled=False))["SURPLUS-3"] == -HOLIDAY


def test_once_the_last_wages_are_accounted_for_all_that_is_left_is_surplus() -> None:
    """RULES §2.4: what an employer paid once, and every reserve, is kept for somebody who is employed; nobody is."""
    assert total(of_a_job(99 * WEEK, date(2026, 9, 6), settled=True)) == 99 * WEEK
    assert total(of_a_job(99 * WEEK, ON, settled=True)) < 99 * WEEK  # the last day itself is still one of work
