"""Has the day come to review a restriction?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from shared.explain import because

LONGEST_DAYS = 84
"""How far ahead a restriction's review may lie: our own; a council may set another."""


def alert_id(council: str, restriction_id: UUID, review_on: date) -> UUID:
    """The id of the alert about a review that fell due on a day."""
    return known_id(council, "restriction_review_due", restriction_id, review_on)


def review_due(council: str, restriction_id: UUID, supplier_id: UUID, review_on: date) -> Finding:
    """A restriction whose review date has come is an operational alert, once a date (our own rule): it goes on until
    a commissioner keeps or lifts it, never ends by the passing of time."""
    known = alert_id(council, restriction_id, review_on)
    reason = because("restriction_review_due", review_on=review_on.isoformat())
    return Finding(known, Kind.OPERATIONAL, Owner.COMMISSIONER, supplier_id, reason, (restriction_id,))
