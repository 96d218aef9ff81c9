"""A PA who cannot come, for a time or because evidence lapsed, is covered: by the pool, the framework, or whoever has room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import AREA, Market, today
from tests.integration.marketplace.test_readiness import FOR_A_PA, a_pa_order, go_to, start

POOL = ("registration", "employers_liability", "criminal_record_check", "right_to_work", "contract")
SICK = "sick_with_flu"


async def a_running_pa(market: Market) -> dict[str, Any]:
    order = await a_pa_order(market, *FOR_A_PA)
    assert (await start(market, order)).status_code == 200
    return order


async def from_the_pool(market: Market, **more: Any) -> dict[str, Any]:
    pa = await market.a_supplier(kind="pa", employer="pool")
    await market.shows(pa["supplier_id"], *POOL)
    return await market.a_listing(pa, **more)


async def absent(market: Market, order: dict[str, Any], **more: Any) -> dict[str, Any]:
    days = {"first": str(today()), "last": str(today() + timedelta(days=6)), "because": SICK}
    where = f"/v1/orders/{order['order_id']}/absences"
    cover: dict[str, Any] = await market.supplier(order["supplier_id"]).done(where, days | more)
    return cover


async def test_an_absent_pa_is_covered_by_the_pool_at_a_price_and_the_room_comes_back(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market, hourly_pence=1900)
    cover = await absent(market, order)
    assert (cover["state"], cover["step"], cover["covered_by"]) == ("arranged", "pool", listing["supplier_id"])
    assert [(one["step"], one["possible"], one["hourly_pence"]) for one in cover["tried"]] == [("pool", 1, 1900)]
    assert sum(step["effect"] for step in cover["steps"]) > 0
    (asked,), (arranged,) = await market.said("cover_asked"), await market.said("cover_arranged")
    assert (asked["because"], arranged["step"], arranged["hourly_pence"]) == ("pa_absent", "pool", 1900)
    assert SICK not in str(await market.service.outbox())
    where = f"/v1/listings/{listing['listing_id']}"
    assert (await market.broker.read(where))["room_minutes"] == 2000 - 420
    await go_to(market, today() + timedelta(days=7))
    assert (await market.broker.read(where))["room_minutes"] == 2000
    assert (await market.broker.read(f"/v1/covers/{cover['cover_id']}"))["state"] == "over"


async def test_each_step_is_tried_in_its_order_and_kept(market: Market) -> None:
    order, framed = await a_running_pa(market), await market.a_listing(hourly_pence=2500)
    await market.a_listing(hourly_pence=2000)
    await from_the_pool(market, room_minutes=60)
    days = {"first": str(today()), "last": str(today())}
    body = {
        "support": "home_care",
        "suppliers": [framed["supplier_id"]],
        "ranking": "in_order",
        "obliged": True,
        **days,
    }
    await market.commissioner.done("/v1/frameworks", body)
    cover = await absent(market, order)
    assert [(one["step"], one["considered"], one["possible"]) for one in cover["tried"]] == [
        ("pool", 1, 0),
        ("framework", 1, 1),
    ]
    assert (cover["step"], cover["hourly_pence"]) == ("framework", 2500)


async def test_nobody_found_is_said_and_looking_again_finds_who_came_since(market: Market) -> None:
    order = await a_running_pa(market)
    cover = await absent(market, order)
    assert (cover["state"], [one["step"] for one in cover["tried"]]) == ("not_found", ["pool", "framework", "spot"])
    assert [one["cover_id"] for one in await market.said("cover_not_found")] == [cover["cover_id"]]
    listing = await market.a_listing()
    later = datetime.fromisoformat(cover["asked_at"]) + timedelta(minutes=90, seconds=1)
    await market.service.as_("ops").done("/sandbox/clock", {"to": later.isoformat()})
    found = await market.broker.done(f"/v1/covers/{cover['cover_id']}/look-again")
    assert (found["state"], found["step"], found["listing_id"]) == ("arranged", "spot", listing["listing_id"])
    assert len(found["tried"]) == 6
    (arranged,) = await market.said("cover_arranged")
    assert arranged["after_minutes"] == 90
    assert {one["at"] for one in found["tried"][:3]} == {found["asked_at"]}
    assert {one["at"] for one in found["tried"][3:]} == {found["arranged_at"]}
    again = await market.broker.post(f"/v1/covers/{cover['cover_id']}/look-again")
    assert again.status_code == 409


async def test_who_is_not_ready_does_not_cover(market: Market) -> None:
    order, pa = await a_running_pa(market), await market.a_supplier(kind="pa", employer="pool")
    await market.a_listing(pa, areas=[AREA])
    assert (await absent(market, order))["state"] == "not_found"


async def test_an_absence_is_reported_once_and_only_of_a_pa_who_comes(market: Market) -> None:
    order, other = await a_running_pa(market), await market.a_started_order()
    await absent(market, order)
    days = {"first": str(today() + timedelta(days=3)), "last": str(today() + timedelta(days=9))}
    for each, name in ((order, "covered-already"), (other, "no-pa")):
        refused = await market.broker.post(f"/v1/orders/{each['order_id']}/absences", days)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, name)
    stranger = market.supplier((await market.a_supplier())["supplier_id"])
    assert (await stranger.post(f"/v1/orders/{order['order_id']}/absences", days)).status_code == 404
    assert (await stranger.get(f"/v1/orders/{order['order_id']}/covers")).status_code == 404


async def test_a_lapse_of_a_pas_insurance_asks_for_cover_and_stops_nothing(market: Market) -> None:
    """A PA employer's cover ends and nothing follows: the pool comes, the order goes on."""
    order = await a_pa_order(market, *FOR_A_PA[1:])
    last = today() + timedelta(days=2)
    await market.shows(order["supplier_id"], "employers_liability", holds_until=str(last))
    assert (await start(market, order)).status_code == 200
    pool = await from_the_pool(market)
    await go_to(market, last + timedelta(days=1))
    (asked,), (arranged,) = await market.said("cover_asked"), await market.said("cover_arranged")
    assert (asked["order_id"], asked["because"]) == (order["order_id"], "evidence_lapsed")
    assert (asked["period"]["first"], arranged["step"]) == (str(last + timedelta(days=1)), "pool")
    covers = await market.broker.read(f"/v1/orders/{order['order_id']}/covers")
    assert [one["covered_by"] for one in covers["items"]] == [pool["supplier_id"]]
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"


