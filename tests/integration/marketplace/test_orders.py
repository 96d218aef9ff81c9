"""Money that is committed or short in any order, support that starts, visits that are recorded once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from shared.testing.facts import hear
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, a_visit, at, committed, short, today


async def read_order(market: Market, order: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = await market.broker.read(f"/v1/orders/{order['order_id']}")
    return read


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_short_funds_hold_an_order_until_the_money_is_there(market: Market) -> None:
    order = await market.an_order()
    await hear(market.service, market.budget.say(short(order)))
    assert (await read_order(market, order))["state"] == "held"
    where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
    refused = await market.supplier(order["supplier_id"]).post(where, body)
    assert (refused.status_code, refused.json()["state"]) == (409, "held")
    await market.commit(order)
    assert (await read_order(market, order))["state"] == "confirmed"
    assert len(await market.said("order_held")) == len(await market.said("order_confirmed")) == 1


@pytest.mark.parametrize("order_of_facts", list(permutations(("committed", "committed", "short"))))
async def test_whatever_order_the_money_is_spoken_of_in_the_order_ends_confirmed_once(
    market: Market, order_of_facts: tuple[str, ...]
) -> None:
    order = await market.an_order()
    facts = {"committed": committed(order), "short": short(order)}
    await hear(market.service, [market.budget.say(facts[name]) for name in order_of_facts])
    assert (await read_order(market, order))["state"] == "confirmed"
    assert len(await market.said("order_confirmed")) == 1


async def test_the_same_record_twice_changes_nothing(market: Market) -> None:
    order = await market.an_order()
    record = market.budget.say(committed(order))
    await hear(market.service, record)
    before = await market.service.outbox()
    await hear(market.service, [record, record])
    assert await market.service.outbox() == before


async def test_support_that_runs_is_not_stopped_by_short_funds(market: Market) -> None:
    order = await market.a_started_order()
    say = market.budget.say
    await hear(market.service, [say(short(order)), say(committed(order)), say(short(order))])
    assert (await read_order(market, order))["state"] == "started"
    assert await market.said("order_held") == []


# ── starting ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("days_ago", [-1, 31])
async def test_support_starts_neither_tomorrow_nor_before_the_order(market: Market, days_ago: int) -> None:
    order = await market.an_order()
    await market.commit(order)
    body = {"started_on": str(today() - timedelta(days=days_ago))}
    where = f"/v1/orders/{order['order_id']}/start"
    refused = await market.supplier(order["supplier_id"]).post(where, body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "started_on")


async def test_another_suppliers_order_is_not_there_whatever_the_verb(market: Market) -> None:
    order, other = await market.a_started_order(), await market.a_listing()
    where = f"/v1/orders/{order['order_id']}"
    line = {"planned_at": at(1).isoformat(), "minutes": 60, "pence": 2300}
    claim = {"period": {"first": str(today()), "last": str(today())}, "lines": [line]}
    strangers = (
        market.supplier(other["supplier_id"]),
        market.service.as_("supplier"),
        market.supplier(order["supplier_id"], council=OTHER_COUNCIL),
    )
    for stranger in strangers:
        answers = [
            await stranger.get(where),
            await stranger.get(f"{where}/visits"),
            await stranger.post(f"{where}/start", {"started_on": str(today())}),
            await stranger.post(f"{where}/visits", a_visit(1)),
            await stranger.post(f"{where}/claims", claim),
        ]
        assert [answer.status_code for answer in answers] == [404] * 5
        assert (await stranger.read("/v1/orders"))["items"] == []


# ── visits ────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_each_outcome_is_said_with_its_worth(market: Market) -> None:
    order = await market.a_started_order()
    nobody = {"started_at": None, "minutes": 0}
    await market.a_visit(order, 4)
    await market.a_visit(order, 3, outcome="missed", because="no_worker", **nobody)
    await market.a_visit(order, 2, outcome="cancelled", because="in_hospital", **nobody)
    await market.a_visit(order, 1, outcome="frustrated", because="no_answer", minutes=5)
    (recorded,), (missed,) = await market.said("visit_recorded"), await market.said("visit_missed")
    (cancelled,), (frustrated,) = await market.said("visit_cancelled"), await market.said("visit_frustrated")
    assert (recorded["minutes"], recorded["pence"]) == (60, 2300)
    assert (missed["because"], missed["time_critical"]) == ("no_worker", at(3).weekday() == 0)
    assert cancelled["because"] == "in_hospital"
    assert (frustrated["minutes"], frustrated["pence"]) == (60, 2300)


async def test_a_visit_recorded_twice_is_recorded_once_and_never_overwritten(market: Market) -> None:
    order = await market.a_started_order()
    assert await market.a_visit(order, 1) == await market.a_visit(order, 1)
    where = f"/v1/orders/{order['order_id']}/visits"
    other = await market.supplier(order["supplier_id"]).post(where, a_visit(1) | {"minutes": 30})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/already-recorded")
    assert [one["minutes"] for one in await market.said("visit_recorded")] == [60]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"planned_at": (at(1) + timedelta(hours=3)).isoformat()}, "planned_at"),
        ({"planned_at": at(40).isoformat(), "started_at": at(40).isoformat()}, "planned_at"),
        ({"planned_at": at(-1).isoformat()}, "planned_at"),
        ({"started_at": at(-1).isoformat()}, "started_at"),
        ({"started_at": None}, "started_at"),
        ({"minutes": 0}, "minutes"),
        ({"outcome": "missed"}, "started_at"),
    ],
)
async def test_a_visit_that_was_not_planned_or_makes_no_sense_is_refused(
    market: Market, change: dict[str, Any], field: str
) -> None:
    order = await market.a_started_order()
    where = f"/v1/orders/{order['order_id']}/visits"
    refused = await market.supplier(order["supplier_id"]).post(where, a_visit(1) | change)
    assert refused.status_code == 422
    assert field in [each["field"] for each in refused.json()["errors"]]
    assert await market.said("visit_recorded") == []


async def test_there_are_no_visits_before_support_started(market: Market) -> None:
    order = await market.an_order()
    await market.commit(order)
    where = f"/v1/orders/{order['order_id']}/visits"
    refused = await market.supplier(order["supplier_id"]).post(where, a_visit(1))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/support-not-started")


async def test_visits_nobody_reported_are_listed_up_to_now(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 2)
    where = f"/v1/orders/{order['order_id']}/visits"
    window = {"first": str(today() - timedelta(days=3)), "last": str(today() + timedelta(days=5))}
    read = await market.broker.read(where, **window)
    assert [visit["planned_at"] for visit in read["items"]] == [f"{at(2):%Y-%m-%dT%H:%M:%SZ}"]
    silent = [visit["planned_at"] for visit in read["unrecorded"]]
    assert silent[:2] == [f"{at(3):%Y-%m-%dT%H:%M:%SZ}", f"{at(1):%Y-%m-%dT%H:%M:%SZ}"]
    assert len(silent) in (2, 3)  # today's counts from eight o'clock on
    await market.service.as_("ops").done("/sandbox/clock", {"to": (at(-4) + timedelta(minutes=1)).isoformat()})
    assert len((await market.broker.read(where, **window))["unrecorded"]) == 7
    backwards = await market.broker.get(where, first=str(today()), last=str(today() - timedelta(days=1)))
    assert backwards.status_code == 422


# ── an order that is no longer wanted ─────────────────────────────────────────────────────────────────────────────
async def room(market: Market, order: dict[str, Any]) -> int:
    read = await market.broker.read(f"/v1/offers/{order['offer_id']}")
    listing = await market.broker.read(f"/v1/listings/{read['listing_id']}")
    return int(listing["room_minutes"])


async def requirement_of(market: Market, order: dict[str, Any]) -> str:
    return str((await market.broker.read(f"/v1/requirements/{order['requirement_id']}"))["state"])


@pytest.mark.parametrize(("need_remains", "state"), [(True, "open"), (False, "withdrawn")])
async def test_a_cancelled_order_gives_back_the_room_and_the_need_where_it_remains(
    market: Market, need_remains: bool, state: str
) -> None:
    order = await market.an_order()
    await market.commit(order)
    before, body = await room(market, order), {"because": "person_chose_another", "need_remains": need_remains}
    answer = await market.broker.post(f"/v1/orders/{order['order_id']}/cancel", body)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert await room(market, order) == before + order["weekly_minutes"]
    assert await requirement_of(market, order) == state
    (said,) = await market.said("order_cancelled")
    assert (said["order_id"], said["because"]) == (order["order_id"], "person_chose_another")


async def test_support_ends_on_a_day_that_came_and_visits_after_it_are_not_taken(market: Market) -> None:
    order = await market.a_started_order()
    where, last_day = f"/v1/orders/{order['order_id']}/end", today() - timedelta(days=1)
    tomorrow = {"last_day": str(today() + timedelta(days=1)), "because": "moved_away"}
    refused = await market.broker.post(where, tomorrow)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "last_day")
    ended = await market.broker.post(where, {"last_day": str(last_day), "because": "moved_away"})
    assert (ended.status_code, ended.json()["state"], ended.json()["last_day"]) == (200, "ended", str(last_day))
    supplier = market.supplier(order["supplier_id"])
    visits = f"/v1/orders/{order['order_id']}/visits"
    assert (await supplier.post(visits, a_visit(0))).status_code == 422
    assert (await supplier.post(visits, a_visit(1))).status_code in (200, 201)
    again = await market.broker.post(where, {"last_day": str(last_day), "because": "moved_away"})
    assert (again.status_code, again.json()["state"]) == (409, "ended")
    (said,) = await market.said("order_ended")
    assert (said["last_day"], said["need_remains"]) == (str(last_day), True)


async def test_what_has_not_started_cannot_end_and_what_has_started_cannot_be_cancelled(market: Market) -> None:
    placed, started = await market.an_order(), await market.a_started_order()
    end = {"last_day": str(today()), "because": "moved_away"}
    early = await market.broker.post(f"/v1/orders/{placed['order_id']}/end", end)
    late = await market.broker.post(f"/v1/orders/{started['order_id']}/cancel", {"because": "moved_away"})
    assert (early.status_code, early.json()["allowed"]) == (409, ["cancel"])
    assert (late.status_code, late.json()["allowed"]) == (409, ["end"])


async def test_a_supplier_does_not_end_support_and_another_council_sees_none(market: Market) -> None:
    order = await market.a_started_order()
    where, end = f"/v1/orders/{order['order_id']}/end", {"last_day": str(today()), "because": "moved_away"}
    assert (await market.supplier(order["supplier_id"]).post(where, end)).status_code == 403
    assert (await market.service.as_("broker", council=OTHER_COUNCIL).post(where, end)).status_code == 404
