"""What marketplace says of suppliers themselves: evidence and its lapses, cover, injuries, closures."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Code, Employer, Fact, Pence, Period


class EvidenceKind(StrEnum):
    """What a supplier, or whoever employs a PA, shows before support starts, each until a day."""

    EMPLOYERS_LIABILITY = "employers_liability"
    CRIMINAL_RECORD_CHECK = "criminal_record_check"
    RIGHT_TO_WORK = "right_to_work"
    CONTRACT = "contract"
    PAYROLL = "payroll"
    PENSION = "pension"
    TRAINING = "training"
    COVER_PLAN = "cover_plan"
    STATUS_CHECK = "status_check"
    REGISTRATION = "registration"


class EvidenceRecorded(Fact, service="marketplace", says="evidence_recorded", about="supplier_id"):
    """Evidence was seen; it holds from a day, until a day where it ends. `is_of_employer`, here and below: it is that of whoever
    employs this PA, and is said, under one `evidence_id`, of each PA they then employ."""

    evidence_id: UUID
    supplier_id: UUID
    kind: EvidenceKind
    holds_from: date
    holds_until: date | None = None
    is_of_employer: bool = False


class EvidenceLapsing(Fact, service="marketplace", says="evidence_lapsing", about="supplier_id"):
    """A warning, 28 and 7 days ahead: it ends after `holds_until` and nothing follows it."""

    evidence_id: UUID
    supplier_id: UUID
    kind: EvidenceKind
    holds_until: date
    days_left: int
    is_of_employer: bool = False


class EvidenceLapsed(Fact, service="marketplace", says="evidence_lapsed", about="supplier_id"):
    """It ended and nothing followed it. Running support is never stopped: contact and cover are asked for."""

    evidence_id: UUID
    supplier_id: UUID
    kind: EvidenceKind
    lapsed_on: date
    running_orders: Annotated[int, Field(ge=0, strict=True)]
    is_of_employer: bool = False


class StartBlocked(Fact, service="marketplace", says="start_blocked"):
    """A start was asked for and readiness is not met: what is missing."""

    order_id: UUID
    plan_id: UUID
    person_id: UUID
    supplier_id: UUID
    missing: tuple[EvidenceKind, ...]


class WageBelowFloor(Fact, service="marketplace", says="wage_below_floor"):
    """From `since` the wage agreed for whoever the person or a nominee employs is below the lowest lawful one of their age: a
    new year's floor, or a birthday. Support goes on; somebody agrees another wage. Both are pence an hour."""

    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    hourly_pence: Pence
    floor_pence: Pence
    since: date


class CoverStep(StrEnum):
    """Where cover is looked for, in this order."""

    POOL = "pool"
    FRAMEWORK = "framework"
    SPOT = "spot"


class CoverAsked(Fact, service="marketplace", says="cover_asked"):
    """Somebody else must come for a time: a PA is absent, or evidence lapsed."""

    cover_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    period: Period
    because: Code


class CoverArranged(Fact, service="marketplace", says="cover_arranged"):
    """Cover was found at this step and price, so many minutes after it was asked for. Whoever covers has an order of their
    own, `covering_order_id`."""

    cover_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    step: CoverStep
    hourly_pence: Pence
    after_minutes: Annotated[int, Field(ge=0, strict=True)]
    covering_order_id: UUID | None = None


class CoverNotFound(Fact, service="marketplace", says="cover_not_found"):
    """No step found anybody: a person must act."""

    cover_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID


class CoverEnded(Fact, service="marketplace", says="cover_ended"):
    """Whoever could not come is back sooner than was said: after `last_day` nobody comes in their place. A last day before the
    cover's first: nobody ever did. `covering_order_id` is the order of whoever came, where there was one."""

    cover_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    last_day: date
    covering_order_id: UUID | None = None


class InjuryReported(Fact, service="marketplace", says="injury_reported", about="supplier_id"):
    """Somebody was hurt at work. `covered`: employers' liability insurance was in force on that day. Of a PA,
    `sick_pay_due_from` is who employs them and owes statutory sick pay while they cannot work."""

    injury_id: UUID
    supplier_id: UUID
    happened_on: date
    covered: bool
    sick_pay_due_from: Employer | None = None


class ClosureStage(StrEnum):
    PROPOSED = "proposed"
    CONSULTING = "consulting"
    DECIDED = "decided"
    CLOSING = "closing"
    DROPPED = "dropped"


class ClosureMoved(Fact, service="marketplace", says="closure_moved", about="supplier_id"):
    """A closure of a service reached this stage. `unplaced` of the `people` have nowhere with room."""

    closure_id: UUID
    supplier_id: UUID
    stage: ClosureStage
    people: Annotated[int, Field(ge=0, strict=True)]
    unplaced: Annotated[int, Field(ge=0, strict=True)]
    closes_on: date


class ClosureReachesPerson(Fact, service="marketplace", says="closure_reaches_person"):
    """A decided closure ends this order: a review comes before anything is withdrawn."""

    closure_id: UUID
    order_id: UUID
    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    closes_on: date
    has_alternative: bool


class PersonLeftAtClosing(Fact, service="marketplace", says="person_left_at_closing"):
    """A service's closing day came, and this order there was neither replaced nor ended: nothing was cut, somebody must act
    today. `has_alternative`: somebody else has room now. `started_on` is empty where support had not begun."""

    closure_id: UUID
    order_id: UUID
    plan_id: UUID
    person_id: UUID
    supplier_id: UUID
    closes_on: date
    has_alternative: bool
    started_on: date | None = None


class TakeUpFell(Fact, service="marketplace", says="take_up_fell", about="supplier_id"):
    """A service is used much less than before: a warning before anybody decides a closure."""

    supplier_id: UUID
    listing_id: UUID
    from_minutes: Annotated[int, Field(ge=0, strict=True)]
    to_minutes: Annotated[int, Field(ge=0, strict=True)]
    over_days: Annotated[int, Field(ge=1, strict=True)]
