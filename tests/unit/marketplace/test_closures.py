"""Whom a closure reaches, who else has room, and when it may be decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.closures import (
    Affected,
    ClosureUnsound,
    Consulted,
    Reached,
    be_counted,
    be_heard,
    close_on_a_day_ahead,
    heard,
    impact,
    named,
)
from services.marketplace.rules.matching import Candidate
from tests.unit.marketplace.test_matching import GOOD, LINE, WANTED, candidates

DAY = date(2024, 6, 17)
ONE = Reached(UUID(int=1), UUID(int=11), WANTED, 20_000)
TWO = Reached(UUID(int=2), UUID(int=12), WANTED, 20_000)


def test_room_is_not_counted_twice_and_the_cost_is_what_others_ask() -> None:
    """Ten hours a week each; the one other has room for ten hours at £21."""
    found = impact([TWO, ONE], [replace(GOOD, hourly_pence=2100)])
    assert (found.people, found.unplaced, found.now_pence) == (2, 1, 40_000)
    assert (found.replaced_pence, found.replacing_pence) == (20_000, 21_000)
    assert [one.listing_id for one in found.replacements] == [GOOD.listing_id, None]


def test_where_nobody_comes_nobody_is_reached() -> None:
    assert (impact([], [GOOD]).people, impact([], [GOOD]).replacements) == (0, ())


@given(st.lists(st.sampled_from([ONE, TWO, replace(ONE, order_id=UUID(int=3))]), unique=True), candidates)
def test_the_figures_add_up_and_no_room_is_overdrawn(reached: list[Reached], given_candidates: list[Candidate]) -> None:
    found = impact(reached, given_candidates)
    placed = [one for one in found.replacements if one.listing_id]
    assert found.replacing_pence == sum(one.weekly_pence or 0 for one in placed)
    assert found.replaced_pence == 20_000 * len(placed)
    assert found.now_pence == 20_000 * len(reached)
    assert len(found.replacements) == len(reached)
    for each in given_candidates:
        assert sum(LINE.weekly_minutes for one in placed if one.listing_id == each.listing_id) <= each.room_minutes


def test_nothing_closes_on_a_day_that_came() -> None:
    with pytest.raises(ClosureUnsound):
        close_on_a_day_ahead(DAY, DAY)
    close_on_a_day_ahead(DAY + timedelta(days=1), DAY)


@pytest.mark.parametrize(
    ("consulted", "rule"),
    [((), "CLOSE-2"), ((Consulted("carers", "No.", DAY), Consulted("union")), "CLOSE-3")],
)
def test_a_closure_is_decided_only_once_everybody_named_was_heard(consulted: tuple[Consulted, ...], rule: str) -> None:
    with pytest.raises(ClosureUnsound) as refused:
        be_heard(consulted)
    assert [each.rule for each in refused.value.failures] == [rule]
    be_heard((Consulted("carers", "No.", DAY),))


def test_an_answer_is_kept_for_who_was_named_and_refused_for_others() -> None:
    asked = named((), ("union", "carers", "union"))
    assert [each.party for each in asked] == ["carers", "union"]
    assert heard(asked, "union", "Not so.", DAY)[1] == Consulted("union", "Not so.", DAY)
    with pytest.raises(ClosureUnsound) as refused:
        heard(asked, "press", "Really?", DAY)
    assert [each.rule for each in refused.value.failures] == ["CLOSE-4"]


@pytest.mark.parametrize(("posts", "hours", "sound"), [(6, 180, True), (0, 0, True), (6, 0, False), (0, 180, False)])
def test_posts_are_said_with_their_hours(posts: int, hours: int, sound: bool) -> None:
    affected = Affected(carers=14, journeys_a_week=60, meals_a_week=45, posts=posts, post_hours_a_week=hours)
    if sound:
        be_counted(affected)
    else:
        with pytest.raises(ClosureUnsound):
            be_counted(affected)
