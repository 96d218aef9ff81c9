"""What assessment says: requests, determinations, plans, consent and reviews. Identity never leaves that service."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Code, Fact, GridSquare, Minutes, Pence, Period, PlanLine, Route, Support, ToBuy, Value


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
    """The plan holds: each line becomes a requirement. `first_review_*` is the window of the first light review.

    Where it supersedes a plan, that one no longer holds: a line with the same id goes on untouched, a line may replace one
    of the old plan's, and support for a line that is neither kept nor replaced ends before the new plan starts. `square`: about
    where support is given, where that is known.
    """

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
    supersedes_plan_id: UUID | None = None
    square: GridSquare | None = None


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
    """A review's window opened, or was brought forward for a ground (Care Act s.27)."""

    review_id: UUID
    plan_id: UUID
    person_id: UUID
    due_from: date
    due_by: date
    team: Code
    because: Code | None = None


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


class CarerAssessmentCompleted(Fact, service="assessment", says="carer_assessment_completed"):
    """A carer's own determination (Care Act s.10, s.13). The subject is the carer."""

    assessment_id: UUID
    person_id: UUID
    eligible: bool
    completed_on: date
    team: Code


class UrgentSupportAgreed(Fact, service="assessment", says="urgent_support_agreed"):
    """Support starts before the assessment (Care Act s.19(3)), outside the budget, until a day on which somebody says what
    comes next. Without `to_buy` it is given by somebody who is not paid for it here."""

    urgent_id: UUID
    person_id: UUID
    support: Support
    weekly_minutes: Minutes
    starts_on: date
    until: date
    team: Code
    to_buy: ToBuy | None = None


class UrgentSupportEnded(Fact, service="assessment", says="urgent_support_ended"):
    """Somebody ended the urgent support. `outcome`: a code; support may still be needed or not."""

    urgent_id: UUID
    person_id: UUID
    ended_on: date
    outcome: Code
    team: Code


class ReablementStarted(Fact, service="assessment", says="reablement_started"):
    """Short-term support comes first, free and outside the budget; the assessment waits for its end. Without `to_buy` it is
    given by somebody who is not paid for it here, such as the NHS."""

    reablement_id: UUID
    person_id: UUID
    starts_on: date
    until: date
    team: Code
    to_buy: ToBuy | None = None


class ReablementEnded(Fact, service="assessment", says="reablement_ended"):
    """`outcome`: a code; support may still be needed or not."""

    reablement_id: UUID
    person_id: UUID
    ended_on: date
    outcome: Code
    team: Code


class PreferenceRefused(Fact, service="assessment", says="preference_refused"):
    """An unlawful preference about who comes was refused; the need stays. `asked_by` is person or relative."""

    preference_id: UUID
    person_id: UUID
    characteristic: Code
    task: Code
    asked_by: Code
    because: Code
    team: Code


class RouteSwitched(Fact, service="assessment", says="route_switched"):
    """One line of a plan is deployed another way for a time, or back again (too ill to manage a direct payment): on `route`
    from `holds_from`, where it is not said on the day itself, through `until`, then as the plan says. Back has no `until`."""

    plan_id: UUID
    line_id: UUID
    person_id: UUID
    route: Route
    until: date | None = None
    because: Code
    budget_id: UUID | None = None
    holds_from: date | None = None

    def after(self, switched: tuple[Period, ...], said_on: date) -> tuple[Period, ...]:
        """The days on which the line is switched, in order, once this was said: what lies before it stays as it was."""
        first = self.holds_from or said_on
        eve = first - timedelta(days=1)
        past = tuple(Period(first=one.first, last=min(one.last, eve)) for one in switched if one.first < first)
        if self.until is None or self.until < first:
            return past
        if past and past[-1].last == eve:
            return (*past[:-1], Period(first=past[-1].first, last=self.until))
        return (*past, Period(first=first, last=self.until))


class Matter(StrEnum):
    """What may be challenged."""

    BUDGET = "budget"
    PLAN = "plan"
    CHARGE = "charge"


class ChallengeMade(Fact, service="assessment", says="challenge_made"):
    """A person challenges a budget, a plan or a charge; an answer is owed by a day."""

    challenge_id: UUID
    person_id: UUID
    matter: Matter
    matter_id: UUID
    answer_by: date
    team: Code


class ChallengeAnswered(Fact, service="assessment", says="challenge_answered"):
    """The challenge has its answer."""

    challenge_id: UUID
    person_id: UUID
    upheld: bool
    answered_on: date


class UnmetNeedRecorded(Fact, service="assessment", says="unmet_need_recorded"):
    """An eligible need is not met, and is kept as such."""

    need_id: UUID
    person_id: UUID
    plan_id: UUID
    weekly_minutes: Minutes
    because: Code
    team: Code
