"""Reviews fall due, become overdue and are held on the right days; welfare checks are asked for once and made once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from shared.contracts.base import Reason
from shared.contracts.safeguarding import WelfareCheckAsked
from shared.runtime.timers import Timers
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Ground, Running, eventually
from tests.integration.assessment.journey import a_person, a_proposed_plan
from tests.integration.assessment.test_journey import finalised


async def set_clock(assessment: Running, at: datetime) -> None:
    ahead = int((at - datetime.now(UTC)).total_seconds() * 1_000_000)
    await assessment.rows("update business_clock set ahead_us = $1 returning 1", ahead)


@asynccontextmanager
async def timers(assessment: Running) -> AsyncIterator[None]:
    part = Timers(
        assessment.worker,
        assessment.app.state.service,
        assessment.settings.kafka_bootstrap,
        prefix=assessment.settings.topic_prefix,
    )
    task = asyncio.create_task(part.run())
    try:
        yield
    finally:
        part.stop()
        await task


async def an_agreed_plan(assessment: Running) -> str:
    plan = await a_proposed_plan(assessment)
    await hear(assessment, Speaker().say(finalised(plan)))
    await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{plan['plan_id']}/agree")
    return str(plan["plan_id"])


async def states(assessment: Running) -> list[str]:
    return [one["state"] for one in await assessment.rows("select state from review order by due_by")]


async def is_now(assessment: Running, *wanted: str) -> bool:
    return await states(assessment) == list(wanted)


async def test_a_review_falls_due_becomes_overdue_and_is_held_on_the_right_days(log_ground: Ground) -> None:
    """R case 22, with the clock: agreed on 10 January 2026, due from 21 February, overdue after 7 March."""
    async with log_ground.run("assessment") as assessment, timers(assessment):
        await set_clock(assessment, datetime(2026, 1, 10, 12, tzinfo=UTC))
        await an_agreed_plan(assessment)
        (review,) = (await assessment.as_("practitioner").read("/v1/reviews"))["items"]
        assert (review["due_from"], review["due_by"]) == ("2026-02-21", "2026-03-07")
        await set_clock(assessment, datetime(2026, 2, 21, 0, 0, 1, tzinfo=UTC))
        await eventually(lambda: is_now(assessment, "due"))
        await set_clock(assessment, datetime(2026, 3, 8, 0, 0, 1, tzinfo=UTC))
        await eventually(lambda: is_now(assessment, "overdue"))
        where = f"/v1/reviews/{review['review_id']}/hold"
        await assessment.as_("practitioner").done(where, {"summary": "Synthetic: it works."})
        assert await states(assessment) == ["held", "scheduled"]
        said = [kind.split(".")[1] for kind, _ in await assessment.outbox()][-3:]
        assert said == ["review_fell_due", "review_overdue", "review_held"]
        (_, held) = (await assessment.outbox())[-1]
        assert date.fromisoformat(held["next_by"]) == date(2027, 3, 8)


async def test_a_review_that_is_held_in_time_never_becomes_overdue(log_ground: Ground) -> None:
    async with log_ground.run("assessment") as assessment, timers(assessment):
        await set_clock(assessment, datetime(2026, 1, 10, 12, tzinfo=UTC))
        await an_agreed_plan(assessment)
        await set_clock(assessment, datetime(2026, 2, 22, 12, tzinfo=UTC))
        await eventually(lambda: is_now(assessment, "due"))
        (review,) = (await assessment.as_("practitioner").read("/v1/reviews"))["items"]
        await assessment.as_("practitioner").done(f"/v1/reviews/{review['review_id']}/hold", {"summary": "Synthetic"})
        left = await assessment.rows("select name from due")
        assert [row["name"] for row in left] == ["ReviewFallsDue"]


async def test_a_review_keeps_how_far_outcomes_are_achieved_and_refuses_those_nobody_assessed(
    log_ground: Ground,
) -> None:
    async with log_ground.run("assessment") as assessment, timers(assessment):
        await set_clock(assessment, datetime(2026, 1, 10, 12, tzinfo=UTC))
        await an_agreed_plan(assessment)
        await set_clock(assessment, datetime(2026, 2, 22, 12, tzinfo=UTC))
        await eventually(lambda: is_now(assessment, "due"))
        practitioner = assessment.as_("practitioner")
        (review,) = (await practitioner.read("/v1/reviews"))["items"]
        where = f"/v1/reviews/{review['review_id']}/hold"
        wrong = [{"outcome": "j", "how_far": "fully"}]
        refused = await practitioner.post(where, {"summary": "Synthetic", "achieved": wrong})
        assert refused.status_code == 422
        assert [(one["field"], one["rule"]) for one in refused.json()["errors"]] == [
            ("achieved[0].outcome", "REVIEW-2")
        ]
        right = [{"outcome": "b", "how_far": "partly"}]
        held = await practitioner.done(where, {"summary": "Synthetic", "achieved": right})
        assert held["achieved"] == right
        (_, said) = (await assessment.outbox())[-1]
        assert "achieved" not in said


def check_for(person_id: str, check_id: UUID) -> WelfareCheckAsked:
    by = date(2024, 6, 4) + timedelta(days=1)
    return WelfareCheckAsked(check_id=check_id, person_id=UUID(person_id), because=Reason(code="missed_visits"), by=by)


async def test_a_welfare_check_is_asked_for_once_and_made_once(assessment: Running) -> None:
    person, speaker, practitioner = await a_person(assessment), Speaker(), assessment.as_("practitioner")
    asked = check_for(person["person_id"], uuid4())
    await hear(assessment, [speaker.say(asked), speaker.say(asked)])
    (check,) = (await practitioner.read("/v1/welfare-checks"))["items"]
    assert (check["state"], check["because"]) == ("asked", "missed_visits")
    where = f"/v1/welfare-checks/{check['check_id']}/make"
    await practitioner.done(where, {"outcome": "seen_and_well"})
    again = await practitioner.post(where, {"outcome": "seen_and_well"})
    assert (again.status_code, again.json()["state"], again.json()["allowed"]) == (409, "made", [])
