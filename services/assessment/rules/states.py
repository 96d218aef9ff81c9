"""What may happen next to a request, an assessment, a plan and a review? What is not in a table is not allowed."""

from __future__ import annotations

from enum import StrEnum

from shared.moves import Moves


class RequestState(StrEnum):
    RECEIVED = "received"
    ASSESSING = "assessing"
    ASSESSED = "assessed"
    DECLINED = "declined"
    CLOSED = "closed"


class AssessmentState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class PlanState(StrEnum):
    """`short` and `affordable` are what budget answered about the revision on the table."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SHORT = "short"
    AFFORDABLE = "affordable"
    RETURNED = "returned"
    AGREED = "agreed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class CheckState(StrEnum):
    """A welfare check that safeguarding asked for."""

    ASKED = "asked"
    MADE = "made"


class ChallengeState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


class EarlyState(StrEnum):
    """Urgent support and reablement. `last_day` asks what comes next; support goes on until somebody ends it."""

    AGREED = "agreed"
    LAST_DAY = "last_day"
    ENDED = "ended"


class OrderedState(StrEnum):
    """What marketplace said last of an order for early support; it decides, this service only shows it."""

    PLACED = "placed"
    STARTED = "started"
    ENDED = "ended"
    CANCELLED = "cancelled"


class ReviewState(StrEnum):
    SCHEDULED = "scheduled"
    DUE = "due"
    OVERDUE = "overdue"
    HELD = "held"
    CANCELLED = "cancelled"


# A person may decline an assessment (Care Act s.11, with limits the practitioner records) and ask again later.
REQUEST_MOVES = Moves(
    "request",
    {
        (RequestState.RECEIVED, "begin_assessment"): RequestState.ASSESSING,
        (RequestState.ASSESSING, "complete"): RequestState.ASSESSED,
        (RequestState.RECEIVED, "decline"): RequestState.DECLINED,
        (RequestState.ASSESSING, "decline"): RequestState.DECLINED,
        (RequestState.DECLINED, "ask_again"): RequestState.RECEIVED,
        (RequestState.RECEIVED, "close"): RequestState.CLOSED,
        (RequestState.DECLINED, "close"): RequestState.CLOSED,
    },
)

# An approved assessment is never edited: what changed is a new assessment.
ASSESSMENT_MOVES = Moves(
    "assessment",
    {
        (AssessmentState.DRAFT, "amend"): AssessmentState.DRAFT,
        (AssessmentState.DRAFT, "submit"): AssessmentState.SUBMITTED,
        (AssessmentState.SUBMITTED, "return"): AssessmentState.RETURNED,
        (AssessmentState.RETURNED, "amend"): AssessmentState.RETURNED,
        (AssessmentState.RETURNED, "submit"): AssessmentState.SUBMITTED,
        (AssessmentState.SUBMITTED, "approve"): AssessmentState.APPROVED,
        (AssessmentState.DRAFT, "withdraw"): AssessmentState.WITHDRAWN,
        (AssessmentState.SUBMITTED, "withdraw"): AssessmentState.WITHDRAWN,
        (AssessmentState.RETURNED, "withdraw"): AssessmentState.WITHDRAWN,
    },
)

# Agreed only from affordable: a shortfall blocks agreement, it is not a footnote. Budget may change its answer about
# one revision (the budget was raised, or prices moved) until the plan is agreed.
PLAN_MOVES = Moves(
    "plan",
    {
        (PlanState.DRAFT, "amend"): PlanState.DRAFT,
        (PlanState.DRAFT, "propose"): PlanState.PROPOSED,
        (PlanState.PROPOSED, "find_short"): PlanState.SHORT,
        (PlanState.PROPOSED, "find_affordable"): PlanState.AFFORDABLE,
        (PlanState.SHORT, "find_short"): PlanState.SHORT,
        (PlanState.SHORT, "find_affordable"): PlanState.AFFORDABLE,
        (PlanState.AFFORDABLE, "find_short"): PlanState.SHORT,
        (PlanState.AFFORDABLE, "find_affordable"): PlanState.AFFORDABLE,
        (PlanState.SHORT, "propose_again"): PlanState.PROPOSED,
        (PlanState.RETURNED, "propose_again"): PlanState.PROPOSED,
        (PlanState.AFFORDABLE, "propose_again"): PlanState.PROPOSED,
        (PlanState.PROPOSED, "return"): PlanState.RETURNED,
        (PlanState.SHORT, "return"): PlanState.RETURNED,
        (PlanState.AFFORDABLE, "return"): PlanState.RETURNED,
        (PlanState.AFFORDABLE, "agree"): PlanState.AGREED,
        (PlanState.AGREED, "switch_route"): PlanState.AGREED,
        (PlanState.AGREED, "switch_back"): PlanState.AGREED,
        (PlanState.AGREED, "supersede"): PlanState.SUPERSEDED,
        (PlanState.DRAFT, "withdraw"): PlanState.WITHDRAWN,
        (PlanState.PROPOSED, "withdraw"): PlanState.WITHDRAWN,
        (PlanState.SHORT, "withdraw"): PlanState.WITHDRAWN,
        (PlanState.AFFORDABLE, "withdraw"): PlanState.WITHDRAWN,
        (PlanState.RETURNED, "withdraw"): PlanState.WITHDRAWN,
    },
)

# A review may be brought forward by an event or on request (Care Act s.27); an overdue one can still be held.
REVIEW_MOVES = Moves(
    "review",
    {
        (ReviewState.SCHEDULED, "fall_due"): ReviewState.DUE,
        (ReviewState.SCHEDULED, "bring_forward"): ReviewState.DUE,
        (ReviewState.DUE, "bring_forward"): ReviewState.DUE,
        (ReviewState.OVERDUE, "bring_forward"): ReviewState.DUE,  # held by another day now, for another ground
        (ReviewState.DUE, "become_overdue"): ReviewState.OVERDUE,
        (ReviewState.DUE, "hold"): ReviewState.HELD,
        (ReviewState.OVERDUE, "hold"): ReviewState.HELD,
        (ReviewState.SCHEDULED, "cancel"): ReviewState.CANCELLED,
        (ReviewState.DUE, "cancel"): ReviewState.CANCELLED,
        (ReviewState.OVERDUE, "cancel"): ReviewState.CANCELLED,
    },
)

CHECK_MOVES = Moves("welfare check", {(CheckState.ASKED, "make"): CheckState.MADE})

CHALLENGE_MOVES = Moves("challenge", {(ChallengeState.OPEN, "answer"): ChallengeState.ANSWERED})

# Nothing ends by the passing of time: the last day asks a person what comes next.
EARLY_MOVES = Moves(
    "early support",
    {
        (EarlyState.AGREED, "reach_last_day"): EarlyState.LAST_DAY,
        (EarlyState.AGREED, "end"): EarlyState.ENDED,
        (EarlyState.LAST_DAY, "end"): EarlyState.ENDED,
    },
)
