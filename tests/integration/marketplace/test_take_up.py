"""Falling take-up of an in-house service warns, each 28 days, before anybody decides a closure."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.base import Route
from tests.integration.marketplace.journey import Market, today
from tests.integration.marketplace.test_lanes import REGISTERED
from tests.integration.marketplace.test_readiness import go_to


async def test_a_service_nobody_comes_to_any_more_warns_once(market: Market) -> None:
    order = await market.a_started_order_of(Route.COUNCIL_MANAGED, *REGISTERED, kind="in_house")
    for days_ago in range(1, 25):
        await market.a_visit(order, days_ago)
    assert await go_to(market, today() + timedelta(days=28)) == 1
    (said,) = await market.said("take_up_fell")
    assert (said["supplier_id"], said["from_minutes"], said["to_minutes"], said["over_days"]) == (
        order["supplier_id"],
        24 * 60,
        0,
        28,
    )
    assert await go_to(market, today() + timedelta(days=56)) == 1
    assert len(await market.said("take_up_fell")) == 1


async def test_with_too_little_to_compare_or_of_another_kind_nothing_is_said(market: Market) -> None:
    own = await market.a_started_order_of(Route.COUNCIL_MANAGED, *REGISTERED, kind="in_house")
    await market.a_visit(own, 1)
    provider = await market.a_started_order()
    await market.a_visit(provider, 1)
    assert await go_to(market, today() + timedelta(days=28)) == 1
    assert await market.said("take_up_fell") == []


async def test_a_withdrawn_listing_is_not_compared_any_more(market: Market) -> None:
    listing = await market.a_listing(await market.a_supplier(kind="in_house"))
    await market.commissioner.done(f"/v1/listings/{listing['listing_id']}/withdraw")
    assert await go_to(market, today() + timedelta(days=28)) == 1
    assert await go_to(market, today() + timedelta(days=84)) == 0
