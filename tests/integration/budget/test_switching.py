"""Too ill for a direct payment: the council pays what is claimed for those days, and the payments come back (ADR 18)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import ClaimKind, Period, Route
from shared.money import price_of, weekly_over
from tests.integration.budget.journey import COMMITTED, COSTS, STARTS, YEAR_END, Person, World, a_line, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_employing import MINUTES, PAYROLL, WAGE, adds, employs, job, placed
from tests.integration.budget.test_paid_ahead import FIRST, FOUR_WEEKS, SECOND, begun, money, order_of

ILL, WELL = date(2050, 1, 17), date(2050, 1, 31)
"""The third and fourth week: paid ahead for already when it is said."""
TWO_WEEKS = Period(first=ILL, last=WELL - timedelta(days=1))


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def switched(person: Person, holds_from: date = ILL, until: date | None = TWO_WEEKS.last, **more: Any) -> RouteSwitched:
    said: dict[str, Any] = {
        "plan_id": person.plan_id,
        "line_id": person.lines[0].line_id,
        "person_id": person.person_id,
        "budget_id": person.budget_id,
        "route": Route.COUNCIL_MANAGED if until else person.lines[0].route,
        "because": "too_ill" if until else "well_again",
    }
    return RouteSwitched(**said, holds_from=holds_from, until=until, **more)


async def paid_once(world: World, route: Route = Route.DIRECT_PAYMENT) -> Person:
    """The first four weeks have gone out."""
    person = await begun(world, route)
    if route is Route.DIRECT_PAYMENT:
        await decided(world, person)
    await sweep(world, FIRST)
    return person


async def claimed(world: World, person: Person, pence: int, period: Period = TWO_WEEKS) -> dict[str, Any]:
    """An invoice for days that the council manages, accepted and paid; the fact of its payment."""
    claim = person.accepted(pence, 0, kind=ClaimKind.INVOICE, period=period)
    await world.says(claim)
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    kind, fact = await world.last()
    assert kind == "budget.claim_paid.v1"
    return fact


@pytest.mark.parametrize("route", [Route.DIRECT_PAYMENT, Route.ISF])
async def test_the_council_pays_the_switched_days_and_what_had_gone_out_for_them_is_taken_off_the_next_payment(
    world: World, route: Route
) -> None:
    """DOMAIN.md, why it exists: for a time and back; no day is paid twice or not at all, to the penny."""
    person = await paid_once(world, route)
    await world.says(switched(person))
    order = await order_of(world, person)
    assert order["switched"] == [{"first": str(ILL), "last": str(TWO_WEEKS.last)}]
    assert [step["rule"] for step in order["switching"]] == ["SWITCH-1", "SWITCH-2", "SWITCH-3"]
    assert sum(step["effect"] for step in order["switching"]) == 2 * COSTS
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, FOUR_WEEKS, 0, 0)  # nothing is clawed back

    await claimed(world, person, 2 * COSTS)
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS - 2 * COSTS, FOUR_WEEKS, 2 * COSTS, 0)
    assert await sweep(world, SECOND) == 1
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.money_paid_out.v1", FOUR_WEEKS - 2 * COSTS)
    assert fact["period"] == {"first": "2050-01-31", "last": "2050-02-27"}
    whole = {"first": "2050-02-28", "last": "2050-03-27"}
    await sweep(world, datetime(2050, 2, 28, 9, tzinfo=UTC))
    assert ((await world.last())[1]["pence"], (await world.last())[1]["period"]) == (FOUR_WEEKS, whole)
    await sweep(world, datetime(2050, 3, 28, 9, tzinfo=UTC))
    assert await money(world, person) == (0, COMMITTED - 2 * COSTS, 2 * COSTS, 0)  # each day of the year once


async def test_no_payment_goes_out_for_days_to_come_that_the_council_manages_and_none_is_missed(world: World) -> None:
    person = await paid_once(world)
    first, last = date(2050, 2, 7), date(2050, 2, 20)
    await world.says(switched(person, first, last))
    await sweep(world, SECOND)
    assert (await world.last())[1]["period"] == {"first": "2050-01-31", "last": "2050-02-06"}
    assert (await world.last())[1]["pence"] == COSTS
    said = len(await world.said())
    assert await sweep(world, at(first)) == 0  # and nobody is told that anything was withheld
    assert len(await world.said()) == said
    await claimed(world, person, 2 * COSTS, Period(first=first, last=last))
    assert await sweep(world, at(last + timedelta(days=1))) == 1
    assert (await world.last())[1]["period"] == {"first": "2050-02-21", "last": "2050-03-20"}
    assert (await world.last())[1]["pence"] == FOUR_WEEKS


async def test_who_is_well_sooner_is_paid_again_from_that_day(world: World) -> None:
    person = await paid_once(world)
    await world.says(switched(person, date(2050, 1, 31), date(2050, 3, 20)), switched(person, date(2050, 2, 10), None))
    assert await sweep(world, at(date(2050, 2, 9))) == 0
    assert await sweep(world, at(date(2050, 2, 10))) == 1
    _, fact = await world.last()
    assert (fact["period"], fact["pence"]) == ({"first": "2050-02-10", "last": "2050-03-09"}, FOUR_WEEKS)


async def test_a_claim_that_comes_before_anybody_said_so_waits_and_an_invoice_for_a_payment_s_own_days_is_never_paid(
    world: World,
) -> None:
    """An order's days decide, not the kind of paper (ADR 12, ADR 18)."""
    person = await paid_once(world)
    early = person.accepted(2 * COSTS, 0, kind=ClaimKind.INVOICE, period=TWO_WEEKS)
    other = person.accepted(COSTS, 0, kind=ClaimKind.INVOICE)
    await world.says(early, other)
    finance = world.budget.as_("finance")
    for claim in (early, other):
        refused = await finance.post(f"/v1/claims/{claim.claim_id}/pay")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-posted-yet")
    await world.says(switched(person))
    await finance.done(f"/v1/claims/{early.claim_id}/pay")
    refused = await finance.post(f"/v1/claims/{other.claim_id}/pay")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-posted-yet")
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS - 2 * COSTS, FOUR_WEEKS, 2 * COSTS, 0)


