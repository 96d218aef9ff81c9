"""An order that goes on at another price: money is set aside anew from that day, and where it is short nothing stops."""

from __future__ import annotations

from datetime import date

from shared.contracts.marketplace import OrderRepriced
from shared.money import weekly_over
from tests.integration.budget.journey import COMMITTED, COSTS, STARTS, YEAR_END, Person, World

FROM = date(2050, 2, 1)


def repriced(person: Person, weekly_pence: int, holds_from: date = FROM, hourly_pence: int = 0) -> OrderRepriced:
    return OrderRepriced(
        order_id=person.order_id,
        plan_id=person.plan_id,
        budget_id=person.budget_id,
        person_id=person.person_id,
        supplier_id=person.supplier_id,
        hourly_pence=hourly_pence or weekly_pence // 40,
        weekly_pence=weekly_pence,
        holds_from=holds_from,
        because="member_left",
    )


async def test_a_smaller_share_frees_what_the_days_from_then_on_no_longer_need(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), repriced(person, COSTS // 2))
    before = COMMITTED - weekly_over(COSTS, FROM, YEAR_END)
    after = weekly_over(COSTS // 2, FROM, YEAR_END)
    purse = await world.purse(person)
    assert abs(purse["committed"] - before - after) <= 1
    assert purse["available"] == purse["allocated"] + purse["contribution"] - purse["committed"]
    kinds = [kind for kind, _ in (await world.said())[-2:]]
    assert kinds == ["budget.funds_released.v1", "budget.funds_committed.v1"]
    assert (await world.last())[1]["period"] == {"first": str(FROM), "last": str(YEAR_END)}


async def test_a_larger_share_than_the_budget_bears_has_an_owner_and_a_date_and_visits_are_posted(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), repriced(person, COSTS * 3))
    kind, fact = await world.last()
    assert (kind, fact["order_id"]) == ("budget.funds_short.v1", str(person.order_id))
    (commitment,) = (await world.ledger(person))["commitments"]
    assert (commitment["state"], commitment["owner_team"], commitment["recost_by"]) == (
        "short", "older-people-north", fact["recost_by"],
    )  # fmt: skip
    await world.says(person.visited(5000))
    assert (await world.purse(person))["delivered"] == 5000


async def test_a_plan_that_is_not_agreed_yet_is_sought_at_the_new_price(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person)
    await world.says(person.ordered(), repriced(person, COSTS // 2), person.agreed())
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.funds_committed.v1", weekly_over(COSTS // 2, STARTS, YEAR_END))


async def test_one_that_is_cancelled_after_its_price_changed_leaves_nothing_set_aside(world: World) -> None:
    """Its first days were set aside at the old price."""
    person = await world.funded(Person())
    await world.says(person.ordered(), repriced(person, COSTS // 2), person.cancelled())
    purse = await world.purse(person)
    assert (purse["committed"], purse["available"]) == (0, purse["allocated"] + purse["contribution"])


async def test_one_that_ended_before_stays_as_it_was(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), person.ended(weeks=4))
    before = await world.ledger(person)
    await world.says(repriced(person, COSTS * 3))
    assert await world.ledger(person) == before
