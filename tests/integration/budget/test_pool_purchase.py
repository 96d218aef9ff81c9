"""A PA of the council's pool, bought on the council-managed route: their price is all, owed by visits, recharged and paid."""

from __future__ import annotations

from shared.contracts.base import ClaimKind, Employer, Route, SupplierKind
from shared.money import price_of, weekly_over
from tests.integration.budget.journey import STARTS, YEAR_END, Person, World, a_line, a_listing

PA, MINUTES, PRICE = SupplierKind.PA, 600, 1490


async def test_the_pools_price_buys_the_plan_is_set_aside_owed_by_visits_and_paid_on_a_recharge(world: World) -> None:
    """No wage, no National Insurance and no payroll of the person's: the council bears what employing adds."""
    line = a_line(MINUTES, PRICE, kind_wanted=PA, route=Route.COUNCIL_MANAGED)
    person = await world.indicated(Person(lines=(line,)), a_listing(PRICE, supplier_kind=PA))
    weekly = price_of(MINUTES, PRICE)
    told = await world.budget.as_("budget_officer").read(f"/v1/plans/{person.plan_id}/adequacy")
    assert (told["weekly_cost_pence"], [step["rule"] for step in told["steps"]]) == (weekly, ["ADEQ-1"])
    await world.finalised(person, weekly)
    await world.says(person.agreed(), person.ordered(supplier_kind=PA, employer=Employer.POOL), person.started())
    (order,) = (await world.ledger(person))["commitments"]
    assert (order["state"], order["employing_pence"], order["cost_pence"]) == ("committed", 0, weekly)
    year = weekly_over(weekly, STARTS, YEAR_END)
    assert (await world.purse(person))["committed"] == year

    await world.says(person.visited(PRICE), person.visited(PRICE))
    claim = person.accepted(2 * PRICE, 2 * PRICE, kind=ClaimKind.INTERNAL_RECHARGE)
    await world.says(claim)
    purse = await world.purse(person)
    assert (purse["delivered"], purse["paid"], purse["disputed"]) == (2 * PRICE, 0, 0)
    assert (await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay"))["state"] == "paid"
    purse = await world.purse(person)
    assert (purse["delivered"], purse["paid"], purse["committed"]) == (0, 2 * PRICE, year - 2 * PRICE)
    assert purse["accounted_for"] == purse["disputed"] == 0
    assert (await world.ledger(person))["journals"][-1]["verb"] == "recharge"
