"""What may be asked about assessments?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.assessment import store
from services.assessment.actions import assessments as actions
from services.assessment.api.views import AssessmentView
from services.assessment.rules.words import WORDS
from shared.auth import allowed
from shared.http import Asking, Looking, answers, etag, found
from shared.runtime.messages import Caller
from shared.views import Explanation, explain

router = APIRouter(tags=["assessments"], prefix="/v1")

Reader = Annotated[Caller, allowed("assessment:read")]
Writer = Annotated[Caller, allowed("assessment:write")]
Approver = Annotated[Caller, allowed("assessment:approve")]


@router.post("/requests/{request_id}/assessment", status_code=201, response_model=AssessmentView, **answers())
async def begin_assessment(request_id: UUID, body: actions.BeginAssessment, who: Writer, ask: Asking) -> Response:
    return await ask(actions.begin_assessment, who, body, target=request_id, show=AssessmentView.of, status=201)


@router.post("/assessments/{assessment_id}/amend", response_model=AssessmentView, **answers())
async def amend_assessment(assessment_id: UUID, body: actions.AmendAssessment, who: Writer, ask: Asking) -> Response:
    """Write down what was found: ten outcomes, grounds, hours, carers, reasons."""
    return await ask(actions.amend_assessment, who, body, target=assessment_id, show=AssessmentView.of)


@router.post("/assessments/{assessment_id}/submit", response_model=AssessmentView, **answers())
async def submit_assessment(assessment_id: UUID, body: actions.SubmitAssessment, who: Writer, ask: Asking) -> Response:
    """Make the determination: three parts, with reasons."""
    return await ask(actions.submit_assessment, who, body, target=assessment_id, show=AssessmentView.of)


@router.post("/assessments/{assessment_id}/return", response_model=AssessmentView, **answers())
async def return_assessment(
    assessment_id: UUID, body: actions.ReturnAssessment, who: Approver, ask: Asking
) -> Response:
    """Send it back with a note; the note stays in its history."""
    return await ask(actions.return_assessment, who, body, target=assessment_id, show=AssessmentView.of)


@router.post("/assessments/{assessment_id}/approve", response_model=AssessmentView, **answers())
async def approve_assessment(
    assessment_id: UUID, body: actions.ApproveAssessment, who: Approver, ask: Asking
) -> Response:
    """Approve the determination of somebody else."""
    return await ask(actions.approve_assessment, who, body, target=assessment_id, show=AssessmentView.of)


@router.get("/assessments/{assessment_id}", **answers())
async def read_assessment(assessment_id: UUID, who: Reader, look: Looking, response: Response) -> AssessmentView:
    async with look(who, "read_assessment", assessment_id) as tx:
        assessment = found(await store.assessment(tx, assessment_id, who.team))
    etag(response, assessment)
    return AssessmentView.of(assessment)


@router.get("/assessments/{assessment_id}/explanation", **answers())
async def explain_determination(assessment_id: UUID, who: Reader, look: Looking) -> Explanation:
    """The determination, step by step."""
    async with look(who, "explain_determination", assessment_id) as tx:
        assessment = found(await store.assessment(tx, assessment_id, who.team))
    decided = {True: "eligible", False: "not eligible", None: "not determined"}[assessment.eligible]
    return explain(assessment_id, decided, assessment.steps, WORDS)
