"""A direct payment is stopped by a named person with cover confirmed; what is surplus comes back, and no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared.contracts.base import Route
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.budget.journey import COMMITTED, COSTS, Person, World, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_paid_ahead import FIRST, FOUR_WEEKS, SECOND, begun, money, order_of, where

STOP: dict[str, Any] = {
    "because": "not_spent_on_the_plan",
    "reasons": "Synthetic: two returns show a holiday let.",
    "cover": "Synthetic: the council's own home care comes from Monday.",
}


async def paid(world: World) -> Person:
    person = await begun(world, Route.DIRECT_PAYMENT)
    await decided(world, person)
    await sweep(world, FIRST)
    return person


async def test_a_payment_is_not_stopped_without_cover(world: World) -> None:
    person = await paid(world)
    officer, path = world.budget.as_("budget_officer"), f"{where(person)}/stop-direct-payment"
    for cover in ({"cover": ""}, {"cover_order_id": str(uuid4())}):
        refused = await officer.post(path, STOP | cover)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/cover-not-confirmed")
    stopped = await officer.done(path, STOP | {"cover_order_id": str(person.order_id), "cover": ""})
    assert (stopped["state"], stopped["stopped_by"]) == ("stopped", "budget_officer")


async def test_a_stopped_payment_stops_no_order_and_no_more_money_goes_out(world: World) -> None:
    """Care Act s.33."""
    person = await paid(world)
    await world.budget.as_("budget_officer").done(f"{where(person)}/stop-direct-payment", STOP)
    kind, fact = await world.last()
    assert (kind, fact["because"]["code"]) == ("budget.direct_payment_stopped.v1", "not_spent_on_the_plan")
    assert "Synthetic" not in str(fact)
    await sweep(world, SECOND)
    order = await order_of(world, person)
    assert (order["state"], order["withheld"]["code"]) == ("committed", "direct_payment_stopped")
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, FOUR_WEEKS, 0, 0)


async def test_it_is_stopped_once_and_only_where_it_was_agreed(world: World) -> None:
    person = await begun(world, Route.DIRECT_PAYMENT)
    officer, path = world.budget.as_("budget_officer"), f"{where(person)}/stop-direct-payment"
    assert (await officer.post(path, STOP)).json()["type"] == "/problems/nothing-to-stop"
    await decided(world, person)
    await officer.done(path, STOP)
    again = await officer.post(path, STOP)
    assert (again.status_code, again.json()["state"]) == (409, "stopped")


async def test_what_is_surplus_is_explained_taken_back_and_no_more(world: World) -> None:
    person = await begun(world, Route.ISF)
    for day in (FIRST, SECOND, datetime(2050, 2, 28, 9, tzinfo=UTC), datetime(2050, 3, 28, 9, tzinfo=UTC)):
        await sweep(world, day)
    await sweep(world, datetime(2050, 4, 2, 9, tzinfo=UTC))
    finance = world.budget.as_("finance")
    shown = await finance.read(f"{where(person)}/surplus")
    assert shown["surplus_pence"] == sum(step["effect"] for step in shown["steps"])
    left = {step["rule"]: step["effect"] for step in shown["steps"]}
    assert left["SURPLUS-1"] == COMMITTED + FOUR_WEEKS
    assert left["SURPLUS-6"] == -8 * COSTS
    path, surplus = f"{where(person)}/return-surplus", shown["surplus_pence"]
    refused = await finance.post(path, {"pence": surplus + 1})
    assert (refused.status_code, refused.json()["surplus_pence"]) == (409, surplus)
    await finance.done(path, {"pence": surplus})
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.surplus_returned.v1", surplus)
    assert (await world.purse(person))["returned"] == surplus
    assert (await finance.read(f"{where(person)}/surplus"))["surplus_pence"] == 0


async def test_nothing_is_surplus_in_the_first_weeks_and_strangers_see_nothing(world: World) -> None:
    person = await paid(world)
    assert (await world.budget.as_("finance").read(f"{where(person)}/surplus"))["surplus_pence"] == 0
    elsewhere = world.budget.as_("finance", council=OTHER_COUNCIL)
    assert (await elsewhere.get(f"{where(person)}/surplus")).status_code == 404
    assert (await elsewhere.post(f"{where(person)}/return-surplus", {"pence": 1})).status_code == 404
    assert (
        await world.budget.as_("practitioner").post(f"{where(person)}/return-surplus", {"pence": 1})
    ).status_code == 403
