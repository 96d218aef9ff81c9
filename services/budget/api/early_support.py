"""What may be asked about the money of urgent support and reablement, which is in no personal budget?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.budget import store
from services.budget.api.budgets import ledger_of
from services.budget.api.views import LedgerView, PurseView
from services.budget.models import Funding, Purse
from shared.auth import allowed
from shared.contracts.base import Basis
from shared.http import Cursor, Limit, Looking, Page, answers, found, page_of
from shared.runtime.messages import Caller
from shared.views import View

router = APIRouter(tags=["early support"], prefix="/v1")

Reader = Annotated[Caller, allowed("budget:read")]


class EarlyPurseView(View):
    """The council's own purse for urgent support or reablement: it has what its orders cost, the person pays nothing, and no
    personal budget counts it. `until` is the last day that was decided; balances are in pence, by financial year."""

    early_id: UUID
    person_id: UUID
    team: str
    basis: Basis
    starts_on: date | None
    until: date | None
    purses: list[PurseView]

    @classmethod
    def with_purses(cls, one: Funding, purses: Sequence[Purse]) -> EarlyPurseView:
        own = [PurseView.of(purse) for purse in purses if purse.budget_id == one.budget_id]
        named = ("person_id", "team", "basis", "starts_on", "until")
        return cls(early_id=one.plan_id, purses=own, **{name: getattr(one, name) for name in named})


@router.get("/early-support", **answers())
async def list_early_support(
    who: Reader, look: Looking, after: Cursor, person_id: UUID | None = None, limit: Limit = 50
) -> Page[EarlyPurseView]:
    """What is bought before there is a plan, of everybody or of one person."""
    async with look(who, "list_early_support", person_id) as tx:
        rows = await store.early_support(tx, after, who, person_id, limit + 1)
        purses = await store.purses_of(tx, [row.budget_id for row in rows])
    return page_of(rows, limit, lambda row: row.plan_id, lambda row: EarlyPurseView.with_purses(row, purses))


@router.get("/early-support/{early_id}/ledger", **answers())
async def read_early_ledger(
    early_id: UUID, who: Reader, look: Looking, after: Cursor, limit: Limit = 100
) -> LedgerView:
    """Where the money is, as of a personal budget: balances, each order's part, and every journal in order."""
    async with look(who, "read_early_ledger", early_id) as tx:
        found(await store.one_early_support(tx, early_id, who))
        return await ledger_of(tx, early_id, after, limit)
