"""A PA of the council's pool is bought like any other support: matched, offered, ordered, visited, recharged and paid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.base import Route, SupplierKind
from shared.contracts.budget import ClaimPaid
from shared.testing.facts import hear
from tests.integration.marketplace.journey import Market, a_line, a_plan, today
from tests.integration.marketplace.test_claims import a_claim, submit

POOL = ("registration", "employers_liability", "criminal_record_check", "right_to_work", "contract")
MANAGED = a_line(kind_wanted=SupplierKind.PA, route=Route.COUNCIL_MANAGED)


async def a_pool_pa(market: Market, *shown: str) -> dict[str, Any]:
    pa = await market.a_supplier(kind="pa", employer="pool", name="Synthetic PA Ivy")
    await market.shows(pa["supplier_id"], *shown)
    return await market.a_listing(pa)


async def ranked(market: Market, requirement: dict[str, Any]) -> dict[str, Any]:
    where = f"/v1/requirements/{requirement['requirement_id']}/matches"
    found: dict[str, Any] = await market.broker.read(where)
    return found


async def test_from_the_ranking_to_the_paid_recharge(market: Market) -> None:
    listing = await a_pool_pa(market, *POOL)
    private = await market.a_listing(await market.a_supplier(kind="pa", employer="person"))
    requirement = await market.a_requirement(a_plan(MANAGED))
    found = await ranked(market, requirement)
    assert [one["listing_id"] for one in found["ranked"]] == [listing["listing_id"]]
    (theirs,) = (one for one in found["excluded"] if one["listing_id"] == private["listing_id"])
    assert "route_cannot_buy" in [one["code"] for one in theirs["reasons"]]

    offer = await market.an_offer(requirement, listing)
    order = await market.supplier(listing["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    (placed,) = await market.said("order_placed")
    assert (placed["supplier_kind"], placed["employer"], placed["route"]) == ("pa", "pool", "council_managed")
    await market.commit(order)
    start = f"/v1/orders/{order['order_id']}/start"
    begun = await market.supplier(order["supplier_id"]).done(start, {"started_on": order["starts_on"]})
    assert begun["state"] == "started"

    for days_ago in (2, 1):
        await market.a_visit(order, days_ago)
    claim = await submit(market, order, a_claim(2, 1))
    assert (claim["kind"], claim["state"], claim["pence"]) == ("internal_recharge", "accepted", 4600)
    (accepted,) = await market.said("claim_accepted")
    assert (accepted["kind"], accepted["delivered_pence"]) == ("internal_recharge", 4600)
    paid = ClaimPaid(
        claim_id=UUID(claim["claim_id"]), order_id=UUID(order["order_id"]), budget_id=UUID(order["budget_id"]),
        person_id=UUID(order["person_id"]), supplier_id=UUID(order["supplier_id"]), pence=4600, paid_on=today(),
    )  # fmt: skip
    await hear(market.service, market.budget.say(paid))
    read = await market.supplier(order["supplier_id"]).read(f"/v1/claims/{claim['claim_id']}")
    assert (read["state"], read["paid_on"]) == ("paid", str(today()))


async def test_the_pool_is_ready_only_with_what_the_council_as_an_employer_must_have(market: Market) -> None:
    """Its checks are not advice: somebody else than the person manages."""
    listing = await a_pool_pa(market)
    requirement = await market.a_requirement(a_plan(MANAGED, starts_on=today()))
    offer = await market.an_offer(requirement, listing)
    order = await market.supplier(listing["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    await market.commit(order)
    assert set((await market.broker.read(f"/v1/orders/{order['order_id']}"))["missing"]) == set(POOL)


async def test_the_pool_takes_no_direct_payment_as_a_wage(market: Market) -> None:
    """Bought on a direct payment nobody is employed by the person: no wage, no payroll of theirs, and no invoice either."""
    listing = await a_pool_pa(market, *POOL)
    line = a_line(kind_wanted=SupplierKind.PA, route=Route.DIRECT_PAYMENT)
    requirement = await market.a_requirement(a_plan(line))
    found = await ranked(market, requirement)
    assert [one["listing_id"] for one in found["ranked"]] == [listing["listing_id"]]
