"""Whoever covers for a PA has an order of their own: it is placed, started, worked, claimed and ended like any other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.marketplace.rules.visits import starts_at
from shared.contracts.base import Route
from shared.contracts.budget import FundsShort
from shared.testing.facts import hear
from tests.integration.marketplace.journey import SLOTS, Market, short, sweep, today
from tests.integration.marketplace.test_cover import a_running_pa, absent, back, from_the_pool, room
from tests.integration.marketplace.test_readiness import FOR_A_PA, a_pa_order, go_to, start

SIX_DAYS = timedelta(days=6)


async def covering(market: Market, cover: dict[str, Any]) -> dict[str, Any]:
    order: dict[str, Any] = await market.broker.read(f"/v1/orders/{cover['covering_order_id']}")
    return order


def ahead(first: int, last: int) -> dict[str, str]:
    return {"first": str(today() + timedelta(days=first)), "last": str(today() + timedelta(days=last))}


async def came(market: Market, order: dict[str, Any], day: date) -> Any:
    planned = starts_at(day, SLOTS[0]).isoformat()
    body = {"planned_at": planned, "outcome": "recorded", "started_at": planned, "minutes": 60, "worker": "cw-1"}
    return await market.supplier(order["supplier_id"]).post(f"/v1/orders/{order['order_id']}/visits", body)


async def test_cover_is_an_order_of_its_own_which_starts_in_the_moment_it_is_arranged(market: Market) -> None:
    """Whoever comes has it at once, at their own price, paid by the council whatever the route of the PA."""
    order, pool = await a_running_pa(market), await from_the_pool(market, hourly_pence=1900)
    cover = await absent(market, order)
    own = await covering(market, cover)
    assert (own["state"], own["covers_order_id"], own["supplier_id"]) == (
        "started",
        order["order_id"],
        pool["supplier_id"],
    )
    assert (own["route"], own["hourly_pence"], own["weekly_pence"]) == (Route.COUNCIL_MANAGED, 1900, 13300)
    assert (own["starts_on"], own["last_day"]) == (str(today()), str(today() + SIX_DAYS))
    placed = (await market.said("order_placed"))[-1]
    assert (placed["covers_order_id"], placed["ends_on"]) == (order["order_id"], own["last_day"])
    assert (placed["budget_id"], placed["plan_id"], placed["employer"]) == (
        order["budget_id"],
        order["plan_id"],
        "pool",
    )
    (arranged,) = await market.said("cover_arranged")
    assert (arranged["covering_order_id"], arranged["after_minutes"]) == (own["order_id"], 0)
    mine = await market.supplier(pool["supplier_id"]).read("/v1/orders")
    assert [one["order_id"] for one in mine["items"]] == [own["order_id"]]
    (tried,) = cover["tried"]
    assert cover["asked_at"] <= tried["at"] <= cover["arranged_at"]


async def test_whoever_covers_records_visits_claims_them_and_is_owed_for_them(market: Market) -> None:
    order, _ = await a_running_pa(market), await from_the_pool(market, hourly_pence=1900)
    own = await covering(market, await absent(market, order))
    await go_to(market, today() + timedelta(days=7))
    days = [today() + timedelta(days=n) for n in range(7)]
    assert [(await came(market, own, day)).status_code for day in days] == [201] * 7
    assert (await came(market, own, days[-1] + timedelta(days=1))).status_code == 422
    lines = [{"planned_at": starts_at(day, SLOTS[0]).isoformat(), "minutes": 60, "pence": 1900} for day in days]
    body = {"period": {"first": str(days[0]), "last": str(days[-1])}, "lines": lines}
    claim = await market.supplier(own["supplier_id"]).done(f"/v1/orders/{own['order_id']}/claims", body)
    assert (claim["kind"], claim["state"], claim["pence"]) == ("internal_recharge", "accepted", 13300)
    visits = [(one["order_id"], one["budget_id"]) for one in await market.said("visit_recorded")]
    assert visits == [(own["order_id"], order["budget_id"])] * 7


async def test_the_order_of_whoever_covers_ends_with_the_cover_and_the_other_goes_on(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    assert await room(market, listing) == 2000 - 420
    await go_to(market, today() + timedelta(days=7))
    own = await covering(market, cover)
    assert (own["state"], own["last_day"]) == ("ended", str(today() + SIX_DAYS))
    (ended,) = await market.said("order_ended")
    assert (ended["order_id"], ended["last_day"], ended["need_remains"]) == (own["order_id"], own["last_day"], True)
    assert await room(market, listing) == 2000
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"


async def test_money_that_is_short_is_said_and_keeps_nobody_from_coming(market: Market) -> None:
    """A budget is not a cap: what waits, in any other order, is support; here it is the question who pays."""
    order, _ = await a_running_pa(market), await from_the_pool(market)
    own, later = (
        await covering(market, await absent(market, order)),
        await covering(market, await absent(market, order, **ahead(10, 12))),
    )
    for one in (own, later):
        await hear(market.service, market.budget.say(_short_for(one)))
    assert (await came(market, own, today() - timedelta(days=1))).status_code == 422
    held = [(await covering(market, {"covering_order_id": one["order_id"]}))["state"] for one in (own, later)]
    assert held == ["started", "placed"]
    await go_to(market, today() + timedelta(days=10))
    assert (await covering(market, {"covering_order_id": later["order_id"]}))["state"] == "started"


def _short_for(order: dict[str, Any]) -> FundsShort:
    return short(order).model_copy(update={"covers_order_id": UUID(order["covers_order_id"])})


async def test_a_cover_ahead_starts_when_its_day_comes_and_not_before(market: Market) -> None:
    order, _ = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order, **ahead(3, 5))
    own = await covering(market, cover)
    assert (own["state"], len(await market.said("support_started"))) == ("placed", 1)
    await market.commit(own)
    assert (await covering(market, cover))["state"] == "placed"
    assert await go_to(market, today() + timedelta(days=2)) == 0
    await go_to(market, today() + timedelta(days=3))
    own = await covering(market, cover)
    assert (own["state"], own["started_on"]) == ("started", str(today() + timedelta(days=3)))
    assert (await market.said("support_started"))[-1]["order_id"] == own["order_id"]


# ── back sooner, and over ─────────────────────────────────────────────────────────────────────────────────────────
async def test_a_pa_who_is_back_sooner_ends_the_other_order_on_that_day_and_it_is_said_at_once(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    assert (await back(market, cover, 2)).status_code == 200
    (ended,) = await market.said("order_ended")
    assert (ended["order_id"], ended["last_day"]) == (cover["covering_order_id"], str(today() + timedelta(days=2)))
    assert (await covering(market, cover))["state"] == "started"
    assert (await back(market, cover, 1)).status_code == 200
    assert (await market.said("order_ended"))[-1]["last_day"] == str(today() + timedelta(days=1))
    await go_to(market, today() + timedelta(days=2))
    assert (await covering(market, cover))["state"] == "ended"
    assert len(await market.said("order_ended")) == 2
    assert await room(market, listing) == 2000
    (first, second) = await market.said("cover_ended")
    assert first["covering_order_id"] == second["covering_order_id"] == cover["covering_order_id"]


async def test_a_cover_that_is_called_off_before_its_day_is_cancelled(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order, **ahead(3, 5))
    assert (await back(market, cover, 2)).status_code == 200
    assert (await covering(market, cover))["state"] == "cancelled"
    (cancelled,) = await market.said("order_cancelled")
    assert (cancelled["order_id"], cancelled["need_remains"]) == (cover["covering_order_id"], True)
    assert await room(market, listing) == 2000
    await go_to(market, today() + timedelta(days=6))
    assert await room(market, listing) == 2000
    requirement = await market.broker.read(f"/v1/requirements/{order['requirement_id']}")
    assert requirement["state"] == "filled"


async def test_whoever_covers_comes_no_longer_than_what_they_cover_for_runs(market: Market) -> None:
    order, listing = await a_running_pa(market), await from_the_pool(market)
    cover = await absent(market, order)
    body = {"last_day": str(today()), "because": "no_need", "need_remains": False}
    await market.broker.done(f"/v1/orders/{order['order_id']}/end", body)
    await sweep(market)
    shorter = await market.broker.read(f"/v1/covers/{cover['cover_id']}")
    assert shorter["last"] == str(today())
    ended = await market.said("order_ended")
    assert [one["order_id"] for one in ended] == [order["order_id"], cover["covering_order_id"]]
    await go_to(market, today() + timedelta(days=1))
    assert (await covering(market, cover))["state"] == "ended"
    assert await room(market, listing) == 2000


async def test_nobody_cancels_or_ends_it_but_with_the_cover(market: Market) -> None:
    order, _ = await a_running_pa(market), await from_the_pool(market)
    own = await covering(market, await absent(market, order, **ahead(3, 5)))
    where = f"/v1/orders/{own['order_id']}"
    refused = await market.broker.post(f"{where}/cancel", {"because": "no_need"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/stands-in")
    assert refused.json()["covers_order_id"] == order["order_id"]
    body = {"last_day": str(today()), "because": "no_need"}
    assert (await market.broker.post(f"{where}/end", body)).status_code == 409


async def test_whoever_covers_and_cannot_come_is_covered_for_and_not_by_whom_they_cover_for(market: Market) -> None:
    order, first = await a_running_pa(market), await from_the_pool(market, hourly_pence=1500)
    own = await covering(market, await absent(market, order))
    second = await from_the_pool(market, hourly_pence=1900)
    again = await absent(market, own, **ahead(2, 20))
    assert (again["covered_by"], again["last"]) == (second["supplier_id"], own["last_day"])
    assert (await covering(market, again))["covers_order_id"] == own["order_id"]
    late = await market.supplier(own["supplier_id"]).post(
        f"/v1/orders/{own['order_id']}/absences", ahead(10, 11) | {"because": "ill"}
    )
    assert [one["rule"] for one in late.json()["errors"]] == ["ABSENCE-4"]
    covers = (await market.broker.read(f"/v1/orders/{order['order_id']}/covers"))["items"]
    assert (await back(market, covers[0], 0)).status_code == 200
    await sweep(market)
    assert (await market.broker.read(f"/v1/covers/{again['cover_id']}"))["last"] == str(today() + timedelta(days=1))
    assert (await covering(market, again))["state"] == "cancelled"
    assert await room(market, second) == 2000
    await go_to(market, today() + timedelta(days=1))
    assert await room(market, first) == 2000


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────
async def a_lapse(market: Market) -> tuple[dict[str, Any], dict[str, Any]]:
    """A PA's insurance ended yesterday, and somebody covers."""
    order = await a_pa_order(market, *FOR_A_PA[1:])
    last = today() + timedelta(days=2)
    await market.shows(order["supplier_id"], "employers_liability", holds_until=str(last))
    assert (await start(market, order)).status_code == 200
    await from_the_pool(market)
    await go_to(market, last + timedelta(days=1))
    (cover,) = (await market.broker.read(f"/v1/orders/{order['order_id']}/covers"))["items"]
    return order, cover


