"""What those who come are paid after the way: said of a supplier, reckoned from its visits, seen by whom it concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.contracts.base import Route
from tests.integration.marketplace.journey import Market, at, today

SAID = {"holds_from": str(today() - timedelta(days=90)), "hourly_pence": 1300, "way_is_paid": False}
WINDOW = {"first": str(today() - timedelta(days=6)), "last": str(today())}


async def a_second_order_of(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    """Of another person, by the same supplier."""
    listing = await market.a_listing(await market.broker.read(f"/v1/suppliers/{order['supplier_id']}"))
    offer = await market.an_offer(await market.a_requirement(), listing)
    made: dict[str, Any] = await market.supplier(order["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    await market.commit(made)
    where, body = f"/v1/orders/{made['order_id']}/start", {"started_on": made["starts_on"]}
    started: dict[str, Any] = await market.supplier(made["supplier_id"]).done(where, body)
    return started


async def test_the_way_between_two_people_takes_an_hour_below_its_wage_and_says_so(market: Market) -> None:
    """An hour with one person, 40 minutes later half an hour with another: 90 of 130 minutes are paid."""
    first = await market.a_started_order()
    second = await a_second_order_of(market, first)
    await market.a_visit(first, 2, worker="cw-1")
    late = (at(2) + timedelta(minutes=100)).isoformat()
    await market.a_visit(second, 2, worker="cw-1", started_at=late, minutes=30)
    where = f"/v1/suppliers/{first['supplier_id']}"
    assert (await market.commissioner.post(f"{where}/pay", SAID)).status_code == 201
    found = await market.supplier(first["supplier_id"]).read(f"{where}/conditions", **WINDOW)
    assert (found["visits"], found["workers"], found["contact_minutes"], found["way_minutes"]) == (2, 1, 90, 40)
    assert (found["paid_pence"], found["hourly_pence"], found["below_floor"]) == (1950, 900, 1)
    assert [(step["code"], step["effect"]) for step in found["steps"]] == [
        ("paid_for_visits", 1950),
        ("paid_for_ways", 0),
    ]
    await market.commissioner.done(f"{where}/pay", SAID | {"way_is_paid": True})
    assert len((await market.commissioner.read(f"{where}/pay"))["items"]) == 1
    after = await market.commissioner.read(f"{where}/conditions", **WINDOW)
    assert (after["hourly_pence"], after["below_floor"]) == (1300, 0)


async def test_where_nothing_was_said_of_the_pay_no_figure_is_made_up(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 2, worker="cw-1")
    found = await market.commissioner.read(f"/v1/suppliers/{order['supplier_id']}/conditions", **WINDOW)
    assert (found["visits"], found["hourly_pence"], found["steps"]) == (0, None, [])


async def test_whoever_is_employed_privately_is_paid_what_was_agreed(market: Market) -> None:
    shown = ("employers_liability", "right_to_work", "contract", "payroll", "pension", "cover_plan")
    order = await market.a_started_order_of(Route.DIRECT_PAYMENT, *shown, kind="pa", employer="person")
    await market.a_visit(order, 2, worker="pa")
    where = f"/v1/suppliers/{order['supplier_id']}"
    found = await market.commissioner.read(f"{where}/conditions", **WINDOW)
    assert (found["hourly_pence"], found["way_minutes"]) == (order["hourly_pence"], 0)
    refused = await market.commissioner.post(f"{where}/pay", SAID)
    assert refused.status_code == 422
    assert [(each["field"], each["rule"]) for each in refused.json()["errors"]] == [("hourly_pence", "PAY-1")]


async def test_another_supplier_and_an_app_see_nothing_of_it(market: Market) -> None:
    order, other = await market.a_started_order(), await market.a_supplier()
    for path in ("pay", "conditions"):
        where = f"/v1/suppliers/{order['supplier_id']}/{path}"
        assert (await market.supplier(other["supplier_id"]).get(where)).status_code == 404
        assert (await market.service.as_("broker_app").get(where)).status_code == 404
    bad = await market.commissioner.post(f"/v1/suppliers/{order['supplier_id']}/pay", SAID | {"hourly_pence": 0})
    assert [(each["field"], bad.status_code) for each in bad.json()["errors"]] == [("hourly_pence", 422)]
