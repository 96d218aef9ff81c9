"""What does assessment remember? People, and all that is decided with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.assessment.rules.achieving import Achieved
from services.assessment.rules.advocacy import Involvement
from services.assessment.rules.carers import CarerAnswers
from services.assessment.rules.early_support import Early
from services.assessment.rules.needs import CarerHelp
from services.assessment.rules.outcomes import OutcomeFinding
from services.assessment.rules.preferences import Answer, Wish
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
from shared.contracts.assessment import Matter
from shared.contracts.base import Code, Line, PlanLine, Reason, Route, Support, ToBuy
from shared.fields import Text
from shared.runtime.rows import Row, table


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a history: who did what, when, and what they wrote."""

    at: datetime
    by: str
    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class WishDecided:
    """A wish about who comes and what was decided about it, by whom, on which day."""

    preference_id: UUID
    wish: Wish
    answer: Answer
    because: Reason
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class RouteChosen:
    """Which route was chosen for the plan, by whom, and why in their words."""

    route: Route
    chosen_by: Code
    reasons: Text


@dataclass(frozen=True, slots=True)
class Switch:
    """One line is deployed another way until a day (the last of it), then as the plan says."""

    line_id: UUID
    route: Route
    until: date
    because: Code
    reasons: str


class SpeakerRole(StrEnum):
    """In which capacity somebody speaks for a person."""

    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    ADVOCATE = "advocate"
    NOMINEE = "nominee"
    AUTHORISED_PERSON = "authorised_person"
    FAMILY = "family"


