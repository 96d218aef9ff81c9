"""How long and how much: to the end of the financial year, by the day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.budget.rules.commitments import YearMoney, commitment_pence, commitment_period, year_money
from shared.contracts.base import Period


def test_an_open_ended_order_commits_to_31_march() -> None:
    assert commitment_period(date(2026, 11, 23)) == Period(first=date(2026, 11, 23), last=date(2027, 3, 31))
    assert commitment_period(date(2027, 4, 1)).last == date(2028, 3, 31)


def test_an_order_that_ends_sooner_commits_to_its_end() -> None:
    assert commitment_period(date(2026, 11, 23), date(2026, 12, 6)).last == date(2026, 12, 6)
    assert commitment_period(date(2026, 11, 23), date(2027, 12, 6)).last == date(2027, 3, 31)


def test_two_weeks_cost_two_weeks() -> None:
    assert commitment_pence(98760, commitment_period(date(2026, 11, 23), date(2026, 12, 6))) == 197520


def test_a_year_s_money_is_split_between_the_council_and_the_person() -> None:
    assert year_money(50000, 6771, [50000], date(2027, 3, 18)) == YearMoney(86458, 13542)


@given(
    lines=st.lists(st.integers(0, 200000), min_size=1, max_size=9),
    spare=st.integers(0, 1000),
    person=st.integers(0, 10**6),
    start=st.dates(date(2026, 4, 1), date(2027, 3, 31)),
)
def test_a_plan_s_orders_always_fit_the_money_of_its_year(
    lines: list[int], spare: int, person: int, start: date
) -> None:
    money = year_money(sum(lines) + spare, person, lines, start)
    orders = sum(commitment_pence(line, commitment_period(start)) for line in lines)
    assert orders <= money.council_pence + money.person_pence
    assert min(money.council_pence, money.person_pence) >= 0
