"""One who employs for several orders pays some things once: when a job ends, what the others cost is reckoned anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from services.budget.rules.employing import Employing
from shared.contracts.base import Period, PlanLine
from shared.contracts.marketplace import OrderEnded
from shared.money import weekly_over
from tests.integration.budget.journey import STARTS, YEAR_END, Person, World, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_employing import FIRST, PAYROLL, a_job, adds, employs, job, orders, placed

LAST_DAY, SINCE = date(2050, 1, 30), date(2050, 1, 31)
KINDS = ["budget.funds_released.v1", "budget.funds_released.v1", "budget.funds_committed.v1"]


async def two_jobs(world: World, minutes: int = 300, of_the_first: int = 900) -> tuple[Person, Person]:
    """The first bears the insurance; both are placed."""
    lines = (a_job(of_the_first), a_job(minutes))
    first = await employs(world, *lines)
    second = replace(first, order_id=uuid4(), lines=(lines[1], lines[0]))
    await world.says(placed(first), placed(second, lines[1]))
    return first, second


def ended(person: Person, last_day: date = LAST_DAY, **more: Any) -> OrderEnded:
    return person.ended(1).model_copy(update={"last_day": last_day} | more)


async def position(world: World, person: Person) -> dict[str, int]:
    every = (await world.ledger(person))["positions"]
    found: dict[str, int] = next(one for one in every if one["order_id"] == str(person.order_id))
    return found


def weekly(line: PlanLine, added: Employing) -> int:
    return line.weekly_pence + added.pence


async def test_when_the_job_that_bears_the_insurance_ends_another_bears_it_from_the_next_day(world: World) -> None:
    """RULES §4.3: it is one employer's, and goes on being needed."""
    first, second = await two_jobs(world)
    bare, whole = adds(job(300, first=False)), adds(job(300), SINCE)
    assert whole.pence - bare.pence == 117
    await world.says(ended(first))
    assert [kind for kind, _ in (await world.said())[-3:]] == KINDS
    _, fact = await world.last()
    assert (fact["order_id"], fact["period"]) == (str(second.order_id), {"first": str(SINCE), "last": str(YEAR_END)})
    order = (await orders(world, second))[str(second.order_id)]
    assert (order["state"], order["employing_pence"]) == ("committed", whole.pence)
    assert "EMPLOY-7" in {step["rule"] for step in order["employing"]}
    line = second.lines[0]
    before = weekly_over(weekly(line, bare), STARTS, LAST_DAY)
    after = weekly_over(weekly(line, whole), SINCE, YEAR_END)
    assert abs((await position(world, second))["committed"] - before - after) <= 1
    purse = await world.purse(first)
    assert purse["available"] == purse["allocated"] - purse["committed"]


async def test_what_is_paid_already_stays_paid_and_the_days_from_then_on_bear_it(world: World) -> None:
    """The first four weeks went out when the other still bore it: it is not asked for twice, nor left out."""
    first, second = await two_jobs(world)
    await decided(world, first)
    await world.says(first.started(), second.started())
    await sweep(world, FIRST)
    await world.says(ended(first, date(2050, 1, 16)))
    await sweep(world, datetime(2050, 1, 31, 1, tzinfo=UTC))
    paid = [fact for kind, fact in await world.said() if kind == "budget.money_paid_out.v1"]
    line, bare, whole = second.lines[0], adds(job(300, first=False)), adds(job(300), SINCE)
    theirs = [one["pence"] for one in paid if one["order_id"] == str(second.order_id)]
    assert theirs == [4 * weekly(line, bare), 4 * weekly(line, whole)]


async def test_a_last_day_ahead_splits_a_payment_so_that_each_day_costs_what_it_costs(world: World) -> None:
    first, second = await two_jobs(world)
    await decided(world, first)
    await world.says(ended(first, date(2050, 1, 16)), second.started())
    await sweep(world, FIRST)
    await sweep(world, datetime(2050, 1, 17, 1, tzinfo=UTC))
    paid = [fact for kind, fact in await world.said() if kind == "budget.money_paid_out.v1"]
    line, bare, whole = second.lines[0], adds(job(300, first=False)), adds(job(300), date(2050, 1, 17))
    assert [one["pence"] for one in paid] == [2 * weekly(line, bare), 4 * weekly(line, whole)]
    assert [one["employing_pence"] for one in paid] == [2 * bare.pence, 4 * whole.pence]
    assert paid[0]["period"]["last"] == "2050-01-16"