@table("person", key=("person_id",), indexes=(("team",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Row):
    """Identity and contact. Everybody else knows a person by `person_id` alone."""

    person_id: UUID
    team: str
    given_name: str
    family_name: str
    date_of_birth: date | None = None
    nhs_number: str | None = None
    address: str | None = None
    contact: str | None = None


@table("speaker", key=("speaker_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker(Row):
    """Somebody who speaks for a person, in a role, from a day until a day."""

    speaker_id: UUID
    person_id: UUID
    role: SpeakerRole
    name: str
    contact: str
    first: date
    last: date | None


@table("payment_decision", key=("person_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDecision(Row):
    """What was last decided about a direct payment to this person; why is budget's to say."""

    person_id: UUID
    decision_id: UUID
    agreed: bool
    decided_on: date

    @property
    def refused_on(self) -> date | None:
        return None if self.agreed else self.decided_on


@table("consent", key=("person_id", "client_id"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Row):
    """Whether a brokerage app may see this person, and until when."""

    person_id: UUID
    client_id: str
    consent_id: UUID
    until: date | None
    withdrawn: bool = False


@table("request", key=("request_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Row):
    request_id: UUID
    person_id: UUID
    team: str
    state: RequestState
    route_of_access: str
    presenting_need: str
    received_on: date
    urgent: bool = False
    allocated_to: str | None = None


@table("practitioner", key=("sub",), indexes=(("team",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner(Row):
    """Council staff, by the `sub` of their token, and their caseload; `most` 0 takes nothing on any more."""

    sub: str
    team: str
    most: int
    open_cases: int = 0


@table("assessment", key=("assessment_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Row):
    """An adult's assessment and its determination. `steps` are set when it is submitted."""

    assessment_id: UUID
    person_id: UUID
    request_id: UUID
    team: str
    state: AssessmentState
    author: str
    area: str
    impairment: bool = False
    wellbeing_impact: bool = False
    findings: tuple[OutcomeFinding, ...] = ()
    estimated_minutes: int = 0
    carers: tuple[CarerHelp, ...] = ()
    reasons: str = ""
    eligible: bool | None = None
    steps: tuple[Line, ...] = ()
    approved_by: str | None = None
    own_account: str = ""
    assured_by: str | None = None
    involvement: Involvement | None = None
    advocacy: tuple[Line, ...] = ()
    history: tuple[Note, ...] = ()
    square: str | None = None

    @property
    def advocate_needed(self) -> bool:
        """Whether the last look at the person's involvement found the duty."""
        return any(line.pence for line in self.advocacy)


@table("plan", key=("plan_id",), indexes=(("person_id",), ("supersedes_plan_id",)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Row):
    """A care and support plan. `short_pence` a week is what budget said is missing for this revision, `yearly_pence` what its
    final budget comes to, once there is one. One that supersedes another counts its revisions on from there: of one budget no
    two plans have the same."""

    plan_id: UUID
    person_id: UUID
    assessment_id: UUID
    team: str
    state: PlanState
    revision: int
    author: str
    area: str
    lines: tuple[PlanLine, ...]
    weekly_pence: int
    starts_on: date
    budget_id: UUID | None = None
    short_pence: int = 0
    yearly_pence: int = 0
    agreed_by: str | None = None
    agreed_on: date | None = None
    supersedes_plan_id: UUID | None = None
    superseded_by: UUID | None = None
    wishes: tuple[WishDecided, ...] = ()
    choices: tuple[RouteChosen, ...] = ()
    switches: tuple[Switch, ...] = ()
    history: tuple[Note, ...] = ()
    square: str | None = None


@table("review", key=("review_id",), indexes=(("plan_id",), ("person_id",)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Row):
    """A review of a plan; `because` is the ground on which it was brought forward, `achieved` what became of the outcomes."""

    review_id: UUID
    plan_id: UUID
    person_id: UUID
    team: str
    state: ReviewState
    due_from: date
    due_by: date
    held_on: date | None = None
    held_by: str | None = None
    summary: str = ""
    because: str | None = None
    achieved: tuple[Achieved, ...] = ()


@table("welfare_check", key=("check_id",), indexes=(("team",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareCheck(Row):
    """Safeguarding asked that somebody looks in."""

    check_id: UUID
    person_id: UUID
    team: str
    state: CheckState
    because: str
    by: date
    outcome: str | None = None
    made_by: str | None = None


@table("challenge", key=("challenge_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(Row):
    """A person challenges what was decided; its answer is kept beside it."""

    challenge_id: UUID
    person_id: UUID
    team: str
    state: ChallengeState
    matter: Matter
    matter_id: UUID
    what: str
    made_on: date
    answer_by: date
    noted_by: str
    upheld: bool | None = None
    answer: str = ""
    answered_on: date | None = None
    answered_by: str | None = None


@table("unmet_need", key=("need_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class UnmetNeed(Row):
    """An eligible need that is not met, kept as such."""

    need_id: UUID
    person_id: UUID
    plan_id: UUID
    team: str
    weekly_minutes: int
    because: str
    reasons: str
    noted_by: str
    noted_on: date


@dataclass(frozen=True, slots=True)
class EarlyOrder:
    """An order for early support, as marketplace last said: what became of it `on` which day."""

    order_id: UUID
    supplier_id: UUID
    state: OrderedState
    on: date


@table("early_support", key=("early_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySupport(Row):
    """Urgent support or reablement: outside the budget, free, until a day on which somebody says what comes next. `to_buy` is
    what the market is asked for; `orders` are what became of that, as marketplace said."""

    early_id: UUID
    person_id: UUID
    team: str
    early: Early
    state: EarlyState
    starts_on: date
    until: date
    support: Support | None = None
    weekly_minutes: int = 0
    reasons: str = ""
    agreed_by: str = ""
    outcome: str | None = None
    ended_on: date | None = None
    ended_by: str | None = None
    to_buy: ToBuy | None = None
    orders: tuple[EarlyOrder, ...] = ()


@table("carer_assessment", key=("assessment_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class CarerAssessment(Row):
    """A carer's own assessment, determined as it was written and approved by somebody else. `person_id` is the carer."""

    assessment_id: UUID
    person_id: UUID
    cares_for: UUID
    team: str
    state: AssessmentState
    author: str
    answers: CarerAnswers
    eligible: bool
    steps: tuple[Line, ...]
    determined_on: date
    approved_by: str | None = None
    involvement: Involvement | None = None
    advocacy: tuple[Line, ...] = ()
