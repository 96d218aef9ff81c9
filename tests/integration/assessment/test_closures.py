"""A closure that reaches a person brings their review forward: it comes before anything is withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.supply import ClosureReachesPerson
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.assessment.test_journey import finalised
from tests.integration.assessment.test_superseding import an_agreed_plan, proposed_anew

TODAY = datetime.now(UTC).date()


def reached(plan: dict[str, Any], closes_on: date) -> ClosureReachesPerson:
    return ClosureReachesPerson(
        closure_id=uuid4(),
        order_id=uuid4(),
        plan_id=UUID(plan["plan_id"]),
        budget_id=UUID(plan["budget_id"]),
        person_id=UUID(plan["person_id"]),
        supplier_id=uuid4(),
        closes_on=closes_on,
        has_alternative=False,
    )


async def reviews(assessment: Running) -> list[dict[str, Any]]:
    found = (await assessment.as_("practitioner").read("/v1/reviews"))["items"]
    return [one for one in found if one["state"] not in ("cancelled", "held")]


async def test_the_next_review_is_brought_forward_with_its_ground(assessment: Running) -> None:
    """Care Act s.27; the closure's own rule: a review before anything is withdrawn."""
    plan, _ = await an_agreed_plan(assessment)
    closes = TODAY + timedelta(days=20)
    await hear(assessment, Speaker().say(reached(plan, closes)))
    (review,) = await reviews(assessment)
    assert (review["state"], review["because"]) == ("due", "closure")
    assert date.fromisoformat(review["due_by"]) == closes - timedelta(days=1)
    kind, fact = (await assessment.outbox())[-1]
    assert (kind, fact["because"], fact["due_by"]) == ("assessment.review_fell_due.v1", "closure", review["due_by"])
    timers = await assessment.rows("select name from due where subject = $1", plan["person_id"])
    assert [one["name"] for one in timers] == ["ReviewCloses"]


async def test_a_second_order_that_closes_later_changes_nothing_and_one_that_closes_sooner_does(
    assessment: Running,
) -> None:
    plan, _ = await an_agreed_plan(assessment)
    market = Speaker()
    for days in (20, 30, 10):
        await hear(assessment, market.say(reached(plan, TODAY + timedelta(days=days))))
    (review,) = await reviews(assessment)
    assert date.fromisoformat(review["due_by"]) == TODAY + timedelta(days=9)
    said = [kind for kind, _ in await assessment.outbox()]
    assert said.count("assessment.review_fell_due.v1") == 2


async def test_a_review_held_since_the_closure_was_decided_is_enough_for_another_order_there(
    assessment: Running,
) -> None:
    """It is said order by order, and the second may be heard after the review that the first one brought."""
    plan, _ = await an_agreed_plan(assessment)
    market = Speaker(now=datetime.now(UTC))
    first, second = (market.say(reached(plan, TODAY + timedelta(days=30))) for _ in range(2))
    await hear(assessment, first)
    (review,) = await reviews(assessment)
    held = {"summary": "Synthetic: the service closes."}
    assert (await assessment.as_("practitioner").post(f"/v1/reviews/{review['review_id']}/hold", held)).is_success
    before = await reviews(assessment)
    await hear(assessment, second)
    assert await reviews(assessment) == before
    later = market.say(reached(plan, TODAY + timedelta(days=30)), now=datetime.now(UTC) + timedelta(days=2))
    await hear(assessment, later)
    (anew,) = await reviews(assessment)
    assert (anew["state"], anew["because"]) == ("due", "closure")


async def test_where_no_review_is_to_come_one_is_opened(assessment: Running) -> None:
    plan, _ = await an_agreed_plan(assessment)
    await assessment.rows("update review set state = 'held' returning 1")
    await hear(assessment, Speaker().say(reached(plan, TODAY + timedelta(days=20))))
    (review,) = await reviews(assessment)
    assert (review["state"], review["because"], review["plan_id"]) == ("due", "closure", plan["plan_id"])


async def test_an_order_of_a_plan_that_was_superseded_brings_forward_the_review_of_the_plan_in_force(
    assessment: Running,
) -> None:
    old, budget = await an_agreed_plan(assessment)
    new = await proposed_anew(assessment, old)
    await hear(assessment, budget.say(finalised(new)))
    await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{new['plan_id']}/agree")
    await hear(assessment, Speaker().say(reached(old, TODAY + timedelta(days=20))))
    (review,) = await reviews(assessment)
    assert (review["plan_id"], review["because"]) == (new["plan_id"], "closure")
