"""What may be asked about policies? Which figures hold for the caller's council, and where they come from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from services.budget.api.published import PolicyRowView, PolicyView
from services.budget.policy import POLICIES
from services.budget.rules.policies import Policy
from shared.auth import allowed
from shared.http import Looking, Page, answers
from shared.runtime.messages import Caller

router = APIRouter(tags=["policies"], prefix="/v1")


@router.get("/policies", **answers())
async def list_policies(who: Annotated[Caller, allowed("budget:read")], look: Looking) -> Page[PolicyView]:
    """Every policy that ever held for the council, with all its rows; there are few, so the page is the only one."""
    async with look(who, "list_policies"):
        pass
    here = [policy for policy in POLICIES if not policy.councils or who.council in policy.councils]
    return Page(items=[_shown(policy, who.council) for policy in here])


def _shown(policy: Policy, council: str) -> PolicyView:
    return PolicyView(
        **dict(policy.ref),
        valid_from=policy.valid_from,
        valid_to=policy.valid_to,
        rows=[PolicyRowView.of(row) for row in policy.rows if row.council in (None, council)],
    )
