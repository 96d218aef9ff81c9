"""A service is proposed to close, people are asked, somebody else decides; nothing is withdrawn from anybody by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared.contracts.assessment import ReviewHeld
from shared.testing.facts import hear
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, a_line, a_plan, sweep, today
from tests.integration.marketplace.test_readiness import go_to
from tests.integration.marketplace.test_superseding import anew, running

AFFECTED = {"carers": 14, "journeys_a_week": 60, "meals_a_week": 45, "posts": 6, "post_hours_a_week": 180}
WHY, NO = "It costs more than the council has.", "Three of us would have nowhere to go."


async def proposed(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    body = {"closes_on": str(today() + timedelta(days=180)), "reason": WHY, "affected": AFFECTED}
    closure: dict[str, Any] = await market.commissioner.done(f"/v1/suppliers/{order['supplier_id']}/closures", body)
    return closure


async def heard(market: Market, closure: dict[str, Any]) -> str:
    where = f"/v1/closures/{closure['closure_id']}"
    await market.commissioner.done(f"{where}/consult", {"parties": ["carers", "trade_union"]})
    for party in ("carers", "trade_union"):
        await market.commissioner.done(f"{where}/answers", {"party": party, "answer": NO})
    return where


async def test_a_closure_goes_through_its_stages_and_says_whom_it_reaches(market: Market) -> None:
    order, other = await market.a_started_order(), await market.a_listing(hourly_pence=2500)
    closure = await proposed(market, order)
    impact = closure["impact"]
    assert (impact["people"], impact["unplaced"], impact["now_pence"]) == (1, 0, 16100)
    assert (impact["replaced_pence"], impact["replacing_pence"]) == (16100, 17500)
    assert impact["replacements"][0]["listing_id"] == other["listing_id"]
    where = await heard(market, closure)
    decider = market.service.as_("commissioner", sub="another")
    await decider.done(f"{where}/decide", {"reason": WHY})
    (reached,) = await market.said("closure_reaches_person")
    assert (reached["order_id"], reached["has_alternative"]) == (order["order_id"], True)
    (withdrawn,) = await market.said("listing_withdrawn")
    assert withdrawn["supplier_id"] == order["supplier_id"]
    not_yet = await decider.post(f"{where}/close")
    assert (not_yet.status_code, not_yet.json()["person_ids"]) == (409, [order["person_id"]])
    assert (await market.commissioner.read(where))["to_be_reviewed"] == [order["person_id"]]
    await reviewed(market, order)
    assert (await market.commissioner.read(where))["to_be_reviewed"] == []
    await decider.done(f"{where}/close")
    assert [one["stage"] for one in await market.said("closure_moved")] == [
        "proposed",
        "consulting",
        "decided",
        "closing",
    ]
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"
    await market.a_visit(order, 1)
    read = await market.commissioner.read(where)
    assert [(one["party"], one["answer"]) for one in read["consulted"]] == [("carers", NO), ("trade_union", NO)]
    said = str(await market.service.outbox())
    assert WHY not in said
    assert NO not in said


async def reviewed(market: Market, order: dict[str, Any], days_ago: int = 0) -> None:
    held_on = today() - timedelta(days=days_ago)
    held = ReviewHeld(
        review_id=uuid4(), plan_id=order["plan_id"], person_id=order["person_id"], held_on=held_on, next_by=CLOSES
    )
    await hear(market.service, market.assessment.say(held))


async def test_support_at_a_service_that_closes_is_ended_only_after_a_review_or_with_a_recorded_reason(
    market: Market,
) -> None:
    """Care Act 2014 s.27; a review held before the decision does not count."""
    order, other = await market.a_started_order(), await market.a_started_order()
    body = {"last_day": str(today()), "because": "moved_on"}
    where = f"/v1/orders/{order['order_id']}/end"
    await decided(market, order)
    await reviewed(market, order, days_ago=1)
    refused = await market.broker.post(where, body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/review-not-held")
    assert refused.json()["person_ids"] == [order["person_id"]]
    await reviewed(market, order)
    assert (await market.broker.done(where, body))["state"] == "ended"
    await decided(market, other)
    where = f"/v1/orders/{other['order_id']}/end"
    assert (await market.broker.post(where, body | {"without_review": " "})).status_code == 409
    await market.broker.done(where, body | {"without_review": NO})
    assert NO not in str(await market.service.outbox())
    rows = await market.service.rows('select ended_without_review from "order" where order_id = $1', other["order_id"])
    assert [row["ended_without_review"] for row in rows] == [NO]


async def test_a_service_closes_over_somebody_who_was_not_reviewed_only_with_a_recorded_reason(market: Market) -> None:
    order = await market.a_started_order()
    where = await decided(market, order)
    assert (await market.commissioner.post(f"{where}/close")).status_code == 409
    closed = await market.commissioner.done(f"{where}/close", {"without_review": NO})
    assert (closed["stage"], closed["without_review"]["reason"]) == ("closing", NO)
    assert NO not in str(await market.service.outbox())


async def test_elsewhere_nobody_asks_for_a_review_before_an_order_is_ended(market: Market) -> None:
    order = await market.a_started_order()
    await proposed(market, order)
    body = {"last_day": str(today()), "because": "moved_on"}
    assert (await market.broker.done(f"/v1/orders/{order['order_id']}/end", body))["state"] == "ended"


async def test_from_the_decision_on_nobody_new_comes(market: Market) -> None:
    """Its listings are withdrawn, what it was asked is taken back, and nothing is published again."""
    listing = await market.a_listing()
    requirement = await market.a_requirement()
    offer = await market.an_offer(requirement, listing)
    where = await heard(market, await proposed(market, listing))
    await market.service.as_("commissioner", sub="another").done(f"{where}/decide", {"reason": WHY})
    assert [(one["offer_id"], one["because"]) for one in await market.said("offer_withdrawn")] == [
        (offer["offer_id"], "service_closes")
    ]
    again = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}")
    assert again["state"] == "open"
    body = {"support": "home_care", "areas": ["north"], "hourly_pence": 1, "room_minutes": 1}
    refused = await market.commissioner.post(f"/v1/suppliers/{listing['supplier_id']}/listings", body)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "supplier-closes")


async def test_nobody_decides_alone_or_before_everybody_was_heard(market: Market) -> None:
    closure = await proposed(market, await market.a_listing())
    where, body = f"/v1/closures/{closure['closure_id']}", {"reason": WHY}
    decider = market.service.as_("commissioner", sub="another")
    early = await decider.post(f"{where}/decide", body)
    assert (early.status_code, early.json()["allowed"]) == (409, ["consult", "drop"])
    await market.commissioner.done(f"{where}/consult", {"parties": ["carers"]})
    unheard = await decider.post(f"{where}/decide", body)
    assert (unheard.status_code, unheard.json()["errors"][0]["rule"]) == (422, "CLOSE-3")
    await market.commissioner.done(f"{where}/answers", {"party": "carers", "answer": NO})
    own = await market.commissioner.post(f"{where}/decide", body)
    assert (own.status_code, own.json()["type"].rpartition("/")[2]) == (409, "own-work")
    second = {"closes_on": str(today() + timedelta(days=9)), "reason": WHY, "affected": AFFECTED}
    twice = await market.commissioner.post(f"/v1/suppliers/{closure['supplier_id']}/closures", second)
    assert twice.json()["type"].rpartition("/")[2] == "closure-under-way"
    await market.commissioner.done(f"{where}/drop", body)
    assert (await proposed(market, closure))["stage"] == "proposed"


async def test_a_day_that_came_is_refused_and_another_council_sees_nothing(market: Market) -> None:
    listing = await market.a_listing()
    body = {"closes_on": str(today()), "reason": WHY, "affected": AFFECTED}
    refused = await market.commissioner.post(f"/v1/suppliers/{listing['supplier_id']}/closures", body)
    assert refused.json()["errors"][0]["rule"] == "CLOSE-1"
    closure = await proposed(market, listing)
    stranger = market.service.as_("commissioner", council=OTHER_COUNCIL)
    assert (await stranger.get(f"/v1/closures/{closure['closure_id']}")).status_code == 404
    assert (await stranger.read("/v1/closures"))["items"] == []
    assert (await market.broker.get(f"/v1/closures/{closure['closure_id']}")).status_code == 403


async def test_a_proposal_says_whom_and_what_it_hits_besides_orders_and_a_number_left_out_is_refused(
    market: Market,
) -> None:
    order = await market.a_started_order()
    assert (await proposed(market, order))["affected"] == AFFECTED
    where = f"/v1/suppliers/{(await market.a_listing())['supplier_id']}/closures"
    body = {"closes_on": str(today() + timedelta(days=9)), "reason": WHY}
    left_out = await market.commissioner.post(where, body)
    without = await market.commissioner.post(where, {**body, "affected": {**AFFECTED, "posts": 0}})
    fewer = await market.commissioner.post(where, {**body, "affected": {**AFFECTED, "meals_a_week": -1}})
    assert [each.status_code for each in (left_out, without, fewer)] == [422] * 3
    assert [each["field"] for each in left_out.json()["errors"]] == ["affected"]
    assert [each["rule"] for each in without.json()["errors"]] == ["CLOSE-5"]
    assert "journeys" not in str(await market.said("closure_moved"))


async def test_a_person_for_whom_nobody_has_room_is_named_when_the_closure_is_decided_and_goes_on_being_supported(
    market: Market,
) -> None:
    order = await market.a_started_order()
    where = await heard(market, await proposed(market, order))
    assert await market.said("closure_reaches_person") == []
    await market.service.as_("commissioner", sub="another").done(f"{where}/decide", {"reason": WHY})
    (reached,) = await market.said("closure_reaches_person")
    assert (reached["person_id"], reached["has_alternative"]) == (order["person_id"], False)
    assert [one["unplaced"] for one in await market.said("closure_moved")] == [1, 1, 1]
    await market.a_visit(order, 1)


# ── the closing day ───────────────────────────────────────────────────────────────────────────────────────────────
CLOSES = today() + timedelta(days=180)
"""As `proposed` has it."""


async def decided(market: Market, order: dict[str, Any]) -> str:
    where = await heard(market, await proposed(market, order))
    await market.service.as_("commissioner", sub="another").done(f"{where}/decide", {"reason": WHY})
    return where


async def left_behind(market: Market) -> list[tuple[str, bool]]:
    return [(one["order_id"], one["has_alternative"]) for one in await market.said("person_left_at_closing")]


async def test_on_the_closing_day_whoever_is_still_there_is_said_and_nothing_is_cut(market: Market) -> None:
    order = await market.a_started_order()
    where = await decided(market, order)
    await go_to(market, CLOSES - timedelta(days=1))
    assert await left_behind(market) == []
    await go_to(market, CLOSES)
    assert await left_behind(market) == [(order["order_id"], False)]
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"
    await market.a_visit(order, 1)
    (said,) = await market.said("person_left_at_closing")
    assert (said["closure_id"], said["started_on"]) == (where.rpartition("/")[2], order["started_on"])
    await sweep(market)
    assert len(await market.said("person_left_at_closing")) == 1


async def test_support_that_did_not_begin_before_the_closing_day_is_said_too_with_who_has_room_by_then(
    market: Market,
) -> None:
    order = await market.an_order()
    await decided(market, order)
    await market.a_listing(hourly_pence=2500)  # opened after the decision
    await go_to(market, CLOSES)
    assert await left_behind(market) == [(order["order_id"], True)]
    (said,) = await market.said("person_left_at_closing")
    assert said["started_on"] is None
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "placed"


async def test_who_was_reviewed_and_left_by_a_plan_agreed_anew_or_whose_support_somebody_ended_is_not_left_behind(
    market: Market,
) -> None:
    plan = a_plan()
    order = await running(market, plan, await market.a_listing())
    await decided(market, order)
    await hear(market.service, market.assessment.say(anew(plan, a_line())))
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["last_day"] is not None
    other = await market.a_started_order()
    await decided(market, other)
    ended = {"last_day": str(today()), "because": "moved_on"}
    await reviewed(market, other)
    await market.broker.done(f"/v1/orders/{other['order_id']}/end", ended)
    await go_to(market, CLOSES)
    assert await left_behind(market) == []


async def test_a_closure_that_is_dropped_leaves_nobody_behind(market: Market) -> None:
    where = await decided(market, await market.a_started_order())
    await market.commissioner.done(f"{where}/drop", {"reason": WHY})
    await go_to(market, CLOSES)
    assert await left_behind(market) == []