async def test_a_job_that_never_began_hands_it_on_from_the_first_day(world: World) -> None:
    first, second = await two_jobs(world)
    await world.says(first.cancelled())
    order = (await orders(world, second))[str(second.order_id)]
    assert order["employing_pence"] == adds(job(300)).pence
    cost = weekly_over(order["cost_pence"], STARTS, YEAR_END)
    assert (await position(world, second))["committed"] == cost == (await world.purse(first))["committed"]


async def test_a_job_that_bears_nothing_of_that_ends_and_the_others_stay_as_they_are(world: World) -> None:
    first, second = await two_jobs(world)
    before = (await orders(world, first))[str(first.order_id)]
    await world.says(ended(second))
    assert (await world.kinds())[-1] == "funds_released"
    assert (await orders(world, first))[str(first.order_id)] == before


async def test_the_whole_allowance_is_the_other_job_s_once_the_need_is_over_and_a_part_while_it_is_not(
    world: World,
) -> None:
    """RULES §4.2: one Employment Allowance an employer. 75 hours a week owe more National Insurance than 75/125 of it."""
    first, second = await two_jobs(world, 4500, of_the_first=3000)
    shared_by = 3000 + 4500
    assert adds(job(4500, shared_by, first=False)).pence > adds(job(4500, first=False)).pence
    await world.says(ended(first, need_remains=True))
    order = (await orders(world, second))[str(second.order_id)]
    assert order["employing_pence"] == adds(job(4500, shared_by), SINCE).pence
    third = replace(first, order_id=uuid4(), starts_on=SINCE)
    await world.says(placed(third))
    await world.says(ended(third, SINCE, need_remains=False))
    order = (await orders(world, second))[str(second.order_id)]
    assert order["employing_pence"] == adds(job(4500), SINCE).pence


async def test_an_order_that_ends_for_its_successor_hands_nothing_to_another_job(world: World) -> None:
    first, second = await two_jobs(world)
    before = (await orders(world, second))[str(second.order_id)]
    new = replace(first, order_id=uuid4(), starts_on=SINCE)
    await world.says(placed(new, replaces_order_id=first.order_id), ended(first, because="replaced"))
    found = await orders(world, first)
    assert found[str(second.order_id)] == before
    assert found[str(new.order_id)]["employing_pence"] == adds(job(900, 1200), SINCE).pence


async def test_in_the_next_year_the_job_that_is_left_bears_it(world: World) -> None:
    """The last day of the one is the last of the year: the other's money for this year is as it was."""
    first, second = await two_jobs(world)
    held = (await position(world, second))["committed"]
    await world.says(ended(first, YEAR_END))
    assert (await position(world, second))["committed"] == held
    await sweep(world, datetime(2050, 3, 31, 1, tzinfo=UTC))
    order = (await orders(world, second))[str(second.order_id)]
    assert order["employing_pence"] == adds(job(300), date(2050, 4, 1)).pence
    whole = weekly_over(order["cost_pence"], date(2050, 4, 1), date(2051, 3, 31))
    assert (await world.purse(second, date(2050, 4, 1)))["committed"] == whole


async def test_when_nobody_is_employed_any_more_nothing_stays_set_aside_and_what_is_left_is_surplus(
    world: World,
) -> None:
    """RULES §2.4: by the council's own row, once the last wages are accounted for; holiday and all that is kept with it."""
    person = await employs(world, a_job(601, 1377), above=500)
    await decided(world, person)
    await world.says(placed(person), person.started())
    await sweep(world, FIRST)
    last = date(2050, 2, 8)
    await world.says(ended(person, last))
    await sweep(world, datetime(2050, 1, 31, 1, tzinfo=UTC))
    assert (await position(world, person))["committed"] == 0
    purse = await world.purse(person)
    assert (purse["committed"], purse["available"]) == (0, purse["allocated"] - purse["paid"])
    wages = weekly_over(person.lines[0].weekly_pence, STARTS, last)
    await world.budget.as_("ops").done("/sandbox/clock", {"to": datetime(2050, 2, 20, 9, tzinfo=UTC)})
    await world.says(person.accepted(wages - 100, 0, kind=PAYROLL, period=Period(first=STARTS, last=date(2050, 2, 6))))
    assert (await surplus(world, person))[0] == 0  # two days' wages are still to be accounted for
    await world.says(person.accepted(100, 0, kind=PAYROLL, period=Period(first=date(2050, 2, 7), last=last)))
    left, steps = await surplus(world, person)
    assert left == (await position(world, person))["paid"] > 0
    assert steps.keys() == {"SURPLUS-1", "SURPLUS-6"}


async def surplus(world: World, person: Person) -> tuple[int, dict[str, int]]:
    shown = await world.budget.as_("finance").read(f"/v1/budgets/{person.budget_id}/surplus")
    return shown["surplus_pence"], {step["rule"]: step["effect"] for step in shown["steps"]}
