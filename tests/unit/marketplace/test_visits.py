"""Planned visits keep London time, records find theirs, and each is worth what its outcome says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.visits import (
    TOLERANCE,
    MatchedVisit,
    OrderTerms,
    Outcome,
    Record,
    find_planned,
    match_record,
    planned_visits,
    unrecorded,
    visit_id,
    worth,
)
from shared.clock import LONDON
from shared.contracts.base import Reason, Slot

MORNING = Slot(weekday=6, starts="08:00", minutes=30, time_critical=True)
EVENING = Slot(weekday=6, starts="18:00", minutes=45)
ORDER = OrderTerms(UUID(int=5), (EVENING, MORNING), 2400, date(2026, 3, 1))
SUNDAY = date(2026, 3, 22)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_a_weekly_pattern_keeps_london_time_when_the_clocks_change() -> None:
    instants = [visit.planned_at for visit in planned_visits(ORDER, SUNDAY, SUNDAY + timedelta(days=7))]
    assert instants == [on(22, 8), on(22, 18), on(29, 7), on(29, 17)]


def test_a_time_the_spring_change_skips_is_kept_as_one_visit_with_the_slot_it_falls_upon() -> None:
    night = OrderTerms(
        UUID(int=5),
        (Slot(weekday=6, starts="01:30", minutes=60), Slot(weekday=6, starts="02:30", minutes=20, time_critical=True)),
        2400,
        SUNDAY,
    )
    (visit,) = planned_visits(night, date(2026, 3, 29), date(2026, 3, 29))
    assert (visit.planned_at, visit.minutes, visit.time_critical) == (on(29, 1, 30), 60, True)


def test_a_time_the_autumn_change_repeats_is_planned_once_and_at_first() -> None:
    night = OrderTerms(UUID(int=5), (Slot(weekday=6, starts="01:30", minutes=60),), 2400, SUNDAY)
    (visit,) = planned_visits(night, date(2026, 10, 25), date(2026, 10, 25))
    assert visit.planned_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_order_plans_nothing_before_it_starts_or_after_it_ends() -> None:
    order = OrderTerms(ORDER.order_id, ORDER.pattern, 2400, SUNDAY, SUNDAY + timedelta(days=6))
    planned = planned_visits(order, SUNDAY - timedelta(days=30), SUNDAY + timedelta(days=30))
    assert [visit.planned_at for visit in planned] == [on(22, 8), on(22, 18)]


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 23), st.integers(0, 59))
def test_every_slot_is_planned_once_a_week_at_its_london_time(first: date, hour: int, minute: int) -> None:
    slot = Slot(weekday=2, starts=f"{hour:02d}:{minute:02d}", minutes=30)
    order = OrderTerms(UUID(int=9), (slot,), 2000, first)
    (visit,) = planned_visits(order, first, first + timedelta(days=6))
    local = visit.planned_at.astimezone(LONDON)
    assert (local.weekday(), local.hour, local.minute) == (2, hour, minute)


def test_a_visit_is_known_by_its_order_and_planned_start_for_ever() -> None:
    assert visit_id(UUID(int=5), on(22, 8)) == UUID("6b0a9437-eb39-5b37-88e1-03cb2f1e52d9")


def test_the_same_instant_in_another_offset_is_the_same_visit() -> None:
    assert visit_id(UUID(int=5), on(29, 7)) == visit_id(UUID(int=5), datetime(2026, 3, 29, 8, tzinfo=LONDON))
    assert visit_id(UUID(int=5), on(29, 7)) != visit_id(UUID(int=6), on(29, 7))


@pytest.mark.parametrize(
    ("off", "found"), [(timedelta(0), True), (TOLERANCE, True), (-TOLERANCE, True), (TOLERANCE * 1.01, False)]
)
def test_a_record_finds_its_visit_within_the_tolerance_and_no_further(off: timedelta, found: bool) -> None:
    assert (find_planned(ORDER, on(22, 8) + off) is not None) is found


def test_the_nearest_of_two_visits_is_found_and_of_two_equally_near_the_earlier() -> None:
    close = (Slot(weekday=6, starts="08:00", minutes=10), Slot(weekday=6, starts="08:20", minutes=10))
    order = OrderTerms(UUID(int=5), close, 2400, SUNDAY)
    found = [find_planned(order, on(22, 8, minute)) for minute in (9, 10, 11)]
    assert [visit.planned_at.minute for visit in found if visit] == [0, 0, 20]


def test_a_visit_just_after_midnight_is_found_from_the_evening_before() -> None:
    order = OrderTerms(UUID(int=5), (Slot(weekday=0, starts="00:05", minutes=10),), 2400, SUNDAY)
    found = find_planned(order, on(22, 23, 55))
    assert found is not None
    assert found.planned_at == on(23, 0, 5)


@pytest.mark.parametrize(
    ("outcome", "minutes", "pence"),
    [
        (Outcome.RECORDED, 30, 1200),
        (Outcome.RECORDED, 31, 1240),
        (Outcome.FRUSTRATED, 2, 1200),
        (Outcome.MISSED, 0, 0),
        (Outcome.CANCELLED, 0, 0),
    ],
)
def test_a_visit_is_worth_what_its_outcome_says(outcome: Outcome, minutes: int, pence: int) -> None:
    plan = find_planned(ORDER, on(22, 8))
    assert plan is not None
    assert worth(plan, outcome, minutes, 2400) == pence


def record(reference: str, planned_at: datetime) -> Record:
    return Record(reference, planned_at, planned_at, 25, Outcome.RECORDED)


def test_a_record_becomes_its_planned_visit() -> None:
    found = match_record(record("A", on(22, 8, 5)), {"A": ORDER})
    assert isinstance(found, MatchedVisit)
    assert (found.plan.visit_id, found.minutes, found.pence) == (visit_id(ORDER.order_id, on(22, 8)), 25, 1000)
    assert found.plan.time_critical


@pytest.mark.parametrize(
    ("reference", "planned_at", "code"),
    [("B", on(22, 8), "order_not_known"), ("A", on(22, 12), "no_visit_planned"), ("A", on(23, 8), "no_visit_planned")],
)
def test_a_record_that_belongs_nowhere_says_why(reference: str, planned_at: datetime, code: str) -> None:
    found = match_record(record(reference, planned_at), {"A": ORDER})
    assert isinstance(found, Reason)
    assert found.code == code


def test_visits_of_which_nothing_was_said_are_found() -> None:
    planned = planned_visits(ORDER, SUNDAY, SUNDAY + timedelta(days=7))
    left = unrecorded(planned, frozenset({planned[0].visit_id}), on(29, 7, 30))
    assert [visit.planned_at for visit in left] == [on(22, 18), on(29, 7)]
