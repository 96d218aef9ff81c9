"""All routes are offered and explained; what a council does not have is not offered, and a gap is never guessed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.assessment.policy import ROUTES, PolicyUnsound, offer_rows
from services.assessment.rules.routes import (
    RouteNotChosen,
    RouteNotOffered,
    RouteNotSettled,
    be_chosen,
    be_offered,
    routes_offered,
)
from services.assessment.rules.switching import SwitchNotPossible, may_go_back, may_switch
from services.assessment.rules.words import WORDS
from shared.contracts.base import Route
from shared.explain import in_words
from tests.unit.assessment.test_plans import TODAY, line

HERE, WITHOUT_FUNDS = "E09000012", "E99999997"


def test_every_route_there_is_is_put_to_the_person_in_words() -> None:
    """Care Act 2014 s.26, s.31; DOMAIN.md, routes: all are offered."""
    offered = routes_offered(ROUTES, HERE, TODAY)
    assert [one.route for one in offered] == list(Route)
    assert all(one.offered for one in offered)
    assert all(in_words(one.means, WORDS).endswith(".") for one in offered)
    payment = next(one for one in offered if one.route is Route.DIRECT_PAYMENT)
    assert len(payment.conditions) == 5


def test_a_councils_own_row_goes_before_the_one_for_everywhere() -> None:
    offered = {one.route for one in routes_offered(ROUTES, WITHOUT_FUNDS, TODAY) if one.offered}
    assert offered == {Route.COUNCIL_MANAGED, Route.DIRECT_PAYMENT}


def test_a_day_without_a_row_is_refused_and_not_guessed() -> None:
    with pytest.raises(RouteNotSettled):
        routes_offered(ROUTES, HERE, date(2014, 12, 31))


def test_a_line_on_a_route_that_is_not_offered_is_refused_by_its_number() -> None:
    with pytest.raises(RouteNotOffered) as refused:
        be_offered([line(), line(route=Route.ISF)], routes_offered(ROUTES, WITHOUT_FUNDS, TODAY))
    assert [(one.field, one.rule) for one in refused.value.failures] == [("lines[1].route", "ROUTE-1")]


@pytest.mark.parametrize("raw", [b"rows: [{route: isf}]", b"{}", b"rows: [{route: by_mule, council: null}]"])
def test_an_unsound_policy_of_routes_is_not_half_read(raw: bytes) -> None:
    with pytest.raises(PolicyUnsound):
        offer_rows(raw)


@pytest.mark.parametrize(
    ("line_id", "route", "until", "rules"),
    [
        (UUID(int=1), Route.COUNCIL_MANAGED, TODAY, []),
        (UUID(int=2), Route.COUNCIL_MANAGED, TODAY, ["SWITCH-1"]),
        (UUID(int=1), Route.DIRECT_PAYMENT, TODAY, ["SWITCH-2"]),
        (UUID(int=1), Route.COUNCIL_MANAGED, date(2026, 11, 22), ["SWITCH-3"]),
        (UUID(int=2), Route.COUNCIL_MANAGED, date(2026, 11, 22), ["SWITCH-1", "SWITCH-3"]),
        (UUID(int=1), Route.ISF, TODAY, ["SWITCH-4"]),
    ],
)
def test_a_line_is_switched_to_the_councils_own_management_until_a_day_to_come(
    line_id: UUID, route: Route, until: date, rules: list[str]
) -> None:
    """DOMAIN.md: people too ill to manage can switch for a time, and back; no other route asks less of them."""
    try:
        may_switch([line(route=Route.DIRECT_PAYMENT)], line_id, route, until, TODAY)
        failures: list[str] = []
    except SwitchNotPossible as refused:
        failures = [one.rule for one in refused.failures]
    assert failures == rules


def test_only_what_is_switched_goes_back() -> None:
    may_go_back([UUID(int=1)], UUID(int=1))
    with pytest.raises(SwitchNotPossible) as refused:
        may_go_back([UUID(int=1)], UUID(int=2))
    assert [(one.field, one.rule) for one in refused.value.failures] == [("line_id", "SWITCH-5")]


def test_a_refused_payment_is_not_theirs_to_choose_and_the_other_routes_are() -> None:
    """Care Act 2014 s.31, s.32: a decision about the person, not the council's offer."""
    offered = routes_offered(ROUTES, HERE, TODAY, refused_on=TODAY)
    assert [one.route for one in offered if not one.offered] == [Route.DIRECT_PAYMENT]
    assert [one.why_not.code for one in offered if one.why_not] == ["payment_was_refused"]
    with pytest.raises(RouteNotOffered) as refused:
        be_offered([line(route=Route.DIRECT_PAYMENT)], offered)
    assert [one.because.code for one in refused.value.failures] == ["route_refused"]


def test_each_route_of_a_plan_is_chosen_by_somebody() -> None:
    be_chosen([line(), line()], [Route.COUNCIL_MANAGED])
    with pytest.raises(RouteNotChosen) as refused:
        be_chosen([line(), line(route=Route.ISF)], [Route.COUNCIL_MANAGED, Route.DIRECT_PAYMENT])
    assert [(one.field, one.rule) for one in refused.value.failures] == [("lines[1].route", "ROUTE-2")]