async def test_a_switch_that_is_heard_before_its_order_holds_for_it_and_payments_begin_after_it(world: World) -> None:
    person = await world.funded(Person(lines=(Person().lines[0].model_copy(update={"route": Route.ISF}),)))
    await world.says(switched(person, STARTS, date(2050, 1, 9)), person.ordered(), person.started())
    order = await order_of(world, person)
    assert [step["rule"] for step in order["switching"]] == ["SWITCH-1", "SWITCH-3"]  # explained all the same
    assert order["switching"][1]["params"] == {"day": "2050-01-10"}
    assert await sweep(world, FIRST) == 0
    assert await sweep(world, at(date(2050, 1, 10))) == 1
    assert (await world.last())[1]["period"] == {"first": "2050-01-10", "last": "2050-02-06"}


async def test_what_cannot_be_taken_off_within_the_year_is_set_aside_besides_and_taken_off_in_the_next(
    world: World,
) -> None:
    """Ill over 31 March: the year pays its days twice until the next one takes less."""
    person = await begun(world, Route.ISF)
    for day in (FIRST, SECOND, datetime(2050, 2, 28, 9, tzinfo=UTC), datetime(2050, 3, 28, 9, tzinfo=UTC)):
        await sweep(world, day)
    assert await money(world, person) == (0, COMMITTED, 0, 0)
    await world.says(switched(person, date(2050, 3, 30), date(2050, 4, 6)))
    two_days = weekly_over(COSTS, date(2050, 3, 30), YEAR_END)
    purse = await world.purse(person)
    assert (purse["committed"], purse["available"]) == (0, 0)  # all of this year's money is out: there is none besides
    await world.says(
        person.accepted(two_days, 0, kind=ClaimKind.INVOICE, period=Period(first=date(2050, 3, 30), last=YEAR_END))
    )
    assert (await world.purse(person))["disputed"] == two_days  # and that has an owner
    await sweep(world, datetime(2050, 3, 31, 9, tzinfo=UTC))
    whole = weekly_over(COSTS, date(2050, 4, 1), date(2051, 3, 31))
    assert (await world.purse(person, date(2050, 4, 1)))["committed"] == whole - two_days
    await sweep(world, at(date(2050, 4, 7)))
    _, fact = await world.last()
    assert (fact["period"]["first"], fact["pence"]) == ("2050-04-07", FOUR_WEEKS - two_days)


