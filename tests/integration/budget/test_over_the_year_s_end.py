"""A price, or a last day, that lies in the next financial year: that year's money, and no other, goes by it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.contracts.base import Period, Route
from shared.contracts.marketplace import OrderEnded
from shared.money import weekly_over
from tests.integration.budget.journey import COMMITTED, COSTS, STARTS, YEAR_END, Person, World, a_line, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_paid_ahead import begun, money, order_of
from tests.integration.budget.test_repriced import repriced

NEXT, NEXT_END = date(2050, 4, 1), date(2051, 3, 31)
ROLLED = datetime(2050, 3, 31, tzinfo=UTC)
CHEAPER = COSTS - 700
"""A pound a day less."""


def ends(person: Person, last_day: date) -> OrderEnded:
    return OrderEnded(
        order_id=person.order_id,
        plan_id=person.plan_id,
        budget_id=person.budget_id,
        person_id=person.person_id,
        supplier_id=person.supplier_id,
        last_day=last_day,
        because="plan_superseded",
        need_remains=False,
    )


# ── a price for a day of the next year ────────────────────────────────────────────────────────────────────────────
async def test_a_price_for_the_next_year_s_first_day_changes_nothing_of_this_year_s_money(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    before, said = await world.purse(person), len(await world.said())
    await world.says(repriced(person, CHEAPER, NEXT))
    assert await world.purse(person) == before
    assert len(await world.said()) == said
    await sweep(world, ROLLED)
    kind, fact = await world.last()
    assert (kind, fact["period"]) == ("budget.funds_committed.v1", {"first": str(NEXT), "last": str(NEXT_END)})
    assert fact["pence"] == weekly_over(CHEAPER, NEXT, NEXT_END)
    assert await world.purse(person) == before
    assert (await order_of(world, person))["weekly_pence"] == CHEAPER


async def test_a_price_for_a_day_within_the_next_year_waits_for_it_and_holds_from_that_day(world: World) -> None:
    person, may = await world.funded(Person()), date(2050, 5, 1)
    await world.says(person.ordered(), repriced(person, CHEAPER, may))
    assert (await world.purse(person))["committed"] == COMMITTED
    await sweep(world, ROLLED)
    until_may = weekly_over(COSTS, NEXT, date(2050, 4, 30))
    wanted = until_may + weekly_over(CHEAPER, may, NEXT_END)
    assert abs((await world.purse(person, NEXT))["committed"] - wanted) <= 1
    assert (await world.kinds())[-3:] == ["funds_committed", "funds_released", "funds_committed"]


async def test_what_is_said_last_stands_from_its_day_on(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), repriced(person, COSTS // 2, date(2050, 5, 1)), repriced(person, CHEAPER, NEXT))
    await sweep(world, ROLLED)
    assert (await world.purse(person, NEXT))["committed"] == weekly_over(CHEAPER, NEXT, NEXT_END)


async def test_one_that_ends_before_the_price_holds_frees_what_was_set_aside_at_the_price_before(world: World) -> None:
    """Its last day lies in the year that is over: nothing is left set aside in either."""
    person = await world.funded(Person())
    await world.says(person.ordered(), repriced(person, COSTS // 2, NEXT))
    await sweep(world, ROLLED)
    await world.says(ends(person, date(2050, 3, 30)))
    assert (await world.purse(person, NEXT))["committed"] == 0
    assert (await world.purse(person))["committed"] == weekly_over(COSTS, STARTS, date(2050, 3, 30))


async def test_payments_before_that_day_are_at_the_old_price_and_those_after_at_the_new(world: World) -> None:
    person = await begun(world, Route.ISF)
    await world.says(repriced(person, CHEAPER, NEXT))
    for day in (datetime(2050, 1, 3, 13, tzinfo=UTC), datetime(2050, 1, 31, 9, tzinfo=UTC)):
        await sweep(world, day)
    for day in (datetime(2050, 2, 28, 9, tzinfo=UTC), datetime(2050, 3, 28, 9, tzinfo=UTC), ROLLED):
        await sweep(world, day)
    assert (await money(world, person))[1] == COMMITTED
    await sweep(world, datetime(2050, 4, 1, 9, tzinfo=UTC))
    assert (await world.last())[1]["pence"] == 4 * CHEAPER


# ── a last day in the next year ───────────────────────────────────────────────────────────────────────────────────
APRIL = date(2050, 4, 15)


async def test_a_last_day_in_the_next_year_keeps_this_year_s_money_and_has_its_own_share_of_the_next(
    world: World,
) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), ends(person, APRIL))
    assert (await world.purse(person))["committed"] == COMMITTED
    await sweep(world, ROLLED)
    assert (await world.purse(person, NEXT))["committed"] == weekly_over(COSTS, NEXT, APRIL)
    order = await order_of(world, person)
    assert order["state"] == "released"
    assert (await world.kinds())[-2:] == ["funds_committed", "funds_released"]
    await world.says(person.visited(COSTS, at=datetime(2050, 4, 10, 9, tzinfo=UTC)))
    purse = await world.purse(person, NEXT)
    assert (purse["delivered"], purse["disputed"]) == (COSTS, 0)
    assert await sweep(world, datetime(2051, 3, 31, tzinfo=UTC)) == 0


async def test_one_that_ends_on_31_march_is_over_then(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), ends(person, YEAR_END))
    assert (await world.purse(person))["committed"] == COMMITTED
    assert (await order_of(world, person))["state"] == "released"
    assert await sweep(world, ROLLED) == 0


async def test_a_last_day_that_is_brought_forward_into_this_year_frees_the_days_after_it(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), ends(person, APRIL), ends(person, date(2050, 2, 28)))
    assert (await world.purse(person))["committed"] == weekly_over(COSTS, STARTS, date(2050, 2, 28))
    assert await sweep(world, ROLLED) == 0


@pytest.mark.parametrize("route", [Route.DIRECT_PAYMENT, Route.ISF])
async def test_what_is_paid_ahead_is_paid_to_its_last_day_in_the_next_year(world: World, route: Route) -> None:
    """And the last payment leaves nothing set aside."""
    person = await begun(world, route)
    if route is Route.DIRECT_PAYMENT:
        await decided(world, person)
    await world.says(ends(person, APRIL))
    for day in ((1, 3), (1, 31), (2, 28), (3, 28), (3, 31), (4, 1)):
        await sweep(world, datetime(2050, *day, 14, tzinfo=UTC))
    _, fact = [one for one in await world.said() if one[0] == "budget.money_paid_out.v1"][-1]
    assert (fact["period"], fact["pence"]) == (
        {"first": str(NEXT), "last": str(APRIL)}, weekly_over(COSTS, NEXT, APRIL),
    )  # fmt: skip
    assert (await world.purse(person, NEXT))["committed"] == 0
    assert (await world.purse(person))["committed"] == 0


async def test_a_cover_over_the_year_s_end_has_its_visits_of_both_years_set_aside(world: World) -> None:
    """Who stands in has a last day from the first (ADR 17)."""
    line = a_line(minutes=60)
    person = await world.funded(Person(lines=(line,)))
    cover = Person(
        lines=(line,),
        person_id=person.person_id,
        budget_id=person.budget_id,
        plan_id=person.plan_id,
        assessment_id=person.assessment_id,
    )
    await world.says(person.ordered())
    of_cover: dict[str, Any] = {"covers_order_id": person.order_id, "starts_on": date(2050, 3, 21)}
    await world.says(cover.ordered(line, ends_on=date(2050, 4, 10), **of_cover))
    await sweep(world, ROLLED)
    said = [fact for kind, fact in await world.said() if kind == "budget.funds_committed.v1"]
    mine = [fact for fact in said if fact["order_id"] == str(cover.order_id)]
    assert [fact["pence"] for fact in mine] == [2 * 2469, 1 * 2469]  # Mondays 21 and 28 March; 4 April
    assert mine[1]["period"] == Period(first=NEXT, last=date(2050, 4, 10)).model_dump(mode="json")
