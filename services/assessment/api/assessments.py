"""What may be asked about assessments?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.assessment import store
from services.assessment.actions import assessments as actions
from services.assessment.actions import carers
from services.assessment.api.views import AssessmentView, CarersView, CarerView
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


@router.post("/assessments/{assessment_id}/own-account", response_model=AssessmentView, **answers())
async def give_own_account(assessment_id: UUID, body: actions.GiveOwnAccount, who: Writer, ask: Asking) -> Response:
    """The person's own account: a supported self-assessment, to be assured before anything is determined."""
    return await ask(actions.give_own_account, who, body, target=assessment_id, show=AssessmentView.of)


@router.post("/assessments/{assessment_id}/assure", response_model=AssessmentView, **answers())
async def assure_own_account(assessment_id: UUID, body: actions.AssureOwnAccount, who: Writer, ask: Asking) -> Response:
    """Stand for the person's own account."""
    return await ask(actions.assure_own_account, who, body, target=assessment_id, show=AssessmentView.of)


@router.post("/assessments/{assessment_id}/involvement", response_model=AssessmentView, **answers())
async def note_involvement(assessment_id: UUID, body: actions.NoteInvolvement, who: Writer, ask: Asking) -> Response:
    """What difficulty the person has in being involved: whether an advocate must be arranged, and why."""
    return await ask(actions.note_involvement, who, body, target=assessment_id, show=AssessmentView.of)


@router.post("/people/{person_id}/carer-assessments", status_code=201, response_model=CarerView, **answers())
async def assess_carer(person_id: UUID, body: carers.AssessCarer, who: Writer, ask: Asking) -> Response:
    """A carer's own assessment, determined in its three parts."""
    return await ask(carers.assess_carer, who, body, target=person_id, show=CarerView.explained, status=201)


@router.post("/people/{person_id}/carer-assessments/approve", response_model=CarerView, **answers())
async def approve_carer_assessment(
    person_id: UUID, body: carers.ApproveCarerAssessment, who: Approver, ask: Asking
) -> Response:
    return await ask(carers.approve_carer_assessment, who, body, target=person_id, show=CarerView.explained)


@router.get("/people/{person_id}/carer-assessments", **answers())
async def list_carer_assessments(person_id: UUID, who: Reader, look: Looking) -> CarersView:
    async with look(who, "list_carer_assessments", person_id) as tx:
        found(await store.person(tx, person_id, who.team))
        rows = await store.carer_assessments_of(tx, person_id)
    return CarersView(person_id=person_id, items=[CarerView.explained(row) for row in rows])


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
