"""A start waits for the evidence the policy asks for; a lapse warns ahead; support that runs goes on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shared.clock import start_of
from shared.contracts.base import Route, SupplierKind
from tests.integration.marketplace.journey import Market, a_line, a_plan, sweep, today

FOR_A_PA = ("employers_liability", "right_to_work", "contract", "payroll", "pension", "cover_plan")


async def a_pa_order(market: Market, *shown: str) -> dict[str, Any]:
    """A PA whom the person employs, confirmed; it starts today."""
    pa = await market.a_supplier(kind="pa", employer="person")
    await market.shows(pa["supplier_id"], *shown)
    listing = await market.a_listing(pa)
    line = a_line(kind_wanted=SupplierKind.PA, route=Route.DIRECT_PAYMENT)
    requirement = await market.a_requirement(a_plan(line, starts_on=today()))
    offer = await market.an_offer(requirement, listing)
    order: dict[str, Any] = await market.supplier(pa["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    await market.commit(order)
    read: dict[str, Any] = await market.broker.read(f"/v1/orders/{order['order_id']}")
    return read


async def start(market: Market, order: dict[str, Any]) -> Any:
    where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": str(today())}
    return await market.supplier(order["supplier_id"]).post(where, body)


async def test_a_start_is_blocked_and_names_what_is_missing_until_it_is_there(market: Market) -> None:
    order = await a_pa_order(market, *FOR_A_PA[1:])
    assert (order["state"], order["missing"]) == ("confirmed", ["employers_liability"])
    refused = await start(market, order)
    assert (refused.status_code, refused.json()["missing"]) == (409, ["employers_liability"])
    assert refused.json()["type"].endswith("evidence-missing")
    assert [(one["order_id"], one["missing"]) for one in await market.said("start_blocked")] == [
        (order["order_id"], ["employers_liability"])
    ]
    await market.shows(order["supplier_id"], "employers_liability")
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["missing"] == []
    ready = await market.broker.read(f"/v1/orders/{order['order_id']}/readiness")
    assert (ready["missing"], ready["advised"]) == ([], ["criminal_record_check", "training"])
    assert (await start(market, order)).status_code == 200


async def test_cover_a_penny_short_is_refused_by_field_and_rule(market: Market) -> None:
    """RULES §4.3, §9 case 29."""
    pa = await market.a_supplier(kind="pa", employer="person")
    body = {
        "kind": "employers_liability",
        "holds_from": str(today()),
        "holds_until": str(today()),
        "cover_pence": 499_999_999,
    }
    refused = await market.commissioner.post(f"/v1/suppliers/{pa['supplier_id']}/evidence", body)
    assert refused.status_code == 422
    assert [(each["field"], each["rule"]) for each in refused.json()["errors"]] == [("cover_pence", "EVID-2")]


async def go_to(market: Market, day: date) -> int:
    """How many timers spoke when that London day began, and because they did."""
    await market.service.as_("ops").done("/sandbox/clock", {"to": (start_of(day) + timedelta(minutes=1)).isoformat()})
    spoke = 0
    while more := await sweep(market):
        spoke += more
    return spoke


async def test_a_lapse_warns_at_28_and_7_days_and_running_support_goes_on(market: Market) -> None:
    order = await a_pa_order(market, *FOR_A_PA[1:])
    last = today() + timedelta(days=60)
    (shown,) = await market.shows(order["supplier_id"], "employers_liability", holds_until=str(last))
    assert (await start(market, order)).status_code == 200
    for days, spoke in ((29, 0), (28, 2), (8, 0), (7, 2), (0, 0), (-1, 2)):  # the employer's, and their PA's
        assert await go_to(market, last - timedelta(days=days)) == spoke
    lapsing = await market.said("evidence_lapsing")
    assert [(one["days_left"], one["evidence_id"]) for one in lapsing] == [
        (28, shown["evidence_id"]),
        (7, shown["evidence_id"]),
    ]
    (lapsed,) = await market.said("evidence_lapsed")
    assert (lapsed["lapsed_on"], lapsed["running_orders"]) == (str(last + timedelta(days=1)), 1)
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"


async def test_newer_evidence_that_follows_makes_a_lapse_silent(market: Market) -> None:
    pa = await market.a_supplier(kind="pa", employer="person")
    last = today() + timedelta(days=40)
    await market.shows(pa["supplier_id"], "contract", holds_until=str(last))
    later = last + timedelta(days=400)
    await market.shows(pa["supplier_id"], "contract", holds_from=str(last + timedelta(days=1)), holds_until=str(later))
    for days in (28, 7, -1):
        assert await go_to(market, last - timedelta(days=days)) == 1
    assert await market.said("evidence_lapsing") == await market.said("evidence_lapsed") == []


async def test_an_order_that_waits_is_blocked_again_on_the_day_of_a_lapse(market: Market) -> None:
    order = await a_pa_order(market, *FOR_A_PA[1:])
    last = today() + timedelta(days=3)
    await market.shows(order["supplier_id"], "employers_liability", holds_until=str(last))
    assert len(await market.said("start_blocked")) == 1
    await go_to(market, last + timedelta(days=1))
    assert len(await market.said("start_blocked")) == 2
    read = await market.broker.read(f"/v1/orders/{order['order_id']}")
    assert (read["state"], read["missing"]) == ("confirmed", ["employers_liability"])


async def test_was_cover_in_force_on_the_day_of_an_injury(market: Market) -> None:
    pa = await market.a_supplier(kind="pa", employer="person")
    where = f"/v1/suppliers/{pa['supplier_id']}"
    last = today() - timedelta(days=10)
    (shown,) = await market.shows(pa["supplier_id"], "employers_liability", holds_until=str(last))
    for day, covered in ((last, True), (last + timedelta(days=1), False)):
        body = {"happened_on": str(day), "what_happened": "Synthetic: a back was hurt."}
        injury = await market.commissioner.done(f"{where}/injuries", body)
        assert (injury["covered"], injury["evidence_id"]) == (covered, shown["evidence_id"] if covered else None)
        assert (await market.commissioner.read(f"{where}/insurance", on=str(day)))["covered"] is covered
    assert [one["covered"] for one in await market.said("injury_reported")] == [True, False]
    assert {one["sick_pay_due_from"] for one in await market.said("injury_reported")} == {"person"}
    assert [step["rule"] for step in injury["steps"]] == ["INJURY-SICK-PAY"]
    assert "hurt" not in str(await market.service.outbox())
    assert len((await market.commissioner.read(f"{where}/injuries"))["items"]) == 2
    body = {"happened_on": str(today() + timedelta(days=2)), "what_happened": "Synthetic."}
    refused = await market.commissioner.post(f"{where}/injuries", body)
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "INJURY-1")


async def test_a_supplier_sees_its_own_evidence_and_an_app_nobodys(market: Market) -> None:
    pa, other = await market.a_supplier(kind="pa", employer="person"), await market.a_supplier()
    await market.shows(pa["supplier_id"], "contract")
    where = f"/v1/suppliers/{pa['supplier_id']}/evidence"
    assert len((await market.supplier(pa["supplier_id"]).read(where))["items"]) == 1
    for stranger in (market.supplier(other["supplier_id"]), market.service.as_("broker_app")):
        assert (await stranger.get(where)).status_code == 404
