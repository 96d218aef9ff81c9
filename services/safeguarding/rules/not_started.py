"""Was a plan agreed and then nothing happened?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from shared.explain import because

WAIT_DAYS = 28
"""Our own operating threshold; a council may set another."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreed plan, and whether any of its support has started."""

    plan_id: UUID
    person_id: UUID
    agreed_on: date
    starts_on: date
    started: bool


def look_on(agreed: Agreed, wait_days: int = WAIT_DAYS) -> date:
    """The day to look whether anything started: 28 days after agreement, or the day after a later planned start."""
    return max(agreed.agreed_on + timedelta(days=wait_days), agreed.starts_on + timedelta(days=1))


def alert_id(council: str, plan_id: UUID) -> UUID:
    """The id of the alert about a plan of which nothing started."""
    return known_id(council, "nothing_started", plan_id)


def nothing_started(council: str, agreed: Agreed, today: date, wait_days: int = WAIT_DAYS) -> Finding | None:
    """Agreed support of which nothing has started in time is an operational alert, once a plan (our own threshold)."""
    if agreed.started or today < look_on(agreed, wait_days):
        return None
    reason = because("nothing_started", agreed_on=agreed.agreed_on.isoformat(), days=wait_days)
    known = alert_id(council, agreed.plan_id)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, agreed.person_id, reason, (agreed.plan_id,))
