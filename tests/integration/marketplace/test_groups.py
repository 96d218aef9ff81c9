"""Several people buy one support together: an order each, a visit and a claim for all, shares worked out anew when one leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.assessment import ConsentGiven
from shared.testing.facts import hear
from shared.testing.harness import Caller, an_id
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, a_line, a_plan, a_visit, at, committed, short, today
from tests.integration.marketplace.test_superseding import anew

HOUR = 2300
"""Of the listing; 420 minutes a week of it come to 16,100 pence."""
WEEK = 16100
Json = dict[str, Any]


async def wanted(market: Market, people: int, **more: Any) -> list[Json]:
    """A requirement for each of so many people, for the same visits."""
    return [await market.a_requirement(a_plan(a_line(**more))) for _ in range(people)]


async def asked(market: Market, people: int = 3, **more: Any) -> Json:
    listing = await market.a_listing(hourly_pence=HOUR)
    ids = [each["requirement_id"] for each in await wanted(market, people)]
    body = {"listing_id": listing["listing_id"], "requirements": ids, **more}
    group: Json = await market.broker.done("/v1/group-purchases", body)
    return group


def there(group: Json, verb: str = "") -> str:
    return f"/v1/group-purchases/{group['group_id']}{verb}"


def theirs(market: Market, group: Json) -> Caller:
    return market.supplier(group["supplier_id"])


async def bought(market: Market, people: int = 3, **more: Any) -> tuple[Json, list[Json]]:
    """A group whose supplier accepted, and the orders of its members as they were placed."""
    group = await asked(market, people, **more)
    group = await theirs(market, group).done(there(group, "/accept"))
    return group, (await market.said("order_placed"))[-people:]


async def running(market: Market, people: int = 3) -> tuple[Json, list[Json]]:
    """One whose members' support has begun."""
    group, orders = await bought(market, people)
    for order in orders:
        await market.commit(order)
        where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
        await theirs(market, group).done(where, body)
    return group, orders


def leaving(order: Json, days_ago: int = 0, **more: Any) -> Json:
    last_day = str(today() - timedelta(days=days_ago))
    return {"order_id": order["order_id"], "last_day": last_day, "because": "moved_away", **more}


async def read_orders(market: Market, orders: list[Json]) -> list[Json]:
    return [await market.broker.read(f"/v1/orders/{order['order_id']}") for order in orders]


# ── buying ────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_each_share_is_an_order_of_its_own_and_they_add_up_to_the_price(market: Market) -> None:
    group, orders = await bought(market)
    assert group["state"] == "bought"
    assert sorted(order["weekly_pence"] for order in orders) == [5366, 5367, 5367]
    assert sum(order["weekly_pence"] for order in orders) == WEEK
    assert len({order["budget_id"] for order in orders}) == len({order["person_id"] for order in orders}) == 3
    listing = await market.broker.read(f"/v1/listings/{group['listing_id']}")
    assert listing["room_minutes"] == 2000 - 420  # the supplier comes once, for all of them
    states = [each["state"] for each in (await market.broker.read("/v1/requirements"))["items"]]
    assert states == ["filled"] * 3


async def test_money_of_each_is_answered_by_itself_and_one_that_is_short_holds_nobody_else(market: Market) -> None:
    _, orders = await bought(market)
    await hear(market.service, [market.budget.say(committed(one)) for one in orders[:2]])
    await hear(market.service, market.budget.say(short(orders[2])))
    assert [each["state"] for each in await read_orders(market, orders)] == ["confirmed", "confirmed", "held"]


async def test_a_supplier_that_refuses_leaves_everybody_to_be_looked_for_again(market: Market) -> None:
    group = await asked(market)
    found = await theirs(market, group).read("/v1/group-purchases", state="asked")
    assert [each["group_id"] for each in found["items"]] == [group["group_id"]]
    refused = await theirs(market, group).done(there(group, "/refuse"), {"because": "no_staff"})
    assert (refused["state"], refused["because"]) == ("refused", "no_staff")
    assert {each["state"] for each in (await market.broker.read("/v1/requirements"))["items"]} == {"open"}
    assert (await theirs(market, group).post(there(group, "/accept"))).status_code == 409


