"""What may be asked about budgets?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.budget import store
from services.budget.actions import budgets as actions
from services.budget.api.reruns import rerun as run_again
from services.budget.api.views import (
    BudgetExplanation,
    BudgetView,
    JournalView,
    LedgerView,
    decided,
    in_steps,
    shown_books,
)
from services.budget.models import Journal
from shared.auth import allowed
from shared.db import Tx
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.runtime.messages import Caller

router = APIRouter(tags=["budgets"], prefix="/v1")

Reader = Annotated[Caller, allowed("budget:read")]
Writer = Annotated[Caller, allowed("budget:write")]


@router.get("/budgets", **answers())
async def list_budgets(
    who: Reader,
    look: Looking,
    after: Cursor,
    person_id: UUID | None = None,
    assessment_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[BudgetView]:
    """All, or those of one person or assessment."""
    async with look(who, "list_budgets", person_id or assessment_id) as tx:
        rows = await store.budgets(tx, after, who, person_id, assessment_id, limit + 1)
    return page_of(rows, limit, lambda row: row.budget_id, BudgetView.of)


@router.get("/budgets/{budget_id}", **answers())
async def read_budget(budget_id: UUID, who: Reader, look: Looking, response: Response) -> BudgetView:
    async with look(who, "read_budget", budget_id) as tx:
        budget = found(await store.budget(tx, budget_id, who))
    etag(response, budget)
    return BudgetView.of(budget)


@router.get("/budgets/{budget_id}/explanation", **answers())
async def explain_budget(
    budget_id: UUID,
    who: Reader,
    look: Looking,
    rerun: Annotated[bool, Query()] = False,
    assessment_id: UUID | None = None,
) -> BudgetExplanation:
    """How it was indicated and made final, step by step. `rerun=true` decides again from the stored snapshots. Where the
    person was assessed anew, `assessment_id` asks how it was indicated for an earlier assessment."""
    async with look(who, "explain_budget", budget_id) as tx:
        budget = found(await store.budget(tx, budget_id, who))
    if assessment_id is not None:
        budget = found(budget.as_it_was(assessment_id))
    again = run_again(budget) if rerun else None
    return BudgetExplanation(
        id=budget_id,
        decided=decided(budget),
        steps=in_steps((*budget.steps, *budget.final_steps)),
        policy=budget.policy,
        decided_by=budget.decided_by,
        reason=budget.reason,
        same=None if again is None else all(each.same_pence and each.same_lines for each in again),
        rerun=again,
    )


@router.get("/budgets/{budget_id}/ledger", **answers())
async def read_ledger(budget_id: UUID, who: Reader, look: Looking, after: Cursor, limit: Limit = 100) -> LedgerView:
    """Where the money is: balances of each year, each order's part, and every journal in order."""
    async with look(who, "read_ledger", budget_id) as tx:
        found(await store.budget(tx, budget_id, who))
        return await ledger_of(tx, budget_id, after, limit)


async def ledger_of(tx: Tx, budget_id: UUID, after: UUID, limit: int) -> LedgerView:
    """The books of a budget, or of a purse outside it. Who may see that may see them."""
    books = shown_books(
        await store.purses(tx, budget_id),
        await store.commitments(tx, budget_id),
        await store.positions(tx, budget_id),
    )
    journals = await store.journals(tx, budget_id, _place_of(after), limit + 1)
    page = page_of(journals, limit, _cursor_of, JournalView.of)
    return LedgerView(budget_id=budget_id, **books, journals=page.items, next_cursor=page.next_cursor)


@router.post("/budgets/{budget_id}/contribution", response_model=BudgetView, **answers())
async def enter_contribution(budget_id: UUID, body: actions.EnterContribution, who: Writer, ask: Asking) -> Response:
    """Enter what the person pays a week; it counts from the next final figure."""
    return await ask(actions.enter_contribution, who, body, target=budget_id, show=BudgetView.of)


@router.post("/budgets/{budget_id}/finalise", response_model=BudgetView, **answers())
async def finalise_budget(budget_id: UUID, body: actions.FinaliseBudget, who: Writer, ask: Asking) -> Response:
    """Make a figure final for a plan. With a reason wherever it is not the indicated one; refused while it is short."""
    return await ask(actions.finalise_budget, who, body, target=budget_id, show=BudgetView.of)


_NUMBERS = 2**64


def _cursor_of(journal: Journal) -> UUID:
    """Journals have no id of their own: a year and a number make one."""
    return UUID(int=journal.year.toordinal() * _NUMBERS + journal.number)


def _place_of(cursor: UUID) -> tuple[date, int]:
    """Any cursor is a place, also one nobody gave out."""
    year = min(max(cursor.int // _NUMBERS, 1), date.max.toordinal())
    return date.fromordinal(year), min(cursor.int % _NUMBERS, 2**63 - 1)
