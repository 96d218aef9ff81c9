"""Money follows a plan that takes the place of another: what runs keeps what it has, nothing is set aside twice, and what
is no longer needed is given up as soon as it is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

from shared.contracts.base import Fact, Period, PlanLine, Route
from shared.money import weekly_over
from tests.integration.budget.journey import (
    COMMITTED,
    COSTS,
    STARTS,
    YEAR_END,
    Person,
    World,
    a_line,
    sweep,
)
from tests.integration.budget.test_direct_payments import decided

ANEW = date(2050, 2, 1)
BEFORE = ANEW - timedelta(days=1)


def changed(person: Person, hourly_pence: int = 2469, minutes: int = 2400) -> PlanLine:
    return a_line(minutes, hourly_pence, replaces_line_id=person.lines[0].line_id)


async def agreed_anew(world: World, person: Person, *lines: PlanLine, weekly: int = COSTS) -> tuple[Person, Fact]:
    """The plan in place of another, made final; the fact that it is agreed is still to be heard."""
    new = replace(person, plan_id=uuid4(), order_id=uuid4(), lines=lines, starts_on=ANEW)
    await world.says(new.proposed(revision=2))
    await world.finalised(new, weekly)
    return new, new.agreed(revision=2, supersedes_plan_id=person.plan_id)


def instead(new: Person, old: Person, **more: Any) -> Fact:
    return new.ordered(replaces_order_id=old.order_id, **more)


def over(old: Person, last_day: date = BEFORE) -> Fact:
    return old.ended(1).model_copy(update={"last_day": last_day, "because": "replaced"})


def cost(weekly: int, first: date, last: date = YEAR_END) -> int:
    return weekly_over(weekly, first, last)


async def order_of(world: World, person: Person) -> dict[str, Any]:
    found = (await world.ledger(person))["commitments"]
    return next(one for one in found if one["order_id"] == str(person.order_id))


async def held(world: World, person: Person) -> int:
    found = (await world.ledger(person))["positions"]
    return sum(one["committed"] for one in found if one["order_id"] == str(person.order_id))


async def running(world: World) -> Person:
    old = await world.funded(Person())
    await world.says(old.ordered())
    return old


async def test_a_changed_order_at_the_same_price_needs_nothing_besides_until_it_starts(world: World) -> None:
    old = await running(world)
    new, agreed = await agreed_anew(world, old, changed(old))
    await world.says(agreed, instead(new, old))
    assert (await world.last())[0] == "budget.funds_committed.v1"
    assert (await order_of(world, new))["state"] == "committed"
    assert await held(world, new) <= 1  # each order is rounded by itself
    assert await held(world, old) == COMMITTED
    await world.says(over(old))
    assert await held(world, old) == cost(COSTS, STARTS, BEFORE)
    assert await held(world, new) == cost(COSTS, ANEW)
    purse = await world.purse(new)
    assert purse["allocated"] == cost(COSTS, STARTS, BEFORE) + cost(COSTS, ANEW)
    assert purse["available"] == 0


async def test_a_dearer_successor_needs_the_difference_and_a_cheaper_one_gives_it_up_when_it_starts(
    world: World,
) -> None:
    for price, weekly in ((3000, 120000), (2000, 80000)):
        old = await running(world)
        new, agreed = await agreed_anew(world, old, changed(old, price), weekly=max(weekly, COSTS))
        await world.says(agreed, instead(new, old))
        assert (await order_of(world, new))["state"] == "committed"
        assert await held(world, old) == COMMITTED
        tail = COMMITTED - cost(COSTS, STARTS, BEFORE)
        assert await held(world, new) == max(cost(weekly, ANEW) - tail, 0)
        await world.says(over(old))
        assert await held(world, new) == cost(weekly, ANEW)
        assert (await world.purse(new))["allocated"] == cost(COSTS, STARTS, BEFORE) + cost(max(weekly, COSTS), ANEW)


async def test_a_successor_that_starts_late_is_set_aside_from_its_own_first_day(world: World) -> None:
    old = await running(world)
    new, agreed = await agreed_anew(world, old, changed(old))
    late = ANEW + timedelta(days=13)
    await world.says(agreed, instead(new, old), over(old, late))
    assert await held(world, old) == cost(COSTS, STARTS, late)
    whole, before = cost(COSTS, ANEW), cost(COSTS, ANEW, late)
    assert whole - before - 1 <= await held(world, new) <= whole - before


async def test_a_successor_that_is_cancelled_leaves_the_old_order_its_money(world: World) -> None:
    old = await running(world)
    new, agreed = await agreed_anew(world, old, changed(old, 3000), weekly=120000)
    await world.says(agreed, instead(new, old), new.cancelled())
    assert (await held(world, old), await held(world, new)) == (COMMITTED, 0)
    assert (await order_of(world, old))["state"] == "committed"


async def test_an_untouched_order_keeps_to_the_penny_what_it_had(world: World) -> None:
    old = await running(world)
    kept, more = old.lines[0], a_line(600)
    new, agreed = await agreed_anew(world, old, kept, more, weekly=COSTS + 24690)
    await world.says(agreed, new.ordered(more))
    assert (await held(world, old), await held(world, new)) == (COMMITTED, cost(24690, ANEW))
    purse = await world.purse(new)
    assert (purse["allocated"], purse["available"]) == (COMMITTED + cost(24690, ANEW), 0)


async def test_what_a_plan_leaves_out_is_given_up_whichever_fact_comes_first(world: World) -> None:
    for places in sorted(set(permutations("amm"))):
        old = await running(world)
        new, agreed = await agreed_anew(world, old, a_line(600), weekly=24690)
        market = [over(old), new.ordered()]
        await world.says(*(agreed if place == "a" else market.pop(0) for place in places))
        assert await held(world, old) == cost(COSTS, STARTS, BEFORE)
        assert await held(world, new) == cost(24690, ANEW)
        purse = await world.purse(new)
        assert (purse["allocated"], purse["available"]) == (await held(world, old) + await held(world, new), 0)


async def test_in_the_next_year_too_either_of_the_two_orders_has_the_money_and_never_both(world: World) -> None:
    old = await running(world)
    new, agreed = await agreed_anew(world, old, changed(old))
    await world.says(agreed, instead(new, old))
    await sweep(world, datetime(2050, 3, 31, 1, tzinfo=UTC))
    next_year = Period(first=date(2050, 4, 1), last=date(2051, 3, 31))
    purse = await world.purse(new, next_year.first)
    assert (purse["committed"], purse["available"]) == (cost(COSTS, next_year.first, next_year.last), 0)
    assert (await order_of(world, old))["state"] == "committed"
    assert (await order_of(world, new))["state"] == "committed"


async def test_money_in_hand_for_days_the_old_order_does_not_reach_is_there_for_the_new_one(world: World) -> None:
    """A direct payment of four weeks from 3 January; support goes on under another order from 17 January."""
    old = await world.indicated(Person(lines=(a_line(route=Route.DIRECT_PAYMENT),)))
    await world.finalised(old)
    await world.says(old.agreed(), old.ordered())
    await decided(world, old)
    await world.says(old.started())
    await sweep(world, datetime(2050, 1, 3, 13, tzinfo=UTC))
    new = replace(old, plan_id=uuid4(), order_id=uuid4(), starts_on=date(2050, 1, 17))
    new = replace(new, lines=(a_line(route=Route.DIRECT_PAYMENT, replaces_line_id=old.lines[0].line_id),))
    await world.says(new.proposed(revision=2))
    await world.finalised(new)
    await world.says(new.agreed(revision=2, supersedes_plan_id=old.plan_id), instead(new, old))
    await world.says(over(old, date(2050, 1, 16)), new.started(date(2050, 1, 17)))
    positions = {one["order_id"]: one for one in (await world.ledger(new))["positions"]}
    assert (positions[str(old.order_id)]["paid"], positions[str(new.order_id)]["paid"]) == (2 * COSTS, 2 * COSTS)
    assert positions[str(old.order_id)]["committed"] == 0
    assert positions[str(new.order_id)]["committed"] == cost(COSTS, date(2050, 1, 17)) - 2 * COSTS
    await sweep(world, datetime(2050, 1, 17, 13, tzinfo=UTC))
    out = [fact["pence"] for kind, fact in await world.said() if kind == "budget.money_paid_out.v1"]
    assert out == [4 * COSTS, 2 * COSTS]
    await sweep(world, datetime(2050, 2, 14, 13, tzinfo=UTC))
    out = [fact["pence"] for kind, fact in await world.said() if kind == "budget.money_paid_out.v1"]
    assert out == [4 * COSTS, 2 * COSTS, 4 * COSTS]


# ── across a reassessment ─────────────────────────────────────────────────────────────────────────────────────────
async def reassessed(world: World, person: Person, points: int = 60) -> Person:
    """The same person, assessed anew while the plan runs; what their plan becomes is still to be proposed."""
    anew = replace(person, assessment_id=uuid4(), points=points)
    await world.says(anew.assessed())
    return anew


async def test_who_is_assessed_anew_keeps_the_budget_which_is_indicated_again_and_both_are_explained(
    world: World,
) -> None:
    """Care Act s.27: eighty points came to forty hours, sixty come to twenty-four; what is set aside stays set aside."""
    old = await running(world)
    new = await reassessed(world, old)
    found = await world.the_budget_of(new)
    assert (found["budget_id"], found["state"], found["indicated_pence"]) == (str(old.budget_id), "indicative", 33000)
    assert found["earlier"] == [{"assessment_id": str(old.assessment_id), "indicated_pence": 55000}]
    assert [one["weekly_pence"] for one in found["history"]][-1] == COSTS
    assert await held(world, old) == COMMITTED
    where, officer = f"/v1/budgets/{old.budget_id}/explanation", world.budget.as_("budget_officer")
    for assessed, pence in ((old, 55000), (new, 33000)):
        told = await officer.read(where, assessment_id=str(assessed.assessment_id), rerun="true")
        assert (sum(step["effect"] for step in told["steps"]), told["same"]) == (pence, True)
    assert (await officer.get(where, assessment_id=str(uuid4()))).status_code == 404
    said = [fact for kind, fact in await world.said() if kind == "budget.indicated.v1"]
    assert {one["budget_id"] for one in said if one["person_id"] == str(old.person_id)} == {str(old.budget_id)}


async def test_hearing_of_the_new_assessment_again_or_that_nothing_is_eligible_any_more_changes_nothing(
    world: World,
) -> None:
    old = await running(world)
    new = await reassessed(world, old)
    await world.says(new.assessed(), old.assessed(), replace(old, assessment_id=uuid4()).assessed(eligible=False))
    found = await world.the_budget_of(new)
    assert (found["indicated_pence"], len(found["earlier"])) == (33000, 1)
    assert await held(world, old) == COMMITTED


async def test_the_plan_of_a_new_assessment_takes_over_the_money_to_the_penny(world: World) -> None:
    """What is untouched keeps what it has, in the same purse; what is new is set aside beside it, and nothing twice."""
    old = await running(world)
    kept, more = old.lines[0], a_line(600)
    new, agreed = await agreed_anew(world, await reassessed(world, old), kept, more, weekly=COSTS + 24690)
    await world.says(agreed, new.ordered(more))
    assert (await held(world, old), await held(world, new)) == (COMMITTED, cost(24690, ANEW))
    purse = await world.purse(new)
    assert (purse["allocated"], purse["available"]) == (COMMITTED + cost(24690, ANEW), 0)
    assert len(await world.budget.rows("select 1 from purse where person_id = $1", old.person_id)) == 1


async def test_what_the_plan_of_a_new_assessment_changes_runs_until_its_successor_does(world: World) -> None:
    old = await running(world)
    new, agreed = await agreed_anew(world, await reassessed(world, old), changed(old, 3000), weekly=120000)
    await world.says(agreed, instead(new, old))
    assert await held(world, old) == COMMITTED
    await world.says(over(old))
    assert await held(world, old) == cost(COSTS, STARTS, BEFORE)
    assert await held(world, new) == cost(120000, ANEW)


async def test_a_plan_of_the_earlier_assessment_that_is_agreed_after_all_has_the_figure_made_final_for_it(
    world: World,
) -> None:
    old = await world.indicated(Person())
    await world.finalised(old)
    await reassessed(world, old)
    await world.says(old.agreed(), old.ordered())
    assert await held(world, old) == COMMITTED