async def test_those_who_cannot_share_are_refused_by_rule_and_the_supplier_answers_for_itself_alone(
    market: Market,
) -> None:
    listing, (one, other) = await market.a_listing(hourly_pence=HOUR), await wanted(market, 2)
    body = {"listing_id": listing["listing_id"], "requirements": [one["requirement_id"]]}
    alone = await market.broker.post("/v1/group-purchases", body)
    assert [each["rule"] for each in alone.json()["errors"]] == ["GROUP-1"]
    body["requirements"].append(other["requirement_id"])
    group = await market.broker.done("/v1/group-purchases", body)
    again = await market.broker.post("/v1/group-purchases", body)
    assert [each["code"] for each in again.json()["reasons"]] == ["requirement_not_open"]
    same = market.service.as_("supplier", supplier_id=group["supplier_id"], sub="broker")
    assert (await same.post(there(group, "/accept"))).json()["type"] == "/problems/own-work"
    assert (await market.supplier(an_id()).post(there(group, "/accept"))).status_code == 404


async def test_a_group_needs_room_for_its_visits_and_a_supplier_that_is_not_restricted(market: Market) -> None:
    listing = await market.a_listing(hourly_pence=HOUR, room_minutes=419)
    ids = [each["requirement_id"] for each in await wanted(market, 2)]
    body = {"listing_id": listing["listing_id"], "requirements": ids}
    full = await market.broker.post("/v1/group-purchases", body)
    assert [each["code"] for each in full.json()["reasons"]] == ["no_room"]


async def test_by_minutes_who_stays_twice_as_long_bears_twice_as_much(market: Market) -> None:
    listing = await market.a_listing(hourly_pence=HOUR)
    slots = a_line().pattern
    half = tuple(slot.model_copy(update={"minutes": 30}) for slot in slots)
    long = await market.a_requirement(a_plan(a_line()))
    brief = await market.a_requirement(a_plan(a_line(pattern=half, weekly_minutes=210, weekly_pence=8400)))
    ids = [long["requirement_id"], brief["requirement_id"]]
    body = {"listing_id": listing["listing_id"], "requirements": ids, "sharing": "by_minutes"}
    group = await market.broker.done("/v1/group-purchases", body)
    await theirs(market, group).done(there(group, "/accept"))
    shares = {each["person_id"]: each["weekly_pence"] for each in await market.said("order_placed")}
    assert (shares[long["person_id"]], shares[brief["person_id"]]) == (10733, 5367)


# ── who sees what ─────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_member_sees_how_many_share_and_why_they_pay_what_they_pay_and_nobody_else(market: Market) -> None:
    group, (own, *others) = await bought(market)
    read = await market.broker.read(there(group))
    share = await market.broker.read(f"/v1/orders/{own['order_id']}/share")
    assert (read["members"], share["members"]) == (3, 3)
    assert (await market.broker.read(f"/v1/orders/{own['order_id']}"))["group_id"] == group["group_id"]
    assert share["weekly_pence"] == own["weekly_pence"] == sum(step["effect"] for step in share["steps"])
    hidden = [other[name] for other in others for name in ("order_id", "person_id", "budget_id", "requirement_id")]
    assert [one for one in hidden if one in str(read) or one in str(share)] == []


async def test_a_group_is_there_for_its_supplier_the_team_and_the_app_of_one_who_shares_it(market: Market) -> None:
    group, (one, *_) = await bought(market)
    await hear(
        market.service,
        market.assessment.say(
            ConsentGiven(consent_id=an_id(), person_id=UUID(one["person_id"]), client_id="an-app", until=None)
        ),
    )
    service = market.service
    team, app = {"team": "older-people-north"}, {"client_id": "an-app"}
    seen = (theirs(market, group), service.as_("practitioner", **team), service.as_("broker_app", **app))
    hidden = (
        market.supplier(an_id()),
        service.as_("supplier"),
        service.as_("practitioner", team="another"),
        service.as_("broker_app", client_id="another-app"),
        service.as_("broker", council=OTHER_COUNCIL),
    )
    listed = [
        [each["group_id"] for each in (await who.read("/v1/group-purchases"))["items"]] for who in (*seen, *hidden)
    ]
    assert listed == [[group["group_id"]]] * 3 + [[]] * 5
    for where in (there(group), f"/v1/orders/{one['order_id']}/share"):
        assert [(await each.get(where)).status_code for each in seen] == [200] * 3
        assert [(await each.get(where)).status_code for each in hidden] == [404] * 5
    away = service.as_("broker_app", client_id="another-app")
    assert (await away.post(there(group, "/leave"), leaving(one))).status_code == 404


