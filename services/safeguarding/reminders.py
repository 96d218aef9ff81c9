"""Which timers does safeguarding keep?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

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
