"""From an agreed plan to a paid claim, as marketplace sees it."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.budget import ClaimPaid
from shared.testing.facts import hear
from tests.integration.marketplace.journey import Market, a_line, a_plan, at, today


async def test_a_plan_line_becomes_a_requirement_an_order_visits_and_a_paid_claim(market: Market) -> None:
    order = await market.a_started_order()
    for days in (2, 1):
        await market.a_visit(order, days)
    supplier, where = market.supplier(order["supplier_id"]), f"/v1/orders/{order['order_id']}/claims"
    lines = [{"planned_at": at(days).isoformat(), "minutes": 60, "pence": 2300} for days in (2, 1)]
    period = {"first": at(2).date().isoformat(), "last": at(1).date().isoformat()}
    claim = await supplier.done(where, {"period": period, "lines": lines})
    assert (claim["state"], claim["pence"], claim["differences"]) == ("accepted", 4600, [])

    paid = ClaimPaid(
        claim_id=UUID(claim["claim_id"]),
        order_id=UUID(order["order_id"]),
        person_id=UUID(order["person_id"]),
        supplier_id=UUID(order["supplier_id"]),
        pence=4600,
        paid_on=today(),
    )
    await hear(market.service, market.budget.say(paid))
    assert (await supplier.read(f"/v1/claims/{claim['claim_id']}"))["state"] == "paid"
    assert [kind.split(".")[1] for kind, _ in await market.service.outbox()] == [
        "supplier_registered",
        "evidence_recorded",
        "evidence_recorded",
        "listing_published",
        "requirement_opened",
        "offer_made",
        "listing_published",
        "order_placed",
        "order_confirmed",
        "support_started",
        "visit_recorded",
        "visit_recorded",
        "claim_submitted",
        "claim_accepted",
    ]


async def test_each_line_of_a_plan_becomes_a_requirement_of_its_own(market: Market) -> None:
    plan = a_plan(a_line(), a_line())
    await hear(market.service, market.assessment.say(plan))
    opened = await market.said("requirement_opened")
    assert {one["line"]["line_id"] for one in opened} == {str(line.line_id) for line in plan.lines}


async def test_accepting_takes_room_from_the_listing_and_says_so(market: Market) -> None:
    order = await market.an_order()
    published = await market.said("listing_published")
    assert [one["room_minutes"] for one in published] == [2000, 1580]
    assert (order["weekly_pence"], order["state"]) == (16100, "placed")
    page = await market.broker.read("/v1/listings", supplier_id=order["supplier_id"])
    assert [one["room_minutes"] for one in page["items"]] == [1580]
