"""A claim that was accepted turns out too high: what was paid beyond it is owed back, once for each of its revisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from shared.contracts.base import ClaimKind, Period, Route
from shared.contracts.marketplace import ClaimAccepted, ClaimLowered
from tests.integration.budget.journey import COMMITTED, COSTS, STARTS, Person, World, sweep
from tests.integration.budget.test_direct_payments import decided
from tests.integration.budget.test_employing import employs, placed
from tests.integration.budget.test_paid_ahead import FIRST, FOUR_WEEKS, PAYROLL, STATEMENT, begun, money
from tests.integration.budget.test_switching import TWO_WEEKS, switched

WEEK = Period(first=STARTS, last=TWO_WEEKS.first)


def lowered(claim: ClaimAccepted, pence: int, revision: int = 2, before: int | None = None) -> ClaimLowered:
    of_claim = ("claim_id", "order_id", "budget_id", "person_id", "supplier_id", "period", "kind", "employing")
    return ClaimLowered(
        **{name: getattr(claim, name) for name in of_claim},
        revision=revision,
        pence=pence,
        before_pence=claim.pence if before is None else before,
        asked_by_council=True,
        because="visit_not_made",
    )


async def paid(world: World, kind: ClaimKind = ClaimKind.INVOICE, pence: int = COSTS) -> tuple[Person, ClaimAccepted]:
    """A week's visits, claimed and paid."""
    person = await world.funded(Person())
    claim = person.accepted(pence, pence, kind=kind)
    await world.says(person.ordered(), person.visited(pence), claim)
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    return person, claim


async def claim_of(world: World, claim_id: UUID) -> dict[str, Any]:
    every = (await world.budget.as_("finance").read("/v1/claims"))["items"]
    return next(one for one in every if one["claim_id"] == str(claim_id))


@pytest.mark.parametrize("kind", [ClaimKind.INVOICE, ClaimKind.INTERNAL_RECHARGE])
async def test_hackney_b2_a_paid_claim_that_is_lowered_is_owed_back_by_revision_and_comes_back_once(
    world: World, kind: ClaimKind
) -> None:
    """PEERS (b2): refunds by version; For().CreateInvoice().Pay().UpdateDetail().CreateRefund(). Never more than was paid."""
    person, claim = await paid(world, kind)
    await world.says(lowered(claim, COSTS - 5000))
    kind_said, fact = await world.last()
    assert (kind_said, fact["pence"], fact["revision"]) == ("budget.refund_owed.v1", 5000, 2)
    purse = await world.purse(person)
    assert (purse["paid"], purse["owed_back"], purse["returned"]) == (COSTS - 5000, 5000, 0)

    await world.says(lowered(claim, COSTS - 7000, 3, COSTS - 5000))
    assert (await world.last())[1]["pence"] == 2000
    shown = await claim_of(world, claim.claim_id)
    assert (shown["pence"], shown["revision"], shown["owed_back_pence"]) == (COSTS - 7000, 3, 7000)
    await world.says(lowered(claim, 0, 3, COSTS))  # the same revision, however often it is heard
    assert (await claim_of(world, claim.claim_id))["pence"] == COSTS - 7000

    finance, where = world.budget.as_("finance"), f"/v1/claims/{claim.claim_id}/receive-refund"
    back = await finance.done(where)
    assert (back["owed_back_pence"], back["given_back_pence"]) == (0, 7000)
    purse = await world.purse(person)
    assert (purse["paid"], purse["owed_back"], purse["returned"]) == (COSTS - 7000, 0, 7000)
    kind_said, fact = await world.last()
    assert (kind_said, fact["pence"]) == ("budget.refund_received.v1", 7000)
    again = await finance.post(where)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/nothing-owed-back")


async def test_a_claim_lowered_before_it_is_paid_is_owed_so_much_less_and_the_rest_is_set_aside_again(
    world: World,
) -> None:
    person = await world.funded(Person())
    claim = person.accepted(COSTS, COSTS)
    await world.says(person.ordered(), person.visited(COSTS), claim, lowered(claim, COSTS - 5000))
    purse = await world.purse(person)
    assert (purse["delivered"], purse["committed"]) == (COSTS - 5000, COMMITTED - COSTS + 5000)
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    assert (await world.purse(person))["paid"] == COSTS - 5000
    assert "refund_owed" not in await world.kinds()


