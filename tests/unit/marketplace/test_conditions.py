"""What is left of an hour's pay after the way (PEERS (c) 12; National Minimum Wage Regulations 2015, SI 2015/621, reg 34)?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.conditions import Limits, Made, Pay, PayUnsound, be_paid_by_the_hour, conditions
from services.marketplace.rules.suppliers import PRIVATE
from shared.contracts.base import Employer

MORNING = datetime(2026, 6, 1, 7, tzinfo=UTC)
LIMITS = Limits(longest_way=60, short_visit=30)
FLOOR = 1271
UNPAID, PAID = (Pay(date(2026, 4, 1), 1300, way) for way in (False, True))


def made(after: int, minutes: int, person: int = 1, worker: str = "cw-1") -> Made:
    """A visit so many minutes after seven."""
    return Made(worker, UUID(int=person), MORNING + timedelta(minutes=after), minutes)


EIGHT = [made(n * 49, 15, person=n) for n in range(8)]
"""Eight visits of a quarter of an hour in nearly six hours, each to somebody else: 34 minutes of way between them."""


def test_eight_short_visits_in_six_hours_paid_by_contact_are_below_the_minimum_wage() -> None:
    """PEERS (c) 12. Two hours are paid of five hours and 58 minutes: £26.00 / 358 minutes."""
    found = conditions(EIGHT, [UNPAID], LIMITS, FLOOR)
    assert found is not None
    assert (found.contact_minutes, found.way_minutes, found.paid_pence) == (120, 238, 2600)
    assert (found.hourly_pence, found.below_floor, found.short, found.split_days) == (436, 1, 8, 0)


def test_where_the_way_is_paid_the_hour_keeps_its_wage() -> None:
    found = conditions(EIGHT, [PAID], LIMITS, FLOOR)
    assert found is not None
    assert (found.hourly_pence, found.below_floor, found.paid_pence) == (1300, 0, 7757)
    assert found.steps[1].because.params["unpaid"] == 0


@pytest.mark.parametrize(("gap", "way", "split"), [(60, 60, 0), (61, 0, 1)])
def test_a_gap_of_more_than_an_hour_is_a_break_and_no_way(gap: int, way: int, split: int) -> None:
    found = conditions([made(0, 30), made(30 + gap, 30, person=2)], [UNPAID], LIMITS, FLOOR)
    assert found is not None
    assert (found.way_minutes, found.split_days) == (way, split)


def test_who_comes_back_to_the_same_person_has_no_way() -> None:
    found = conditions([made(0, 30), made(50, 30)], [UNPAID], LIMITS, FLOOR)
    assert found is not None
    assert (found.way_minutes, found.hourly_pence) == (0, 1300)


def test_people_who_share_an_hour_are_visited_once() -> None:
    found = conditions([made(0, 60, person=n) for n in range(3)], [UNPAID], LIMITS, FLOOR)
    assert found is not None
    assert (found.visits, found.contact_minutes, found.paid_pence) == (1, 60, 1300)


def test_each_care_worker_is_held_against_the_floor_by_all_their_hours_not_by_each_day() -> None:
    """The pay reference period: a short day is made up for by a long one of the same care worker, not of another's."""
    short_day = [made(0, 30, 1), made(90, 30, 2)]
    long_day = [made(24 * 60, 300, 1)]
    pay = [Pay(date(2026, 4, 1), 1500, way_is_paid=False)]
    both = conditions([*short_day, *long_day], pay, LIMITS, FLOOR)
    apart = conditions([*short_day, made(24 * 60, 300, 1, "cw-2")], pay, LIMITS, FLOOR)
    assert both is not None
    assert apart is not None
    assert (both.below_floor, both.workers, apart.below_floor, apart.workers) == (0, 1, 1, 2)


def test_each_day_is_paid_by_what_held_on_it_and_a_day_before_any_is_left_out() -> None:
    later = Pay(date(2026, 6, 2), 1400, way_is_paid=False)
    first = Pay(date(2026, 6, 1), 1300, way_is_paid=False)
    visits = [made(-24 * 60, 60), made(0, 60), made(24 * 60, 60)]
    found = conditions(visits, [first, later], LIMITS, FLOOR)
    assert found is not None
    assert (found.visits, found.paid_pence, found.hourly_pence) == (2, 2700, 1350)
    assert conditions(visits[:1], [first, later], LIMITS, FLOOR) is None


@pytest.mark.parametrize("employer", [*Employer, None])
def test_pay_is_said_of_whoever_is_not_paid_the_listed_wage(employer: Employer | None) -> None:
    if employer not in PRIVATE:
        return be_paid_by_the_hour(employer)
    with pytest.raises(PayUnsound) as refused:
        be_paid_by_the_hour(employer)
    assert [failure.rule for failure in refused.value.failures] == ["PAY-1"]
    return None


VISITS = st.lists(
    st.builds(made, st.integers(0, 900), st.integers(1, 120), st.integers(1, 3), st.sampled_from(["cw-1", "cw-2"])),
    min_size=1,
    max_size=20,
)


@given(VISITS, st.integers(500, 3000), st.booleans())
def test_the_steps_add_up_and_no_hour_is_paid_more_than_the_wage(visits: list[Made], wage: int, way: bool) -> None:
    found = conditions(visits, [Pay(date(2026, 1, 1), wage, way)], LIMITS, FLOOR)
    assert found is not None
    assert sum(step.effect for step in found.steps) == found.paid_pence
    assert found.hourly_pence is not None
    assert found.hourly_pence <= wage
    assert not way or found.hourly_pence == wage
