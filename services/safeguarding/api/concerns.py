"""What may be asked about concerns?"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.safeguarding import store
from services.safeguarding.actions import concerns as actions
from services.safeguarding.api.views import ConcernView, ConcernWhole, CountsView, ReceiptView
from services.safeguarding.rules import states
from services.safeguarding.rules.enquiries import count
from shared.auth import allowed
from shared.clock import civil_date
from shared.fields import Day
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.refusals import Invalid, refuse_unless
from shared.runtime.messages import Caller

router = APIRouter(tags=["concerns"], prefix="/v1")

Reporter = Annotated[Caller, allowed("safeguarding:report")]
Reader = Annotated[Caller, allowed("safeguarding:read")]
Writer = Annotated[Caller, allowed("safeguarding:write")]
Window = Annotated[Day | None, Query()]
YEAR = timedelta(days=364)
Decider = Annotated[Caller, allowed("safeguarding:decide")]


@router.post("/concerns", status_code=201, response_model=ReceiptView, **answers())
async def raise_concern(body: actions.RaiseConcern, who: Reporter, ask: Asking) -> Response:
    """Report a concern in your own words. You get a receipt; what becomes of it is for safeguarding to see."""
    return await ask(actions.raise_concern, who, body, show=ReceiptView.of, status=201)


@router.get("/concerns", **answers())
async def list_concerns(
    who: Reader, look: Looking, after: Cursor, state: states.Concern | None = None, limit: Limit = 50
) -> Page[ConcernView]:
    async with look(who, "list_concerns") as tx:
        rows = await store.concerns(tx, after, state, limit + 1)
    return page_of(rows, limit, lambda row: row.concern_id, ConcernView.explained)


@router.get("/concerns/{concern_id}", **answers())
async def read_concern(concern_id: UUID, who: Reader, look: Looking, response: Response) -> ConcernWhole:
    async with look(who, "read_concern", concern_id) as tx:
        concern = found(await store.concern(tx, concern_id))
    etag(response, concern)
    return ConcernWhole.explained(concern)


@router.post("/concerns/{concern_id}/decide", response_model=ConcernView, **answers())
async def decide_concern(concern_id: UUID, body: actions.DecideConcern, who: Decider, ask: Asking) -> Response:
    """Record the three-part decision of Care Act 2014 s.42(1) about somebody else's report."""
    return await ask(actions.decide_concern, who, body, target=concern_id, show=ConcernView.explained)


@router.post("/concerns/{concern_id}/conclude", response_model=ConcernView, **answers())
async def conclude_enquiry(concern_id: UUID, body: actions.ConcludeEnquiry, who: Writer, ask: Asking) -> Response:
    """Record how the enquiry ended: the risk, what the adult wanted and got, and who stood by them."""
    return await ask(actions.conclude_enquiry, who, body, target=concern_id, show=ConcernView.explained)


@router.get("/enquiry-counts", **answers())
async def count_enquiries(who: Reader, look: Looking, first: Window = None, last: Window = None) -> CountsView:
    """Enquiries concluded from `first` to `last`, usually the past year: each category in its row, everybody once."""
    async with look(who, "count_enquiries") as tx:
        end = last or civil_date(tx.now)
        begin = first or end - YEAR
        refuse_unless(begin <= end, Invalid("Days in order.", errors=[{"field": "last", "rule": "window"}]))
        concluded = await store.concluded(tx, begin, end)
    return CountsView.of_counts(count(concluded))


@router.post("/concerns/{concern_id}/close", response_model=ConcernView, **answers())
async def close_concern(concern_id: UUID, body: actions.CloseConcern, who: Writer, ask: Asking) -> Response:
    return await ask(actions.close_concern, who, body, target=concern_id, show=ConcernView.explained)
