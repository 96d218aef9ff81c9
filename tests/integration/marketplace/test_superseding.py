"""A plan takes the place of another while support runs: what is untouched goes on, what changes goes on until its successor
starts, what is left out ends before the new plan starts (Care Act s.27; the amendment loop of PEERS (b))."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import PlanLine
from shared.testing.facts import hear
from tests.integration.marketplace.journey import Market, a_line, a_plan, today
from tests.integration.marketplace.test_readiness import go_to

HOURS = 420
SOON = timedelta(days=10)


def anew(plan: PlanAgreed, *lines: PlanLine, starts_on: date | None = None) -> PlanAgreed:
    """The plan agreed today in place of another; by default it starts today."""
    total = sum(line.weekly_pence for line in lines)
    said = {"plan_id": uuid4(), "revision": plan.revision + 1, "supersedes_plan_id": plan.plan_id, "lines": lines}
    days = {"starts_on": starts_on or today(), "agreed_on": today()}
    return plan.model_copy(update=said | days | {"weekly_pence": total})


async def placed(market: Market, requirement: dict[str, Any], listing: dict[str, Any]) -> dict[str, Any]:
    offer = await market.an_offer(requirement, listing)
    where = f"/v1/offers/{offer['offer_id']}/accept"
    order: dict[str, Any] = await market.supplier(listing["supplier_id"]).done(where)
    return order


async def started(market: Market, order: dict[str, Any], on: date) -> dict[str, Any]:
    await market.commit(order)
    where = f"/v1/orders/{order['order_id']}/start"
    running: dict[str, Any] = await market.supplier(order["supplier_id"]).done(where, {"started_on": str(on)})
    return running


async def running(market: Market, plan: PlanAgreed, listing: dict[str, Any]) -> dict[str, Any]:
    """The order of the plan's one line, begun on the plan's first day."""
    order = await placed(market, await market.a_requirement(plan), listing)
    return await started(market, order, plan.starts_on)


async def wanted(market: Market, plan: PlanAgreed) -> list[dict[str, Any]]:
    page: dict[str, Any] = await market.broker.read("/v1/requirements", person_id=str(plan.person_id))
    return [one for one in page["items"] if one["plan_id"] == str(plan.plan_id)]


async def order_of(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = await market.broker.read(f"/v1/orders/{order['order_id']}")
    return shown


async def room_of(market: Market, listing: dict[str, Any]) -> int:
    found: dict[str, Any] = await market.broker.read(f"/v1/listings/{listing['listing_id']}")
    return int(found["room_minutes"])


async def test_the_plan_of_a_new_assessment_takes_over_what_runs_as_any_plan_in_place_of_another(
    market: Market,
) -> None:
    """Care Act s.27(4): a reassessment; the person's orders are theirs, of whichever assessment."""
    kept, changed = a_line(), a_line()
    plan = a_plan(kept, changed)
    await hear(market.service, market.assessment.say(plan))
    orders = {}
    for requirement in await wanted(market, plan):
        order = await placed(market, requirement, await market.a_listing())
        orders[requirement["line"]["line_id"]] = await started(market, order, plan.starts_on)
    instead = a_line(replaces_line_id=changed.line_id)
    new = anew(plan, kept, instead).model_copy(update={"assessment_id": uuid4()})
    await hear(market.service, market.assessment.say(new))
    said = {one["order_id"]: one["until_replaced"] for one in await market.said("order_continued")}
    assert said == {orders[str(kept.line_id)]["order_id"]: False, orders[str(changed.line_id)]["order_id"]: True}
    assert {(await order_of(market, order))["state"] for order in orders.values()} == {"started"}
    assert not await market.said("order_ended")


async def test_an_untouched_line_keeps_its_order_which_now_belongs_to_the_new_plan(market: Market) -> None:
    line, more = a_line(), a_line()
    plan = a_plan(line)
    order = await running(market, plan, await market.a_listing())
    new = anew(plan, line, more)
    await hear(market.service, market.assessment.say(new))
    kept = await order_of(market, order)
    assert (kept["state"], kept["plan_id"], kept["last_day"]) == ("started", str(new.plan_id), None)
    assert {one["line"]["line_id"]: one["state"] for one in await wanted(market, new)} == {
        str(line.line_id): "filled",
        str(more.line_id): "open",
    }
    assert not await wanted(market, plan)
    (said,) = await market.said("order_continued")
    assert (said["line_id"], said["until_replaced"]) == (str(line.line_id), False)
    assert said["started_on"] == order["started_on"]
    assert not await market.said("order_ended")


