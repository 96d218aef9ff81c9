"""What may be asked when a PA cannot come?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import covers as actions
from services.marketplace.api.callers import AbsenceReporter, Reader, Requester, sight_of
from services.marketplace.models import Cover
from services.marketplace.rules.states import CoverState
from services.marketplace.rules.words import WORDS
from shared.contracts.supply import CoverStep
from shared.http import Asking, Looking, Page, answers, etag, found
from shared.views import StepView, View, explain

router = APIRouter(tags=["covers"], prefix="/v1")


class TriedView(View):
    """A step: how many stood there, how many of them could come, and the best with pence an hour."""

    step: CoverStep
    at: datetime
    considered: int
    possible: int
    listing_id: UUID | None
    hourly_pence: int | None


class CoverView(View):
    """Somebody else for these days: by which step, at what price an hour, and what was tried before it. They come on an order
    of their own, `covering_order_id`."""

    cover_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    first: date
    last: date
    weekly_minutes: int
    is_lapse: bool
    asked_at: datetime
    state: CoverState
    tried: list[TriedView]
    steps: list[StepView]
    step: CoverStep | None
    listing_id: UUID | None
    covered_by: UUID | None
    hourly_pence: int | None
    arranged_at: datetime | None
    covering_order_id: UUID | None

    @classmethod
    def of(cls, row: Cover) -> CoverView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name not in ("steps", "tried")}
        steps = explain(row.cover_id, "cover", [step.as_line() for step in row.steps], WORDS).steps
        return cls(**fields, steps=steps, tried=[TriedView.of(each) for each in row.tried])


@router.post("/orders/{order_id}/absences", status_code=201, response_model=CoverView, **answers())
async def report_absence(order_id: UUID, body: actions.ReportAbsence, who: AbsenceReporter, ask: Asking) -> Response:
    """The PA cannot come: somebody else is looked for at once."""
    return await ask(actions.report_absence, who, body, target=order_id, show=CoverView.of, status=201)


@router.get("/orders/{order_id}/covers", **answers())
async def list_covers(order_id: UUID, who: Reader, look: Looking) -> Page[CoverView]:
    """All of an order; whoever covers sees theirs."""
    sight = sight_of(who)
    async with look(who, "list_covers", order_id) as tx:
        rows = await store.covers(tx, sight, order_id)
        if not rows:
            found(await store.order(tx, sight, order_id))
    return Page(items=[CoverView.of(row) for row in rows])


@router.get("/covers/{cover_id}", **answers())
async def read_cover(cover_id: UUID, who: Reader, look: Looking, response: Response) -> CoverView:
    async with look(who, "read_cover", cover_id) as tx:
        cover = found(await store.cover(tx, sight_of(who), cover_id))
    etag(response, cover)
    return CoverView.of(cover)


@router.post("/covers/{cover_id}/look-again", response_model=CoverView, **answers())
async def look_again(cover_id: UUID, body: actions.LookAgain, who: Requester, ask: Asking) -> Response:
    """Where nobody was found."""
    return await ask(actions.look_again, who, body, target=cover_id, show=CoverView.of)


@router.post("/covers/{cover_id}/come-back", response_model=CoverView, **answers())
async def come_back(cover_id: UUID, body: actions.ComeBack, who: AbsenceReporter, ask: Asking) -> Response:
    """The PA is back sooner than was said: after this day nobody else comes."""
    return await ask(actions.come_back, who, body, target=cover_id, show=CoverView.of)
