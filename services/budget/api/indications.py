"""What may be asked about indicative budgets all together? What each was made from, and nobody's id."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter

from services.budget import store
from services.budget.models import Budget
from shared.auth import allowed
from shared.contracts.assessment import Needs
from shared.http import Cursor, Limit, Looking, Page, answers, page_of
from shared.runtime.messages import Caller
from shared.views import View

router = APIRouter(tags=["policies"], prefix="/v1")


class IndicationView(View):
    """Needs and what they came to, pence a week, by the policy of that day."""

    needs: Needs
    indicated_pence: int
    on: date
    policy: str

    @classmethod
    def of(cls, row: Budget) -> IndicationView:
        assert row.inputs is not None  # asked for so
        assert row.policy is not None
        return cls(
            needs=row.inputs.needs,
            indicated_pence=row.indicated_pence or 0,
            on=row.inputs.on,
            policy=row.policy.version,
        )


@router.get("/indications", **answers())
async def list_indications(
    who: Annotated[Caller, allowed("budget:write")], look: Looking, after: Cursor, limit: Limit = 50
) -> Page[IndicationView]:
    """The history that a new allocation policy is tried on."""
    async with look(who, "list_indications") as tx:
        rows = await store.indicated(tx, after, who, limit + 1)
    return page_of(rows, limit, lambda row: row.budget_id, IndicationView.of)
