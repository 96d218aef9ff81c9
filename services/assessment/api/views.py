"""How does assessment show its rows?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.assessment.models import SpeakerRole
from services.assessment.rules.needs import CarerHelp
from services.assessment.rules.outcomes import OutcomeFinding
from services.assessment.rules.states import AssessmentState, CheckState, PlanState, RequestState, ReviewState
from shared.contracts.base import PlanLine
from shared.views import View


class SpeakerView(View):
    speaker_id: UUID
    person_id: UUID
    role: SpeakerRole
    name: str
    contact: str
    first: date
    last: date | None


class ConsentView(View):
    person_id: UUID
    client_id: str
    until: date | None
    withdrawn: bool


class PersonView(View):
    person_id: UUID
    team: str
    given_name: str
    family_name: str
    date_of_birth: date | None
    nhs_number: str | None
    address: str | None
    contact: str | None


class PersonWhole(PersonView):
    speakers: tuple[SpeakerView, ...] = ()
    consents: tuple[ConsentView, ...] = ()


class RequestView(View):
    request_id: UUID
    person_id: UUID
    team: str
    state: RequestState
    route_of_access: str
    presenting_need: str
    received_on: date


class NoteView(View):
    at: datetime
    by: str
    verb: str
    text: str


class AssessmentView(View):
    assessment_id: UUID
    person_id: UUID
    request_id: UUID
    team: str
    state: AssessmentState
    author: str
    area: str
    impairment: bool
    wellbeing_impact: bool
    findings: list[OutcomeFinding]
    estimated_minutes: int
    carers: list[CarerHelp]
    reasons: str
    eligible: bool | None
    approved_by: str | None
    history: list[NoteView]


class PlanView(View):
    """`short_pence` a week is what budget said is missing for this revision; 0 once it is enough."""

    plan_id: UUID
    person_id: UUID
    assessment_id: UUID
    team: str
    state: PlanState
    revision: int
    author: str
    area: str
    lines: list[PlanLine]
    weekly_pence: int
    starts_on: date
    budget_id: UUID | None
    short_pence: int
    agreed_by: str | None
    agreed_on: date | None
    history: list[NoteView]


class ReviewView(View):
    review_id: UUID
    plan_id: UUID
    person_id: UUID
    state: ReviewState
    due_from: date
    due_by: date
    held_on: date | None
    held_by: str | None
    summary: str


class WelfareCheckView(View):
    check_id: UUID
    person_id: UUID
    state: CheckState
    because: str
    by: date
    outcome: str | None
    made_by: str | None
