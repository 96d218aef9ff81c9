"""Urgent support and reablement are wanted, bought, delivered and ended as any support is, before there is any plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.assessment import ReablementEnded, ReablementStarted, UrgentSupportAgreed, UrgentSupportEnded
from shared.contracts.base import SupplierKind, Support, ToBuy
from shared.testing.facts import NOON, hear
from tests.integration.marketplace.journey import AREA, SLOTS, Market, a_line, a_plan, at, short, sweep, today

TEAM = "older-people-north"


def to_buy(**more: Any) -> ToBuy:
    said = {"support": Support.HOME_CARE, "weekly_minutes": 420, "pattern": SLOTS, "area": AREA}
    return ToBuy(**said | more)


def urgent(person_id: UUID | None = None, **more: Any) -> UrgentSupportAgreed:
    said: dict[str, Any] = {
        "urgent_id": uuid4(),
        "person_id": person_id or uuid4(),
        "support": Support.HOME_CARE,
        "weekly_minutes": 420,
        "starts_on": today() - timedelta(days=10),
        "until": today() + timedelta(days=5),
        "team": TEAM,
        "to_buy": to_buy(),
    }
    return UrgentSupportAgreed(**said | more)


def over(fact: UrgentSupportAgreed) -> UrgentSupportEnded:
    return UrgentSupportEnded(
        urgent_id=fact.urgent_id, person_id=fact.person_id, ended_on=today(), outcome="support_needed", team=TEAM
    )


async def wanted(market: Market, fact: UrgentSupportAgreed | ReablementStarted) -> dict[str, Any]:
    await hear(market.service, market.assessment.say(fact))
    page = await market.broker.read("/v1/requirements", person_id=str(fact.person_id))
    (requirement,) = page["items"]
    return dict(requirement)


async def ordered(market: Market, fact: UrgentSupportAgreed, **listing: Any) -> dict[str, Any]:
    requirement, listed = await wanted(market, fact), await market.a_listing(**listing)
    offer = await market.an_offer(requirement, listed)
    accepted = f"/v1/offers/{offer['offer_id']}/accept"
    order: dict[str, Any] = await market.supplier(listed["supplier_id"]).done(accepted)
    return order


async def started(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
    running: dict[str, Any] = await market.supplier(order["supplier_id"]).done(where, body)
    return running


async def read_order(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = await market.broker.read(f"/v1/orders/{order['order_id']}")
    return read


async def state_of(market: Market, requirement_id: str) -> str:
    return str((await market.broker.read(f"/v1/requirements/{requirement_id}"))["state"])


async def test_it_is_bought_from_whoever_can_come_and_starts_before_anybody_answers_about_money(market: Market) -> None:
    """Care Act 2014 s.19(3). It has no plan and no personal budget, and says so."""
    fact = urgent()
    requirement = await wanted(market, fact)
    assert (requirement["basis"], requirement["early_id"]) == ("urgent", str(fact.urgent_id))
    assert (requirement["plan_id"], requirement["budget_id"], requirement["any_kind"]) == (None, None, True)
    own = await market.a_supplier(kind="in_house")
    await market.shows(own["supplier_id"], "registration", "employers_liability")
    listings = [await market.a_listing(own), await market.a_listing()]
    found = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches")
    assert {one["supplier_kind"] for one in found["ranked"]} == {"in_house", "provider"}
    offer = await market.an_offer(requirement, listings[0])
    order = await market.supplier(own["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    assert (order["state"], order["line"]["kind_wanted"], order["until"]) == ("placed", "in_house", str(fact.until))
    await hear(market.service, market.budget.say(short({**order, "budget_id": str(fact.urgent_id)})))
    assert await market.said("order_held") == []
    assert (await started(market, order))["state"] == "started"
    (placed,) = await market.said("order_placed")
    early_id = str(fact.urgent_id)
    assert (placed["basis"], placed["ends_on"], placed["plan_id"]) == ("urgent", str(fact.until), early_id)
    assert (placed["budget_id"], placed["line"]["line_id"]) == (early_id, early_id)


async def test_a_kind_that_was_asked_for_is_the_only_one_that_will_do(market: Market) -> None:
    requirement = await wanted(market, urgent(to_buy=to_buy(kind_wanted=SupplierKind.IN_HOUSE)))
    await market.a_listing()
    found = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches")
    assert [why["code"] for one in found["excluded"] for why in one["reasons"]] == ["kind_not_wanted"]


async def test_what_is_not_bought_here_is_looked_for_nowhere(market: Market) -> None:
    fact = urgent(to_buy=None)
    await hear(market.service, [market.assessment.say(fact), market.assessment.say(over(fact))])
    assert await market.service.outbox() == []


async def test_a_framework_in_force_is_called_off_at_once(market: Market) -> None:
    listing = await market.a_listing()
    body = {
        "support": "home_care", "suppliers": [listing["supplier_id"]], "ranking": "in_order", "obliged": True,
        "first": str(NOON.date()), "last": str(NOON.date()),
    }  # fmt: skip
    await market.commissioner.done("/v1/frameworks", body)
    requirement = await wanted(market, urgent())
    assert requirement["state"] == "filled"
    assert [one["framework_id"] is None for one in await market.said("order_placed")] == [False]


async def test_evidence_is_needed_as_before_any_start(market: Market) -> None:
    supplier = await market.a_supplier()
    requirement, listing = await wanted(market, urgent()), await market.a_listing(supplier)
    offer = await market.an_offer(requirement, listing)
    order = await market.supplier(listing["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
    refused = await market.supplier(order["supplier_id"]).post(where, body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/evidence-missing")


async def test_it_goes_on_after_the_last_day_that_was_decided_until_somebody_says_that_it_is_over(
    market: Market,
) -> None:
    """Support never stops by software; visits of such days are taken and claimed."""
    fact = urgent(until=today() - timedelta(days=3))
    order = await started(market, await ordered(market, fact))
    assert await sweep(market) == 0
    await market.a_visit(order, 1)
    assert (await read_order(market, order))["state"] == "started"
    await hear(market.service, market.assessment.say(over(fact)))
    ended = await read_order(market, order)
    assert (ended["state"], ended["last_day"]) == ("started", str(today()))
    (said,) = await market.said("order_ended")
    assert (said["last_day"], said["because"], said["need_remains"]) == (str(today()), "support_needed", False)
    line = {"planned_at": at(1).isoformat(), "minutes": 60, "pence": 2300}
    claim = {"period": {"first": str(today() - timedelta(days=2)), "last": str(today())}, "lines": [line]}
    claimed = await market.supplier(order["supplier_id"]).done(f"/v1/orders/{order['order_id']}/claims", claim)
    assert (claimed["state"], claimed["kind"]) == ("accepted", "invoice")
    assert (await market.said("claim_accepted"))[0]["budget_id"] == str(fact.urgent_id)


async def test_its_room_is_free_again_the_day_after_its_end(market: Market) -> None:
    fact = urgent()
    order = await started(market, await ordered(market, fact))
    await hear(market.service, market.assessment.say(over(fact)))
    await market.service.as_("ops").done("/sandbox/clock", {"to": at(-1)})
    await sweep(market)
    assert (await read_order(market, order))["state"] == "ended"
    assert await state_of(market, order["requirement_id"]) == "withdrawn"
    assert (await market.said("listing_published"))[-1]["room_minutes"] == 2000


@pytest.mark.parametrize("how_far", ["open", "offered", "placed"])
async def test_what_has_not_started_when_it_is_over_is_taken_back(market: Market, how_far: str) -> None:
    fact = urgent()
    requirement, listing = await wanted(market, fact), await market.a_listing()
    if how_far != "open":
        offer = await market.an_offer(requirement, listing)
    if how_far == "placed":
        await market.supplier(listing["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    await hear(market.service, market.assessment.say(over(fact)))
    assert await state_of(market, requirement["requirement_id"]) == "withdrawn"
    assert len(await market.said("offer_withdrawn")) == (how_far == "offered")
    cancelled = [(one["because"], one["need_remains"]) for one in await market.said("order_cancelled")]
    assert cancelled == [("support_needed", False)] * (how_far == "placed")
    assert (await market.said("listing_published"))[-1]["room_minutes"] == 2000


async def test_it_goes_on_until_what_the_plan_buys_instead_starts(market: Market) -> None:
    """Of two lines of the same support the one with more hours takes its place."""
    fact = urgent()
    early = await started(market, await ordered(market, fact))
    less = a_line(pattern=SLOTS[:1], weekly_minutes=60, weekly_pence=2400)
    more, other = a_line(), a_line(support=Support.DAY_SERVICE)
    plan = a_plan(less, other, more, person_id=fact.person_id, starts_on=today() - timedelta(days=1))
    await hear(market.service, market.assessment.say(plan))
    page = await market.broker.read("/v1/requirements", person_id=str(fact.person_id), state="open")
    by_line = {one["line"]["line_id"]: one for one in page["items"]}
    assert len(by_line) == 3
    listing = await market.a_listing()
    placed = {}
    for line in (less, more):
        offer = await market.an_offer(by_line[str(line.line_id)], listing)
        where = f"/v1/offers/{offer['offer_id']}/accept"
        placed[line.line_id] = await market.supplier(listing["supplier_id"]).done(where)
    assert placed[less.line_id]["replaces_order_id"] is None
    assert placed[more.line_id]["replaces_order_id"] == early["order_id"]
    await market.commit(placed[more.line_id])
    assert (await read_order(market, early))["state"] == "started"
    await started(market, placed[more.line_id])
    gone = await read_order(market, early)
    assert (gone["state"], gone["last_day"]) == ("ended", str(today() - timedelta(days=2)))
    (said,) = await market.said("order_ended")
    assert (said["because"], said["plan_id"], said["budget_id"]) == ("replaced", *[str(fact.urgent_id)] * 2)
    await hear(market.service, market.assessment.say(over(fact)))
    assert len(await market.said("order_ended")) == 1


@pytest.mark.parametrize("asked", ["before", "after"])
async def test_what_was_to_take_its_place_stands_alone_once_somebody_ends_it(market: Market, asked: str) -> None:
    """And the room that they shared at one listing is counted once, whichever of them was there first."""
    fact = urgent()
    requirement, listing = await wanted(market, fact), await market.a_listing(room_minutes=840)
    offer = await market.an_offer(requirement, listing)
    accept = "/v1/offers/{}/accept".format
    supplier = market.supplier(listing["supplier_id"])
    await started(market, await supplier.done(accept(offer["offer_id"])))
    plan = a_plan(person_id=fact.person_id, starts_on=today())
    await hear(market.service, market.assessment.say(plan))
    page = await market.broker.read("/v1/requirements", person_id=str(fact.person_id), state="open")
    (instead,) = page["items"]
    if asked == "before":
        offer = await market.an_offer(instead, listing)
        order = await supplier.done(accept(offer["offer_id"]))
    await hear(market.service, market.assessment.say(over(fact)))
    if asked == "after":
        offer = await market.an_offer(instead, listing)
        order = await supplier.done(accept(offer["offer_id"]))
        assert order["replaces_order_id"] is None
    await market.service.as_("ops").done("/sandbox/clock", {"to": at(-1)})
    await sweep(market)
    assert (await market.said("listing_published"))[-1]["room_minutes"] == 420
    await market.broker.done(f"/v1/orders/{order['order_id']}/cancel", {"because": "changed"})
    assert (await market.said("listing_published"))[-1]["room_minutes"] == 840


async def test_reablement_is_bought_in_the_same_way(market: Market) -> None:
    fact = ReablementStarted(
        reablement_id=uuid4(), person_id=uuid4(), starts_on=today(), until=today() + timedelta(days=41), team=TEAM,
        to_buy=to_buy(kind_wanted=SupplierKind.PROVIDER, hourly_pence=2400),
    )  # fmt: skip
    requirement = await wanted(market, fact)
    assert (requirement["basis"], requirement["line"]["weekly_pence"]) == ("reablement", 16800)
    (opened,) = await market.said("requirement_opened")
    assert (opened["basis"], opened["any_kind"], opened["until"]) == ("reablement", False, str(fact.until))
    ended = ReablementEnded(
        reablement_id=fact.reablement_id, person_id=fact.person_id, ended_on=today(), outcome="nothing_more", team=TEAM
    )
    await hear(market.service, market.assessment.say(ended))
    assert await state_of(market, requirement["requirement_id"]) == "withdrawn"


async def test_it_cannot_be_bought_together_with_others(market: Market) -> None:
    """They share what comes out of their budgets; this comes out of none."""
    early, planned = await wanted(market, urgent()), await market.a_requirement()
    listing = await market.a_listing()
    both = [early["requirement_id"], planned["requirement_id"]]
    body = {"listing_id": listing["listing_id"], "requirements": both, "sharing": "equally"}
    refused = await market.broker.post("/v1/group-purchases", body)
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "GROUP-8")


async def test_orders_are_listed_by_what_they_are_for(market: Market) -> None:
    fact = urgent()
    order = await ordered(market, fact)
    page = await market.broker.read("/v1/orders", early_id=str(fact.urgent_id))
    assert [one["order_id"] for one in page["items"]] == [order["order_id"]]
    seen = await market.supplier(order["supplier_id"]).read("/v1/orders")
    assert [(one["basis"], one["plan_id"]) for one in seen["items"]] == [("urgent", None)]
