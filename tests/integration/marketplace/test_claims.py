"""A claim beside the record: accepted where they agree, disputed with every difference, settled by somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.budget import ClaimPaid
from shared.testing.facts import hear
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, at, today


def a_claim(*days_ago: int, **more: Any) -> dict[str, Any]:
    line = {"minutes": 60, "pence": 2300} | more
    lines = [{"planned_at": at(days).isoformat()} | line for days in days_ago]
    return {"period": {"first": str(at(max(days_ago)).date()), "last": str(at(min(days_ago)).date())}, "lines": lines}


async def submit(market: Market, order: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    where = f"/v1/orders/{order['order_id']}/claims"
    claim: dict[str, Any] = await market.supplier(order["supplier_id"]).done(where, body)
    return claim


async def test_a_difference_is_disputed_line_by_line_and_settled_by_finance(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 2)
    claim = await submit(market, order, a_claim(2, 1))
    assert (claim["state"], claim["claimed_pence"], claim["delivered_pence"], claim["pence"]) == (
        "disputed", 4600, 2300, None,
    )  # fmt: skip
    assert [each["code"] for each in claim["differences"]] == ["not_recorded"]
    (disputed,) = await market.said("claim_disputed")
    assert (disputed["difference_pence"], disputed["because"][0]["code"]) == (2300, "not_recorded")

    where, finance = f"/v1/claims/{claim['claim_id']}/settle", market.service.as_("finance")
    reason = "The visit was made; the record was lost."
    settled = await finance.done(where, {"pence": 4600, "reason": reason})
    assert (settled["state"], settled["pence"], settled["settled_by"]) == ("accepted", 4600, "finance")
    (accepted,) = await market.said("claim_accepted")
    assert (accepted["pence"], accepted["delivered_pence"]) == (4600, 2300)
    assert reason not in str(await market.service.outbox())
    again = await finance.post(where, {"pence": 4600, "reason": reason})
    assert (again.status_code, again.json()["allowed"]) == (409, ["lower", "pay"])


async def test_a_dispute_is_not_settled_beyond_what_was_claimed_or_delivered(market: Market) -> None:
    order = await market.a_started_order()
    claim = await submit(market, order, a_claim(1))
    where = f"/v1/claims/{claim['claim_id']}/settle"
    refused = await market.service.as_("finance").post(where, {"pence": 2301, "reason": "Too much."})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "pence")


async def test_the_supplier_does_not_settle_its_own_claim(market: Market) -> None:
    order, other = await market.a_started_order(), await market.a_listing()
    claim = await submit(market, order, a_claim(1))
    where, body = f"/v1/claims/{claim['claim_id']}/settle", {"pence": 0, "reason": "Mine."}
    own = market.supplier(order["supplier_id"], scope="claims:decide")
    same_hand = market.service.as_("finance", sub=f"of-{order['supplier_id']}")
    stranger = market.supplier(other["supplier_id"], scope="claims:decide market:read")
    elsewhere = market.service.as_("finance", council=OTHER_COUNCIL)
    assert (await market.supplier(order["supplier_id"]).post(where, body)).status_code == 403
    assert (await own.post(where, body)).json()["type"] == "/problems/own-work"
    assert (await same_hand.post(where, body)).json()["type"] == "/problems/own-work"
    assert (await stranger.post(where, body)).status_code == 404
    assert (await stranger.get(f"/v1/claims/{claim['claim_id']}")).status_code == 404
    assert (await elsewhere.post(where, body)).status_code == 404


async def test_a_visit_is_owed_once_however_often_it_is_claimed(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 1)
    assert (await submit(market, order, a_claim(1)))["state"] == "accepted"
    again = await submit(market, order, a_claim(1))
    assert (again["state"], again["delivered_pence"]) == ("disputed", 0)
    assert [each["code"] for each in again["differences"]] == ["claimed_before"]


async def test_a_visit_recorded_late_is_claimed_by_itself(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 2)
    assert (await submit(market, order, a_claim(2)))["state"] == "accepted"
    await market.a_visit(order, 1)
    late = a_claim(1) | {"period": {"first": str(at(2).date()), "last": str(at(1).date())}}
    assert (await submit(market, order, late))["state"] == "accepted"


async def test_a_recorded_visit_left_out_of_the_claim_is_a_difference(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 2)
    await market.a_visit(order, 1)
    body = a_claim(2) | {"period": {"first": str(at(2).date()), "last": str(at(1).date())}}
    claim = await submit(market, order, body)
    assert [each["code"] for each in claim["differences"]] == ["recorded_not_claimed"]


async def test_only_days_that_are_over_are_claimed_and_not_too_many(market: Market) -> None:
    order = await market.a_started_order()
    where = f"/v1/orders/{order['order_id']}/claims"
    supplier = market.supplier(order["supplier_id"])
    tomorrow, before = str(today() + timedelta(days=1)), str(today() - timedelta(days=35))
    for first, last in ((str(today()), tomorrow), (before, str(today())), (str(today()), before)):
        refused = await supplier.post(where, a_claim(1) | {"period": {"first": first, "last": last}})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "period")
    ages = {"first": "1900-01-01", "last": "2100-12-31"}
    assert (await supplier.post(where, a_claim(1) | {"period": ages})).status_code == 422


async def test_payment_is_noted_once_and_changes_nothing_before_its_time(market: Market) -> None:
    order = await market.a_started_order()
    claim = await submit(market, order, a_claim(1))
    paid = ClaimPaid(
        claim_id=UUID(claim["claim_id"]), order_id=UUID(order["order_id"]), person_id=UUID(order["person_id"]),
        supplier_id=UUID(order["supplier_id"]), pence=0, paid_on=today(),
    )  # fmt: skip
    where = f"/v1/claims/{claim['claim_id']}"
    await hear(market.service, market.budget.say(paid))
    assert (await market.broker.read(where))["state"] == "disputed"
    await market.service.as_("finance").done(f"{where}/settle", {"pence": 0, "reason": "Not delivered."})
    await hear(market.service, [market.budget.say(paid), market.budget.say(paid)])
    read = await market.broker.read(where)
    assert (read["state"], read["paid_on"]) == ("paid", str(today()))


async def test_a_claim_with_more_differences_than_a_fact_carries_keeps_them_all(market: Market) -> None:
    order = await market.a_started_order()
    lines = [
        {"planned_at": (at(1) + timedelta(minutes=20 + n)).isoformat(), "minutes": 1, "pence": 1} for n in range(150)
    ]
    claim = await submit(market, order, a_claim(1) | {"lines": lines})
    assert len(claim["differences"]) == 150
    (disputed,) = await market.said("claim_disputed")
    assert len(disputed["because"]) == 101
    assert disputed["because"][-1] == {"code": "and_more", "params": {"more": 50}}