async def test_an_order_of_one_person_alone_has_no_share(market: Market) -> None:
    order = await market.an_order()
    assert (await market.broker.get(f"/v1/orders/{order['order_id']}/share")).status_code == 404


# ── leaving ───────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_when_one_leaves_the_others_bear_the_price_from_the_day_after(market: Market) -> None:
    group, (leaver, *others) = await running(market)
    left = await market.broker.done(there(group, "/leave"), leaving(leaver))
    assert left["state"] == "bought"
    repriced = await market.said("order_repriced")
    assert {each["order_id"] for each in repriced} == {each["order_id"] for each in others}
    assert [each["weekly_pence"] for each in repriced] == [WEEK // 2] * 2
    assert {each["holds_from"] for each in repriced} == {str(today() + timedelta(days=1))}
    assert [each["state"] for each in await read_orders(market, [leaver, *others])] == ["ended", "started", "started"]
    assert (await market.said("order_ended"))[-1]["last_day"] == str(today())
    assert (await market.broker.read(there(group)))["members"] == 2


async def test_a_budget_that_cannot_bear_the_new_share_stops_nobodys_support(market: Market) -> None:
    group, (leaver, *others) = await running(market)
    await market.broker.done(there(group, "/leave"), leaving(leaver))
    await hear(market.service, [market.budget.say(short(order)) for order in others])
    assert [each["state"] for each in await read_orders(market, others)] == ["started", "started"]
    recorded = await theirs(market, group).done(there(group, "/visits"), a_visit(1))
    assert len(recorded["items"]) == 3  # yesterday the leaver shared it still


async def test_who_leaves_before_their_support_began_is_cancelled_and_the_last_one_frees_the_room(
    market: Market,
) -> None:
    group, orders = await bought(market, 2)
    await market.broker.done(there(group, "/leave"), leaving(orders[0], need_remains=False))
    assert (await market.said("order_cancelled"))[-1]["need_remains"] is False
    assert (await market.said("order_repriced"))[-1]["weekly_pence"] == WEEK  # alone, all of it
    over = await market.broker.done(there(group, "/leave"), leaving(orders[1]))
    assert over["state"] == "over"
    assert (await market.broker.read(f"/v1/listings/{group['listing_id']}"))["room_minutes"] == 2000
    assert (await market.broker.post(there(group, "/leave"), leaving(orders[1]))).status_code == 409


async def test_what_was_shared_since_is_not_taken_back(market: Market) -> None:
    group, (leaver, *_) = await running(market)
    await theirs(market, group).done(there(group, "/visits"), a_visit(1))
    refused = await market.broker.post(there(group, "/leave"), leaving(leaver, days_ago=2))
    assert [each["rule"] for each in refused.json()["errors"]] == ["GROUP-7"]
    await market.broker.done(there(group, "/leave"), leaving(leaver, days_ago=1))


# ── visits and claims ─────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_visit_of_the_group_is_one_of_each_and_their_shares_add_up_to_its_price(market: Market) -> None:
    group, orders = await running(market)
    recorded = (await theirs(market, group).done(there(group, "/visits"), a_visit(1)))["items"]
    assert {each["order_id"] for each in recorded} == {each["order_id"] for each in orders}
    assert sorted(each["pence"] for each in recorded) == [766, 767, 767]
    assert len(await market.said("visit_recorded")) == 3
    again = (await theirs(market, group).done(there(group, "/visits"), a_visit(1)))["items"]
    assert (again, len(await market.said("visit_recorded"))) == (recorded, 3)
    other = await theirs(market, group).post(there(group, "/visits"), a_visit(1) | {"minutes": 59})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/already-recorded")


async def test_a_visit_after_somebody_left_is_shared_by_those_who_are_left(market: Market) -> None:
    group, (leaver, *others) = await running(market)
    await market.broker.done(there(group, "/leave"), leaving(leaver, days_ago=2))
    recorded = (await theirs(market, group).done(there(group, "/visits"), a_visit(1)))["items"]
    assert {each["order_id"]: each["pence"] for each in recorded} == {each["order_id"]: 1150 for each in others}


def claim(*lines: tuple[int, int], first: int = 7, last: int = 1) -> Json:
    """Of (days ago, pence), an hour each."""
    period = {"first": str(today() - timedelta(days=first)), "last": str(today() - timedelta(days=last))}
    said = [{"planned_at": at(days).isoformat(), "minutes": 60, "pence": pence} for days, pence in lines]
    return {"period": period, "lines": said}


async def test_a_claim_for_the_group_is_matched_share_by_share(market: Market) -> None:
    group, orders = await running(market)
    for days in (3, 2):
        await theirs(market, group).done(there(group, "/visits"), a_visit(days))
    claims = (await theirs(market, group).done(there(group, "/claims"), claim((3, HOUR), (2, HOUR))))["items"]
    assert {each["order_id"] for each in claims} == {each["order_id"] for each in orders}
    assert {each["state"] for each in claims} == {"accepted"}
    assert sum(each["pence"] for each in claims) == 2 * HOUR


async def test_a_claim_for_more_than_was_delivered_is_disputed_in_every_share(market: Market) -> None:
    group, _ = await running(market)
    await theirs(market, group).done(there(group, "/visits"), a_visit(3))
    claims = (await theirs(market, group).done(there(group, "/claims"), claim((3, HOUR), (2, HOUR))))["items"]
    assert {each["state"] for each in claims} == {"disputed"}
    assert [each["differences"][0]["code"] for each in claims] == ["not_recorded"] * 3
    assert sum(each["delivered_pence"] for each in claims) == HOUR


@pytest.mark.parametrize("verb", ["visits", "claims", "cancel", "end"])
async def test_what_was_bought_together_is_not_told_of_one_alone(market: Market, verb: str) -> None:
    group, (one, *_) = await running(market, 2)
    bodies = {
        "visits": a_visit(1),
        "claims": claim((1, HOUR)),
        "cancel": {"because": "changed"},
        "end": {"because": "changed", "last_day": str(today())},
    }
    who = market.broker if verb in ("cancel", "end") else theirs(market, group)
    refused = await who.post(f"/v1/orders/{one['order_id']}/{verb}", bodies[verb])
    assert refused.status_code in (409, 422)
    assert "bought-together" in refused.json()["type"] or "bought together" in refused.text


async def test_nothing_is_recorded_or_claimed_before_anybodys_support_began(market: Market) -> None:
    group, _ = await bought(market)
    for verb, body in (("visits", a_visit(1)), ("claims", claim((1, HOUR)))):
        refused = await theirs(market, group).post(there(group, f"/{verb}"), body)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/support-not-started")


async def test_a_new_plan_ends_nothing_that_is_bought_together_until_somebody_lets_the_person_leave(
    market: Market,
) -> None:
    """Who leaves a group changes what the others pay: that is decided there, by name."""
    plans = [a_plan() for _ in range(3)]
    listing = await market.a_listing(hourly_pence=HOUR)
    ids = [(await market.a_requirement(plan))["requirement_id"] for plan in plans]
    group = await market.broker.done("/v1/group-purchases", {"listing_id": listing["listing_id"], "requirements": ids})
    await theirs(market, group).done(there(group, "/accept"))
    orders = (await market.said("order_placed"))[-3:]
    await hear(market.service, market.assessment.say(anew(plans[0], a_line())))
    (kept,) = [one for one in await read_orders(market, orders) if one["plan_id"] == str(plans[0].plan_id)]
    assert (kept["state"], kept["last_day"], kept["group_id"]) == ("placed", None, group["group_id"])
    room = await market.broker.read(f"/v1/listings/{listing['listing_id']}")
    assert room["room_minutes"] == 2000 - 420
    await market.broker.done(there(group, "/leave"), leaving(kept))
    (gone,) = await read_orders(market, [kept])
    assert gone["state"] == "cancelled"
