"""From an assessment to a paid claim, as budget sees it: the case that must hold exactly."""

from __future__ import annotations

from tests.integration.budget.journey import (
    COMMITTED,
    COSTS,
    INDICATED,
    SHORT,
    Person,
    World,
    a_line,
    a_listing,
)


async def test_forty_hours_at_24_69_are_437_60_short_until_somebody_gives_a_reason_and_are_then_paid_to_the_penny(
    world: World,
) -> None:
    person, listing = Person(), a_listing()

    await world.says(listing, person.assessed())
    kind, indicated = await world.last()
    assert (kind, indicated["weekly_pence"]) == ("budget.indicated.v1", INDICATED)

    await world.says(person.proposed())
    kind, inadequate = await world.last()
    assert kind == "budget.inadequate.v1"
    assert (inadequate["weekly_budget_pence"], inadequate["weekly_cost_pence"]) == (INDICATED, COSTS)
    assert inadequate["short_pence"] == SHORT

    await world.the_budget_of(person)
    final = await world.finalised(person)
    assert (final["state"], final["weekly_pence"], final["decided_by"]) == ("final", COSTS, "budget_officer")
    kind, fact = await world.last()
    assert (kind, fact["weekly_pence"], fact["council_pence"]) == ("budget.finalised.v1", COSTS, COSTS)
    assert "reason" not in fact

    await world.says(person.agreed())
    assert (await world.purse(person))["available"] == COMMITTED

    await world.says(person.ordered())
    kind, committed = await world.last()
    assert (kind, committed["pence"]) == ("budget.funds_committed.v1", COMMITTED)
    assert committed["period"] == {"first": "2050-01-03", "last": "2050-03-31"}

    await world.says(*(person.visited() for _ in range(40)))
    assert (await world.purse(person))["committed"] == COMMITTED - COSTS

    await world.says(person.visited(COMMITTED - COSTS + 5000))
    kind, disputed = await world.last()
    assert (kind, disputed["pence"]) == ("budget.liability_disputed.v1", 5000)

    claim = person.accepted(COMMITTED, COMMITTED + 5000)
    await world.says(claim)
    purse = await world.purse(person)
    assert (purse["committed"], purse["delivered"], purse["disputed"]) == (0, COMMITTED, 0)

    paid = await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    assert (paid["state"], paid["pence"]) == ("paid", COMMITTED)
    kind, fact = await world.last()
    assert (kind, fact["pence"], fact["supplier_id"]) == ("budget.claim_paid.v1", COMMITTED, str(person.supplier_id))
    purse = await world.purse(person)
    assert {name: pence for name, pence in purse.items() if pence and name not in ("year", "journals")} == {
        "allocated": COMMITTED,
        "paid": COMMITTED,
    }
    assert await world.kinds() == [
        "indicated",
        "inadequate",
        "finalised",
        "funds_committed",
        "liability_disputed",
        "claim_paid",
    ]


async def test_a_plan_the_indicated_budget_buys_is_made_final_by_the_system_and_says_that_no_contribution_was_entered(
    world: World,
) -> None:
    person = await world.indicated(Person(lines=(a_line(hourly_pence=1375),)), a_listing(1375))
    kind, fact = await world.last()
    assert (kind, fact["weekly_pence"], fact["person_pence"]) == ("budget.finalised.v1", INDICATED, 0)
    assert fact["yearly_pence"] == INDICATED * 52
    assert [line["because"]["code"] for line in fact["lines"]] == ["from_indicative", "shares_none_entered"]
    shown = await world.the_budget_of(person)
    assert (shown["state"], shown["decided_by"], shown["reason"]) == ("final", "system", "")
