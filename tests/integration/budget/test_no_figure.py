"""A job on a day for which nobody published what employing costs: it waits with an owner and a date, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.budget import policy
from services.budget.rules.policies import Policy
from shared.contracts.base import PlanLine
from shared.money import weekly_over
from tests.integration.budget.journey import STARTS, YEAR_END, Person, World, a_line, a_listing, sweep
from tests.integration.budget.test_employing import PA, WAGE, a_job, adds, job, orders, placed

TOMORROW = datetime(2050, 1, 4, 1, tzinfo=UTC)


def unpublished(until: date) -> tuple[Policy, ...]:
    """The policies as they are shipped, but no employment figure holds on that day or after it."""
    return tuple(replace(each, valid_to=until) if each.name == "employment" else each for each in policy.POLICIES)


@pytest.fixture
def gap(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Plans are measured on the clock's day, 3 January 2050: the gap begins on the day after it."""
    monkeypatch.setattr(policy, "POLICIES", unpublished(STARTS))
    return monkeypatch


async def agreed(world: World, *lines: PlanLine, starts_on: date) -> Person:
    """Its budget is far above what the lines cost, so that only the figure is missing."""
    person = Person(lines=lines, starts_on=starts_on)
    await world.indicated(person, a_listing(WAGE, supplier_kind=PA), a_listing())
    await world.finalised(person, 300000)
    await world.says(person.agreed())
    return person


LATER = date(2050, 1, 10)


async def test_the_order_waits_for_the_figure_and_nothing_is_guessed_parked_or_lost(
    world: World, gap: pytest.MonkeyPatch
) -> None:
    """RULES §4: a year without a figure is refused, never guessed."""
    person = await agreed(world, a_job(), starts_on=LATER)
    await world.says(placed(person))
    order = (await orders(world, person))[str(person.order_id)]
    assert (order["state"], order["owner_team"], order["employing"]) == ("short", "older-people-north", [])
    assert order["awaited"]["because"] == (
        "What employing costs on 2050-01-10 is not published yet; the order waits until it is."
    )
    kind, fact = await world.last()
    wage = weekly_over(order["weekly_pence"], LATER, YEAR_END)
    assert (kind, fact["short_pence"], fact["recost_by"]) == ("budget.funds_short.v1", wage, order["recost_by"])
    assert (await world.purse(person))["committed"] == 0
    assert await world.budget.rows("select * from parked") == []


async def test_the_person_s_other_support_and_what_is_heard_after_it_go_on(
    world: World, gap: pytest.MonkeyPatch
) -> None:
    """The plan is agreed after both orders are known, the job first: one fact about both."""
    lines = (a_job(), a_line())
    person = Person(lines=lines, starts_on=LATER)
    await world.indicated(person, a_listing(WAGE, supplier_kind=PA), a_listing())
    await world.finalised(person, 300000)
    home = replace(person, order_id=uuid4())
    at = datetime(2050, 1, 10, 9, tzinfo=UTC)
    await world.says(placed(person), home.ordered(lines[1]), person.agreed(), home.visited(2469, at))
    found = await orders(world, person)
    assert {found[str(one.order_id)]["state"] for one in (person, home)} == {"short", "committed"}
    assert found[str(home.order_id)]["state"] == "committed"
    assert (await world.purse(person))["delivered"] == 2469
    assert await world.budget.rows("select * from parked") == []


async def test_once_the_figure_is_published_the_order_goes_on_by_itself(world: World, gap: pytest.MonkeyPatch) -> None:
    person = await agreed(world, a_job(), starts_on=LATER)
    await world.says(placed(person))
    told = len(await world.said())
    assert await sweep(world, TOMORROW) == 1
    assert len(await world.said()) == told  # still nothing: it was said once, and is looked at again tomorrow
    gap.undo()
    assert await sweep(world, TOMORROW.replace(day=5)) == 1
    kind, fact = await world.last()
    order = (await orders(world, person))[str(person.order_id)]
    cost = weekly_over(order["weekly_pence"] + adds(job(), LATER).pence, LATER, YEAR_END)
    assert (kind, fact["pence"]) == ("budget.funds_committed.v1", cost)
    assert (order["state"], order["awaited"], order["short_pence"]) == ("committed", None, 0)
    assert (await world.purse(person))["committed"] == cost
    assert await sweep(world, TOMORROW.replace(day=6)) == 0


async def test_an_order_that_is_over_awaits_nothing_any_more(world: World, gap: pytest.MonkeyPatch) -> None:
    person = await agreed(world, a_job(), starts_on=LATER)
    await world.says(placed(person), person.cancelled())
    gap.undo()
    await sweep(world, TOMORROW)
    assert (await orders(world, person))[str(person.order_id)]["state"] == "released"
    assert (await world.purse(person))["committed"] == 0


async def test_a_job_that_ends_is_released_though_nobody_published_what_the_other_costs_then(
    world: World, gap: pytest.MonkeyPatch
) -> None:
    """The other goes on at what it was reckoned to cost."""
    gap.undo()
    lines = (a_job(900), a_job(300))
    first = await agreed(world, *lines, starts_on=STARTS)
    second = replace(first, order_id=uuid4())
    await world.says(placed(first, lines[0]), placed(second, lines[1]))
    before = (await orders(world, first))[str(second.order_id)]
    gap.setattr(policy, "POLICIES", unpublished(STARTS))
    await world.says(first.ended(2))
    found = await orders(world, first)
    assert (found[str(first.order_id)]["state"], found[str(second.order_id)]) == ("released", before)
    assert await world.budget.rows("select * from parked") == []
