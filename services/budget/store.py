"""What does budget ask its database, besides plain fetches by key? The only place with SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.budget.models import (
    Budget,
    Claim,
    Commitment,
    DirectPayment,
    FinancialAssessment,
    Funding,
    Journal,
    PlanCheck,
    Position,
    Purse,
    UnitCost,
)
from shared.db import Tx
from shared.runtime.messages import Caller
from shared.runtime.reading import select, select_one

# Row-level security shows one council; a team narrows that to a practitioner's own, a supplier sees no budget at all.
_SEEN = "($1::text is null or t.team = $1) and $2::uuid is null"


async def budget(tx: Tx, budget_id: UUID, who: Caller) -> Budget | None:
    return await select_one(tx, Budget, f"{_SEEN} and t.budget_id = $3", who.team, who.supplier_id, budget_id)


async def budgets(
    tx: Tx, after: UUID, who: Caller, person_id: UUID | None, assessment_id: UUID | None, limit: int
) -> Sequence[Budget]:
    where = f"""{_SEEN} and t.budget_id > $3 and ($4::uuid is null or t.person_id = $4)
        and ($5::uuid is null or t.assessment_id = $5) order by t.budget_id limit $6"""
    return await select(tx, Budget, where, who.team, who.supplier_id, after, person_id, assessment_id, limit)


async def indicated(tx: Tx, after: UUID, who: Caller, limit: int) -> Sequence[Budget]:
    """Budgets for which a figure was indicated."""
    where = f"{_SEEN} and t.budget_id > $3 and t.indicated_pence is not null order by t.budget_id limit $4"
    return await select(tx, Budget, where, who.team, who.supplier_id, after, limit)


async def financial_assessments(tx: Tx, budget_id: UUID, after: UUID, limit: int) -> Sequence[FinancialAssessment]:
    """Of a budget. Who may see the budget's figures may see them."""
    where = "t.budget_id = $1 and t.financial_assessment_id > $2 order by t.financial_assessment_id limit $3"
    return await select(tx, FinancialAssessment, where, budget_id, after, limit)


async def direct_payments(tx: Tx, budget_id: UUID, after: UUID, limit: int) -> Sequence[DirectPayment]:
    where = "t.budget_id = $1 and t.decision_id > $2 order by t.decision_id limit $3"
    return await select(tx, DirectPayment, where, budget_id, after, limit)


async def plan_check(tx: Tx, plan_id: UUID, who: Caller) -> PlanCheck | None:
    return await select_one(tx, PlanCheck, f"{_SEEN} and t.plan_id = $3", who.team, who.supplier_id, plan_id)


# Of whom there was no plan yet; of a plan its budget is asked about.
_EARLY = f"t.basis <> 'plan' and t.agreed and {_SEEN}"


async def one_early_support(tx: Tx, early_id: UUID, who: Caller) -> Funding | None:
    return await select_one(tx, Funding, f"{_EARLY} and t.plan_id = $3", who.team, who.supplier_id, early_id)


async def early_support(tx: Tx, after: UUID, who: Caller, person_id: UUID | None, limit: int) -> Sequence[Funding]:
    where = f"{_EARLY} and t.plan_id > $3 and ($4::uuid is null or t.person_id = $4) order by t.plan_id limit $5"
    return await select(tx, Funding, where, who.team, who.supplier_id, after, person_id, limit)


async def purses_of(tx: Tx, budgets: Sequence[UUID]) -> Sequence[Purse]:
    return await select(tx, Purse, "t.budget_id = any($1::uuid[]) order by t.budget_id, t.year", budgets)


async def purses(tx: Tx, budget_id: UUID) -> Sequence[Purse]:
    return await select(tx, Purse, "t.budget_id = $1 order by t.year", budget_id)


async def commitments(tx: Tx, budget_id: UUID) -> Sequence[Commitment]:
    return await select(tx, Commitment, "t.budget_id = $1 order by t.order_id", budget_id)


async def positions(tx: Tx, budget_id: UUID) -> Sequence[Position]:
    return await select(tx, Position, "t.budget_id = $1 order by t.order_id, t.year", budget_id)


async def journals(tx: Tx, budget_id: UUID, after: tuple[date, int], limit: int) -> Sequence[Journal]:
    """In the order they were posted, year by year."""
    where = "t.budget_id = $1 and (t.year, t.number) > ($2::date, $3::bigint) order by t.year, t.number limit $4"
    return await select(tx, Journal, where, budget_id, *after, limit)


async def claims(tx: Tx, after: UUID, who: Caller, limit: int) -> Sequence[Claim]:
    """A supplier sees its own, a practitioner those of the team's people, finance all."""
    where = """t.claim_id > $1 and ($2::uuid is null or t.supplier_id = $2) and ($3::text is null or exists
        (select from budget b where b.budget_id = t.budget_id and b.council_id = t.council_id and b.team = $3) or exists
        (select from funding f where f.plan_id = t.budget_id and f.council_id = t.council_id and f.team = $3))
        order by t.claim_id limit $4"""
    return await select(tx, Claim, where, after, who.supplier_id, who.team, limit)


async def unit_costs(tx: Tx, after: UUID, year: str | None, support: str | None, limit: int) -> Sequence[UnitCost]:
    where = """t.unit_cost_id > $1 and ($2::text is null or t.year = $2) and ($3::text is null or t.support = $3)
        order by t.unit_cost_id limit $4"""
    return await select(tx, UnitCost, where, after, year, support, limit)
