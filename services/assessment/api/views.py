"""How does assessment show its rows?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.assessment.models import CarerAssessment, Plan, RouteChosen, SpeakerRole, WishDecided
from services.assessment.rules.achieving import Achieved
from services.assessment.rules.carers import CarerAnswers
from services.assessment.rules.early_support import Early
from services.assessment.rules.needs import CarerHelp
from services.assessment.rules.outcomes import OutcomeFinding
from services.assessment.rules.preferences import Answer, AskedBy, Characteristic, Ground, Task, Wish
from services.assessment.rules.routes import Offered
from services.assessment.rules.states import (
    AssessmentState,
    ChallengeState,
    CheckState,
    EarlyState,
    OrderedState,
    PlanState,
    RequestState,
    ReviewState,
)
from services.assessment.rules.words import WORDS
from shared.contracts.assessment import Matter
from shared.contracts.base import Line, PlanLine, Route, Support, ToBuy
from shared.explain import in_words
from shared.views import StepView, View, explain


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
    urgent: bool
    allocated_to: str | None


class PractitionerView(View):
    sub: str
    team: str
    most: int
    open_cases: int


class PractitionersView(View):
    items: list[PractitionerView]


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
    square: str | None
    impairment: bool
    wellbeing_impact: bool
    findings: list[OutcomeFinding]
    estimated_minutes: int
    carers: list[CarerHelp]
    reasons: str
    eligible: bool | None
    approved_by: str | None
    own_account: str
    assured_by: str | None
    advocate_needed: bool
    advocacy: list[Line]
    history: list[NoteView]


class WishView(View):
    """A wish about who comes, what was decided about it, and why in words."""

    preference_id: UUID
    line_id: UUID
    characteristic: Characteristic
    wanted: str
    task: Task
    ground: Ground
    asked_by: AskedBy
    answer: Answer
    because: str
    explanation: str
    decided_by: str
    decided_on: date

    @classmethod
    def explained(cls, one: WishDecided) -> WishView:
        wish = {name: getattr(one.wish, name) for name in Wish.__slots__}
        why = {"because": one.because.code, "explanation": in_words(one.because, WORDS), "answer": one.answer}
        decided = {"preference_id": one.preference_id, "decided_by": one.decided_by, "decided_on": one.decided_on}
        return cls(**wish, **why, **decided)


class SwitchView(View):
    line_id: UUID
    route: Route
    until: date
    because: str
    reasons: str


class RouteView(View):
    """A route as it is put to the person: what it means and what it asks, in words; `verified`: its source was read."""

    route: Route
    offered: bool
    means: str
    conditions: list[str]
    why_not: str | None
    source: str
    verified: bool

    @classmethod
    def explained(cls, one: Offered) -> RouteView:
        return cls(
            route=one.route,
            offered=one.offered,
            means=in_words(one.means, WORDS),
            conditions=[in_words(reason, WORDS) for reason in one.conditions],
            why_not=in_words(one.why_not, WORDS) if one.why_not else None,
            source=one.source,
            verified=one.verified,
        )


class RoutesView(View):
    """Every route there is, and what this person's plans chose."""

    person_id: UUID
    routes: list[RouteView]
    choices: list[RouteChosen]


class PlanView(View):
    """`short_pence` a week is what budget said is missing for this revision; 0 once it is enough. `yearly_pence` is what the
    final budget then comes to in a year: what an approver's limit is held against."""

    plan_id: UUID
    person_id: UUID
    assessment_id: UUID
    team: str
    state: PlanState
    revision: int
    author: str
    area: str
    square: str | None
    lines: list[PlanLine]
    weekly_pence: int
    starts_on: date
    budget_id: UUID | None
    short_pence: int
    yearly_pence: int
    agreed_by: str | None
    agreed_on: date | None
    supersedes_plan_id: UUID | None
    superseded_by: UUID | None
    wishes: list[WishView]
    choices: list[RouteChosen]
    switches: list[SwitchView]
    history: list[NoteView]

    @classmethod
    def shown(cls, plan: Plan) -> PlanView:
        fields = {name: getattr(plan, name) for name in cls.model_fields if name != "wishes"}
        return cls.model_validate({**fields, "wishes": [WishView.explained(one) for one in plan.wishes]})


class ReviewView(View):
    """`achieved`: how far each outcome of the assessment is achieved, as far as it was said."""

    review_id: UUID
    plan_id: UUID
    person_id: UUID
    state: ReviewState
    due_from: date
    due_by: date
    held_on: date | None
    held_by: str | None
    summary: str
    because: str | None
    achieved: tuple[Achieved, ...]


class WelfareCheckView(View):
    check_id: UUID
    person_id: UUID
    state: CheckState
    because: str
    by: date
    outcome: str | None
    made_by: str | None


class ChallengeView(View):
    challenge_id: UUID
    person_id: UUID
    state: ChallengeState
    matter: Matter
    matter_id: UUID
    what: str
    made_on: date
    answer_by: date
    noted_by: str
    upheld: bool | None
    answer: str
    answered_on: date | None
    answered_by: str | None


class UnmetNeedView(View):
    need_id: UUID
    person_id: UUID
    plan_id: UUID
    weekly_minutes: int
    because: str
    reasons: str
    noted_by: str
    noted_on: date


class EarlyOrderView(View):
    """What became of an order `on` which day, as marketplace said last."""

    order_id: UUID
    supplier_id: UUID
    state: OrderedState
    on: date


class EarlySupportView(View):
    """`last_day`: somebody is to say what comes next; until then it goes on. `to_buy` is what the market was asked for, and
    `orders` are what came of it; a null: nothing is bought here."""

    early_id: UUID
    person_id: UUID
    early: Early
    state: EarlyState
    starts_on: date
    until: date
    support: Support | None
    weekly_minutes: int
    reasons: str
    agreed_by: str
    outcome: str | None
    ended_on: date | None
    ended_by: str | None
    to_buy: ToBuy | None
    orders: list[EarlyOrderView]


class ChallengesView(View):
    person_id: UUID
    items: list[ChallengeView]


class UnmetNeedsView(View):
    person_id: UUID
    items: list[UnmetNeedView]


class EarlySupportsView(View):
    person_id: UUID
    items: list[EarlySupportView]


class CarerView(View):
    """`person_id` is the carer; `steps` say in words why they are eligible or not."""

    assessment_id: UUID
    person_id: UUID
    cares_for: UUID
    state: AssessmentState
    author: str
    answers: CarerAnswers
    eligible: bool
    determined_on: date
    approved_by: str | None
    steps: list[StepView]

    @classmethod
    def explained(cls, one: CarerAssessment) -> CarerView:
        decided = explain(one.assessment_id, "", one.steps, WORDS)
        fields = {name: getattr(one, name) for name in cls.model_fields if name != "steps"}
        return cls.model_validate({**fields, "steps": decided.steps})


class CarersView(View):
    person_id: UUID
    items: list[CarerView]