async def test_a_lapse_that_nobody_covers_is_said_of_the_person_and_their_support_is_not_stopped(
    market: Market,
) -> None:
    """Safeguarding hears of it as of an absence: an alert to their team and a welfare check the same day."""
    order = await a_pa_order(market, *FOR_A_PA[1:])
    last = today() + timedelta(days=2)
    await market.shows(order["supplier_id"], "employers_liability", holds_until=str(last))
    assert (await start(market, order)).status_code == 200
    await go_to(market, last)
    assert await market.said("cover_not_found") == []
    await go_to(market, last + timedelta(days=1))
    (unserved,) = await market.said("cover_not_found")
    assert (unserved["person_id"], unserved["order_id"]) == (order["person_id"], order["order_id"])
    (lapsed,) = await market.said("evidence_lapsed")
    assert (lapsed["lapsed_on"], lapsed["running_orders"]) == (str(last + timedelta(days=1)), 1)
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"


async def test_whoever_covers_sees_the_cover_and_nobody_else_of_the_suppliers_does(market: Market) -> None:
    order, pool, other = await a_running_pa(market), await from_the_pool(market), await market.a_listing()
    cover = await absent(market, order)
    where = f"/v1/covers/{cover['cover_id']}"
    assert (await market.supplier(pool["supplier_id"]).read(where))["order_id"] == order["order_id"]
    assert (await market.supplier(other["supplier_id"]).get(where)).status_code == 404


# ── back sooner ───────────────────────────────────────────────────────────────────────────────────────────────────
async def back(market: Market, cover: dict[str, Any], days: int) -> Any:
    """The PA says so: somebody else comes for so many days more."""
    body = {"last_day": str(today() + timedelta(days=days))}
    return await market.supplier(cover["supplier_id"]).post(f"/v1/covers/{cover['cover_id']}/come-back", body)


async def room(market: Market, listing: dict[str, Any]) -> int:
    return int((await market.broker.read(f"/v1/listings/{listing['listing_id']}"))["room_minutes"])


async def test_a_pa_who_is_back_today_ends_the_cover_and_the_room_is_free_at_once(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    assert await room(market, listing) == 2000 - 420
    over = (await back(market, cover, -1)).json()
    assert (over["state"], over["last"]) == ("over", str(today() - timedelta(days=1)))
    assert await room(market, listing) == 2000
    (said,) = await market.said("cover_ended")
    assert (said["cover_id"], said["last_day"]) == (cover["cover_id"], over["last"])
    await go_to(market, today() + timedelta(days=7))  # the timer of the days first said is gone
    assert await room(market, listing) == 2000
    assert (await back(market, cover, -1)).status_code == 409


async def test_a_pa_who_is_back_in_three_days_is_covered_until_then_and_no_longer(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    shorter = (await back(market, cover, 2)).json()
    assert (shorter["state"], shorter["last"]) == ("arranged", str(today() + timedelta(days=2)))
    assert await room(market, listing) == 2000 - 420
    await go_to(market, today() + timedelta(days=3))
    assert await room(market, listing) == 2000
    assert (await market.broker.read(f"/v1/covers/{cover['cover_id']}"))["state"] == "over"


async def test_after_coming_back_another_absence_may_be_reported_and_the_order_goes_on(market: Market) -> None:
    order, _ = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    assert (await back(market, cover, 0)).status_code == 200
    days = {"first": str(today() + timedelta(days=1)), "last": str(today() + timedelta(days=2))}
    assert (await absent(market, order, **days))["state"] == "arranged"
    read = await market.broker.read(f"/v1/orders/{order['order_id']}")
    assert (read["state"], read["weekly_pence"]) == ("started", order["weekly_pence"])


async def test_no_sooner_than_said_is_refused_and_only_who_is_concerned_says_it(market: Market) -> None:
    order, pool = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    refused = await back(market, cover, 6)
    assert [each["rule"] for each in refused.json()["errors"]] == ["RETURN-1"]
    where, body = f"/v1/covers/{cover['cover_id']}/come-back", {"last_day": str(today())}
    strangers = (
        market.supplier(pool["supplier_id"]),
        market.service.as_("broker_app"),
        market.service.as_("broker", council=OTHER_COUNCIL),
    )
    assert [(await each.post(where, body)).status_code for each in strangers] == [404] * 3
    assert (await market.broker.post(where, body)).status_code == 200


async def test_a_lapse_is_not_over_because_somebody_comes_back(market: Market) -> None:
    order = await a_pa_order(market, *FOR_A_PA[1:])
    last = today() + timedelta(days=2)
    await market.shows(order["supplier_id"], "employers_liability", holds_until=str(last))
    assert (await start(market, order)).status_code == 200
    await from_the_pool(market)
    await go_to(market, last + timedelta(days=1))
    (cover,) = (await market.broker.read(f"/v1/orders/{order['order_id']}/covers"))["items"]
    refused = await back(market, cover, 4)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "covered-for-lapse")
