"""With a direct payment the person chooses for themselves; what binds a match binds a choice."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.base import Reason, Route, SupplierKind
from shared.contracts.budget import DirectPaymentDecided, DirectPaymentStopped, PaidTo
from shared.testing.facts import hear
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


def found_necessary(person_id: str, necessary: bool) -> DirectPaymentDecided:
    return DirectPaymentDecided(
        decision_id=uuid4(),
        budget_id=uuid4(),
        person_id=person_id,
        agreed=True,
        paid_to=PaidTo.PERSON,
        because=(),
        close_family_may_be_paid=necessary,
    )


@pytest.mark.parametrize("declared_at", ["registration", "choice"])
async def test_case_19_close_family_of_the_household_is_chosen_only_once_the_council_found_it_necessary(
    market: Market, declared_at: str
) -> None:
    """SI 2014/2871 reg 3; the finding and its reasons are budget's, the market hears that there is one."""
    early = {"close_family_in_household": declared_at == "registration"}
    listing = await market.a_listing(await market.a_supplier(kind="pa", employer="person", **early))
    requirement = await a_direct_payment(market, SupplierKind.PA)
    where = f"/v1/requirements/{requirement['requirement_id']}/choose"
    body = {"listing_id": listing["listing_id"], "reason": WHY, "close_family_in_household": not any(early.values())}
    for told in ((), (True, False)):
        for necessary in told:
            await hear(market.service, market.budget.say(found_necessary(requirement["person_id"], necessary)))
        refused = await market.broker.post(where, body)
        assert refused.status_code == 409
        assert [one["code"] for one in refused.json()["reasons"]] == ["close_family_not_necessary"]
    await hear(market.service, market.budget.say(found_necessary(requirement["person_id"], True)))
    assert (await market.broker.post(where, body)).status_code == 201
    (placed,) = await market.said("order_placed")
    assert placed["close_family_in_household"]


async def test_case_19_who_lives_elsewhere_is_chosen_as_anybody_else(market: Market) -> None:
    """SI 2014/2871 reg 3: a daughter living elsewhere may be paid."""
    listing = await market.a_listing(await market.a_supplier(kind="pa", employer="person", close_family=True))
    chosen = await choose(market, await a_direct_payment(market, SupplierKind.PA), listing)
    assert chosen.status_code == 201
    (placed,) = await market.said("order_placed")
    assert not placed["close_family_in_household"]


async def test_a_stopped_payment_takes_the_finding_about_family_with_it(market: Market) -> None:
    listing = await market.a_listing(
        await market.a_supplier(kind="pa", employer="person", close_family_in_household=True)
    )
    requirement = await a_direct_payment(market, SupplierKind.PA)
    person_id = requirement["person_id"]
    stopped = DirectPaymentStopped(
        decision_id=uuid4(), budget_id=uuid4(), person_id=person_id, because=Reason(code="person_asked")
    )
    for said in (found_necessary(person_id, True), stopped):
        await hear(market.service, market.budget.say(said))
    offered = {"listing_id": listing["listing_id"], "price_pence": 2300, "hours_to_answer": 48}
    where = f"/v1/requirements/{requirement['requirement_id']}"
    for refused in (await choose(market, requirement, listing), await market.broker.post(f"{where}/offers", offered)):
        assert [one["code"] for one in refused.json()["reasons"]] == ["close_family_not_necessary"]


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
