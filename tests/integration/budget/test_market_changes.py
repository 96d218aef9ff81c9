"""What a budget buys is looked at again when a supplier of its plan closes; a PA of somebody else is room for nobody."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from shared.contracts.base import SupplierKind
from shared.contracts.supply import ClosureReachesPerson
from tests.integration.budget.journey import COSTS, Person, World, a_line, a_listing

CLOSES = date(2050, 6, 1)


def reached(person: Person) -> ClosureReachesPerson:
    return ClosureReachesPerson(
        closure_id=uuid4(),
        order_id=person.order_id,
        plan_id=person.plan_id,
        budget_id=person.budget_id,
        person_id=person.person_id,
        supplier_id=person.supplier_id,
        closes_on=CLOSES,
        has_alternative=True,
    )


async def test_a_budget_that_buys_nothing_without_the_supplier_that_closes_is_said_to_be_short(world: World) -> None:
    """Guidance 11.24, against the market without it; the money of the running order stays where it is."""
    person = Person()
    closing, dearer = a_listing(supplier_id=person.supplier_id), a_listing(3000)
    await world.indicated(person, closing, dearer)
    await world.finalised(person)
    await world.says(person.agreed(), person.ordered())
    before = await world.purse(person)
    await world.says(reached(person))
    kind, fact = await world.last()
    assert (kind, fact["weekly_cost_pence"], fact["short_pence"]) == ("budget.inadequate.v1", 120000, 120000 - COSTS)
    shown = await world.budget.as_("budget_officer").read(f"/v1/plans/{person.plan_id}/adequacy")
    assert shown["ground"]["params"] == {"closes_on": "2050-06-01"}
    assert not shown["adequate"]
    assert await world.purse(person) == before
    assert (await world.the_budget_of(person))["state"] == "short"
    await world.finalised(person, 120000)
    again = await world.budget.as_("budget_officer").read(f"/v1/plans/{person.plan_id}/adequacy")
    assert again["adequate"]
    assert (await world.the_budget_of(person))["state"] == "final"


async def test_a_budget_that_still_buys_the_plan_is_looked_at_and_nothing_is_said(world: World) -> None:
    person = Person()
    await world.indicated(person, a_listing(2300, supplier_id=person.supplier_id), a_listing())
    await world.finalised(person)
    await world.says(person.agreed(), person.ordered())
    said = len(await world.said())
    await world.says(reached(person))
    assert len(await world.said()) == said
    shown = await world.budget.as_("budget_officer").read(f"/v1/plans/{person.plan_id}/adequacy")
    assert (shown["adequate"], shown["weekly_cost_pence"]) == (True, COSTS)
    assert shown["ground"]["code"] == "closure"


async def test_a_pa_whom_somebody_employs_is_room_for_that_person_alone(world: World) -> None:
    """A person's own PA is there for nobody else: for others it neither sets a price nor makes room."""
    hers = Person(lines=(a_line(kind_wanted=SupplierKind.PA),))
    his = Person(lines=(a_line(kind_wanted=SupplierKind.PA),))
    pa = a_listing(1500, supplier_kind=SupplierKind.PA, for_person_id=hers.person_id)
    pool = a_listing(1900, supplier_kind=SupplierKind.PA, room_minutes=0)
    await world.indicated(hers, pa, pool)
    await world.indicated(his, pool)
    officer = world.budget.as_("budget_officer")
    own, other = [await officer.read(f"/v1/plans/{one.plan_id}/adequacy") for one in (hers, his)]
    assert [one["code"] for one in own["warnings"]] == []
    assert [one["code"] for one in other["warnings"]] == ["no_room"]
    assert other["weekly_cost_pence"] > own["weekly_cost_pence"]
    assert str(pa.listing_id) not in str(other)
