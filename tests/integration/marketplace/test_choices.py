"""With a direct payment the person chooses for themselves; what binds a match binds a choice."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.base import Route, SupplierKind
from tests.integration.marketplace.journey import Market, a_line, a_plan

WHY = "She has known the family for years."


async def choose(market: Market, requirement: dict[str, Any], listing: dict[str, Any], **more: Any) -> Any:
    body = {"listing_id": listing["listing_id"], "reason": WHY}
    return await market.broker.post(f"/v1/requirements/{requirement['requirement_id']}/choose", body, **more)


async def a_direct_payment(market: Market, kind: SupplierKind) -> dict[str, Any]:
    return await market.a_requirement(a_plan(a_line(kind_wanted=kind, route=Route.DIRECT_PAYMENT)))


@pytest.mark.parametrize("form", [{"kind": "pa", "employer": "person"}, {"kind": "provider"}])
async def test_a_pa_or_an_agency_is_chosen_without_a_round_of_offers(market: Market, form: dict[str, str]) -> None:
    listing = await market.a_listing(await market.a_supplier(**form))
    requirement = await a_direct_payment(market, SupplierKind(form["kind"]))
    order = (await choose(market, requirement, listing)).json()
    assert (order["state"], order["offer_id"], order["hourly_pence"]) == ("placed", None, 2300)
    (placed,) = await market.said("order_placed")
    assert (placed["order_id"], placed["route"]) == (order["order_id"], "direct_payment")
    assert await market.said("offer_made") == []
    assert WHY not in str(await market.service.outbox())
    where = f"/v1/orders/{order['order_id']}/choice"
    chosen = await market.broker.read(where)
    assert (chosen["reason"], chosen["score"]) == (WHY, sum(step["effect"] for step in chosen["steps"]))
    assert (await market.supplier(listing["supplier_id"]).get(where)).status_code == 404
    again = await choose(market, requirement, listing)
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (409, "requirement_not_open")


async def test_what_excludes_from_a_match_excludes_from_a_choice(market: Market) -> None:
    full = await market.a_listing(room_minutes=1)
    refused = await choose(market, await a_direct_payment(market, SupplierKind.PROVIDER), full)
    assert (refused.status_code, [one["code"] for one in refused.json()["reasons"]]) == (409, ["no_room"])


async def test_case_20_a_direct_payment_chooses_none_of_the_council_s_own_services_as_a_standing_arrangement(
    market: Market,
) -> None:
    """TLAP, Paying for in-house services with a direct payment: once, with a reason; never week by week."""
    listing = await market.a_listing(await market.a_supplier(kind="in_house"))
    requirement = await a_direct_payment(market, SupplierKind.IN_HOUSE)
    refused = await choose(market, requirement, listing)
    assert (refused.status_code, refused.json()["reasons"]) == (
        409,
        [
            {
                "code": "inhouse_not_by_direct_payment",
                "detail": "The council does not let direct payments buy this of its own services week by week.",
            }
        ],
    )
    where = f"/v1/requirements/{requirement['requirement_id']}"
    offered = {"listing_id": listing["listing_id"], "price_pence": 2300, "hours_to_answer": 48}
    assert (await market.broker.post(f"{where}/offers", offered)).status_code == 409
    (match,) = (await market.broker.read(f"{where}/matches"))["excluded"]
    assert [one["code"] for one in match["reasons"]] == ["inhouse_not_by_direct_payment"]
    assert await market.said("order_placed") == []


async def test_on_other_routes_a_supplier_is_asked(market: Market) -> None:
    refused = await choose(market, await market.a_requirement(), await market.a_listing())
    assert [one["code"] for one in refused.json()["reasons"]] == ["not_their_own_purchase"]


async def test_the_code_of_a_refusal_is_kept_as_it_was_given(market: Market) -> None:
    """Whether it discriminates is for others to hear, not for the market to hide."""
    listing = await market.a_listing()
    offer = await market.an_offer(await market.a_requirement(), listing)
    supplier, body = market.supplier(listing["supplier_id"]), {"because": "sexual_orientation"}
    refused = await supplier.done(f"/v1/offers/{offer['offer_id']}/refuse", body)
    assert refused["because"] == "sexual_orientation"
    assert [one["because"] for one in await market.said("offer_refused")] == ["sexual_orientation"]
