"""What may be asked about what stands around a plan: challenges, unmet needs, support before the assessment?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.assessment import store
from services.assessment.actions import challenges, early_support
from services.assessment.api.views import (
    ChallengesView,
    ChallengeView,
    EarlySupportsView,
    EarlySupportView,
    UnmetNeedsView,
    UnmetNeedView,
)
from shared.auth import allowed
from shared.http import Asking, Looking, answers, found
from shared.runtime.messages import Caller

router = APIRouter(tags=["around the plan"], prefix="/v1")

Reader = Annotated[Caller, allowed("assessment:read")]
Writer = Annotated[Caller, allowed("assessment:write")]
Approver = Annotated[Caller, allowed("assessment:approve")]


@router.post("/people/{person_id}/challenges", status_code=201, response_model=ChallengeView, **answers())
async def make_challenge(person_id: UUID, body: challenges.MakeChallenge, who: Writer, ask: Asking) -> Response:
    """The person does not accept a budget, a plan or a charge: an answer is owed by a day."""
    return await ask(challenges.make_challenge, who, body, target=person_id, show=ChallengeView.of, status=201)


@router.post("/people/{person_id}/challenges/answer", response_model=ChallengeView, **answers())
async def answer_challenge(person_id: UUID, body: challenges.AnswerChallenge, who: Approver, ask: Asking) -> Response:
    return await ask(challenges.answer_challenge, who, body, target=person_id, show=ChallengeView.of)


@router.get("/people/{person_id}/challenges", **answers())
async def list_challenges(person_id: UUID, who: Reader, look: Looking) -> ChallengesView:
    async with look(who, "list_challenges", person_id) as tx:
        found(await store.person(tx, person_id, who.team))
        rows = await store.challenges_of(tx, person_id)
    return ChallengesView(person_id=person_id, items=[ChallengeView.of(row) for row in rows])


@router.post("/plans/{plan_id}/unmet-needs", status_code=201, response_model=UnmetNeedView, **answers())
async def record_unmet_need(plan_id: UUID, body: challenges.RecordUnmetNeed, who: Writer, ask: Asking) -> Response:
    """An eligible need that nobody meets is kept as such."""
    return await ask(challenges.record_unmet_need, who, body, target=plan_id, show=UnmetNeedView.of, status=201)


@router.get("/people/{person_id}/unmet-needs", **answers())
async def list_unmet_needs(person_id: UUID, who: Reader, look: Looking) -> UnmetNeedsView:
    async with look(who, "list_unmet_needs", person_id) as tx:
        found(await store.person(tx, person_id, who.team))
        rows = await store.unmet_needs_of(tx, person_id)
    return UnmetNeedsView(person_id=person_id, items=[UnmetNeedView.of(row) for row in rows])


@router.post("/people/{person_id}/urgent-support", status_code=201, response_model=EarlySupportView, **answers())
async def agree_urgent_support(
    person_id: UUID, body: early_support.AgreeUrgentSupport, who: Writer, ask: Asking
) -> Response:
    """Support that cannot wait for the assessment, outside the budget, until a day."""
    action, shown = early_support.agree_urgent_support, EarlySupportView.of
    return await ask(action, who, body, target=person_id, show=shown, status=201)


@router.post("/people/{person_id}/reablement", status_code=201, response_model=EarlySupportView, **answers())
async def start_reablement(person_id: UUID, body: early_support.StartReablement, who: Writer, ask: Asking) -> Response:
    """Short-term support first, free and outside the budget, for at most six weeks."""
    action, shown = early_support.start_reablement, EarlySupportView.of
    return await ask(action, who, body, target=person_id, show=shown, status=201)


@router.post("/people/{person_id}/early-support/end", response_model=EarlySupportView, **answers())
async def end_early_support(person_id: UUID, body: early_support.EndEarlySupport, who: Writer, ask: Asking) -> Response:
    """Say that it is over and what comes next: it never ends by itself."""
    return await ask(early_support.end_early_support, who, body, target=person_id, show=EarlySupportView.of)


@router.get("/people/{person_id}/early-support", **answers())
async def list_early_support(person_id: UUID, who: Reader, look: Looking) -> EarlySupportsView:
    async with look(who, "list_early_support", person_id) as tx:
        found(await store.person(tx, person_id, who.team))
        rows = await store.early_support_of(tx, person_id)
    return EarlySupportsView(person_id=person_id, items=[EarlySupportView.of(row) for row in rows])
