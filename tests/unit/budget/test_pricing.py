"""Prices over time: what is said last stands from its day on, and every day is owed once, at what it costs."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.budget.rules.payments import still_carried, still_owed
from services.budget.rules.pricing import (
    Coming,
    Cost,
    before,
    cost_since,
    days_paid,
    difference,
    since,
    with_cost,
    with_said,
)
from shared.contracts.base import Period
from shared.money import weekly_over

START = date(2026, 4, 6)
DAYS = st.integers(0, 60)
PRICES = st.integers(0, 900).map(lambda pounds: pounds * 700)
"""Whole pounds a day, so that nothing is rounded."""
SAID = st.lists(st.tuples(DAYS, PRICES), max_size=8)


def day(n: int) -> date:
    return START + timedelta(days=n)


def in_turn(first: int, said: list[tuple[int, int]]) -> list[int]:
    """The price of each of sixty-one days, by writing over a list: what is said last holds from its day on."""
    prices = [first] * 61
    for at, price in said:
        prices[at:] = [price] * (61 - at)
    return prices


@given(first=PRICES, said=SAID)
def test_the_history_says_of_every_day_what_it_costs(first: int, said: list[tuple[int, int]]) -> None:
    history: tuple[Cost, ...] = ()
    for at, price in said:
        history = with_cost(history, Cost(START, first), Cost(day(at), price))
    found = [cost_since(history, day(n)) for n in range(61)]
    assert found == (in_turn(first, said) if said else [None] * 61)


@given(first=PRICES, said=SAID)
def test_prices_to_come_are_those_said_last(first: int, said: list[tuple[int, int]]) -> None:
    coming: tuple[Coming, ...] = ()
    for at, price in said:
        coming = with_said(coming, Coming(day(at), price, 0))
    prices = [first] * 61
    for one in coming:
        prices[(one.holds_from - START).days :] = [one.weekly_pence] * (61 - (one.holds_from - START).days)
    assert prices == in_turn(first, said)
    assert (*before(coming, day(30)), *since(coming, day(30))) == coming


@given(first=PRICES, said=SAID, paid_days=st.integers(0, 61))
def test_what_was_paid_and_the_differences_are_what_the_days_cost(
    first: int, said: list[tuple[int, int]], paid_days: int
) -> None:
    """Conservation: paid at the first price, made up for at each change; the days cost what they cost."""
    history: tuple[Cost, ...] = ()
    made_up = 0
    for at, price in said:
        owed = days_paid(day(at), day(paid_days), ())
        made_up += difference(
            owed, price, lambda on, known=history: first if (c := cost_since(known, on)) is None else c
        )
        history = with_cost(history, Cost(START, first), Cost(day(at), price))
    paid = weekly_over(first, START, day(paid_days - 1))
    assert paid + made_up == sum(in_turn(first, said)[:paid_days]) // 7


def test_days_that_the_council_manages_are_not_made_up_for() -> None:
    ill = (Period(first=day(3), last=day(5)),)
    assert days_paid(day(0), day(10), ill) == (Period(first=day(0), last=day(2)), Period(first=day(6), last=day(9)))
    assert days_paid(day(10), day(10), ()) == ()
    assert days_paid(day(0), None, ()) == ()


@given(weekly=PRICES, in_hand=st.integers(-90_000, 90_000), held=st.integers(0, 400_000))
def test_of_a_payment_nothing_is_lost(weekly: int, in_hand: int, held: int) -> None:
    """What goes out, what was in hand and what is still owed make the days' cost and what is still in hand."""
    period = Period(first=day(0), last=day(27))
    cost = weekly_over(weekly, period.first, period.last)
    pence = min(max(cost - in_hand, 0), held)
    owed, carried = still_owed(weekly, period, in_hand, pence), still_carried(weekly, period, in_hand)
    assert min(owed, carried) == 0
    if pence == max(cost - in_hand, 0):  # what is set aside suffices
        assert pence + in_hand == cost + carried - owed
        assert owed == 0
