"""What does assessment ask its database, besides plain fetches by key? The only place with SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.assessment.models import (
    Assessment,
    CarerAssessment,
    Challenge,
    Consent,
    EarlySupport,
    PaymentDecision,
    Person,
    Plan,
    Practitioner,
    Request,
    Review,
    Speaker,
    UnmetNeed,
    WelfareCheck,
)
from shared.db import Tx
from shared.runtime.reading import select, select_one

# Row-level security shows one council; `team` narrows that to a practitioner's own team where they have one.
_TEAM = "($2::text is null or t.team = $2)"


async def person(tx: Tx, person_id: UUID, team: str | None) -> Person | None:
    return await select_one(tx, Person, f"t.person_id = $1 and {_TEAM}", person_id, team)


async def people(tx: Tx, after: UUID, team: str | None, limit: int) -> Sequence[Person]:
    return await select(tx, Person, f"t.person_id > $1 and {_TEAM} order by t.person_id limit $3", after, team, limit)


async def speakers_of(tx: Tx, person_id: UUID) -> Sequence[Speaker]:
    return await select(tx, Speaker, "t.person_id = $1 order by t.first, t.speaker_id", person_id)


async def consents_of(tx: Tx, person_id: UUID) -> Sequence[Consent]:
    return await select(tx, Consent, "t.person_id = $1 order by t.client_id", person_id)


async def practitioners(tx: Tx, team: str | None) -> Sequence[Practitioner]:
    return await select(tx, Practitioner, "($1::text is null or t.team = $1) order by t.team, t.sub", team)


async def request(tx: Tx, request_id: UUID, team: str | None) -> Request | None:
    return await select_one(tx, Request, f"t.request_id = $1 and {_TEAM}", request_id, team)


async def assessment(tx: Tx, assessment_id: UUID, team: str | None) -> Assessment | None:
    return await select_one(tx, Assessment, f"t.assessment_id = $1 and {_TEAM}", assessment_id, team)


async def plan(tx: Tx, plan_id: UUID, team: str | None) -> Plan | None:
    return await select_one(tx, Plan, f"t.plan_id = $1 and {_TEAM}", plan_id, team)


async def payment_decision(tx: Tx, person_id: UUID) -> PaymentDecision | None:
    """Who may see the person may see it."""
    return await select_one(tx, PaymentDecision, "t.person_id = $1", person_id)


async def plans_of(tx: Tx, person_id: UUID) -> Sequence[Plan]:
    return await select(tx, Plan, "t.person_id = $1 order by t.starts_on, t.plan_id", person_id)


async def carer_assessments_of(tx: Tx, person_id: UUID) -> Sequence[CarerAssessment]:
    return await select(tx, CarerAssessment, "t.person_id = $1 order by t.determined_on, t.assessment_id", person_id)


async def challenges_of(tx: Tx, person_id: UUID) -> Sequence[Challenge]:
    return await select(tx, Challenge, "t.person_id = $1 order by t.made_on, t.challenge_id", person_id)


async def unmet_needs_of(tx: Tx, person_id: UUID) -> Sequence[UnmetNeed]:
    return await select(tx, UnmetNeed, "t.person_id = $1 order by t.noted_on, t.need_id", person_id)


async def early_support_of(tx: Tx, person_id: UUID) -> Sequence[EarlySupport]:
    return await select(tx, EarlySupport, "t.person_id = $1 order by t.starts_on, t.early_id", person_id)


async def reviews(tx: Tx, after: UUID, team: str | None, limit: int) -> Sequence[Review]:
    return await select(tx, Review, f"t.review_id > $1 and {_TEAM} order by t.review_id limit $3", after, team, limit)


async def review(tx: Tx, review_id: UUID, team: str | None) -> Review | None:
    return await select_one(tx, Review, f"t.review_id = $1 and {_TEAM}", review_id, team)


async def welfare_checks(tx: Tx, after: UUID, team: str | None, limit: int) -> Sequence[WelfareCheck]:
    where = f"t.check_id > $1 and {_TEAM} order by t.check_id limit $3"
    return await select(tx, WelfareCheck, where, after, team, limit)
