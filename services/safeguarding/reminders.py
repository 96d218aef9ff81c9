"""Which timers does safeguarding keep?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.base import Period, Route
from shared.runtime.messages import Reminder


class LookAtSupplier(Reminder):
    """Misses of a supplier were heard, planned in the week that begins on this Monday. One look sees them all."""

    supplier_id: UUID
    week: date


class LookWhetherStarted(Reminder):
    """Long enough after a plan was agreed, something of it should have started."""

    plan_id: UUID


class RestrictionReviewDue(Reminder):
    """The day a restriction is to be reviewed has come. Moved on when it is kept."""

    restriction_id: UUID
    review_on: date


class TellOthers(Reminder):
    """A supplier was restricted, or is no longer: other councils that use it should know."""

    location_id: str


class LookElsewhere(Reminder):
    """Another council may have restricted a supplier that this one uses, or lifted it. One look sees them all."""

    location_id: str


class LookAtConcerns(Reminder):
    """A concern about a supplier was raised. One look sees them all."""

    supplier_id: UUID


class LookAtTeams(Reminder):
    """Plans were agreed in the quarter that begins on this day."""

    quarter: date


class LookForBudget(Reminder):
    """Long enough after a budget was found short, it should be enough."""

    plan_id: UUID


class LookForAnswer(Reminder):
    """The day by which a challenge is to be answered is over."""

    challenge_id: UUID


class LookAtEarlySupport(Reminder):
    """The last day of urgent support or reablement is near, or has come."""

    early_id: UUID
    on: date


class LookForDelivery(Reminder):
    """Money went out for a period; by now its visits were told."""

    payment_id: UUID
    order_id: UUID
    person_id: UUID
    period: Period


class LookForSpending(Reminder):
    """Money went out ahead; by now some of it should be accounted for."""

    payment_id: UUID
    order_id: UUID
    paid_on: date
    route: Route = Route.DIRECT_PAYMENT


class LookForClaims(Reminder):
    """Long enough after support began, or after the last claim, there should be another. Moved on by each."""

    order_id: UUID


class LookWhetherEarlyStarted(Reminder):
    """Urgent support or reablement was to be bought: has anybody come?"""

    early_id: UUID
