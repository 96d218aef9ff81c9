"""An accepted claim is owed, paid once, and by somebody else than who set the budget."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from shared.contracts.base import Period
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.budget.journey import COMMITTED, Person, World


async def test_who_made_the_budget_final_does_not_pay_out_of_it(world: World) -> None:
    person = await world.funded(Person())
    claim = person.accepted(2469, 2469)
    await world.says(person.ordered(), person.visited(), claim)
    where = f"/v1/claims/{claim.claim_id}/pay"
    refused = await world.budget.as_("finance", sub="budget_officer").post(where)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-work")
    assert (await world.budget.as_("finance").done(where))["state"] == "paid"


async def test_a_claim_is_paid_once(world: World) -> None:
    person = await world.funded(Person())
    claim = person.accepted(2469, 2469)
    await world.says(person.ordered(), person.visited(), person.visited(), claim)
    where, finance = f"/v1/claims/{claim.claim_id}/pay", world.budget.as_("finance")
    first = await finance.post(where, key="the same request")
    again = await finance.post(where, key="the same request")
    assert (first.status_code, again.json()) == (200, first.json())
    refused = await finance.post(where)
    assert (refused.status_code, refused.json()["state"]) == (409, "paid")
    assert (await world.purse(person))["paid"] == 2469


async def test_a_claim_over_the_year_s_end_is_paid_out_of_both_years(world: World) -> None:
    person = await world.funded(Person())
    period = Period(first=date(2050, 3, 28), last=date(2050, 4, 3))
    claim = person.accepted(7000, 8000, period=period)
    april = person.visited(5000).model_copy(update={"started_at": "2050-04-01T09:00:00Z"})
    await world.says(person.ordered(), person.visited(3000), person.visited(5000).model_validate(dict(april)), claim)
    old, new = await world.purse(person), await world.purse(person, date(2050, 4, 1))
    assert (old["delivered"], new["delivered"], new["disputed"]) == (3000, 4000, 4000)
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    old, new = await world.purse(person), await world.purse(person, date(2050, 4, 1))
    assert (old["paid"], new["paid"], old["committed"]) == (3000, 4000, COMMITTED - 3000)


async def test_claims_are_listed_for_finance_and_to_a_supplier_only_its_own(world: World) -> None:
    person, other = await world.funded(Person()), await world.funded(Person())
    for each in (person, other):
        await world.says(each.ordered(), each.visited(), each.accepted(2469, 2469))
    budget = world.budget
    assert len((await budget.as_("finance").read("/v1/claims"))["items"]) == 2
    own = await budget.as_("finance", supplier_id=person.supplier_id).read("/v1/claims")
    assert [each["supplier_id"] for each in own["items"]] == [str(person.supplier_id)]
    assert (await budget.as_("finance", team="south").read("/v1/claims"))["items"] == []
    assert (await budget.as_("finance", council=OTHER_COUNCIL).read("/v1/claims"))["items"] == []


async def test_another_council_s_claim_is_not_found_and_a_practitioner_may_not_pay(world: World) -> None:
    person = await world.funded(Person())
    claim = person.accepted(2469, 2469)
    await world.says(person.ordered(), person.visited(), claim)
    where = f"/v1/claims/{claim.claim_id}/pay"
    assert (await world.budget.as_("finance", council=OTHER_COUNCIL).post(where)).status_code == 404
    assert (await world.budget.as_("finance", team="south").post(where)).status_code == 404
    assert (await world.budget.as_("practitioner").post(where)).status_code == 403
    assert (await world.budget.as_("finance").post(f"/v1/claims/{uuid4()}/pay")).status_code == 404
