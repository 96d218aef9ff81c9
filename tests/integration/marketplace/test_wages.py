"""Nobody is employed below the lowest lawful wage of their age; where it rises above an agreed one, that is said (R §4.1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.marketplace.common.wages import floors_on
from services.marketplace.rules.wages import Age, WageBand
from shared.contracts.base import Period, Route, SupplierKind
from shared.contracts.budget import FundsCommitted
from shared.testing.facts import hear
from tests.integration.marketplace.journey import Market, a_line, a_plan, today
from tests.integration.marketplace.test_choices import choose
from tests.integration.marketplace.test_readiness import go_to

BIRTHDAY = today() + timedelta(days=20)
TWENTY = {"wage_band": "from_18", "turns_on": str(BIRTHDAY)}
LINE = a_line(kind_wanted=SupplierKind.PA, route=Route.DIRECT_PAYMENT)


def floor(band: WageBand = WageBand.FROM_21) -> int:
    return floors_on("E09000012", today()).of(Age(band))


async def a_pa(market: Market, hourly_pence: int, **said: Any) -> dict[str, Any]:
    return await market.a_listing(
        await market.a_supplier(kind="pa", employer="person", **said), hourly_pence=hourly_pence
    )


async def test_case_23_a_choice_below_the_floor_is_refused_with_the_figure(market: Market) -> None:
    """National Minimum Wage Regulations; gov.uk, National Minimum Wage rates."""
    requirement = await market.a_requirement(a_plan(LINE))
    low = await a_pa(market, floor() - 1)
    where = f"/v1/requirements/{requirement['requirement_id']}"
    offered = {"listing_id": low["listing_id"], "price_pence": floor() - 1, "hours_to_answer": 48}
    for refused in (await choose(market, requirement, low), await market.broker.post(f"{where}/offers", offered)):
        assert refused.status_code == 409
        (reason,) = refused.json()["reasons"]
        assert reason == {
            "code": "wage_below_floor",
            "detail": f"£{(floor() - 1) / 100:.2f} an hour is below the lowest lawful wage at that age, £{floor() / 100:.2f}.",
        }
    assert (await choose(market, requirement, await a_pa(market, floor()))).status_code == 201


async def test_an_offer_below_the_floor_is_not_made_though_more_is_listed(market: Market) -> None:
    requirement = await market.a_requirement(a_plan(LINE))
    listing = await a_pa(market, floor() + 100)
    offered = {"listing_id": listing["listing_id"], "price_pence": floor() - 1, "hours_to_answer": 48}
    refused = await market.broker.post(f"/v1/requirements/{requirement['requirement_id']}/offers", offered)
    assert [one["code"] for one in refused.json()["reasons"]] == ["wage_below_floor"]


async def chosen_at_20(market: Market) -> dict[str, Any]:
    requirement = await market.a_requirement(a_plan(LINE))
    young = await a_pa(market, floor(WageBand.FROM_18), **TWENTY)
    order: dict[str, Any] = (await choose(market, requirement, young)).json()
    return order


async def test_at_20_a_lower_floor_holds_until_the_birthday_and_then_it_is_said(market: Market) -> None:
    """And neither an age nor a birthday leaves this service."""
    order = await chosen_at_20(market)
    assert order["state"] == "placed"
    assert await go_to(market, BIRTHDAY - timedelta(days=1)) == 0
    assert await go_to(market, BIRTHDAY) == 1
    (said,) = await market.said("wage_below_floor")
    assert said == {
        "order_id": order["order_id"],
        "person_id": order["person_id"],
        "supplier_id": order["supplier_id"],
        "hourly_pence": floor(WageBand.FROM_18),
        "floor_pence": floors_on("E09000012", BIRTHDAY).from_21,
        "since": str(BIRTHDAY),
    }
    assert "from_18" not in str(await market.service.outbox())
    others = [fact for kind, fact in await market.service.outbox() if "wage_below" not in kind]
    assert str(BIRTHDAY) not in str(others)


@pytest.mark.parametrize(("days", "said"), [(0, 0), (21, 1)])
async def test_when_a_year_s_money_is_set_aside_the_wage_is_held_against_that_year_s_floor(
    market: Market, days: int, said: int
) -> None:
    order = await chosen_at_20(market)
    first: date = today() + timedelta(days=days)
    committed = FundsCommitted(
        order_id=UUID(order["order_id"]),
        budget_id=UUID(order["budget_id"]),
        person_id=UUID(order["person_id"]),
        pence=100,
        period=Period(first=first, last=first),
    )
    await hear(market.service, market.budget.say(committed))
    assert len(await market.said("wage_below_floor")) == said
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "confirmed"


async def test_an_age_that_does_not_hold_together_is_refused_by_its_field(market: Market) -> None:
    body = {"name": "Synthetic Robin", "kind": "pa", "employer": "pool", "synthetic": True, "wage_band": "from_21"}
    refused = await market.commissioner.post("/v1/suppliers", body)
    assert (refused.status_code, [(each["field"], each["rule"]) for each in refused.json()["errors"]]) == (
        422,
        [("wage_band", "SUPPLIER-8")],
    )
