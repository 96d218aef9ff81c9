"""Does something stand too long: a budget that is short, a challenge without its answer?"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from shared.explain import because


class Matter(StrEnum):
    """What is waited about: a plan whose budget does not buy it, or a challenge."""

    SHORTAGE = "shortage"
    CHALLENGE = "challenge"


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
