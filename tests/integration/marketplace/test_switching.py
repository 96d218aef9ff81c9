"""Somebody too ill for their route: the same order and supplier go on, only how it is claimed changes (ADR 18)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.marketplace.rules.visits import starts_at
from shared.contracts.assessment import PlanAgreed, RouteSwitched
from shared.contracts.base import Route
from shared.testing.facts import hear
from tests.integration.marketplace.journey import SLOTS, Market, a_line, a_plan, today
from tests.integration.marketplace.test_superseding import running

BEGAN = timedelta(days=20)


def switched(plan: PlanAgreed, holds_from: date, until: date | None) -> RouteSwitched:
    own = plan.lines[0].route
    said: dict[str, Any] = {"plan_id": plan.plan_id, "line_id": plan.lines[0].line_id, "person_id": plan.person_id}
    route = Route.COUNCIL_MANAGED if until else own
    return RouteSwitched(
        **said, budget_id=plan.budget_id, route=route, because="ill", holds_from=holds_from, until=until
    )


async def by_payment(market: Market) -> tuple[PlanAgreed, dict[str, Any]]:
    """An agency paid by the person, who has supported them for twenty days."""
    plan = a_plan(a_line(route=Route.DIRECT_PAYMENT), starts_on=today() - BEGAN)
    return plan, await running(market, plan, await market.a_listing())


async def hears(market: Market, *facts: RouteSwitched) -> None:
    for fact in facts:
        await hear(market.service, market.assessment.say(fact))


async def delivered(market: Market, order: dict[str, Any], first: date, last: date) -> dict[str, Any]:
    """A visit recorded on the first of these days, and what is claimed for all of them."""
    at = starts_at(first, SLOTS[first.weekday()]).isoformat()
    visit = {"planned_at": at, "outcome": "recorded", "started_at": at, "minutes": 60}
    supplier = market.supplier(order["supplier_id"])
    kept = await supplier.done(f"/v1/orders/{order['order_id']}/visits", visit)
    lines = [{"planned_at": kept["planned_at"], "minutes": 60, "pence": kept["pence"]}]
    return {"period": {"first": str(first), "last": str(last)}, "lines": lines}


@pytest.mark.parametrize(("day", "kind"), [(0, "statement"), (7, "invoice"), (14, "statement")])
async def test_each_day_is_claimed_by_its_own_route_and_the_order_goes_on(market: Market, day: int, kind: str) -> None:
    plan, order = await by_payment(market)
    first = today() - BEGAN
    await hears(market, switched(plan, first + timedelta(days=7), first + timedelta(days=13)))
    body = await delivered(market, order, first + timedelta(days=day), first + timedelta(days=day + 6))
    claim = await market.supplier(order["supplier_id"]).done(f"/v1/orders/{order['order_id']}/claims", body)
    assert (claim["kind"], claim["state"]) == (kind, "accepted")
    assert (await market.said("claim_accepted"))[0]["kind"] == kind
    shown = await market.broker.read(f"/v1/orders/{order['order_id']}")
    assert (shown["state"], shown["route"], shown["last_day"]) == ("started", "direct_payment", None)
    assert [one["first"] for one in shown["switched"]] == [str(first + timedelta(days=7))]


async def test_a_claim_is_for_days_of_one_route_and_says_where_the_other_begins(market: Market) -> None:
    plan, order = await by_payment(market)
    first = today() - BEGAN
    turn = first + timedelta(days=7)
    await hears(market, switched(plan, turn, turn + timedelta(days=30)), switched(plan, turn + timedelta(days=7), None))
    body = await delivered(market, order, first, turn)
    supplier, where = market.supplier(order["supplier_id"]), f"/v1/orders/{order['order_id']}/claims"
    for last, turns in ((turn, turn), (turn + timedelta(days=8), turn)):
        refused = await supplier.post(where, body | {"period": {"first": str(first), "last": str(last)}})
        assert refused.status_code == 422
        (error,) = refused.json()["errors"]
        assert (error["field"], error["rule"], str(turns) in repr(error)) == ("period", "CLAIM-6", True)
    await supplier.done(where, body | {"period": {"first": str(first), "last": str(turn - timedelta(days=1))}})


async def test_whoever_is_found_only_afterwards_is_claimed_for_in_the_same_way(market: Market) -> None:
    plan = a_plan(a_line(route=Route.DIRECT_PAYMENT), starts_on=today() - BEGAN)
    listing = await market.a_listing()
    requirement = await market.a_requirement(plan)
    await hears(market, switched(plan, today() - BEGAN, today()))
    offer = await market.an_offer(requirement, listing)
    order = await market.supplier(listing["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    assert order["switched"] == [{"first": str(today() - BEGAN), "last": str(today())}]
