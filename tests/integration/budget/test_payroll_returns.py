"""A payroll return that says what National Insurance, pension and holiday came to: each is accounted for by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.budget.rules.payroll import Reckoned
from shared.contracts.base import EmployingCost, EmployingItem, Period
from shared.contracts.marketplace import ClaimAccepted
from shared.money import price_of
from tests.integration.budget.journey import STARTS, Person, World, a_listing, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_employing import FIRST, PA, PAYROLL, WAGE, a_job, adds, employs, job, orders, placed

MINUTES, LAST = 6000, date(2050, 1, 30)
WEEKLY = price_of(MINUTES, WAGE)
WAGES = 4 * WEEKLY
"""A hundred hours a week, so that National Insurance is owed beyond the allowance; four weeks of them."""


def found() -> Reckoned:
    whole = adds(job(MINUTES, MINUTES))
    return Reckoned(whole.steps, WEEKLY, whole.pence, whole.holiday_pence, STARTS)


async def paid(world: World) -> Person:
    """The first four weeks went out."""
    person = await employs(world, a_job(MINUTES))
    await decided(world, person)
    await world.says(placed(person), person.started())
    await sweep(world, FIRST)
    return person


def a_return(person: Person, **said: int) -> ClaimAccepted:
    lines = tuple(EmployingCost(item=EmployingItem(item), pence=pence) for item, pence in said.items())
    period = Period(first=STARTS, last=LAST)
    return person.accepted(WAGES, 0, kind=PAYROLL, period=period, employing=lines)


def as_reckoned() -> dict[str, int]:
    one = found()
    return {"employer_ni": one.of(WAGES, "EMPLOY-4", "EMPLOY-5"), "pension": one.of(WAGES, "EMPLOY-6")}


async def journals_about(world: World, person: Person, claim: ClaimAccepted) -> dict[str, int]:
    every = (await world.ledger(person, limit=200))["journals"]
    ours = [one for one in every if one["about"] == str(claim.claim_id)]
    return {one["verb"]: _accounted(one) for one in ours}


def _accounted(journal: dict[str, Any]) -> int:
    return sum(entry["pence"] for entry in journal["entries"] if entry["account"] == "accounted_for")


async def test_each_line_is_posted_by_itself_and_holiday_comes_out_of_its_reserve(world: World) -> None:
    """RULES §4.2, §2.4."""
    person, one, holiday = await paid(world), found(), 4000
    claim = a_return(person, **as_reckoned(), holiday=holiday)
    await world.says(claim)
    posted = await journals_about(world, person, claim)
    rest = one.added(WAGES) - sum(as_reckoned().values())
    assert posted == {
        "account_for": WAGES + rest,
        "account_for_employer_ni": as_reckoned()["employer_ni"],
        "account_for_pension": as_reckoned()["pension"],
        "account_for_holiday": holiday,
    }
    kind, fact = await world.last()
    assert (kind, fact["differences"]) == ("budget.spending_accounted_for.v1", [])
    assert fact["unaccounted_pence"] == 4 * one.holiday_pence - holiday
    await world.budget.as_("ops").done("/sandbox/clock", {"to": datetime(2050, 1, 31, 9, tzinfo=UTC)})
    shown = await world.budget.as_("finance").read(f"/v1/budgets/{person.budget_id}/surplus")
    assert (
        next(step["effect"] for step in shown["steps"] if step["rule"] == "SURPLUS-3")
        == holiday - 4 * one.holiday_pence
    )


async def test_a_line_that_differs_is_said_and_shown_in_words_and_accounted_for_all_the_same(world: World) -> None:
    person = await paid(world)
    said = as_reckoned() | {"pension": as_reckoned()["pension"] + 500}
    claim = a_return(person, **said)
    await world.says(claim)
    _, fact = await world.last()
    assert [each["code"] for each in fact["differences"]] == ["pension_differs"]
    order = (await orders(world, person))[str(person.order_id)]
    (shown,) = order["differing"]
    assert shown["claim_id"] == str(claim.claim_id)
    assert shown["because"][0]["because"].startswith(f"The return says £{said['pension'] / 100:.2f} of pension")
    assert fact["pence"] == WAGES + found().added(WAGES) + 500
    assert (await world.purse(person))["disputed"] == 0  # out of what is kept for holiday, and somebody can see it


async def test_lines_beyond_all_that_was_paid_out_are_a_disputed_liability(world: World) -> None:
    person = await paid(world)
    claim = a_return(person, employer_ni=10**6)
    await world.says(claim)
    purse = await world.purse(person)
    assert (purse["paid"], purse["disputed"]) == (0, WAGES + found().added(WAGES) + 10**6 - as_reckoned()["employer_ni"]
        - 4 * (WEEKLY + adds(job(MINUTES, MINUTES)).pence))  # fmt: skip
    assert "budget.liability_disputed.v1" in {kind for kind, _ in await world.said()}


async def test_a_return_without_lines_is_accounted_for_in_proportion_as_before(world: World) -> None:
    person, one = await paid(world), found()
    claim = a_return(person)
    await world.says(claim)
    assert await journals_about(world, person, claim) == {"account_for": WAGES + one.added(WAGES)}
    _, fact = await world.last()
    assert (fact["unaccounted_pence"], fact["differences"]) == (4 * one.holiday_pence, [])
    assert (await orders(world, person))[str(person.order_id)]["differing"] == []


async def test_a_return_that_came_before_its_order_keeps_its_lines(world: World) -> None:
    """No order between topics: the order's plan is agreed after the return was accepted."""
    person = Person(lines=(a_job(MINUTES),))
    await world.indicated(person, a_listing(WAGE, supplier_kind=PA))
    cost = (await world.budget.as_("budget_officer").read(f"/v1/plans/{person.plan_id}/adequacy"))["weekly_cost_pence"]
    await world.finalised(person, cost)
    claim = a_return(person, **as_reckoned(), holiday=100)
    await world.says(placed(person), claim, person.agreed())
    accounted = [fact for kind, fact in await world.said() if kind == "budget.spending_accounted_for.v1"]
    assert [one["claim_id"] for one in accounted] == [str(claim.claim_id)]
    posted = sum((await journals_about(world, person, claim)).values())
    assert posted == accounted[0]["pence"] == WAGES + found().added(WAGES) + 100
    assert (await orders(world, person))[str(person.order_id)]["state"] == "committed"
