"""What a person pays, to the penny of the published cases (RULES §9 cases 1, 3, 4, 6, 8, 9, 11, 12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.charging import (
    Household,
    Income,
    IncomeKind,
    Means,
    MeansUnsound,
    Premium,
    charge,
    minimum_income,
    tariff_income,
)
from services.budget.rules.policies import InForce, PolicyHasNoRow

NOBODY = "E99999999"


def on(year: int) -> InForce:
    return in_force("charging", NOBODY, date(year, 6, 3))


def means(*income: tuple[IncomeKind, int], **more: object) -> Means:
    of = tuple(Income(kind, pence) for kind, pence in income)
    basic = Means(capital_pence=0, income=of, age=40, pension_age=False)
    return replace(basic, **more)  # type: ignore[arg-type]


PETER = means(
    (IncomeKind.OTHER, 35410 - 2690),
    (IncomeKind.MOBILITY, 2690),
    premium=Premium.DISABILITY_ENHANCED,
    housing_pence=1727,
    disability_pence=2000 + 231 + 577,
)
JOAN = means((IncomeKind.PENSION, 30560), age=80, pension_age=True, housing_pence=10000, disability_pence=500)


def test_devon_s_peter_pays_110_pounds_10() -> None:
    """RULES §9 case 1: Devon's Peter, 2023-24."""
    found = charge(PETER, 50000, on(2023))
    assert found.weekly_pence == 11010
    assert [(step.rule, step.effect) for step in found.steps] == [
        ("CHARGE-1", 35410),
        ("CHARGE-2", -2690),
        ("CHARGE-4", -1727),
        ("CHARGE-5", -10365),
        ("CHARGE-5", -6810),
        ("CHARGE-6", -2808),
    ]


def test_kingston_s_joan_pays_nothing_and_is_owed_nothing() -> None:
    """RULES §9 case 3: Kingston's Joan, 2023-24: 305.60 less 319.35 is no charge, never a payment."""
    found = charge(JOAN, 18010, on(2023))
    assert found.weekly_pence == 0
    assert found.steps[-1].effect == 1375


@pytest.mark.parametrize(("income", "pays"), [(23710, 6363), (24220, 6873)])
def test_a_council_s_own_guarantee_goes_before_the_national_one(income: int, pays: int) -> None:
    """RULES §9 case 4, a council paper (paperzz): 173.47 is kept, of which 148.47 is that council's own figure; 2016-17 and
    2017-18."""
    national = on(2023)
    row = replace(national.row("mig_pension_age"), council="E10000000", value=Decimal(14847))
    local = replace(national, council="E10000000", policy=replace(national.policy, rows=(*national.policy.rows, row)))
    person = means((IncomeKind.PENSION, income), age=80, pension_age=True, other_pence=2500)
    assert charge(person, 50000, local).weekly_pence == pays


@pytest.mark.parametrize(
    ("capital_pence", "pounds"),
    [
        (0, 0),
        (14_250_00, 0),
        (14_250_01, 1),
        (14_500_00, 1),
        (14_501_00, 2),
        (15_000_00, 3),
        (18_000_00, 15),
        (18_100_00, 16),
        (18_250_00, 16),
        (23_250_00, 36),
    ],
)
def test_every_250_pounds_or_part_above_the_lower_limit_count_as_a_pound_a_week(
    capital_pence: int, pounds: int
) -> None:
    """RULES §9 case 6: St Helens (15,000), Bexley (18,000), Nora (18,100, from memory), Kingston (18,250)."""
    assert tariff_income(capital_pence, on(2026)) == pounds * 100


@pytest.mark.parametrize(("year", "kept"), [(2025, 18640), (2023, 17175)])
def test_the_guarantee_is_the_sum_of_its_published_parts(year: int, kept: int) -> None:
    """RULES §9 case 8: derived from the published rows of 2025-26; Devon, 2023-24."""
    assert minimum_income(means(premium=Premium.DISABILITY_ENHANCED), on(year)) == kept


