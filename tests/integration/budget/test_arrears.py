"""A price that holds from a day that is over: what those days cost more is owed once, and what they cost less is in hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.contracts.base import Period, Route
from shared.money import weekly_over
from tests.integration.budget.journey import COMMITTED, COSTS, STARTS, YEAR_END, Person, World, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_paid_ahead import FIRST, FOUR_WEEKS, SECOND, begun, money, order_of
from tests.integration.budget.test_repriced import repriced

WEEK_TWO = STARTS + timedelta(days=7)
DEARER, CHEAPER = COSTS + 700, COSTS - 700


async def paid(world: World, route: Route = Route.DIRECT_PAYMENT) -> Person:
    """Four weeks have gone out, and the budget bears a pound a day more."""
    person = await begun(world, route)
    if route is Route.DIRECT_PAYMENT:
        await decided(world, person)
    await sweep(world, FIRST)
    await world.finalised(person, DEARER, reason="Synthetic: the price rises.")
    return person


@pytest.mark.parametrize("route", [Route.DIRECT_PAYMENT, Route.ISF])
async def test_what_days_that_were_paid_for_cost_more_goes_out_with_the_next_payment_and_once(
    world: World, route: Route
) -> None:
    person = await paid(world, route)
    await world.says(repriced(person, DEARER, WEEK_TWO))
    assert (await order_of(world, person))["arrears_pence"] == 3 * 700
    whole = weekly_over(COSTS, STARTS, WEEK_TWO - timedelta(days=1)) + weekly_over(DEARER, WEEK_TWO, YEAR_END)
    committed, out, _, _ = await money(world, person)
    assert committed + out == whole
    await sweep(world, SECOND)
    assert (await world.last())[1]["pence"] == 4 * DEARER + 3 * 700
    assert (await order_of(world, person))["arrears_pence"] == 0
    for day in (datetime(2050, 2, 28, 9, tzinfo=UTC), datetime(2050, 3, 28, 9, tzinfo=UTC)):
        await sweep(world, day)
    assert await money(world, person) == (0, whole, 0, 0)  # every day once, at what it cost


async def test_what_days_that_were_paid_for_cost_less_is_taken_off_the_next_payment(world: World) -> None:
    person = await paid(world)
    await world.says(repriced(person, CHEAPER, WEEK_TWO))
    await sweep(world, SECOND)
    assert (await world.last())[1]["pence"] == 4 * CHEAPER - 3 * 700
    for day in (datetime(2050, 2, 28, 9, tzinfo=UTC), datetime(2050, 3, 28, 9, tzinfo=UTC)):
        await sweep(world, day)
    out = weekly_over(COSTS, STARTS, WEEK_TWO - timedelta(days=1)) + weekly_over(CHEAPER, WEEK_TWO, YEAR_END)
    assert await money(world, person) == (0, out, 0, 0)


async def test_a_rise_that_is_taken_back_owes_nothing(world: World) -> None:
    person = await paid(world)
    await world.says(repriced(person, DEARER, WEEK_TWO), repriced(person, COSTS, WEEK_TWO))
    order = await order_of(world, person)
    assert order["arrears_pence"] == 0
    await sweep(world, SECOND)
    assert (await world.last())[1]["pence"] == FOUR_WEEKS


async def test_days_that_were_made_up_for_are_not_made_up_for_again(world: World) -> None:
    """The same rise, said again after its arrears went out."""
    person = await paid(world)
    await world.says(repriced(person, DEARER, WEEK_TWO))
    await sweep(world, SECOND)
    await world.says(repriced(person, DEARER, WEEK_TWO))
    order = await order_of(world, person)
    assert (order["arrears_pence"], order["state"]) == (0, "committed")


async def test_arrears_of_support_that_is_over_go_out_all_the_same(world: World) -> None:
    person = await paid(world)
    await world.says(repriced(person, DEARER, WEEK_TWO), person.ended(weeks=4))
    committed, out, _, _ = await money(world, person)
    assert (committed, out) == (3 * 700, FOUR_WEEKS)
    await sweep(world, datetime(2050, 1, 31, 9, tzinfo=UTC))
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.money_paid_out.v1", 3 * 700)
    assert (await money(world, person))[:2] == (0, FOUR_WEEKS + 3 * 700)
    said = len(await world.said())
    await sweep(world, datetime(2050, 2, 20, 9, tzinfo=UTC))
    assert len(await world.said()) == said


async def test_arrears_the_budget_cannot_bear_have_an_owner_and_a_date_and_go_out_once_it_can(world: World) -> None:
    person = await begun(world, Route.ISF)
    await sweep(world, FIRST)
    await world.says(repriced(person, DEARER, WEEK_TWO))
    order = await order_of(world, person)
    assert (order["state"], order["owner_team"]) == ("short", "older-people-north")
    await world.finalised(person, DEARER, reason="Synthetic: the price rises.")
    assert (await order_of(world, person))["state"] == "committed"
    await sweep(world, SECOND)
    assert (await world.last())[1]["pence"] == 4 * DEARER + 3 * 700


async def test_what_the_council_pays_by_claims_is_set_aside_for_days_before_the_price_changed_last(
    world: World,
) -> None:
    """Two changes, the second for an earlier day: the days between are set aside, worked and claimed at what holds."""
    person = await world.funded(Person())
    await world.finalised(person, DEARER, reason="Synthetic: the price rises.")
    second = date(2050, 2, 1)
    await world.says(person.ordered(), repriced(person, CHEAPER, second), repriced(person, DEARER, WEEK_TWO))
    whole = weekly_over(COSTS, STARTS, WEEK_TWO - timedelta(days=1)) + weekly_over(DEARER, WEEK_TWO, YEAR_END)
    assert abs((await world.purse(person))["committed"] - whole) <= 1
    period = Period(first=WEEK_TWO, last=WEEK_TWO + timedelta(days=6))
    await world.says(
        person.visited(DEARER, at=datetime(2050, 1, 12, 9, tzinfo=UTC)), person.accepted(DEARER, DEARER, period=period)
    )
    purse = await world.purse(person)
    assert (purse["delivered"], purse["disputed"]) == (DEARER, 0)


async def test_days_of_a_year_that_is_over_cost_that_year_more_as_far_as_there_is_money(world: World) -> None:
    person = await world.funded(Person())
    await world.finalised(person, DEARER, reason="Synthetic: the price rises.")
    await world.says(person.ordered())
    await sweep(world, datetime(2050, 4, 2, tzinfo=UTC))
    await world.says(repriced(person, DEARER, date(2050, 3, 25)))
    assert (await world.purse(person))["committed"] == COMMITTED + 700
    rest = weekly_over(DEARER, date(2050, 4, 1), date(2051, 3, 31))
    assert (await world.purse(person, date(2050, 4, 1)))["committed"] == rest
