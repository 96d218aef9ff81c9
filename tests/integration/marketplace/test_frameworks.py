"""Who is called off a framework, who is asked, who is not, and what is kept of why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.base import SupplierKind
from shared.contracts.safeguarding import Level, RestrictionPlaced
from shared.explain import because
from shared.testing.facts import NOON, hear
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, a_line, a_plan

FIRST, LAST = NOON.date() - timedelta(days=10), NOON.date() + timedelta(days=10)


def a_framework(*listings: dict[str, Any], **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "support": "home_care",
        "suppliers": [one["supplier_id"] for one in listings],
        "ranking": "in_order",
        "first": FIRST,
        "last": LAST,
        "obliged": True,
    }
    return said | more


async def set_up(market: Market, *listings: dict[str, Any], **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await market.commissioner.done("/v1/frameworks", a_framework(*listings, **more))
    return made


async def award_of(market: Market, requirement: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/award")
    return read


def restricted(listing: dict[str, Any]) -> RestrictionPlaced:
    return RestrictionPlaced(
        restriction_id=uuid4(),
        supplier_id=UUID(listing["supplier_id"]),
        level=Level.NO_NEW_PLACEMENTS,
        supports=(),
        review_on=LAST,
        because=because("missed_visits"),
    )


async def test_the_order_is_placed_without_a_broker_and_goes_on_like_every_other(market: Market) -> None:
    dear, cheap = await market.a_listing(hourly_pence=2500), await market.a_listing(hourly_pence=2300)
    framework = await set_up(market, dear, cheap)
    requirement = await market.a_requirement()
    (placed,) = await market.said("order_placed")
    assert (placed["supplier_id"], placed["hourly_pence"]) == (dear["supplier_id"], 2500)
    assert (requirement["state"], placed["framework_id"]) == ("filled", framework["framework_id"])

    order = await market.broker.read(f"/v1/orders/{placed['order_id']}")
    assert (order["state"], order["offer_id"]) == ("placed", None)
    await market.commit(order)
    started = await market.supplier(order["supplier_id"]).done(
        f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
    )
    assert started["state"] == "started"
    assert [kind.split(".")[1] for kind, _ in await market.service.outbox()][8:] == [
        "requirement_opened",
        "listing_published",
        "order_placed",
        "order_confirmed",
        "support_started",
    ]


async def test_by_score_the_best_is_called_off_whatever_the_order(market: Market) -> None:
    dear, cheap = await market.a_listing(hourly_pence=2500), await market.a_listing(hourly_pence=2300)
    await set_up(market, dear, cheap, ranking="by_score")
    await market.a_requirement()
    assert [one["supplier_id"] for one in await market.said("order_placed")] == [cheap["supplier_id"]]


async def test_why_this_supplier_and_not_the_others_is_kept(market: Market) -> None:
    full, next_in_order, away = (
        await market.a_listing(room_minutes=60),
        await market.a_listing(),
        await market.a_listing(areas=["south"]),
    )
    await set_up(market, full, next_in_order, away)
    award = await award_of(market, await market.a_requirement())
    assert award["listing_id"] == next_in_order["listing_id"]
    assert award["steps"][0]["because"] == "£23.00 an hour is within the planned £24.00."
    assert [one["listing_id"] for one in award["considered"]] == [
        one["listing_id"] for one in (next_in_order, full, away)
    ]
    assert sum(step["effect"] for step in award["steps"]) == award["considered"][0]["score"]
    reasons = [[each["detail"] for each in one["reasons"]] for one in award["considered"]]
    assert reasons == [
        [],
        ["There is room for 1 hours a week; 7 hours are needed."],
        ["The supplier does not work in north."],
    ]


async def test_room_taken_by_one_line_is_gone_for_the_next_of_the_same_batch(market: Market) -> None:
    small, large = await market.a_listing(room_minutes=500), await market.a_listing(room_minutes=900)
    await set_up(market, small, large)
    plans = [a_plan(a_line(), a_line()), a_plan()]
    await hear(market.service, [market.assessment.say(plan) for plan in plans])
    orders = await market.said("order_placed")
    suppliers = [one["supplier_id"] for one in orders]
    assert suppliers == [small["supplier_id"], large["supplier_id"], large["supplier_id"]]
    assert [one["room_minutes"] for one in await market.said("listing_published")][2:] == [80, 480, 60]


async def test_where_nobody_is_eligible_the_requirement_waits_for_a_broker_and_says_why(market: Market) -> None:
    away, other = await market.a_listing(areas=["south"]), await market.a_listing()
    await set_up(market, away)
    requirement = await market.a_requirement()
    assert (requirement["state"], (await award_of(market, requirement))["listing_id"]) == ("open", None)
    assert (await market.an_offer(requirement, other))["state"] == "made"


async def test_a_restricted_supplier_is_passed_over(market: Market) -> None:
    first, second = await market.a_listing(), await market.a_listing()
    await set_up(market, first, second)
    await hear(market.service, market.safeguarding.say(restricted(first)))
    await market.a_requirement()
    assert [one["supplier_id"] for one in await market.said("order_placed")] == [second["supplier_id"]]


async def test_who_is_not_obliged_is_asked_and_may_refuse(market: Market) -> None:
    listing = await market.a_listing()
    await set_up(market, listing, obliged=False)
    requirement = await market.a_requirement()
    assert (requirement["state"], await market.said("order_placed")) == ("offered", [])
    (offer,) = await market.said("offer_made")
    assert (await award_of(market, requirement))["offer_id"] == offer["offer_id"]
    where = f"/v1/offers/{offer['offer_id']}/refuse"
    await market.supplier(listing["supplier_id"]).done(where, {"because": "no_staff"})
    again = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}")
    assert again["state"] == "open"


@pytest.mark.parametrize(
    "more",
    [
        {"first": LAST + timedelta(days=1), "last": LAST + timedelta(days=2)},
        {"first": FIRST, "last": NOON.date() - timedelta(days=1)},
        {"support": "day_service"},
    ],
)
async def test_a_framework_of_other_days_or_support_calls_nobody_off(market: Market, more: dict[str, Any]) -> None:
    await set_up(market, await market.a_listing(), **more)
    requirement = await market.a_requirement()
    assert requirement["state"] == "open"
    gone = await market.broker.get(f"/v1/requirements/{requirement['requirement_id']}/award")
    assert gone.status_code == 404


async def test_another_kind_of_supplier_than_the_plan_wants_is_not_called_off(market: Market) -> None:
    await set_up(market, await market.a_listing())
    requirement = await market.a_requirement(a_plan(a_line(kind_wanted=SupplierKind.PA)))
    assert requirement["state"] == "open"


async def test_the_same_plan_heard_again_awards_once(market: Market) -> None:
    await set_up(market, await market.a_listing())
    said = market.assessment.say(a_plan())
    await hear(market.service, [said, said])
    await hear(market.service, said)
    assert len(await market.said("order_placed")) == 1


@pytest.mark.parametrize("more", [{"first": LAST, "last": FIRST}, {"suppliers": "twice"}])
async def test_an_unsound_framework_is_refused(market: Market, more: dict[str, Any]) -> None:
    listing = await market.a_listing()
    if "suppliers" in more:
        more = {"suppliers": [listing["supplier_id"]] * 2}
    answer = await market.commissioner.post("/v1/frameworks", a_framework(listing, **more))
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 1


async def test_only_a_commissioner_sets_one_up_and_only_of_suppliers_that_are_there(market: Market) -> None:
    listing = await market.a_listing()
    assert (await market.broker.post("/v1/frameworks", a_framework(listing))).status_code == 403
    stranger = a_framework(listing, suppliers=[uuid4()])
    assert (await market.commissioner.post("/v1/frameworks", stranger)).status_code == 404
    elsewhere = market.service.as_("commissioner", council=OTHER_COUNCIL)
    assert (await elsewhere.post("/v1/frameworks", a_framework(listing))).status_code == 404


async def test_suppliers_and_other_councils_do_not_see_frameworks_or_awards(market: Market) -> None:
    listing = await market.a_listing()
    framework = await set_up(market, listing)
    requirement = await market.a_requirement()
    lookers = (market.supplier(listing["supplier_id"]), market.service.as_("broker", council=OTHER_COUNCIL))
    for looker in lookers:
        assert (await looker.get(f"/v1/frameworks/{framework['framework_id']}")).status_code == 404
        where = f"/v1/requirements/{requirement['requirement_id']}/award"
        assert (await looker.get(where)).status_code == 404
    page = await market.broker.read("/v1/frameworks", support="home_care")
    assert [one["framework_id"] for one in page["items"]] == [framework["framework_id"]]


async def test_what_was_called_off_can_be_cancelled_and_is_looked_for_again(market: Market) -> None:
    listing = await market.a_listing(room_minutes=500)
    await set_up(market, listing)
    requirement = await market.a_requirement()
    (placed,) = await market.said("order_placed")
    await market.broker.done(f"/v1/orders/{placed['order_id']}/cancel", {"because": "changed_mind"})
    again = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}")
    assert again["state"] == "open"
    assert [one["room_minutes"] for one in await market.said("listing_published")] == [500, 80, 500]
