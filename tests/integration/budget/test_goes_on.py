"""A plan in place of another: a line that goes on is measured at its own order's price, and has the room that order takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from shared.contracts.marketplace import ListingPublished
from shared.contracts.supply import ClosureReachesPerson
from shared.money import price_of
from tests.integration.budget.journey import COSTS, FORTY_HOURS, Person, World, a_line, a_listing
from tests.integration.budget.test_employing import MINUTES, WAGE, a_job, adds, covers, employs, job, placed
from tests.integration.budget.test_superseding import ANEW

DEARER = 3000


async def running(world: World) -> tuple[Person, ListingPublished]:
    """The order takes all the room there was, and the market became dearer since."""
    sold = a_listing(room_minutes=FORTY_HOURS)
    person = Person()
    await world.indicated(person, sold)
    await world.finalised(person)
    await world.says(person.agreed(), person.ordered(supplier_id=sold.supplier_id))
    full = sold.model_copy(update={"room_minutes": 0, "hourly_pence": DEARER})
    await world.says(full)
    return person, full


async def proposed(world: World, person: Person, *lines: Any) -> dict[str, Any]:
    """Another plan of the same assessment, and what was found of it."""
    new = replace(person, plan_id=uuid4(), lines=lines, starts_on=ANEW)
    await world.says(new.proposed(revision=2))
    told: dict[str, Any] = await world.budget.as_("budget_officer").read(f"/v1/plans/{new.plan_id}/adequacy")
    return told


async def test_what_goes_on_untouched_costs_what_it_costs_and_nobody_is_warned_of_its_own_room(world: World) -> None:
    """Guidance 11.24. The person's own hours are why the supplier is full."""
    person, _ = await running(world)
    told = await proposed(world, person, person.lines[0])
    assert (told["weekly_cost_pence"], told["short_pence"], told["warnings"]) == (COSTS, 0, [])
    assert (await world.kinds())[-1] == "finalised"


async def test_what_is_added_is_bought_at_what_the_market_asks_beside_what_goes_on(world: World) -> None:
    person, _ = await running(world)
    added = a_line(300)
    told = await proposed(world, person, person.lines[0], added)
    assert told["weekly_cost_pence"] == COSTS + price_of(300, DEARER)
    assert [one["line_id"] for one in told["warnings"]] == [str(added.line_id)]


async def test_a_line_that_is_changed_and_an_order_that_is_over_are_bought_anew(world: World) -> None:
    person, _ = await running(world)
    changed = a_line(FORTY_HOURS, replaces_line_id=person.lines[0].line_id)
    assert (await proposed(world, person, changed))["weekly_cost_pence"] == price_of(FORTY_HOURS, DEARER)
    await world.says(person.ended(2))
    assert (await proposed(world, person, person.lines[0]))["weekly_cost_pence"] == price_of(FORTY_HOURS, DEARER)


async def test_a_pa_who_goes_on_costs_what_employing_at_the_wage_paid_costs(world: World) -> None:
    """RULES §4: less was agreed with this one than a PA who is listed asks."""
    person, wage = await employs(world), WAGE - 75
    weekly = price_of(MINUTES, wage)
    await world.says(placed(person, hourly_pence=wage, weekly_pence=weekly))
    told = await proposed(world, person, a_job(line_id=person.lines[0].line_id))
    assert told["weekly_cost_pence"] == weekly + adds(job(wage=wage)).pence + covers(wage=wage)
    assert told["warnings"] == []


async def test_an_order_that_a_closure_ends_does_not_go_on(world: World) -> None:
    """Guidance 11.24: what the plan costs without that supplier is what the others charge."""
    person, full = await running(world)
    told = await proposed(world, person, person.lines[0])
    await world.says(a_listing(DEARER + 100))
    closes = ClosureReachesPerson(
        closure_id=uuid4(), order_id=person.order_id, plan_id=told["plan_id"], budget_id=person.budget_id,
        person_id=person.person_id, supplier_id=full.supplier_id, closes_on=date(2050, 6, 1), has_alternative=True,
    )  # fmt: skip
    await world.says(closes)
    again = await world.budget.as_("budget_officer").read(f"/v1/plans/{told['plan_id']}/adequacy")
    assert again["weekly_cost_pence"] == price_of(FORTY_HOURS, DEARER + 100)