async def test_when_the_evidence_is_there_again_the_pa_comes_again_from_the_next_day(market: Market) -> None:
    order, cover = await a_lapse(market)
    assert (await covering(market, cover))["state"] == "started"
    now = today() + timedelta(days=3)
    holds = {"holds_from": str(now), "holds_until": str(now + timedelta(days=300))}
    await market.shows(order["supplier_id"], "employers_liability", **holds)
    await sweep(market)
    shorter = await market.broker.read(f"/v1/covers/{cover['cover_id']}")
    assert (shorter["state"], shorter["last"]) == ("arranged", str(now))
    await go_to(market, now + timedelta(days=1))
    assert (await covering(market, cover))["state"] == "ended"


async def test_two_who_cover_for_one_are_not_sent(market: Market) -> None:
    order, cover = await a_lapse(market)
    days = {"first": cover["first"], "last": cover["first"], "because": "ill"}
    refused = await market.supplier(order["supplier_id"]).post(f"/v1/orders/{order['order_id']}/absences", days)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/covered-already")


async def test_the_evidence_of_whoever_covers_lapses_as_any_and_somebody_else_comes_for_them(market: Market) -> None:
    order, pa = await a_running_pa(market), await market.a_supplier(kind="pa", employer="pool")
    last = today() + timedelta(days=2)
    await market.shows(pa["supplier_id"], "registration", "employers_liability", "right_to_work", "contract")
    await market.shows(pa["supplier_id"], "criminal_record_check", holds_until=str(last))
    await market.a_listing(pa, hourly_pence=1500)
    own = await covering(market, await absent(market, order))
    other = await from_the_pool(market, hourly_pence=1900)
    await go_to(market, last + timedelta(days=1))
    (lapse,) = (await market.broker.read(f"/v1/orders/{own['order_id']}/covers"))["items"]
    assert (lapse["covered_by"], lapse["first"], lapse["last"]) == (
        other["supplier_id"],
        str(last + timedelta(days=1)),
        own["last_day"],
    )
    assert (await covering(market, {"covering_order_id": own["order_id"]}))["state"] == "started"
