"""Which timers does assessment keep?"""

from __future__ import annotations

from uuid import UUID

from shared.runtime.messages import Reminder


class ReviewFallsDue(Reminder):
    """A review's window opens."""

    review_id: UUID


class ReviewCloses(Reminder):
    """A review's window closed the day before."""

    review_id: UUID


class SwitchEnds(Reminder):
    """The last day of a line's other route was yesterday. Moved when it is switched anew."""

    plan_id: UUID
    line_id: UUID


class EarlySupportEnds(Reminder):
    """The last day of what was agreed has come."""

    early_id: UUID
