"""What may be asked about frameworks, and about what was called off them?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import frameworks as actions
from services.marketplace.api.callers import Commissioner, Reader, sight_of
from services.marketplace.api.views import ReasonView, reason
from services.marketplace.models import Award
from services.marketplace.rules.frameworks import Considered, Ranking
from services.marketplace.rules.words import WORDS
from shared.contracts.base import Support
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.refusals import NotFound, refuse_unless
from shared.views import StepView, View, explain

router = APIRouter(tags=["frameworks"], prefix="/v1")


class FrameworkView(View):
    framework_id: UUID
    support: Support
    suppliers: list[UUID]
    ranking: Ranking
    first: date
    last: date
    obliged: bool


class ConsideredView(View):
    """A supplier of the framework as it stood: points, or every reason why it could not be called off."""

    listing_id: UUID
    supplier_id: UUID
    hourly_pence: int
    room_minutes: int
    score: int
    reasons: list[ReasonView]

    @classmethod
    def of(cls, row: Considered) -> ConsideredView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name != "reasons"}
        return cls(**fields, reasons=[reason(each) for each in row.excluded])


class AwardView(View):
    """Who was called off for a requirement (nobody, where `listing_id` is null), with each point's reason; and who else
    was considered, best first."""

    requirement_id: UUID
    framework_id: UUID
    listing_id: UUID | None
    order_id: UUID | None
    offer_id: UUID | None
    steps: list[StepView]
    considered: list[ConsideredView]

    @classmethod
    def of(cls, row: Award) -> AwardView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name not in ("steps", "considered")}
        lines = [step.as_line() for step in row.steps]
        steps = explain(row.requirement_id, "award", lines, WORDS).steps
        return cls(**fields, steps=steps, considered=[ConsideredView.of(each) for each in row.considered])


@router.post("/frameworks", status_code=201, response_model=FrameworkView, **answers())
async def set_up_framework(body: actions.SetUpFramework, who: Commissioner, ask: Asking) -> Response:
    """From its first day on, requirements for its support are called off it without a broker."""
    return await ask(actions.set_up_framework, who, body, show=FrameworkView.of, status=201)


@router.get("/frameworks", **answers())
async def list_frameworks(
    who: Reader, look: Looking, after: Cursor, support: Support | None = None, limit: Limit = 50
) -> Page[FrameworkView]:
    """Suppliers do not see whom else they stand beside."""
    refuse_unless(sight_of(who).supplier_id is None, NotFound())
    async with look(who, "list_frameworks") as tx:
        rows = await store.frameworks(tx, after, support, limit + 1)
    return page_of(rows, limit, lambda row: row.framework_id, FrameworkView.of)


@router.get("/frameworks/{framework_id}", **answers())
async def read_framework(framework_id: UUID, who: Reader, look: Looking, response: Response) -> FrameworkView:
    refuse_unless(sight_of(who).supplier_id is None, NotFound())
    async with look(who, "read_framework", framework_id) as tx:
        framework = found(await store.framework(tx, framework_id))
    etag(response, framework)
    return FrameworkView.of(framework)


@router.get("/requirements/{requirement_id}/award", **answers())
async def read_award(requirement_id: UUID, who: Reader, look: Looking) -> AwardView:
    """Whom a framework in force led to, and why; 404 where none was."""
    sight = sight_of(who)
    refuse_unless(sight.supplier_id is None, NotFound())
    async with look(who, "read_award", requirement_id) as tx:
        found(await store.requirement(tx, sight, requirement_id))
        award = found(await store.award(tx, requirement_id))
    return AwardView.of(award)