def test_a_penny_above_the_upper_limit_is_the_full_cost_whatever_the_income() -> None:
    """RULES §9 cases 6 and 9: 23,250.00 is assessed, 23,250.01 is not."""
    poor = means((IncomeKind.OTHER, 5000), capital_pence=23_250_00)
    assert charge(poor, 40000, on(2026)).weekly_pence == 0
    rich = charge(replace(poor, capital_pence=23_250_01), 40000, on(2026))
    assert (rich.weekly_pence, rich.full_cost) == (40000, True)


# ── what does not count ───────────────────────────────────────────────────────────────────────────────────────────
def test_earnings_and_mobility_never_count_and_night_care_only_where_it_is_given() -> None:
    person = means((IncomeKind.EARNINGS, 30000), (IncomeKind.MOBILITY, 7575), (IncomeKind.NIGHT_CARE, 3590))
    assert charge(replace(person, household=Household.SINGLE), 50000, on(2024)).weekly_pence == 0
    nights = replace(person, night_care=True, income=(*person.income, Income(IncomeKind.OTHER, 11060)))
    assert charge(nights, 50000, on(2024)).weekly_pence == 3590


def test_a_child_of_the_household_is_provided_for_first() -> None:
    """RULES §3.2, 2023-24: 94.90 a child."""
    parent = means((IncomeKind.OTHER, 40000), household=Household.LONE_PARENT)
    alone, with_two = (charge(replace(parent, children=n), 50000, on(2023)).weekly_pence for n in (0, 2))
    assert alone - with_two == 2 * 9490


def test_what_is_exempt_is_free() -> None:
    assert charge(replace(PETER, exempt=True, capital_pence=10**9), 50000, on(2023)).weekly_pence == 0


def test_no_year_s_figure_is_made_up() -> None:
    """18 to 24 in 2026-27 is not published yet."""
    with pytest.raises(PolicyHasNoRow):
        charge(means((IncomeKind.OTHER, 20000), age=20), 50000, on(2026))


def test_a_child_is_not_charged_here() -> None:
    with pytest.raises(MeansUnsound):
        charge(means(age=17), 50000, on(2025))


def test_a_figure_nobody_read_in_its_original_makes_its_step_unverified() -> None:
    couple = charge(means((IncomeKind.OTHER, 20000), household=Household.COUPLE), 50000, on(2024))
    assert [step.source.verified for step in couple.steps if step.rule == "CHARGE-5"] == [False]


# ── whatever the means ────────────────────────────────────────────────────────────────────────────────────────────
PENCE = st.integers(0, 100_000)
ANY_MEANS = st.builds(
    Means,
    capital_pence=st.integers(0, 30_000_00),
    income=st.lists(st.builds(Income, st.sampled_from(IncomeKind), PENCE), max_size=4).map(tuple),
    age=st.integers(25, 100),
    pension_age=st.booleans(),
    housing_pence=PENCE,
    disability_pence=PENCE,
    other_pence=PENCE,
    night_care=st.booleans(),
)


@given(ANY_MEANS, PENCE)
def test_a_charge_is_between_nothing_and_the_cost_and_its_steps_add_up(person: Means, cost: int) -> None:
    found = charge(person, cost, on(2024))
    assert 0 <= found.weekly_pence <= cost
    assert found.weekly_pence == sum(step.effect for step in found.steps)


@given(ANY_MEANS, PENCE, st.integers(1, 10_000))
def test_who_has_more_never_pays_less_and_who_has_higher_costs_never_pays_more(
    person: Means, cost: int, more: int
) -> None:
    paid = charge(person, cost, on(2024)).weekly_pence
    richer = replace(person, income=(*person.income, Income(IncomeKind.PENSION, more)))
    assert charge(richer, cost, on(2024)).weekly_pence >= paid
    assert charge(replace(person, capital_pence=person.capital_pence + more), cost, on(2024)).weekly_pence >= paid
    burdened = replace(person, disability_pence=person.disability_pence + more)
    assert charge(burdened, cost, on(2024)).weekly_pence <= paid
