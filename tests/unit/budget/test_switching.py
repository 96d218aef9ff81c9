"""Each day of an order is on one route, and what went out ahead for a day the council came to manage is carried, not lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.models import Commitment
from services.budget.rules.payments import payment_pence, payment_period, still_carried
from services.budget.rules.states import CommitmentState
from services.budget.rules.switching import (
    beyond_the_year,
    is_managed,
    managed_days,
    own_day_from,
    own_days,
    steps,
)
from services.budget.rules.words import WORDS
from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import Period, Route
from shared.explain import in_words
from shared.money import weekly_over

ONE = UUID(int=1)
FIRST = date(2050, 1, 3)
WEEK = 7000


def day(number: int) -> date:
    """The n-th day of support."""
    return FIRST + timedelta(days=number - 1)


def days(first: int, last: int) -> Period:
    return Period(first=day(first), last=day(last))


def said(first: int, until: int | None) -> RouteSwitched:
    route = Route.COUNCIL_MANAGED if until else Route.DIRECT_PAYMENT
    ill = {"route": route, "because": "too_ill", "until": day(until) if until else None}
    return RouteSwitched(plan_id=ONE, line_id=ONE, person_id=ONE, budget_id=ONE, holds_from=day(first), **ill)


@pytest.mark.parametrize(
    ("known", "heard", "left"),
    [
        ((), said(10, 20), (days(10, 20),)),
        ((days(10, 20),), said(15, 30), (days(10, 30),)),
        ((days(10, 20),), said(15, 17), (days(10, 17),)),
        ((days(10, 20),), said(15, None), (days(10, 14),)),
        ((days(10, 20),), said(10, None), ()),
        ((days(10, 20),), said(21, None), (days(10, 20),)),
        ((days(10, 20),), said(40, 50), (days(10, 20), days(40, 50))),
        ((days(10, 20),), said(21, 25), (days(10, 25),)),
    ],
)
def test_what_was_said_last_holds_from_its_day_and_the_days_before_stay(
    known: tuple[Period, ...], heard: RouteSwitched, left: tuple[Period, ...]
) -> None:
    assert heard.after(known, FIRST) == left


NUMBERS = st.integers(min_value=1, max_value=120)


@st.composite
def spells(draw: st.DrawFn) -> tuple[Period, ...]:
    found: tuple[Period, ...] = ()
    for first in sorted(draw(st.lists(NUMBERS, max_size=5, unique=True))):
        found = said(first, first + draw(st.integers(min_value=0, max_value=40))).after(found, FIRST)
    return found


@given(spells(), NUMBERS, NUMBERS)
def test_every_day_is_on_one_route_and_none_on_both(switched: tuple[Period, ...], one: int, other: int) -> None:
    first, last = day(min(one, other)), day(max(one, other))
    ours = {each for piece in managed_days(first, last, switched) for each in _each(piece)}
    theirs = {each for piece in own_days(first, last, switched) for each in _each(piece)}
    assert not ours & theirs
    assert ours | theirs == set(_each(Period(first=first, last=last)))
    assert all(is_managed(switched, each) for each in ours)
    assert own_day_from(first, switched) == min(theirs, default=own_day_from(first, switched))


def _each(piece: Period) -> list[date]:
    return [piece.first + timedelta(days=n) for n in range((piece.last - piece.first).days + 1)]


@pytest.mark.parametrize(
    ("pay_from", "period"),
    [(1, days(1, 9)), (10, days(21, 39)), (15, days(21, 39)), (21, days(21, 39)), (40, days(46, 73))],
)
def test_a_payment_is_for_days_of_the_persons_own_route_alone(pay_from: int, period: Period) -> None:
    assert payment_period(day(pay_from), None, None, (days(10, 20), days(40, 45))) == period


def test_no_payment_is_left_where_support_ends_while_the_council_manages() -> None:
    assert payment_period(day(10), day(15), None, (days(10, 20),)) is None


def an_order(**more: object) -> Commitment:
    known: dict[str, object] = {"first": FIRST, "last": date(2050, 3, 31), "weekly_pence": WEEK, "plan_id": ONE}
    state = CommitmentState.COMMITTED
    return Commitment(council_id="E09000012", order_id=ONE, budget_id=ONE, person_id=ONE, state=state, **known | more)  # type: ignore[arg-type]


def test_what_was_paid_for_days_that_the_council_manages_now_is_in_the_payees_hands() -> None:
    order = an_order(pay_from=day(29), paid_since=FIRST, switched=(days(10, 40),))
    assert order.kept_days() == (days(10, 28),)
    assert order.kept_pence() == 19000
    assert order.kept_pence(day(12)) == 3000
    assert an_order(pay_from=day(29), paid_since=FIRST, switched=(days(10, 40),), ends_on=day(20)).kept_pence() == 11000
    assert an_order(switched=(days(10, 40),)).kept_pence() == 0


def test_the_steps_say_which_days_are_whose_and_add_up_to_what_is_carried() -> None:
    order = an_order(pay_from=day(29), paid_since=FIRST, switched=(days(10, 40),))
    why = steps(order.switched, order.kept_days(), order.week_on, day(10))
    assert [step.rule for step in why] == ["SWITCH-1", "SWITCH-2", "SWITCH-3"]
    assert sum(step.effect for step in why) == order.kept_pence()
    assert (
        in_words(why[-1].because, WORDS) == "From 2050-02-12 on the order is on its own route, and is paid for ahead."
    )


@pytest.mark.parametrize(("kept", "own", "beyond"), [(0, 0, 0), (500, 700, 0), (700, 500, 200)])
def test_only_what_the_years_own_days_do_not_need_is_set_aside_besides(kept: int, own: int, beyond: int) -> None:
    assert beyond_the_year(kept, own) == beyond


@given(st.lists(st.tuples(NUMBERS, st.integers(min_value=0, max_value=50)), max_size=6))
def test_however_often_it_switches_each_of_the_persons_own_days_is_paid_for_once(plays: list[tuple[int, int]]) -> None:
    """Day by day: a switch (no days: the way back) is said in the morning, payments go out when they fall due. What went
    out, less what is in hand for days to come, is the price of the own days so far; to the penny, a week being 7000."""
    order, out = an_order(pay_from=FIRST), 0
    by_day = dict(plays)
    for number in range(1, 89):
        today = day(number)
        if number in by_day:
            length = by_day[number]
            switched = said(number, number + length - 1 if length else None).after(order.switched, today)
            order = _with(order, switched=switched)
        while (period := payment_period(_from(order), None, None, order.switched)) and period.first <= today:
            in_hand = order.carried_pence + order.kept_pence()
            out += payment_pence(WEEK, period, 10**9, 0, in_hand)
            after = period.last + timedelta(days=1)
            left = still_carried(WEEK, period, in_hand)
            order = _with(order, pay_from=after, paid_since=period.first, carried_pence=left)
    paid_until = max(_from(order) - timedelta(days=1), FIRST - timedelta(days=1))
    own = sum(
        weekly_over(WEEK, each, each) for piece in own_days(FIRST, paid_until, order.switched) for each in _each(piece)
    )
    assert out - order.carried_pence - order.kept_pence() == own


def _from(order: Commitment) -> date:
    assert order.pay_from is not None
    return order.pay_from


def _with(order: Commitment, **changes: object) -> Commitment:

    return replace(order, **changes)  # type: ignore[arg-type]
