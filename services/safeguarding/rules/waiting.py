"""Does something stand too long: a budget that is short, a challenge without its answer, early support without a decision?"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from shared.explain import because


class Matter(StrEnum):
    """What is waited about: a plan whose budget does not buy it, a challenge, or support before the assessment (urgent support,
    reablement), which ends by a decision alone."""

    SHORTAGE = "shortage"
    CHALLENGE = "challenge"
    EARLY_SUPPORT = "early_support"


def alert_id(council: str, matter: Matter, about: UUID, since: date) -> UUID:
    """One alert for each time it began to stand."""
    return known_id(council, f"{matter.value}_stands", about, since.isoformat())


def look_for_budget_on(since: date, days: int) -> date:
    """The day a shortage has stood for so many days (our own threshold)."""
    return since + timedelta(days=days)


def look_for_answer_on(answer_by: date) -> date:
    """The day after the answer was owed (DOMAIN.md: a person can challenge, and the answer is recorded)."""
    return answer_by + timedelta(days=1)


def budget_still_short(council: str, plan_id: UUID, person_id: UUID, since: date, days: int) -> Finding:
    """The budget does not buy the plan, and for so many days nobody changed that (our own threshold)."""
    reason = because("budget_still_short", since=since.isoformat(), days=days)
    known = alert_id(council, Matter.SHORTAGE, plan_id, since)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, person_id, reason, (plan_id,))


def answer_overdue(council: str, challenge_id: UUID, person_id: UUID, since: date, answer_by: date) -> Finding:
    """A person challenged a decision and has no answer (DOMAIN.md: the answer is recorded, with its date)."""
    reason = because("answer_overdue", answer_by=answer_by.isoformat())
    known = alert_id(council, Matter.CHALLENGE, challenge_id, since)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, person_id, reason, (challenge_id,))


def look_at_early_support_on(last_day: date, days_ahead: int) -> tuple[date, ...]:
    """So many days before its last day, and on that day (our own threshold)."""
    return last_day - timedelta(days=days_ahead), last_day


def look_whether_early_started_on(agreed_on: date, starts_on: date, days: int) -> date:
    """So many days after it was said, or after its first day where that is later (our own threshold)."""
    return max(agreed_on, starts_on) + timedelta(days=days)


def early_support_not_started(council: str, early_id: UUID, person_id: UUID, starts_on: date, days: int) -> Finding:
    """What could not wait for an assessment (Care Act s.19(3)), or was to come first, waits: nobody has started it."""
    reason = because("early_support_not_started", starts_on=starts_on.isoformat(), days=days)
    known = known_id(council, reason.code, early_id)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, person_id, reason, (early_id,))


def early_support(council: str, early_id: UUID, person_id: UUID, last_day: date, today: date) -> Finding:
    """Urgent support (Care Act s.19(3)) or reablement comes to its last day. Nothing ends by itself: beforehand the team is
    told to settle what comes next, on the day that nobody has. Two alerts, each once for a last day."""
    days = (last_day - today).days
    if days > 0:
        reason = because("early_support_ending", until=last_day.isoformat(), days=days)
    else:
        reason = because("early_support_undecided", until=last_day.isoformat())
    known = known_id(council, reason.code, early_id, last_day.isoformat())
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, person_id, reason, (early_id,))
