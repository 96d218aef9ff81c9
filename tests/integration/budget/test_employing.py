"""What employing costs goes out with the direct payment: it is set aside, paid, accounted for and kept for holiday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.budget.policy import in_force
from services.budget.rules.employers import cover_absence
from services.budget.rules.employing import Employing, Job, employing
from shared.contracts.base import ClaimKind, Employer, Period, PlanLine, Route, SupplierKind
from shared.money import price_of, weekly_over
from tests.integration.budget.journey import STARTS, YEAR_END, Person, World, a_line, a_listing, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_repriced import repriced

PA, PAYMENT, PAYROLL = SupplierKind.PA, Route.DIRECT_PAYMENT, ClaimKind.PAYROLL_RETURN
COUNCIL, WAGE, MINUTES = "E99999999", 1375, 1200
FIRST = datetime(2050, 1, 3, 13, tzinfo=UTC)


def job(minutes: int = MINUTES, all_minutes: int = MINUTES, first: bool = True, wage: int = WAGE) -> Job:
    return Job(minutes, wage, price_of(minutes, wage), all_minutes, first)


def adds(one: Job, on: date = STARTS) -> Employing:
    return employing(one, in_force("employment", COUNCIL, on))


def a_job(minutes: int = MINUTES, wage: int = WAGE, **more: Any) -> PlanLine:
    return a_line(minutes, wage, kind_wanted=PA, route=PAYMENT, **more)


def covers(minutes: int = MINUTES, wage: int = WAGE) -> int:
    """What the budget keeps a week for whoever comes while they are away: no part of the payment."""
    return sum(step.effect for step in cover_absence(minutes, wage, in_force("employment", COUNCIL, STARTS)))


async def employs(world: World, *lines: PlanLine, above: int = 0) -> Person:
    """A plan of PAs at the wage they are listed at, final at exactly what that costs, or that much more or less."""
    person = Person(lines=lines or (a_job(),))
    person = await world.indicated(person, a_listing(WAGE, supplier_kind=PA))
    where = f"/v1/plans/{person.plan_id}/adequacy"
    cost = (await world.budget.as_("budget_officer").read(where))["weekly_cost_pence"]
    await world.finalised(person, cost + above)
    await world.says(person.agreed())
    return person


def placed(person: Person, line: PlanLine | None = None, employer: Employer = Employer.PERSON, **more: Any) -> Any:
    return person.ordered(line, supplier_kind=PA, employer=employer, **more)


async def orders(world: World, person: Person) -> dict[str, dict[str, Any]]:
    return {one["order_id"]: one for one in (await world.ledger(person))["commitments"]}


async def test_what_employing_adds_is_set_aside_with_the_wage_and_explained_and_the_budget_is_just_enough(
    world: World,
) -> None:
    person = await employs(world)
    await world.says(placed(person))
    order = (await orders(world, person))[str(person.order_id)]
    weekly, added = price_of(MINUTES, WAGE), adds(job()).pence
    assert (order["state"], order["weekly_pence"], order["employing_pence"]) == ("committed", weekly, added)
    assert sum(step["effect"] for step in order["employing"]) == added > 0
    assert order["employing"][-1]["because"] == "The wage itself of £275.00 a week, which goes out besides."
    cost = weekly_over(weekly + added, STARTS, YEAR_END)
    assert (await world.last())[1]["pence"] == cost
    purse = await world.purse(person)
    assert purse["committed"] == cost
    kept = weekly_over(weekly + added + covers(), STARTS, YEAR_END) - cost
    assert 0 <= purse["available"] - kept <= 2  # so that no rounding leaves it short


async def test_a_penny_a_week_too_little_is_short_with_an_owner_and_a_date(world: World) -> None:
    """The market became dearer since the budget was agreed, by more than what it keeps for cover: the wage alone would fit."""
    person, dearer = await employs(world), WAGE + 3 + covers() * 60 // MINUTES
    await world.says(placed(person, hourly_pence=dearer, weekly_pence=price_of(MINUTES, dearer)))
    kind, fact = await world.last()
    order = (await orders(world, person))[str(person.order_id)]
    assert (kind, order["state"], order["owner_team"]) == ("budget.funds_short.v1", "short", "older-people-north")
    assert order["recost_by"] == fact["recost_by"]


@pytest.mark.parametrize("employer", [Employer.POOL, Employer.NONE])
async def test_whoever_is_employed_elsewhere_costs_their_price_alone(world: World, employer: Employer) -> None:
    person = await employs(world)
    await world.says(placed(person, employer=employer))
    order = (await orders(world, person))[str(person.order_id)]
    assert (order["employing_pence"], order["employing"]) == (0, [])
    assert order["cost_pence"] == order["weekly_pence"]


async def test_of_two_jobs_one_bears_what_an_employer_pays_once_and_both_fit(world: World) -> None:
    lines = (a_job(900), a_job(300))
    person = await employs(world, *lines)
    second = uuid4()
    await world.says(placed(person, lines[0]), placed(person, lines[1], order_id=second))
    found = await orders(world, person)
    assert {one["state"] for one in found.values()} == {"committed"}
    assert found[str(person.order_id)]["employing_pence"] == adds(job(900)).pence
    assert found[str(second)]["employing_pence"] == adds(job(300, first=False)).pence


async def test_a_successor_bears_it_in_its_place_and_the_money_follows(world: World) -> None:
    old = await employs(world)
    anew = date(2050, 2, 1)
    await world.says(placed(old))
    new = Person(**{name: getattr(old, name) for name in ("person_id", "plan_id", "budget_id")}, starts_on=anew)
    await world.says(placed(new, old.lines[0], replaces_order_id=old.order_id))
    before = anew - timedelta(days=1)
    await world.says(old.ended(1).model_copy(update={"last_day": before, "because": "replaced"}))
    found = await orders(world, old)
    assert found[str(new.order_id)]["employing_pence"] == adds(job(), anew).pence
    cost = price_of(MINUTES, WAGE) + adds(job()).pence
    positions = {one["order_id"]: one["committed"] for one in (await world.ledger(old))["positions"]}
    assert positions[str(old.order_id)] == weekly_over(cost, STARTS, before)
    assert abs(positions[str(new.order_id)] - weekly_over(cost, anew, YEAR_END)) <= 1


async def test_both_parts_go_out_and_a_payroll_return_accounts_for_all_but_holiday_which_is_no_surplus(
    world: World,
) -> None:
    """RULES §2.4, §4.2: ten weeks of wages are returned; what stays in hand is ten weeks of holiday, the reserve itself."""
    person = await employs(world)
    await decided(world, person)
    await world.says(placed(person), person.started())
    weekly, found = price_of(MINUTES, WAGE), adds(job())
    await sweep(world, FIRST)
    kind, fact = await world.last()
    four = 4 * (weekly + found.pence)
    assert (kind, fact["pence"], fact["employing_pence"]) == ("budget.money_paid_out.v1", four, 4 * found.pence)
    period = Period(first=STARTS, last=date(2050, 1, 30))
    await world.says(person.accepted(4 * weekly, 0, kind=PAYROLL, period=period))
    _, fact = await world.last()
    assert fact["pence"] == 4 * (weekly + found.pence - found.holiday_pence)
    assert fact["unaccounted_pence"] == 4 * found.holiday_pence
    assert (await world.purse(person))["disputed"] == 0
    await world.budget.as_("ops").done("/sandbox/clock", {"to": datetime(2050, 1, 31, 9, tzinfo=UTC)})
    shown = await world.budget.as_("finance").read(f"/v1/budgets/{person.budget_id}/surplus")
    steps = {step["rule"]: step["effect"] for step in shown["steps"]}
    assert steps["SURPLUS-1"] + steps["SURPLUS-3"] == 0
    assert shown["surplus_pence"] == 0


async def test_an_order_goes_on_with_what_employing_adds_in_the_next_year(world: World) -> None:
    person = await employs(world)
    await world.says(placed(person))
    await sweep(world, datetime(2050, 3, 31, 1, tzinfo=UTC))
    cost = price_of(MINUTES, WAGE) + adds(job()).pence
    whole = weekly_over(cost, date(2050, 4, 1), date(2051, 3, 31))
    assert (await world.purse(person, date(2050, 4, 1)))["committed"] == whole
    assert (await orders(world, person))[str(person.order_id)]["state"] == "committed"


async def test_another_wage_is_reckoned_anew_from_its_day(world: World) -> None:
    person, anew, wage = await employs(world), date(2050, 2, 1), WAGE - 50
    await world.says(placed(person), repriced(person, price_of(MINUTES, wage), anew, wage))
    order = (await orders(world, person))[str(person.order_id)]
    added = adds(job(wage=wage), anew).pence
    assert (order["state"], order["employing_pence"]) == ("committed", added)
    before = weekly_over(price_of(MINUTES, WAGE) + adds(job()).pence, STARTS, date(2050, 1, 31))
    after = weekly_over(price_of(MINUTES, wage) + added, anew, YEAR_END)
    assert abs((await world.purse(person))["committed"] - before - after) <= 1
