"""Spending without delivery, spending that stops, repeated concerns, and teams that stand apart from their peers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from services.safeguarding.policy import THRESHOLDS, PolicyUnsound, thresholds
from services.safeguarding.rules.repeated_concerns import repeated_concerns
from services.safeguarding.rules.spending import (
    Paid,
    bit_of,
    claims_stopped,
    claims_stopped_id,
    delivered_in,
    spending_stopped,
    stopped_id,
    time_is_over_on,
    weeks_of,
)
from services.safeguarding.rules.teams import (
    Chosen,
    Settled,
    channelled_to_route,
    channelled_to_supplier,
    cut_above_others,
    quarter_of,
)
from shared.contracts.base import Period, Route

COUNCIL, DAY = "E09000012", date(2026, 3, 2)
ORDER, ANN, FIRM = UUID(int=5), UUID(int=1), UUID(int=100)
QUARTER = date(2026, 1, 1)


# ── delivery ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "came"),
    [(date(2026, 3, 3), False), (date(2026, 3, 4), True), (date(2026, 3, 18), True), (date(2026, 3, 19), False)],
)
def test_only_a_visit_within_the_period_counts_both_days_included(day: date, came: bool) -> None:
    period = Period(first=date(2026, 3, 4), last=date(2026, 3, 18))
    week = day - timedelta(days=day.weekday())
    assert delivered_in(period, [(week, bit_of(day))]) is came


def test_the_weeks_of_a_period_are_those_it_touches() -> None:
    period = Period(first=date(2026, 3, 8), last=date(2026, 3, 16))
    assert list(weeks_of(period)) == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]


# ── spending ──────────────────────────────────────────────────────────────────────────────────────────────────────────
FIRST, SECOND = Paid(UUID(int=11), DAY), Paid(UUID(int=12), DAY + timedelta(days=28))


def stopped(accounted: list[date], payment: Paid = FIRST) -> tuple[UUID, ...] | None:
    found = spending_stopped(COUNCIL, ORDER, ANN, (FIRST, SECOND), accounted, payment, 56)
    return found.evidence if found else None


def test_a_direct_payment_of_which_nothing_is_accounted_for_in_eight_weeks_has_stopped() -> None:
    assert stopped([]) == (FIRST.payment_id,)
    assert stopped([DAY]) is None
    assert stopped([DAY + timedelta(days=56)]) is None
    assert stopped([DAY + timedelta(days=57)]) == (FIRST.payment_id,)
    assert stopped([DAY - timedelta(days=1)]) == (FIRST.payment_id,)


def spell(first: int, last: int) -> Period:
    return Period(first=DAY + timedelta(days=first), last=DAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("switched", "later"),
    [
        ((), 0),
        ((spell(-9, -1),), 0),  # before the payment
        ((spell(-9, 0),), 0),
        ((spell(-9, 3),), 3),
        ((spell(10, 19),), 10),
        ((spell(56, 65),), 10),  # its last day is the last one there was
        ((spell(57, 66),), 0),  # too late: the time is over
        ((spell(10, 19), spell(60, 62)), 13),  # the first gives the time for the second to count
    ],
)
def test_days_that_the_council_manages_after_a_payment_are_nobody_s_to_account_for(
    switched: tuple[Period, ...], later: int
) -> None:
    """ADR 18: what had gone out for them is kept for the days after."""
    assert time_is_over_on(DAY, 56, switched) == DAY + timedelta(days=56 + later)


def test_of_an_individual_service_fund_it_is_the_statements_that_stopped() -> None:
    """DOMAIN.md, Routes: a fund is accounted for by a monthly statement."""
    found = [
        spending_stopped(COUNCIL, ORDER, ANN, (FIRST,), [], FIRST, 56, route)
        for route in (Route.DIRECT_PAYMENT, Route.ISF)
    ]
    assert [one.because.code for one in found if one] == ["spending_stopped", "statements_stopped"]


@pytest.mark.parametrize(
    ("days", "over", "has_stopped"), [(56, False, False), (57, False, True), (400, False, True), (57, True, False)]
)
def test_of_what_the_council_manages_the_claims_have_stopped_after_eight_weeks_while_it_runs(
    days: int, over: bool, has_stopped: bool
) -> None:
    found = claims_stopped(COUNCIL, ORDER, ANN, DAY, over, DAY + timedelta(days=days), 56)
    assert (found is not None) is has_stopped
    if found is not None:
        assert (found.because.code, found.subject, found.evidence) == ("claims_stopped", ANN, (ORDER,))
        assert found.alert_id == claims_stopped_id(COUNCIL, ORDER, DAY)


def test_the_next_payment_of_the_same_stop_adds_to_the_same_alert() -> None:
    assert stopped([], SECOND) == (FIRST.payment_id, SECOND.payment_id)
    by = DAY + timedelta(days=56)
    assert stopped_id(COUNCIL, ORDER, [], by) == stopped_id(COUNCIL, ORDER, [], by + timedelta(days=28))
    assert stopped_id(COUNCIL, ORDER, [DAY], by) != stopped_id(COUNCIL, ORDER, [], by)


# ── concerns ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Reported:
    concern_id: UUID
    reported_on: date


def reported(*days: int) -> list[Reported]:
    return [Reported(UUID(int=50 + at), DAY + timedelta(days=day)) for at, day in enumerate(days)]


@pytest.mark.parametrize(
    ("days", "together"),
    [
        ((0, 90), []),
        ((0, 45, 90), [3]),
        ((0, 45, 91), []),
        ((0, 45, 91, 92), [3]),
        ((0, 1, 2, 3), [4]),
        ((0, 1, 2, 95, 96, 97), [3, 3]),
    ],
)
def test_three_concerns_within_ninety_days_about_one_supplier_are_an_alert(
    days: tuple[int, ...], together: list[int]
) -> None:
    found = list(repeated_concerns(COUNCIL, FIRM, reported(*days), THRESHOLDS))
    assert [len(one.evidence) for one in found] == together
    assert all((one.kind, one.owner, one.of_supplier) == ("safeguarding", "team", True) for one in found)


def test_a_later_concern_adds_to_the_alert_and_never_changes_its_id() -> None:
    three = list(repeated_concerns(COUNCIL, FIRM, reported(0, 1, 2), THRESHOLDS))
    four = list(repeated_concerns(COUNCIL, FIRM, reported(0, 1, 2, 30), THRESHOLDS))
    assert three[0].alert_id == four[0].alert_id
    assert set(three[0].evidence) < set(four[0].evidence)


# ── teams ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def plans(team: str, **routes: int) -> list[Chosen]:
    return [Chosen(team, route) for route, count in routes.items() for _ in range(count)]


PEERS = plans("south", council_managed=9, direct_payment=6) + plans("east", council_managed=7, direct_payment=3)


@pytest.mark.parametrize(
    ("north", "apart"),
    [
        ({"direct_payment": 10}, [("north", "direct_payment", 100, 40)]),
        ({"direct_payment": 7, "council_managed": 3}, [("north", "direct_payment", 70, 40)]),
        ({"direct_payment": 6, "council_managed": 4}, []),
        ({"direct_payment": 9}, []),
    ],
)
def test_a_team_that_sends_people_to_one_route_far_above_its_peers_is_found_small_numbers_are_not(
    north: dict[str, int], apart: list[tuple[str, str, int, int]]
) -> None:
    found = list(channelled_to_route(COUNCIL, QUARTER, PEERS + plans("north", **north), THRESHOLDS))
    said = [one.because.params for one in found]
    assert [(one["team"], one["route"], one["percent"], one["others"]) for one in said] == apart


def test_without_enough_peers_nothing_is_compared() -> None:
    alone = plans("north", direct_payment=40) + plans("south", council_managed=40) + plans("east", isf=9)
    assert list(channelled_to_route(COUNCIL, QUARTER, alone, THRESHOLDS)) == []


def test_one_extreme_team_makes_no_other_team_look_extreme() -> None:
    """Where everything of one goes to direct payments, the others are not channelling away from them."""
    said = channelled_to_route(COUNCIL, QUARTER, PEERS + plans("north", direct_payment=500), THRESHOLDS)
    assert {one.because.params["team"] for one in said} == {"north"}


def test_the_order_in_which_plans_became_known_changes_nothing_and_no_new_plan_changes_the_id() -> None:
    everything = PEERS + plans("north", direct_payment=12)
    mixed = Random(7).sample(everything, len(everything))
    (one,), (other,) = (list(channelled_to_route(COUNCIL, QUARTER, each, THRESHOLDS)) for each in (everything, mixed))
    assert one == other
    (more,) = channelled_to_route(COUNCIL, QUARTER, [*everything, Chosen("north", "direct_payment")], THRESHOLDS)
    assert (more.alert_id, more.evidence) == (one.alert_id, one.evidence)


def test_orders_of_one_team_that_go_to_one_agency_are_found_with_the_agency() -> None:
    agency, other = str(FIRM), str(UUID(int=101))
    orders = [Chosen("north", agency)] * 12 + [Chosen("south", other)] * 10 + [Chosen("south", agency)] * 2
    orders += [Chosen("east", other)] * 11
    found = [one for one in channelled_to_supplier(COUNCIL, QUARTER, orders, THRESHOLDS) if one.subject == FIRM]
    assert [one.because.params for one in found] == [{"team": "north", "percent": 100, "others": 16}]
    assert found[0].owner == "commissioner"


def settled(team: str, final: int, count: int = 10) -> list[Settled]:
    return [Settled(team, 10000, final)] * count


@pytest.mark.parametrize(
    ("north", "said"),
    [
        (settled("north", 8000), [("north", 20, 5)]),
        (settled("north", 8001), []),
        (settled("north", 5000, 9), []),
        (settled("north", 12000), []),
    ],
)
def test_one_team_that_cuts_far_above_the_others_is_found(
    north: list[Settled], said: list[tuple[str, int, int]]
) -> None:
    found = cut_above_others(COUNCIL, QUARTER, settled("south", 9500, 12) + settled("east", 9700) + north, THRESHOLDS)
    params = [one.because.params for one in found]
    assert [(one["team"], one["percent"], one["others"]) for one in params] == said


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 6, 30), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_a_quarter_is_known_by_its_first_day(day: date, quarter: date) -> None:
    assert quarter_of(day) == quarter


def test_an_unsound_policy_of_thresholds_is_not_half_read() -> None:
    for raw in (b"rows: []", b"{}", b"rows: [{name: x, value: 1, unit: days, source: own, verified: false}]"):
        with pytest.raises(PolicyUnsound):
            thresholds(raw)
    assert replace(THRESHOLDS) == THRESHOLDS