async def test_support_that_ends_meanwhile_keeps_enough_for_what_is_yet_to_be_claimed(world: World) -> None:
    person = await paid_once(world)
    await world.says(switched(person, ILL, date(2050, 2, 20)), person.ended(weeks=4))
    assert await money(world, person) == (2 * COSTS, FOUR_WEEKS, 0, 0)
    await claimed(world, person, 2 * COSTS)
    assert await money(world, person) == (0, FOUR_WEEKS, 2 * COSTS, 0)
    await sweep(world, at(date(2050, 2, 21)))
    assert (await world.kinds()).count("money_paid_out") == 1


async def test_money_carried_for_the_days_after_is_no_surplus(world: World) -> None:
    person = await paid_once(world)
    await world.says(switched(person, ILL, date(2050, 2, 20)), person.accepted(2 * COSTS, 0, kind=PAYROLL))
    await world.budget.as_("ops").done("/sandbox/clock", {"to": at(date(2050, 2, 15))})
    shown = await world.budget.as_("finance").read(f"/v1/budgets/{person.budget_id}/surplus")
    assert [step["effect"] for step in shown["steps"] if step["rule"] == "SURPLUS-8"] == [-2 * COSTS]


async def test_a_pa_stays_the_person_s_own_and_the_council_pays_what_employing_adds_on_their_behalf(
    world: World,
) -> None:
    """RULES §4.2: holiday goes to the reserve that the person keeps; National Insurance, pension and the rest are paid."""
    person = await employs(world)
    await decided(world, person)
    await world.says(placed(person), person.started())
    await sweep(world, FIRST)
    weekly, found = price_of(MINUTES, WAGE), adds(job())
    out = 4 * (weekly + found.pence)
    await world.says(switched(person))
    before = await world.purse(person)
    fact = await claimed(world, person, 2 * weekly)
    assert (fact["pence"], fact["employing_pence"], fact["holiday_pence"]) == (
        2 * weekly, 2 * found.pence, 2 * found.holiday_pence,
    )  # fmt: skip
    purse = await world.purse(person)
    assert before["committed"] - purse["committed"] == 2 * (weekly + found.pence)
    assert purse["paid"] == out + 2 * found.holiday_pence
    assert purse["accounted_for"] == 2 * (weekly + found.pence - found.holiday_pence)
    await sweep(world, SECOND)
    assert (await world.last())[1]["pence"] == out - 2 * (weekly + found.pence)


async def test_a_line_that_takes_the_place_of_a_switched_one_is_switched_too_and_no_payment_begins_until_then(
    world: World,
) -> None:
    """ADR 18, ADR 14: whoever is too ill for the one is too ill for the other; each day is paid once, on one route."""
    person = await paid_once(world, Route.ISF)
    until, begins = date(2050, 2, 20), date(2050, 2, 7)
    await world.says(switched(person, ILL, until))
    new = Person(
        lines=(a_line(route=Route.ISF, replaces_line_id=person.lines[0].line_id),),
        starts_on=begins,
        person_id=person.person_id,
        assessment_id=person.assessment_id,
        supplier_id=person.supplier_id,
        budget_id=person.budget_id,
    )
    await world.says(new.proposed(supersedes_plan_id=person.plan_id, revision=2))
    await world.finalised(new)
    await world.says(
        new.agreed(supersedes_plan_id=person.plan_id, revision=2, agreed_on=ILL), switched(new, ILL, until)
    )
    await world.says(new.ordered(replaces_order_id=person.order_id), new.started(begins))
    over = person.ended(weeks=5)
    await world.says(over.model_copy(update={"because": "replaced", "plan_id": new.plan_id}))
    orders = {one["order_id"]: one for one in (await world.ledger(person))["commitments"]}
    assert orders[str(new.order_id)]["switched"] == [{"first": str(ILL), "last": str(until)}]
    said = (await world.kinds()).count("money_paid_out")
    await sweep(world, at(date(2050, 2, 8)))
    assert (await world.kinds()).count("money_paid_out") == said
    await sweep(world, at(date(2050, 2, 21)))
    _, fact = await world.last()
    assert (fact["order_id"], fact["period"]["first"]) == (str(new.order_id), "2050-02-21")
    assert fact["pence"] == FOUR_WEEKS - 2 * COSTS  # the first payment's last two weeks are in the holder's hands
