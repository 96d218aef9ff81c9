"""What assessment says: requests, determinations, plans, consent and reviews. Identity never leaves that service."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Code, Fact, Minutes, Pence, PlanLine, Value


class Needs(Value):
    """What was found, without saying which outcome: `points` for the allocation table, support a week in minutes.

    `carer_weekly_minutes` is only what an unpaid carer is willing and able to give.
    """

    points: Annotated[int, Field(ge=0, le=1000, strict=True)]
    weekly_minutes: Minutes
    carer_weekly_minutes: Minutes = 0
    area: Code


class SupportRequested(Fact, service="assessment", says="support_requested"):
    """Somebody asked for an assessment."""

    request_id: UUID
    person_id: UUID
    route_of_access: Code
    team: Code


class AssessmentCompleted(Fact, service="assessment", says="assessment_completed"):
    """A determination was made and approved (Care Act s.13). `eligible` false ends the journey with advice."""

    assessment_id: UUID
    person_id: UUID
    eligible: bool
    needs: Needs
    completed_on: date
    team: Code


class PlanProposed(Fact, service="assessment", says="plan_proposed"):
    """A plan is on the table; budget answers with BudgetInadequate or BudgetFinalised for this revision."""

    plan_id: UUID
    revision: Annotated[int, Field(ge=1, strict=True)]
    assessment_id: UUID
    person_id: UUID
    area: Code
    lines: tuple[PlanLine, ...]
    weekly_pence: Pence
    starts_on: date
    team: Code


class PlanAgreed(Fact, service="assessment", says="plan_agreed"):
    """The plan holds: each line becomes a requirement. `first_review_*` is the window of the first light review."""

    plan_id: UUID
    revision: Annotated[int, Field(ge=1, strict=True)]
    assessment_id: UUID
    budget_id: UUID
    person_id: UUID
    area: Code
    lines: tuple[PlanLine, ...]
    weekly_pence: Pence
    starts_on: date
    agreed_on: date
    team: Code
    first_review_from: date
    first_review_by: date


class ConsentGiven(Fact, service="assessment", says="consent_given"):
    """A person lets a brokerage app see their requirements and orders, until a day if one is named."""

    consent_id: UUID
    person_id: UUID
    client_id: Code
    until: date | None = None


class ConsentWithdrawn(Fact, service="assessment", says="consent_withdrawn"):
    """From now on the app sees nothing of this person."""

    consent_id: UUID
    person_id: UUID
    client_id: Code


class ReviewFellDue(Fact, service="assessment", says="review_fell_due"):
    """A review's window opened (Care Act s.27)."""

    review_id: UUID
    plan_id: UUID
    person_id: UUID
    due_from: date
    due_by: date
    team: Code


class ReviewOverdue(Fact, service="assessment", says="review_overdue"):
    """A review's window closed and it was not held."""

    review_id: UUID
    plan_id: UUID
    person_id: UUID
    due_by: date
    team: Code


class ReviewHeld(Fact, service="assessment", says="review_held"):
    """A review took place; the next one is due by `next_by`."""

    review_id: UUID
    plan_id: UUID
    person_id: UUID
    held_on: date
    next_by: date


class WelfareCheckMade(Fact, service="assessment", says="welfare_check_made"):
    """The welfare check safeguarding asked for was made."""

    check_id: UUID
    person_id: UUID
    made_on: date
    outcome: Code
