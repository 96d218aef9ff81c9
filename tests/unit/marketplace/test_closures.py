"""Whom a closure reaches, who else has room, and when it may be decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
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
    is_reviewed,
    is_still_there,
    named,
)
from services.marketplace.rules.cover import FOR_COVER
from services.marketplace.rules.matching import Candidate, rank, why_excluded
from services.marketplace.rules.states import ListingState
from shared.contracts.base import Employer
from shared.contracts.supply import EvidenceKind
from shared.money import price_of
from tests.unit.marketplace.test_matching import GOOD, HERS, LINE, WANTED, candidates

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


offered = st.lists(
    st.tuples(st.sampled_from(range(4)), st.sampled_from([200, 600]), st.sampled_from([HERS, UUID(int=6)])),
    unique_by=lambda one: one[0],
)


def reached_by(them: list[tuple[int, int, UUID]]) -> list[Reached]:
    """Orders of (number, minutes a week, person)."""
    return [
        Reached(
            UUID(int=number),
            person,
            replace(WANTED, line=LINE.model_copy(update={"weekly_minutes": minutes}), person_id=person),
            20_000,
        )
        for number, minutes, person in them
    ]


@given(offered, candidates, st.sampled_from([(), (EvidenceKind.TRAINING,)]))
def test_nobody_is_placed_where_a_hard_constraint_forbids_it(
    them: list[tuple[int, int, UUID]], given_candidates: list[Candidate], missing: tuple[EvidenceKind, ...]
) -> None:
    """Whoever could replace is live, sells this support here, is not restricted, ready, and nobody else's PA."""
    of_listing = {one.listing_id: replace(one, missing=missing) for one in given_candidates}
    reached = {one.order_id: one for one in reached_by(them)}
    for found in impact(list(reached.values()), of_listing.values()).replacements:
        if found.listing_id is None:
            continue
        it, wanted = of_listing[found.listing_id], reached[found.order_id].wanted
        assert why_excluded(wanted, it, FOR_COVER) == ()
        assert (it.state, it.support) == (ListingState.LIVE, LINE.support)
        assert "north" in it.areas
        assert it.employer in (None, Employer.POOL)
        assert it.for_person_id in (None, found.person_id)
        assert not it.missing
        assert not any(each.level.stops_new_offers for each in it.restrictions)
        assert found.weekly_pence == price_of(wanted.line.weekly_minutes, it.hourly_pence)


@given(offered, candidates, st.randoms(use_true_random=False))
def test_in_whatever_order_orders_and_listings_come_the_impact_is_the_same(
    them: list[tuple[int, int, UUID]], given_candidates: list[Candidate], random: Random
) -> None:
    orders, listings = list(them), list(given_candidates)
    random.shuffle(orders)
    random.shuffle(listings)
    assert impact(reached_by(orders), listings) == impact(reached_by(them), given_candidates)


@given(offered, candidates)
def test_whoever_is_left_unplaced_had_nobody_with_room_at_their_turn(
    them: list[tuple[int, int, UUID]], given_candidates: list[Candidate]
) -> None:
    """In turn, each with what those before them have left of the room; the explanation of each ranking adds up to its score."""
    left = {one.listing_id: one for one in given_candidates}
    wanted = {one.order_id: one.wanted for one in reached_by(them)}
    for found in impact(reached_by(them), given_candidates).replacements:
        ranked = rank(wanted[found.order_id], left.values(), constraints=FOR_COVER)
        assert all(one.score == sum(step.effect for step in one.lines) for one in ranked)
        best = next((one.candidate.listing_id for one in ranked if not one.excluded), None)
        assert found.listing_id == best
        if best is not None:
            minutes = wanted[found.order_id].line.weekly_minutes
            left[best] = replace(left[best], room_minutes=left[best].room_minutes - minutes)


def test_nothing_closes_on_a_day_that_came() -> None:
    with pytest.raises(ClosureUnsound):
        close_on_a_day_ahead(DAY, DAY)
    close_on_a_day_ahead(DAY + timedelta(days=1), DAY)


@pytest.mark.parametrize(("last_day", "there"), [(None, True), (-1, False), (0, True), (30, True)])
def test_who_was_not_ended_before_the_closing_day_is_still_there(last_day: int | None, there: bool) -> None:
    """The closing day is the first without the service; days are counted from it."""
    assert is_still_there(last_day if last_day is None else DAY + timedelta(days=last_day), DAY) is there


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


@pytest.mark.parametrize(
    ("held_on", "decided_on", "is_enough"),
    [
        (None, date(2026, 3, 2), False),
        (date(2026, 3, 1), date(2026, 3, 2), False),
        (date(2026, 3, 2), date(2026, 3, 2), True),
        (date(2026, 3, 9), date(2026, 3, 2), True),
    ],
)
def test_a_review_counts_before_support_is_withdrawn_when_it_was_held_since_the_decision(
    held_on: date | None, decided_on: date, is_enough: bool
) -> None:
    """Care Act 2014 s.27."""
    assert is_reviewed(held_on, decided_on) is is_enough
