"""A home that counts or is left out, a deferred payment against it, and capital that somebody is treated as still having."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.capital import (
    Home,
    HomeIs,
    Notional,
    equity_limit,
    equity_of,
    nears_the_limit,
    notional_left,
    shrunk,
    worth,
)
from services.budget.rules.charging import Income, IncomeKind, Means, able_to_pay, charge, counted, shrunk_of
from services.budget.rules.policies import InForce

DAY = date(2024, 6, 3)


def policy(on: date = DAY) -> InForce:
    return in_force("charging", "E99999999", on)


COST = 400_00
HAYLEY = Means(
    capital_pence=6_000_00,
    income=(Income(IncomeKind.OTHER, 110_60 + 100_00),),
    age=40,
    pension_age=False,
    notional=Notional(20_000_00, DAY),
)
"""She would pay £100 a week: 2024-25's guarantee for a single adult is £110.60 (RULES §3.2). Not Hayley's own income."""


def weeks_later(weeks: int) -> date:
    return DAY + timedelta(weeks=weeks)


# ── RULES §9 case 11: a deferred payment ──────────────────────────────────────────────────────────────────────────
LUCILLE = Home(165_000_00, HomeIs.COUNTED, deferred_pence=0)


def test_rules_9_case_11_a_home_is_charged_up_to_nine_tenths_less_the_lower_limit() -> None:
    """The rule as Gloucestershire publishes it, the figures from memory: £165,000 gives £134,250."""
    limit = equity_limit(165_000_00, 0, policy())
    assert limit == 134_250_00
    assert [nears_the_limit(pence, limit) for pence in (limit * 7 // 10 - 1, limit * 7 // 10)] == [False, True]


@pytest.mark.parametrize(
    ("deferred", "near", "left"),
    [(0, False, 134_250_00), (93_975_00 - 1, False, 40_275_01), (93_975_00, True, 40_275_00), (140_000_00, True, 0)],
)
def test_rules_9_case_11_the_limit_and_a_warning_at_seventy_percent_stand_in_the_explained_assessment(
    deferred: int, near: bool, left: int
) -> None:
    found = charge(replace(HAYLEY, notional=None, home=replace(LUCILLE, deferred_pence=deferred)), COST, policy())
    steps = {step.rule: step for step in found.steps}
    assert ("CAPITAL-4" in steps) is near
    assert steps["CAPITAL-3"].because.params == {"limit_pence": 134_250_00, "deferred_pence": deferred}
    assert not any(step.source.verified for rule, step in steps.items() if rule.startswith("CAPITAL"))
    equity = equity_of(replace(LUCILLE, deferred_pence=deferred), policy())
    assert equity is not None
    assert equity.left_pence == left
    assert (found.full_cost, found.weekly_pence) == (True, COST)  # it is deferred, not forgiven


@pytest.mark.parametrize("why", [HomeIs.LIVED_IN, HomeIs.TWELVE_WEEKS, HomeIs.SOMEBODY_ELSE_LIVES_THERE])
def test_a_home_that_is_left_out_changes_no_charge_and_nothing_is_deferred_against_it(why: HomeIs) -> None:
    """RULES §3.1: one's own home is ignored where support is given in it."""
    home = replace(LUCILLE, standing=why)
    alone = replace(HAYLEY, notional=None)
    found = charge(replace(alone, home=home), COST, policy())
    assert found.weekly_pence == charge(alone, COST, policy()).weekly_pence
    assert [step.rule for step in found.steps][:1] == ["CAPITAL-1"]
    assert (worth(home), equity_of(home, policy())) == (0, None)


def test_another_home_counts_less_what_selling_costs_and_what_goes_before() -> None:
    home = Home(20_000_00, HomeIs.COUNTED, before_pence=3_000_00)
    assert worth(home) == 15_000_00
    means = replace(HAYLEY, notional=None, capital_pence=0, home=home)
    assert counted(means, COST, policy()).capital_pence == 15_000_00
    assert charge(means, COST, policy()).weekly_pence == 103_00  # and £3 of tariff income


# ── RULES §9 case 12: notional capital ────────────────────────────────────────────────────────────────────────────
def test_rules_9_case_12_notional_capital_shrinks_by_what_is_paid_because_of_it() -> None:
    """Figures from memory: 400 paid where 100 would be: 300 less each week."""
    assert notional_left(20_000_00, 400_00, 100_00, weeks=1) == 19_700_00
    assert notional_left(500_00, 400_00, 100_00, weeks=2) == 0


@pytest.mark.parametrize(("weeks", "left"), [(0, 20_000_00), (1, 19_700_00), (9, 17_300_00)])
def test_rules_9_case_12_who_pays_in_full_for_it_has_300_pounds_a_week_less_of_it(weeks: int, left: int) -> None:
    """£20,000 notional and £6,000 in hand are above the upper limit: £400 is paid where £100 would be."""
    found = shrunk_of(HAYLEY, COST, policy(weeks_later(weeks)))
    assert found is not None
    assert (found.left_pence, found.weeks, found.falls_pence) == (left, weeks, 300_00)
    assert charge(HAYLEY, COST, policy(weeks_later(weeks))).weekly_pence == 400_00


def test_below_the_upper_limit_it_falls_by_its_tariff_income_alone_and_ever_more_slowly() -> None:
    """After ten weeks £17,000 and £6,000 are £23,000: £35 of tariff income for what she does not have."""
    found = shrunk_of(HAYLEY, COST, policy(weeks_later(10)))
    assert found is not None
    assert (found.left_pence, found.falls_pence) == (17_000_00, 35_00)
    later = charge(HAYLEY, COST, policy(weeks_later(11)))
    assert later.weekly_pence == 135_00
    assert able_to_pay(counted(HAYLEY, COST, policy(weeks_later(11))), policy()) == 135_00
    assert [step.rule for step in later.steps][:2] == ["CAPITAL-5", "CAPITAL-6"]
    assert later.steps[1].because.params == {"weekly_pence": 35_00}


def test_a_day_before_it_began_counts_no_week_and_who_is_exempt_pays_nothing() -> None:
    found = shrunk_of(HAYLEY, COST, policy(DAY - timedelta(days=30)))
    assert found is not None
    assert (found.left_pence, found.weeks) == (20_000_00, 0)
    assert charge(replace(HAYLEY, exempt=True), COST, policy()).weekly_pence == 0


@given(st.integers(0, 5_000_000), st.integers(0, 3_000_000), st.integers(0, 200))
def test_it_never_grows_and_never_falls_below_nothing(notional: int, has: int, weeks: int) -> None:
    def pays(capital_pence: int) -> int:
        return COST if capital_pence > 23_250_00 else min(-(-max(capital_pence - 14_250_00, 0) // 250_00) * 100, COST)

    found = [shrunk(Notional(notional, DAY), has, weeks_later(n), pays).left_pence for n in (max(weeks - 1, 0), weeks)]
    assert notional >= found[0] >= found[1] >= 0