async def test_support_that_is_left_out_ends_the_day_before_the_new_plan_starts(market: Market) -> None:
    """PEERS (b): a package ends the day before the one that follows it."""
    plan, listing = a_plan(), await market.a_listing()
    order = await running(market, plan, listing)
    last_day = today() + SOON - timedelta(days=1)
    await hear(market.service, market.assessment.say(anew(plan, a_line(), starts_on=today() + SOON)))
    (ended,) = await market.said("order_ended")
    assert (ended["last_day"], ended["because"], ended["need_remains"]) == (str(last_day), "plan_superseded", False)
    still = await order_of(market, order)
    assert (still["state"], still["last_day"]) == ("started", str(last_day))
    assert await room_of(market, listing) == 2000 - HOURS
    body = {"last_day": str(today()), "because": "moved", "need_remains": False}
    refused = await market.broker.post(f"/v1/orders/{order['order_id']}/end", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/ends-already")
    await market.a_visit(order, 1)
    await go_to(market, last_day)
    assert (await order_of(market, order))["state"] == "started"
    await go_to(market, last_day + timedelta(days=1))
    assert (await order_of(market, order))["state"] == "ended"
    assert await room_of(market, listing) == 2000
    assert len(await market.said("order_ended")) == 1


async def test_a_changed_line_goes_on_with_the_same_supplier_until_its_successor_starts(market: Market) -> None:
    """The listing is full: the room that the old order takes there is free for the new one."""
    line = a_line()
    plan, listing = a_plan(line), await market.a_listing(room_minutes=HOURS)
    old = await running(market, plan, listing)
    changed = a_line(replaces_line_id=line.line_id, preferences=(), skills=())
    new = anew(plan, changed)
    await hear(market.service, market.assessment.say(new))
    (requirement,) = await wanted(market, new)
    matches = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches")
    (best,) = [one for one in matches["ranked"] if one["listing_id"] == listing["listing_id"]]
    assert "supports_already" in str(best)
    order = await placed(market, requirement, listing)
    assert order["replaces_order_id"] == old["order_id"]
    assert await room_of(market, listing) == 0
    assert (await order_of(market, old))["state"] == "started"
    await started(market, order, today())
    over = await order_of(market, old)
    assert (over["state"], over["last_day"]) == ("ended", str(today() - timedelta(days=1)))
    assert await room_of(market, listing) == 0
    names = [kind.split(".")[1] for kind, _ in await market.service.outbox()]
    assert names.index("order_ended") < len(names) - 1 - names[::-1].index("support_started")
    (continued,) = await market.said("order_continued")
    assert (continued["until_replaced"], continued["line_id"]) == (True, str(changed.line_id))


async def test_a_successor_that_is_cancelled_leaves_the_old_order_as_it_was(market: Market) -> None:
    line = a_line()
    plan, listing = a_plan(line), await market.a_listing(room_minutes=HOURS)
    old = await running(market, plan, listing)
    new = anew(plan, a_line(replaces_line_id=line.line_id))
    await hear(market.service, market.assessment.say(new))
    order = await placed(market, (await wanted(market, new))[0], listing)
    await market.broker.done(f"/v1/orders/{order['order_id']}/cancel", {"because": "changed", "need_remains": True})
    assert (await order_of(market, old))["state"] == "started"
    assert await room_of(market, listing) == 0
    again = await placed(market, (await wanted(market, new))[0], listing)
    assert again["replaces_order_id"] == old["order_id"]


async def test_an_old_order_that_somebody_ends_first_leaves_its_room_and_place_to_the_successor(market: Market) -> None:
    line = a_line()
    plan, listing = a_plan(line), await market.a_listing(room_minutes=HOURS)
    old = await running(market, plan, listing)
    new = anew(plan, a_line(replaces_line_id=line.line_id))
    await hear(market.service, market.assessment.say(new))
    body = {"last_day": str(today()), "because": "moved", "need_remains": True}
    order = await placed(market, (await wanted(market, new))[0], listing)
    await market.broker.done(f"/v1/orders/{old['order_id']}/end", body)
    assert await room_of(market, listing) == 0
    assert not [one for one in await wanted(market, plan) if one["state"] != "withdrawn"]
    await market.broker.done(f"/v1/orders/{order['order_id']}/cancel", {"because": "changed", "need_remains": True})
    assert await room_of(market, listing) == HOURS
    assert (await placed(market, (await wanted(market, new))[0], listing))["replaces_order_id"] is None


async def test_offers_and_orders_that_have_not_started_are_taken_back(market: Market) -> None:
    asked, ordered = a_line(), a_line()
    plan, listing = a_plan(asked, ordered), await market.a_listing()
    await hear(market.service, market.assessment.say(plan))
    first, second = await wanted(market, plan)
    offer, order = await market.an_offer(first, listing), await placed(market, second, listing)
    await hear(market.service, market.assessment.say(anew(plan, a_line(replaces_line_id=ordered.line_id))))
    (withdrawn,) = await market.said("offer_withdrawn")
    assert (withdrawn["offer_id"], withdrawn["because"]) == (offer["offer_id"], "plan_superseded")
    (cancelled,) = await market.said("order_cancelled")
    assert (cancelled["order_id"], cancelled["need_remains"]) == (order["order_id"], False)
    assert await room_of(market, listing) == 2000
    assert {one["state"] for one in await wanted(market, plan)} == {"withdrawn"}


async def test_a_plan_that_changes_again_before_the_successor_starts_still_ends_what_runs(market: Market) -> None:
    line = a_line()
    plan, listing = a_plan(line), await market.a_listing()
    old = await running(market, plan, listing)
    second = anew(plan, a_line(replaces_line_id=line.line_id))
    await hear(market.service, market.assessment.say(second))
    waiting = await placed(market, (await wanted(market, second))[0], listing)
    third = anew(second, a_line(replaces_line_id=second.lines[0].line_id))
    await hear(market.service, market.assessment.say(third))
    assert (await order_of(market, waiting))["state"] == "cancelled"
    last = await placed(market, (await wanted(market, third))[0], listing)
    assert last["replaces_order_id"] == old["order_id"]
    await started(market, last, today())
    assert (await order_of(market, old))["state"] == "ended"
    assert await room_of(market, listing) == 2000 - HOURS
