"""On 31 March an open-ended order's money is set aside for the next year, without anybody asking."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.integration.budget.journey import COSTS, Person, World, sweep

NEXT = date(2050, 4, 1)
WHOLE_YEAR = 5149629
"""365 days of £987.60 a week."""


async def test_next_year_is_allocated_and_committed_on_31_march_and_the_year_after_on_the_next(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    assert await sweep(world, datetime(2050, 3, 30, 22, 59, tzinfo=UTC)) == 0
    assert await sweep(world, datetime(2050, 3, 30, 23, 0, tzinfo=UTC)) == 1
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.funds_committed.v1", WHOLE_YEAR)
    assert fact["period"] == {"first": "2050-04-01", "last": "2051-03-31"}
    assert (await world.purse(person, NEXT))["committed"] == WHOLE_YEAR
    assert await sweep(world, datetime(2050, 4, 30, tzinfo=UTC)) == 0
    assert await sweep(world, datetime(2051, 3, 31, tzinfo=UTC)) == 1
    assert (await world.last())[1]["period"]["first"] == "2051-04-01"


async def test_a_visit_of_the_new_year_is_paid_out_of_the_new_year_s_money(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    await sweep(world, datetime(2050, 3, 31, tzinfo=UTC))
    await world.says(person.visited(COSTS, at=datetime(2050, 4, 2, 9, tzinfo=UTC)))
    purse = await world.purse(person, NEXT)
    assert (purse["committed"], purse["delivered"], purse["disputed"]) == (WHOLE_YEAR - COSTS, COSTS, 0)


async def test_an_order_that_is_short_when_its_year_ends_is_not_rolled(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(weekly_pence=COSTS + 1))
    assert (await world.last())[0] == "budget.funds_short.v1"
    assert await sweep(world, datetime(2050, 4, 1, tzinfo=UTC)) == 0


async def test_a_figure_raised_after_the_year_s_end_leaves_the_year_that_is_over_as_it_was(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    await sweep(world, datetime(2050, 4, 5, tzinfo=UTC))
    before = await world.purse(person)
    await world.finalised(person, COSTS + 700, reason="Synthetic: a longer visit on Sundays.")
    assert await world.purse(person) == before
    purse = await world.purse(person, NEXT)
    assert (purse["available"], purse["allocated"]) == (36500, WHOLE_YEAR + 36500)
