"""Direct payments and individual service funds: paid ahead every four weeks, accounted for by what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.contracts.base import ClaimKind, Period, Route, SupplierKind
from tests.integration.budget.journey import COMMITTED, COSTS, YEAR_END, Person, World, a_line, sweep
from tests.integration.budget.test_direct_payments import decided

FOUR_WEEKS = 4 * COSTS
FIRST, SECOND = datetime(2050, 1, 3, 13, tzinfo=UTC), datetime(2050, 1, 31, 9, tzinfo=UTC)
PAYROLL, STATEMENT = ClaimKind.PAYROLL_RETURN, ClaimKind.ISF_STATEMENT


async def begun(world: World, route: Route) -> Person:
    """Support on this route has started."""
    person = await world.funded(Person(lines=(a_line(route=route),)))
    await world.says(person.ordered(), person.started())
    return person


async def order_of(world: World, person: Person) -> dict[str, Any]:
    (order,) = (await world.ledger(person))["commitments"]
    shown: dict[str, Any] = order
    return shown


async def money(world: World, person: Person) -> tuple[int, int, int, int]:
    purse = await world.purse(person)
    return purse["committed"], purse["paid"], purse["accounted_for"], purse["disputed"]


async def test_a_direct_payment_goes_out_every_four_weeks_once_it_is_agreed(world: World) -> None:
    person = await begun(world, Route.DIRECT_PAYMENT)
    await decided(world, person)
    assert await sweep(world, FIRST) == 1
    kind, fact = await world.last()
    assert (kind, fact["pence"], fact["route"]) == ("budget.money_paid_out.v1", FOUR_WEEKS, "direct_payment")
    assert fact["period"] == {"first": "2050-01-03", "last": "2050-01-30"}
    assert fact["review_by"] == "2050-07-03"  # RULES §9 case 22: six months from the first payment
    assert await sweep(world, datetime(2050, 1, 30, 23, tzinfo=UTC)) == 0
    assert await sweep(world, SECOND) == 1
    assert await money(world, person) == (COMMITTED - 2 * FOUR_WEEKS, 2 * FOUR_WEEKS, 0, 0)
    (decision,) = (await world.budget.as_("budget_officer").read(f"{where(person)}/direct-payment-decisions"))["items"]
    assert (decision["first_paid_on"], decision["review_by"]) == ("2050-01-03", "2050-07-03")


def where(person: Person) -> str:
    return f"/v1/budgets/{person.budget_id}"


async def test_without_an_agreed_decision_nothing_goes_out_it_is_said_why_and_it_goes_out_once_agreed(
    world: World,
) -> None:
    person = await begun(world, Route.DIRECT_PAYMENT)
    assert await sweep(world, FIRST) == 1
    order = await order_of(world, person)
    assert order["withheld"]["code"] == "direct_payment_not_agreed"
    kind, said = await world.last()
    assert (kind, said["due_on"]) == ("budget.payment_withheld.v1", "2050-01-03")
    assert said["because"]["code"] == "direct_payment_not_agreed"
    assert await money(world, person) == (COMMITTED, 0, 0, 0)
    await decided(world, person, can_manage=False)
    await sweep(world, FIRST.replace(hour=14))
    assert (await order_of(world, person))["withheld"]["code"] == "direct_payment_refused"
    await decided(world, person)
    assert await sweep(world, FIRST.replace(hour=15)) == 1
    assert (await order_of(world, person))["withheld"] is None
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, FOUR_WEEKS, 0, 0)


@pytest.mark.parametrize("route", [Route.DIRECT_PAYMENT, Route.ISF])
async def test_visits_on_these_routes_are_monitored_and_post_nothing(world: World, route: Route) -> None:
    person = await begun(world, route)
    await world.says(person.visited())
    purse = await world.purse(person)
    assert (purse["delivered"], purse["committed"]) == (0, COMMITTED)


async def test_a_payroll_return_accounts_for_what_was_paid_out_and_beyond_it_is_disputed(world: World) -> None:
    person = await begun(world, Route.DIRECT_PAYMENT)
    await decided(world, person)
    await sweep(world, FIRST)
    await world.says(person.accepted(100000, 0, kind=PAYROLL))
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.spending_accounted_for.v1", 100000)
    assert fact["unaccounted_pence"] == FOUR_WEEKS - 100000
    await world.says(person.accepted(FOUR_WEEKS, 0, kind=PAYROLL))
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, 0, FOUR_WEEKS + 100000, 100000)
    assert (await world.kinds())[-2:] == ["spending_accounted_for", "liability_disputed"]
    assert (await order_of(world, person))["owner_team"] == "older-people-north"


async def test_nobody_pays_a_return_a_second_time(world: World) -> None:
    person = await begun(world, Route.DIRECT_PAYMENT)
    claim = person.accepted(1000, 0, kind=PAYROLL)
    await world.says(claim)
    refused = await world.budget.as_("finance").post(f"/v1/claims/{claim.claim_id}/pay")
    assert (refused.status_code, refused.json()["state"]) == (409, "accounted")


@pytest.mark.parametrize("is_early", [False, True])
async def test_a_statement_of_what_an_agency_was_paid_accounts_for_a_direct_payment(
    world: World, is_early: bool
) -> None:
    """Also where it comes before the order it is about: nobody owes it a second time."""
    person = await world.funded(Person(lines=(a_line(route=Route.DIRECT_PAYMENT),)))
    claim = person.accepted(1000, 0, kind=ClaimKind.STATEMENT)
    facts = (claim, person.ordered()) if is_early else (person.ordered(), claim)
    await world.says(*facts)
    refused = await world.budget.as_("finance").post(f"/v1/claims/{claim.claim_id}/pay")
    assert (refused.status_code, refused.json()["state"]) == (409, "accounted")


async def test_an_isf_is_paid_without_a_decision_and_its_hours_flex_within_the_year(world: World) -> None:
    """A statement above one period's payment, within the year's, is no dispute: the next payment accounts for it."""
    person = await begun(world, Route.ISF)
    assert await sweep(world, FIRST) == 1
    assert (await world.last())[1]["route"] == "isf"
    await world.says(person.accepted(FOUR_WEEKS + 5000, 0, kind=STATEMENT))
    _, fact = await world.last()
    assert (fact["pence"], fact["unaccounted_pence"]) == (FOUR_WEEKS, 0)
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, 0, FOUR_WEEKS, 0)
    assert await sweep(world, SECOND) == 1
    _, fact = await world.last()
    assert (fact["pence"], fact["unaccounted_pence"]) == (5000, FOUR_WEEKS - 5000)
    assert await money(world, person) == (COMMITTED - 2 * FOUR_WEEKS, FOUR_WEEKS - 5000, FOUR_WEEKS + 5000, 0)


async def test_an_isf_statement_beyond_the_year_s_payments_is_disputed(world: World) -> None:
    person = await begun(world, Route.ISF)
    await sweep(world, FIRST)
    await world.says(person.accepted(COMMITTED + 700, 0, kind=STATEMENT))
    assert (await world.purse(person))["disputed"] == 700
    assert "liability_disputed" in await world.kinds()


async def test_the_year_s_payments_end_with_the_year_and_go_on_out_of_the_next(world: World) -> None:
    person = await begun(world, Route.ISF)
    for day in (FIRST, SECOND, datetime(2050, 2, 28, 9, tzinfo=UTC), datetime(2050, 3, 28, 9, tzinfo=UTC)):
        assert await sweep(world, day) == 1
    assert (await world.last())[1]["period"] == {"first": "2050-03-28", "last": str(YEAR_END)}
    assert await money(world, person) == (0, COMMITTED, 0, 0)
    await sweep(world, datetime(2050, 3, 31, 9, tzinfo=UTC))
    await sweep(world, datetime(2050, 4, 1, 9, tzinfo=UTC))
    assert (await world.last())[1]["period"]["first"] == "2050-04-01"
    assert (await world.purse(person, date(2050, 4, 1)))["paid"] == FOUR_WEEKS


async def test_after_the_last_day_no_more_goes_out_and_what_went_out_beyond_it_stays_to_be_accounted_for(
    world: World,
) -> None:
    person = await begun(world, Route.ISF)
    await sweep(world, FIRST)
    await world.says(person.ended(weeks=2))
    assert await money(world, person) == (0, FOUR_WEEKS, 0, 0)
    assert await sweep(world, SECOND) == 1
    assert (await world.kinds()).count("money_paid_out") == 1


async def test_days_up_to_the_last_one_are_still_paid_after_the_end_is_known(world: World) -> None:
    person = await begun(world, Route.ISF)
    await sweep(world, FIRST)
    await world.says(person.ended(weeks=6))
    await sweep(world, SECOND)
    assert (await world.last())[1]["period"] == {"first": "2050-01-31", "last": "2050-02-13"}
    assert await money(world, person) == (0, 6 * COSTS, 0, 0)


async def test_a_one_off_purchase_of_the_council_s_own_service_reduces_the_next_payment(world: World) -> None:
    """RULES §9 case 20."""
    person = await begun(world, Route.DIRECT_PAYMENT)
    once = {"inhouse": "one_off", "inhouse_reason": "Synthetic: a week at the day centre.", "inhouse_pence": 30000}
    await decided(world, person, **once)
    await sweep(world, FIRST)
    assert (await world.last())[1]["pence"] == FOUR_WEEKS - 30000
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, FOUR_WEEKS - 30000, 30000, 0)
    await sweep(world, SECOND)
    assert (await world.last())[1]["pence"] == FOUR_WEEKS


async def test_case_20_a_standing_order_of_the_council_s_own_service_gets_no_direct_payment(world: World) -> None:
    """RULES §2.4, §9 case 20: the money stays set aside, and it is said why."""
    person = await world.funded(Person(lines=(a_line(route=Route.DIRECT_PAYMENT),)))
    await world.says(person.ordered(supplier_kind=SupplierKind.IN_HOUSE), person.started())
    await decided(world, person)
    assert await sweep(world, FIRST) == 1
    kind, said = await world.last()
    assert (kind, said["because"]["code"]) == ("budget.payment_withheld.v1", "inhouse_not_by_direct_payment")
    assert await money(world, person) == (COMMITTED, 0, 0, 0)


async def test_case_19_close_family_of_the_household_is_paid_once_it_was_found_necessary_with_reasons(
    world: World,
) -> None:
    """SI 2014/2871 reg 3. Why it is withheld says nothing of the family."""
    person = await world.funded(Person(lines=(a_line(route=Route.DIRECT_PAYMENT),)))
    await world.says(person.ordered(close_family_in_household=True), person.started())
    await decided(world, person)
    assert not (await world.last())[1]["close_family_may_be_paid"]
    assert await sweep(world, FIRST) == 1
    kind, said = await world.last()
    assert (kind, said["because"]) == (
        "budget.payment_withheld.v1",
        {"code": "unmet_in_confidence", "params": {"rule": "DP-7"}},
    )
    reasons = "Synthetic: nobody else speaks her language."
    daughter = {"relation": "child", "same_household": True, "necessary": True, "reasons": reasons}
    await decided(world, person, relatives=[daughter])
    said = (await world.last())[1]
    assert said["close_family_may_be_paid"]
    assert reasons not in str(said)
    assert await sweep(world, FIRST.replace(hour=15)) == 1
    assert (await world.last())[0] == "budget.money_paid_out.v1"


async def test_an_internal_recharge_is_paid_as_an_invoice_and_marked_in_the_journal(world: World) -> None:
    person = await world.funded(Person())
    claim = person.accepted(2469, 2469, kind=ClaimKind.INTERNAL_RECHARGE)
    await world.says(person.ordered(), person.visited(), claim)
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    assert (await world.ledger(person))["journals"][-1]["verb"] == "recharge"


async def test_orders_on_two_routes_are_a_mixed_budget(world: World) -> None:
    managed, paid = a_line(1200), a_line(1200, route=Route.DIRECT_PAYMENT)
    person = await world.funded(Person(lines=(managed, paid)))
    other = Person(**{name: getattr(person, name) for name in ("person_id", "plan_id", "budget_id")})
    await world.says(person.ordered(), other.ordered(paid), person.visited())
    ledger = await world.ledger(person)
    assert ledger["deployed"] == "mixed"
    assert [each["route"] for each in ledger["commitments"] if each["withheld"]] == []
    assert (await world.purse(person))["delivered"] == 2469


async def test_a_return_that_spans_two_years_is_set_against_the_oldest_payment_first(world: World) -> None:
    person = await begun(world, Route.ISF)
    for day in ((1, 3), (1, 31), (2, 28), (3, 28), (3, 31), (4, 1)):
        await sweep(world, datetime(2050, *day, 13, tzinfo=UTC))
    period = Period(first=date(2050, 3, 7), last=date(2050, 4, 3))
    await world.says(person.accepted(COMMITTED + 100, 0, kind=STATEMENT, period=period))
    assert (await world.purse(person))["paid"] == 0
    assert (await world.purse(person, date(2050, 4, 1)))["accounted_for"] == 100
