"""What may be asked about a service that may close? By commissioners alone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import closures as actions
from services.marketplace.api.callers import Commissioner
from shared.contracts.supply import ClosureStage
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.views import View

router = APIRouter(tags=["closures"], prefix="/v1")


class ConsultedView(View):
    party: str
    answer: str | None
    answered_on: date | None


class ReplacementView(View):
    """Where an order could go and at what cost a week in pence; neither where nobody has room."""

    order_id: UUID
    person_id: UUID
    listing_id: UUID | None
    weekly_pence: int | None


class ImpactView(View):
    """Pence a week: of all orders there; of those that have somewhere to go, there and elsewhere."""

    people: int
    unplaced: int
    now_pence: int
    replaced_pence: int
    replacing_pence: int
    replacements: list[ReplacementView]


class AffectedView(View):
    """Unpaid carers are people; journeys, meals and hours are a week; posts are people employed there."""

    carers: int
    journeys_a_week: int
    meals_a_week: int
    posts: int
    post_hours_a_week: int


class WithoutReviewView(View):
    """Who closes it though somebody there was not reviewed since that was decided, when and why."""

    by: str
    on: date
    reason: str


class ClosureView(View):
    """`affected` is what the proposal says goes with the service besides orders; `impact` is as it was computed when
    this stage was reached."""

    closure_id: UUID
    supplier_id: UUID
    stage: ClosureStage
    closes_on: date
    reason: str
    proposed_by: str
    affected: AffectedView
    impact: ImpactView
    consulted: list[ConsultedView]
    decided_by: str | None
    decided_because: str | None
    decided_on: date | None
    without_review: WithoutReviewView | None
    to_be_reviewed: list[UUID] | None = None
    """Who is there and was not reviewed since it was decided; said where one closure is read."""


@router.post("/suppliers/{supplier_id}/closures", status_code=201, response_model=ClosureView, **answers())
async def propose_closure(supplier_id: UUID, body: actions.ProposeClosure, who: Commissioner, ask: Asking) -> Response:
    """Whom would it reach, who has room for them, and what would that cost?"""
    return await ask(actions.propose_closure, who, body, target=supplier_id, show=ClosureView.of, status=201)


@router.get("/closures", **answers())
async def list_closures(
    who: Commissioner, look: Looking, after: Cursor, supplier_id: UUID | None = None, limit: Limit = 50
) -> Page[ClosureView]:
    async with look(who, "list_closures") as tx:
        rows = await store.closures(tx, after, supplier_id, limit + 1)
    return page_of(rows, limit, lambda row: row.closure_id, ClosureView.of)


@router.get("/closures/{closure_id}", **answers())
async def read_closure(closure_id: UUID, who: Commissioner, look: Looking, response: Response) -> ClosureView:
    async with look(who, "read_closure", closure_id) as tx:
        closure = found(await store.closure(tx, closure_id))
        left = await store.to_be_reviewed(tx, closure)
    etag(response, closure)
    return ClosureView.of(closure).model_copy(update={"to_be_reviewed": left})


@router.post("/closures/{closure_id}/consult", response_model=ClosureView, **answers())
async def consult_parties(closure_id: UUID, body: actions.ConsultParties, who: Commissioner, ask: Asking) -> Response:
    """Name who is asked."""
    return await ask(actions.consult_parties, who, body, target=closure_id, show=ClosureView.of)


@router.post("/closures/{closure_id}/answers", response_model=ClosureView, **answers())
async def note_answer(closure_id: UUID, body: actions.NoteAnswer, who: Commissioner, ask: Asking) -> Response:
    """What a party said, in its words."""
    return await ask(actions.note_answer, who, body, target=closure_id, show=ClosureView.of)


@router.post("/closures/{closure_id}/decide", response_model=ClosureView, **answers())
async def decide_closure(closure_id: UUID, body: actions.DecideClosure, who: Commissioner, ask: Asking) -> Response:
    """Once everybody consulted was heard, by somebody else than who proposed it: it takes nobody new."""
    return await ask(actions.decide_closure, who, body, target=closure_id, show=ClosureView.of)


@router.post("/closures/{closure_id}/close", response_model=ClosureView, **answers())
async def close_service(closure_id: UUID, body: actions.CloseService, who: Commissioner, ask: Asking) -> Response:
    """It is being closed. Orders that run go on until somebody ends them."""
    return await ask(actions.close_service, who, body, target=closure_id, show=ClosureView.of)


@router.post("/closures/{closure_id}/drop", response_model=ClosureView, **answers())
async def drop_closure(closure_id: UUID, body: actions.DropClosure, who: Commissioner, ask: Asking) -> Response:
    """It does not close after all."""
    return await ask(actions.drop_closure, who, body, target=closure_id, show=ClosureView.of)
