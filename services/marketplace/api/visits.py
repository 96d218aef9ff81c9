"""What may be asked about visits?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.marketplace import store
from services.marketplace.actions import uploads
from services.marketplace.actions import visits as actions
from services.marketplace.api.callers import Reader, VisitWriter, sight_of
from services.marketplace.api.files import TAKES_A_FILE, File
from services.marketplace.api.views import ContinuityView, PlannedView, UnmatchedView, UploadView, VisitsView, VisitView
from services.marketplace.rules.continuity import continuity
from services.marketplace.rules.visits import planned_visits, unrecorded
from shared.clock import civil_date, start_of
from shared.fields import Day
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, found, page_of
from shared.refusals import Invalid, refuse_unless

router = APIRouter(tags=["visits"], prefix="/v1")

USUAL_DAYS, MOST_DAYS = 28, 92
Window = Annotated[Day | None, Query(description="a London day; four weeks up to today where nothing is said")]


@router.post("/orders/{order_id}/visits", status_code=201, response_model=VisitView, **answers())
async def record_visit(order_id: UUID, body: actions.RecordVisit, who: VisitWriter, ask: Asking) -> Response:
    """Say what became of a planned visit. The same again changes nothing."""
    return await ask(actions.record_visit, who, body, target=order_id, show=VisitView.of, status=201)


@router.get("/orders/{order_id}/visits", **answers())
async def list_visits(
    order_id: UUID, who: Reader, look: Looking, first: Window = None, last: Window = None
) -> VisitsView:
    """An order's visits, and the planned ones of which nothing was said so far."""
    async with look(who, "list_visits", order_id) as tx:
        order = found(await store.order(tx, sight_of(who), order_id))
        begin, end = window(first, last, civil_date(tx.now))
        visits = await store.visits(tx, order_id, start_of(begin), start_of(end + timedelta(days=1)))
        planned = planned_visits(order.as_terms(), begin, end) if order.started_on else ()
        silent = unrecorded(planned, frozenset(visit.visit_id for visit in visits), tx.now)
    shown = [VisitView.of(visit) for visit in visits]
    missing = [PlannedView.of(visit) for visit in silent]
    return VisitsView(order_id=order_id, first=begin, last=end, items=shown, unrecorded=missing)


def window(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    end = last or (first + timedelta(days=USUAL_DAYS - 1) if first else today)
    begin = first or end - timedelta(days=USUAL_DAYS - 1)
    fits = timedelta() <= end - begin < timedelta(days=MOST_DAYS)
    refuse_unless(fits, Invalid("At most 92 days, in order.", errors=[{"field": "last", "rule": "window"}]))
    return begin, end


@router.get("/orders/{order_id}/continuity", **answers())
async def read_continuity(order_id: UUID, who: Reader, look: Looking) -> ContinuityView:
    """Do the same care workers come?"""
    async with look(who, "read_continuity", order_id) as tx:
        found(await store.order(tx, sight_of(who), order_id))
        figure = continuity(await store.visits_by_worker(tx, order_id))
    fields = {name: getattr(figure, name) for name in ContinuityView.model_fields if name != "order_id"}
    return ContinuityView(order_id=order_id, **fields)


@router.post("/visit-uploads", response_model=UploadView, openapi_extra=TAKES_A_FILE, **answers(415))
async def upload_visits(file: File, who: VisitWriter, ask: Asking) -> Response:
    """A file of visits: good rows are kept, the rest is reported row by row; the same file again changes nothing."""
    return await ask(uploads.upload_visits, who, uploads.UploadVisits(file=file), show=UploadView.report)


@router.get("/unmatched-visits", **answers())
async def list_unmatched_visits(who: Reader, look: Looking, after: Cursor, limit: Limit = 50) -> Page[UnmatchedView]:
    """Rows of files that belong to no planned visit, kept with the reason."""
    async with look(who, "list_unmatched_visits") as tx:
        rows = await store.unmatched_visits(tx, sight_of(who), after, limit + 1)
    return page_of(rows, limit, lambda row: row.unmatched_id, UnmatchedView.of)