async def test_a_claim_lowered_before_its_plan_is_known_is_posted_as_it_stands_then(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person)
    claim = person.accepted(COSTS, COSTS)
    await world.says(person.ordered(), person.visited(COSTS), claim, lowered(claim, COSTS - 5000), person.agreed())
    assert (await world.purse(person))["delivered"] == COSTS - 5000


async def test_what_was_paid_beyond_the_budget_is_no_liability_any_more_once_it_came_back(world: World) -> None:
    """Delivered beyond what was set aside, disputed and paid all the same: what comes back settles that first."""
    person, claim = await paid(world, pence=COMMITTED + 9000)
    assert (await world.purse(person))["disputed"] == 9000
    await world.says(lowered(claim, COMMITTED - 1000))
    assert (await world.purse(person))["disputed"] == 9000
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/receive-refund")
    purse = await world.purse(person)
    assert (purse["disputed"], purse["returned"], purse["owed_back"]) == (0, 1000, 0)


async def test_an_account_of_a_payment_that_was_too_high_leaves_the_money_in_somebody_s_hands(world: World) -> None:
    """A fund's statement: nobody pays anything back for it, it is unaccounted for again, and surplus by its own rules."""
    person = await begun(world, Route.ISF)
    await sweep(world, FIRST)
    claim = person.accepted(COSTS, 0, kind=STATEMENT)
    await world.says(claim, lowered(claim, COSTS - 5000))
    kind, fact = await world.last()
    assert (kind, fact["pence"], fact["unaccounted_pence"]) == (
        "budget.spending_corrected.v1", 5000, FOUR_WEEKS - COSTS + 5000,
    )  # fmt: skip
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, FOUR_WEEKS - COSTS + 5000, COSTS - 5000, 0)
    refused = await world.budget.as_("finance").post(f"/v1/claims/{claim.claim_id}/receive-refund")
    assert refused.status_code == 409


async def test_a_statement_of_what_was_spent_ahead_of_its_payment_is_lowered_there_first(world: World) -> None:
    """An ISF's hours flex: what no payment has accounted for yet is simply not spent."""
    person = await begun(world, Route.ISF)
    await sweep(world, FIRST)
    claim = person.accepted(FOUR_WEEKS + 8000, 0, kind=STATEMENT)
    await world.says(claim, lowered(claim, FOUR_WEEKS - 2000))
    assert (await world.last())[1]["pence"] == 2000
    assert await money(world, person) == (COMMITTED - FOUR_WEEKS, 2000, FOUR_WEEKS - 2000, 0)


async def test_a_payroll_return_that_was_too_high_gives_back_what_employing_adds_with_the_wages(world: World) -> None:
    """In proportion, as it was accounted for (RULES §4.2)."""
    person = await employs(world)
    await decided(world, person)
    await world.says(placed(person), person.started())
    await sweep(world, FIRST)
    before = await money(world, person)
    whole, half = person.accepted(20_000, 0, kind=PAYROLL), person.accepted(20_000, 0, kind=PAYROLL)
    await world.says(half, lowered(half, 0))
    assert await money(world, person) == before
    await world.says(whole, lowered(whole, 10_000))
    _, fact = await world.last()
    committed, out, accounted, disputed = await money(world, person)
    assert (committed, disputed) == (before[0], 0)
    assert abs(accounted - fact["pence"]) <= 2
    assert out + accounted == before[1]


async def test_what_was_paid_for_days_that_the_council_managed_is_owed_back_too(world: World) -> None:
    """Paid on a claim of a direct payment's order, too ill (ADR 18): the claim itself accounts for it."""
    person = await begun(world, Route.DIRECT_PAYMENT)
    await decided(world, person)
    await sweep(world, FIRST)
    await world.says(switched(person))
    claim = person.accepted(2 * COSTS, 0, kind=ClaimKind.INVOICE, period=TWO_WEEKS)
    await world.says(claim)
    await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    await world.says(lowered(claim, 2 * COSTS - 5000))
    purse = await world.purse(person)
    assert (purse["accounted_for"], purse["owed_back"], purse["paid"]) == (2 * COSTS - 5000, 5000, FOUR_WEEKS)


async def test_who_sees_no_budget_notes_nothing_that_came_back(world: World) -> None:
    _, claim = await paid(world)
    await world.says(lowered(claim, 0))
    where = f"/v1/claims/{claim.claim_id}/receive-refund"
    assert (await world.budget.as_("practitioner").post(where)).status_code == 403
    assert (await world.budget.as_("finance", team="another").post(where)).status_code == 404
    assert (await world.budget.as_("finance", council="E99999998").post(where)).status_code == 404
