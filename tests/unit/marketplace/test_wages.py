"""Whom the person or a nominee employs is paid the lowest lawful wage of their age at least (RULES §4.1, §9 case 23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force as money_policy
from services.budget.rules.employment import wage_floor
from services.marketplace.common.wages import floors_on
from services.marketplace.rules.matching import why_excluded
from services.marketplace.rules.policies import NoPolicyInForce
from services.marketplace.rules.wages import Age, WageBand, below_the_floor, why_no_age, years_after
from shared.contracts.base import Employer, Route, SupplierKind
from tests.unit.marketplace.test_matching import GOOD, LINE, WANTED

HACKNEY, PERSON = "E09000012", Employer.PERSON
PA_OF_ANOTHER = UUID(int=6)
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 1)
TWENTY = Age(WageBand.FROM_18, date(2026, 8, 1))
SEVENTEEN = Age(WageBand.FROM_16, date(2026, 8, 1))


@pytest.mark.parametrize(
    ("age", "day", "floor"),
    [
        (Age(), MARCH, 1221),
        (Age(), APRIL, 1271),
        (TWENTY, APRIL, 1085),
        (SEVENTEEN, APRIL, 800),
        (TWENTY, date(2026, 8, 1), 1271),
        (SEVENTEEN, date(2026, 8, 1), 1085),
        (SEVENTEEN, date(2029, 8, 1), 1271),
    ],
)
def test_case_23_the_floor_goes_by_day_and_age(age: Age, day: date, floor: int) -> None:
    """gov.uk, National Minimum Wage rates; SI 2025/401 until March 2026."""
    assert floors_on(HACKNEY, day).of(age) == floor


def test_case_23_a_contract_at_12_50_with_somebody_of_21_is_not_lawful_from_april_2026() -> None:
    """gov.uk, National Minimum Wage rates."""
    before, after = (below_the_floor(PERSON, 1250, Age(), floors_on(HACKNEY, day)) for day in (MARCH, APRIL))
    assert before is None
    assert after is not None
    assert (after.code, after.params) == ("wage_below_floor", {"wage_pence": 1250, "floor_pence": 1271})


@pytest.mark.parametrize("employer", [None, Employer.POOL, Employer.NONE])
def test_who_is_not_paid_what_is_listed_has_no_floor_in_it(employer: Employer | None) -> None:
    assert below_the_floor(employer, 1, Age(), floors_on(HACKNEY, APRIL)) is None


@pytest.mark.parametrize(("pence", "codes"), [(1270, ["wage_below_floor"]), (1271, [])])
def test_a_match_below_the_floor_is_excluded_and_one_at_it_is_not(pence: int, codes: list[str]) -> None:
    """RULES §9 case 23."""
    line = LINE.model_copy(update={"route": Route.DIRECT_PAYMENT, "kind_wanted": SupplierKind.PA})
    wanted = replace(WANTED, line=line, floors=floors_on(HACKNEY, APRIL))
    pa = replace(GOOD, kind=SupplierKind.PA, employer=PERSON, hourly_pence=pence)
    assert [reason.code for reason in why_excluded(wanted, pa)] == codes


def test_of_somebody_elses_pa_neither_age_nor_family_is_told() -> None:
    line = LINE.model_copy(update={"route": Route.DIRECT_PAYMENT, "kind_wanted": SupplierKind.PA})
    wanted = replace(WANTED, line=line, floors=floors_on(HACKNEY, APRIL))
    pa = replace(GOOD, kind=SupplierKind.PA, employer=PERSON, hourly_pence=1, close_family_in_household=True)
    told = why_excluded(wanted, replace(pa, for_person_id=WANTED.person_id))
    assert [reason.code for reason in told] == ["close_family_not_necessary", "wage_below_floor"]
    strangers = why_excluded(wanted, replace(pa, for_person_id=PA_OF_ANOTHER))
    assert [reason.code for reason in strangers] == ["employed_for_another"]


@pytest.mark.parametrize("day", [date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), MARCH, APRIL, date(2050, 1, 3)])
@pytest.mark.parametrize(("band", "age"), [(WageBand.FROM_16, 17), (WageBand.FROM_18, 20), (WageBand.FROM_21, 21)])
def test_market_and_money_hold_the_same_floors(day: date, band: WageBand, age: int) -> None:
    """Two services reckon by them, and neither may read the other's files."""
    assert wage_floor(money_policy("employment", HACKNEY, day), age).figure == getattr(floors_on(HACKNEY, day), band)


def test_a_year_whose_bands_nobody_published_here_is_refused_and_not_guessed() -> None:
    with pytest.raises(NoPolicyInForce):
        floors_on(HACKNEY, date(2024, 3, 31))


@pytest.mark.parametrize(
    ("employer", "band", "turns_on", "rule"),
    [
        (PERSON, None, None, None),
        (PERSON, WageBand.FROM_21, None, None),
        (PERSON, WageBand.FROM_18, date(2026, 4, 2), None),
        (PERSON, WageBand.FROM_18, None, "SUPPLIER-9"),
        (PERSON, WageBand.FROM_21, date(2026, 4, 2), "SUPPLIER-9"),
        (PERSON, None, date(2026, 4, 2), "SUPPLIER-9"),
        (PERSON, WageBand.FROM_16, APRIL, "SUPPLIER-10"),
        (Employer.POOL, WageBand.FROM_21, None, "SUPPLIER-8"),
        (None, WageBand.FROM_21, None, "SUPPLIER-8"),
    ],
)
def test_an_age_is_said_of_whoever_is_employed_privately_with_the_day_it_next_counts(
    employer: Employer | None, band: WageBand | None, turns_on: date | None, rule: str | None
) -> None:
    failure = why_no_age(employer, band, turns_on, APRIL)
    assert (failure.rule if failure else None) == rule


def test_a_birthday_on_the_29th_of_february_comes_on_the_first_of_march() -> None:
    assert years_after(date(2028, 2, 29), 3) == date(2031, 3, 1)


DAYS = st.dates(date(2024, 4, 1), date(2035, 1, 1))


@given(st.sampled_from([WageBand.FROM_16, WageBand.FROM_18]), DAYS, DAYS)
def test_every_turn_is_ahead_and_nobody_grows_younger(band: WageBand, turns_on: date, day: date) -> None:
    age, order = Age(band, turns_on), list(WageBand)
    turn = age.next_turn(day)
    if turn is None:
        assert age.on(day) is WageBand.FROM_21
    else:
        assert turn > day
        assert order.index(age.on(turn)) == order.index(age.on(day)) + 1
