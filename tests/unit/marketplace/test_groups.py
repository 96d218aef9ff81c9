"""Shares of what several people buy together: to the penny, explained, and nobody else's in anybody's explanation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.groups import (
    GroupUnsound,
    Sharing,
    be_a_group,
    hourly_of,
    leave_on_a_day_that_came,
    nothing_recorded_after,
    split,
    steps_of_share,
    visits_of,
    weights,
)
from services.marketplace.rules.words import WORDS
from shared.contracts.base import Basis, PlanLine, Route, Slot, SupplierKind, Support
from shared.explain import in_words
from shared.money import price_of

TODAY = date(2026, 3, 2)
ANN, BEN = UUID(int=1), UUID(int=2)


def a_line(*slots: tuple[int, int], support: Support = Support.DAY_SERVICE) -> PlanLine:
    """Of (weekday, minutes), at ten."""
    pattern = tuple(Slot(weekday=day, starts="10:00", minutes=minutes) for day, minutes in slots)
    minutes = sum(slot.minutes for slot in pattern)
    return PlanLine(
        line_id=uuid4(), support=support, kind_wanted=SupplierKind.PROVIDER, route=Route.COUNCIL_MANAGED,
        pattern=pattern, weekly_minutes=minutes, hourly_pence=2469, weekly_pence=price_of(minutes, 2469),
    )  # fmt: skip


def pence(price: int, *parts: int) -> list[int]:
    return [share.pence for share in split(price, parts)]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 6000), min_size=1, max_size=20))
def test_shares_add_up_to_the_price_and_each_is_within_a_penny_of_its_part(price: int, parts: list[int]) -> None:
    shares = split(price, parts)
    assert sum(share.pence for share in shares) == price
    assert all(
        abs(share.pence * sum(parts) - price * part) < sum(parts) for share, part in zip(shares, parts, strict=True)
    )


def test_the_odd_pence_go_to_the_largest_remainders_and_of_equal_ones_to_the_first() -> None:
    assert pence(100, 1, 1, 1) == [34, 33, 33]
    assert pence(101, 1, 1, 1) == [34, 34, 33]
    assert pence(100, 60, 60, 120) == [25, 25, 50]
    assert pence(10, 1, 2, 4) == [1, 3, 6]  # 1.43, 2.86, 5.71


def test_five_people_share_a_class_and_when_one_leaves_four_do_peers_b_16() -> None:
    """PEERS (b) 16: five people, one class; the cost is split, one leaves, shares are worked out anew."""
    hour = 2469
    five, four = [pence(hour, *weights(Sharing.EQUALLY, [60] * n)) for n in (5, 4)]
    assert five == [494, 494, 494, 494, 493]
    assert four == [618, 617, 617, 617]
    assert sum(five) == sum(four) == hour


def test_by_minutes_who_stays_twice_as_long_bears_twice_as_much() -> None:
    assert weights(Sharing.BY_MINUTES, [120, 60]) == (120, 60)
    assert pence(4938, 120, 60) == [3292, 1646]
    assert [hourly_of(3292, 120), hourly_of(1646, 60)] == [1646, 1646]


def test_the_groups_visits_are_as_long_as_the_longest_stay() -> None:
    together = visits_of([a_line((0, 60), (2, 60)), a_line((0, 90), (2, 30))])
    assert [(slot.weekday, slot.minutes) for slot in together] == [(0, 90), (2, 60)]


@pytest.mark.parametrize(
    ("lines", "people", "rules"),
    [
        ([a_line((0, 60))], [ANN], ["GROUP-1"]),
        ([a_line((0, 60)), a_line((0, 60))], [ANN, ANN], ["GROUP-1", "GROUP-2"]),
        ([a_line((0, 60)), a_line((0, 60), support=Support.HOME_CARE)], [ANN, BEN], ["GROUP-3"]),
        ([a_line((0, 60)), a_line((1, 60))], [ANN, BEN], ["GROUP-4"]),
        ([a_line(), a_line()], [ANN, BEN], ["GROUP-4"]),
    ],
)
def test_a_group_is_two_people_who_want_the_same_at_the_same_times(
    lines: list[PlanLine], people: list[UUID], rules: list[str]
) -> None:
    with pytest.raises(GroupUnsound) as refused:
        be_a_group(lines, people)
    assert [each.rule for each in refused.value.failures] == rules


def test_two_people_who_stay_unequally_long_may_share() -> None:
    be_a_group([a_line((0, 60)), a_line((0, 120))], [ANN, BEN])


@pytest.mark.parametrize(("days", "rule"), [(1, "GROUP-5"), (-36, "GROUP-6")])
def test_somebody_leaves_on_a_day_that_came_and_is_not_long_gone(days: int, rule: str) -> None:
    with pytest.raises(GroupUnsound) as refused:
        leave_on_a_day_that_came(TODAY + timedelta(days=days), TODAY)
    assert [(each.field, each.rule) for each in refused.value.failures] == [("last_day", rule)]
    for fine in (0, -35):
        leave_on_a_day_that_came(TODAY + timedelta(days=fine), TODAY)


def test_what_was_shared_is_not_taken_back() -> None:
    nothing_recorded_after(TODAY, 0)
    with pytest.raises(GroupUnsound) as refused:
        nothing_recorded_after(TODAY, 2)
    assert [(each.rule, each.because.params) for each in refused.value.failures] == [("GROUP-7", {"visits": 2})]


@given(
    st.integers(0, 10**6), st.lists(st.integers(5, 600), min_size=1, max_size=9), st.sampled_from(Sharing), st.data()
)
def test_an_explanations_steps_add_up_to_the_share(
    hourly: int, minutes: list[int], sharing: Sharing, data: Any
) -> None:
    n = data.draw(st.integers(0, len(minutes) - 1))
    steps = steps_of_share(hourly, max(minutes), sharing, minutes, n)
    whole = price_of(max(minutes), hourly)
    assert sum(step.effect for step in steps) == split(whole, weights(sharing, minutes))[n].pence
    assert all(in_words(step.because, WORDS) for step in steps)


def test_an_explanation_names_how_many_share_and_nobody_elses_share() -> None:
    price, others = steps_of_share(2469, 120, Sharing.BY_MINUTES, [120, 60, 60], 0)
    assert in_words(price.because, WORDS) == "An hour costs the group £24.69, for 2 hours a week."
    assert in_words(others.because, WORDS) == "Of 4 hours a week that 3 people plan, 2 hours are this person's."
    assert (price.effect, others.effect) == (4938, -2469)


def test_what_comes_before_any_plan_is_shared_with_nobody() -> None:
    """Shares come out of budgets, and it comes out of none."""
    with pytest.raises(GroupUnsound) as refused:
        be_a_group([a_line((0, 60)), a_line((0, 60))], [ANN, BEN], [Basis.PLAN, Basis.URGENT])
    assert [each.rule for each in refused.value.failures] == ["GROUP-8"]
    assert "no budget that could be shared" in in_words(refused.value.failures[0].because, WORDS)
