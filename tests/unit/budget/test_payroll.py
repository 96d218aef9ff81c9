"""A payroll return's own lines, beside what employing was reckoned to cost (RULES §4.2, §2.4)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.employing import Job, employing, part_of
from services.budget.rules.payroll import TOLERANCE_PENCE, Reckoned, Spent, Taken, holiday_kept, spend
from services.budget.rules.policies import InForce
from shared.contracts.base import EmployingCost, EmployingItem
from shared.money import price_of

NI, PENSION, HOLIDAY = EmployingItem.EMPLOYER_NI, EmployingItem.PENSION, EmployingItem.HOLIDAY
BEGAN, LAST = date(2026, 10, 26), date(2026, 11, 22)
"""Four weeks, both included."""
DEMO = in_force("employment", "E99999999", BEGAN)
NORFOLK = in_force("employment", "E10000020", date(2024, 3, 1))
MINUTES, WAGE = 6000, 1400
WAGES = 4 * price_of(MINUTES, WAGE)


def reckoned(policy: InForce = DEMO, taken: tuple[Taken, ...] = (), minutes: int = MINUTES) -> Reckoned:
    """A hundred hours a week: more National Insurance is owed than the allowance covers."""
    weekly = price_of(minutes, WAGE)
    found = employing(Job(minutes, WAGE, weekly, minutes), policy)
    return Reckoned(found.steps, weekly, found.pence, found.holiday_pence, BEGAN, taken)


def lines(**said: int) -> tuple[EmployingCost, ...]:
    return tuple(EmployingCost(item=EmployingItem(item), pence=pence) for item, pence in said.items())


def codes(found: Spent) -> list[str]:
    return [each.code for each in found.differences]


OWED = {NI: reckoned().of(WAGES, "EMPLOY-4", "EMPLOY-5"), PENSION: reckoned().of(WAGES, "EMPLOY-6")}


def test_a_return_without_lines_accounts_for_what_employing_adds_in_proportion_except_holiday() -> None:
    """ADR 12: holiday stays in the person's hands."""
    found, one = spend(WAGES, (), reckoned(), LAST), reckoned()
    assert found == Spent(WAGES + part_of(WAGES, one.employing_pence - one.holiday_pence, one.weekly_pence))
    assert found.holiday_pence == 0


def test_a_return_whose_lines_are_as_reckoned_accounts_for_just_as_much_and_says_no_difference() -> None:
    """RULES §4.2: each line by itself; insurance, payroll and training, which it does not say, go on in proportion."""
    assert min(OWED.values()) > 0
    found = spend(WAGES, lines(employer_ni=OWED[NI], pension=OWED[PENSION]), reckoned(), LAST)
    assert (found.pence, codes(found)) == (spend(WAGES, (), reckoned(), LAST).pence, [])
    assert [line.pence for line in found.lines] == [OWED[NI], OWED[PENSION]]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"employer_ni": OWED[NI] + TOLERANCE_PENCE + 1}, "employer_ni_differs"),
        ({"employer_ni": OWED[NI] - TOLERANCE_PENCE - 1}, "employer_ni_differs"),
        ({"pension": OWED[PENSION] + TOLERANCE_PENCE + 1}, "pension_differs"),
        ({"pension": 0}, "pension_differs"),
        ({"holiday": holiday_kept(reckoned(), LAST) + TOLERANCE_PENCE + 1}, "holiday_beyond_reserve"),
    ],
)
def test_a_line_that_is_more_than_a_pound_apart_is_explained_by_a_code(said: dict[str, int], code: str) -> None:
    """RULES §4.2; a pound a line is our own threshold."""
    assert codes(spend(WAGES, lines(**said), reckoned(), LAST)) == [code]


def test_a_line_a_pound_apart_is_no_difference() -> None:
    close = {item.value: owed + TOLERANCE_PENCE for item, owed in OWED.items()}
    assert codes(spend(WAGES, lines(**close), reckoned(), LAST)) == []


def test_holiday_is_paid_out_of_what_was_kept_for_it_and_is_counted_once() -> None:
    """RULES §2.4, §4.2: four weeks' holiday is kept; what was taken of it is not there again."""
    kept = holiday_kept(reckoned(), LAST)
    assert kept == 4 * reckoned().holiday_pence
    assert holiday_kept(reckoned(taken=(Taken(LAST, kept - 1),)), LAST) == 1
    assert holiday_kept(reckoned(taken=(Taken(LAST, kept + 1),)), LAST) == 0
    found = spend(WAGES, lines(holiday=kept), reckoned(), LAST)
    assert (found.holiday_pence, codes(found)) == (kept, [])
    assert found.pence == spend(WAGES, (), reckoned(), LAST).pence + kept


def test_beside_a_council_s_own_percentage_the_lines_take_their_part_of_it() -> None:
    """RULES §4.4: Norfolk 2023-24, 26.08 % for all of it."""
    one = reckoned(NORFOLK)
    whole = spend(WAGES, (), one, LAST).pence
    found = spend(WAGES, lines(employer_ni=10000, pension=5000), one, LAST)
    assert (found.pence, found.wages_pence, codes(found)) == (whole, whole - 15000, [])
    beyond = spend(WAGES, lines(employer_ni=one.added(WAGES) + TOLERANCE_PENCE + 1), one, LAST)
    assert (codes(beyond), beyond.wages_pence) == (["beyond_local_on_costs"], WAGES)


def test_whoever_is_not_employed_was_reckoned_nothing_so_that_any_line_differs() -> None:
    nobody = Reckoned((), price_of(MINUTES, WAGE), 0, 0, BEGAN)
    found = spend(WAGES, lines(employer_ni=500, pension=500, holiday=500), nobody, LAST)
    assert codes(found) == ["employer_ni_differs", "pension_differs", "holiday_beyond_reserve"]
    assert found.pence == WAGES + 1500


AMOUNT = st.integers(0, 10**7)


@given(wages=AMOUNT, said=st.dictionaries(st.sampled_from(list(EmployingItem)), AMOUNT), minutes=st.integers(1, 6000))
def test_what_is_accounted_for_is_the_wages_and_every_line_and_never_less(
    wages: int, said: dict[EmployingItem, int], minutes: int
) -> None:
    found = spend(wages, lines(**{item.value: pence for item, pence in said.items()}), reckoned(minutes=minutes), LAST)
    assert found.wages_pence >= wages
    assert found.pence == found.wages_pence + sum(said.values())
