"""Who may take nobody new is no measure of what a budget buys."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from shared.contracts.base import Reason, Support
from shared.contracts.safeguarding import Level, RestrictionLifted, RestrictionPlaced
from tests.integration.budget.journey import Person, World, a_listing

CHEAP, DEAR = 2000, 2469
HOURS = 40


def restricted(supplier_id: UUID, level: Level, *supports: Support) -> RestrictionPlaced:
    return RestrictionPlaced(
        restriction_id=uuid4(),
        supplier_id=supplier_id,
        level=level,
        supports=supports,
        review_on=date(2050, 6, 1),
        because=Reason(code="missed_visits"),
    )


async def cost(world: World) -> int:
    """What a plan of somebody new is found to cost a week."""
    person = Person()
    await world.says(person.assessed(), person.proposed())
    return int((await world.last())[1]["weekly_cost_pence"])


@pytest.mark.parametrize(
    ("level", "supports", "hourly_pence"),
    [
        (Level.ADVICE, (), CHEAP),
        (Level.NO_NEW_PLACEMENTS, (), DEAR),
        (Level.SUSPENSION, (Support.HOME_CARE,), DEAR),
        (Level.SUSPENSION, (Support.DAY_SERVICE,), CHEAP),
    ],
)
async def test_a_plan_is_measured_by_who_may_be_asked(
    world: World, level: Level, supports: tuple[Support, ...], hourly_pence: int
) -> None:
    cheap = a_listing(CHEAP)
    await world.says(cheap, a_listing(DEAR), restricted(cheap.supplier_id, level, *supports))
    assert await cost(world) == HOURS * hourly_pence


async def test_once_it_is_lifted_the_supplier_s_price_counts_again(world: World) -> None:
    cheap = a_listing(CHEAP)
    placed = restricted(cheap.supplier_id, Level.SUSPENSION)
    await world.says(cheap, a_listing(DEAR), placed)
    assert await cost(world) == HOURS * DEAR
    await world.says(RestrictionLifted(restriction_id=placed.restriction_id, supplier_id=cheap.supplier_id))
    assert await cost(world) == HOURS * CHEAP


async def test_a_figure_is_made_final_against_who_may_be_asked(world: World) -> None:
    cheap, person = a_listing(CHEAP), Person()
    await world.indicated(person, cheap, a_listing(DEAR))
    await world.says(restricted(cheap.supplier_id, Level.NO_NEW_PLACEMENTS))
    where, officer = f"/v1/budgets/{person.budget_id}/finalise", world.budget.as_("budget_officer")
    short = await officer.post(where, world.figure(person, HOURS * CHEAP))
    assert (short.status_code, short.json()["type"]) == (409, "/problems/still-short")
    assert (await officer.post(where, world.figure(person, HOURS * DEAR))).status_code == 200
