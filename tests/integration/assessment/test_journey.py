"""From a request to an agreed plan, as assessment sees it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.assessment.rules.reviews import first_review
from shared.contracts.budget import BudgetFinalised, BudgetInadequate
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.assessment.journey import a_proposed_plan, an_approved_assessment, an_assessment, plan

A_REQUEST = {"route_of_access": "community", "presenting_need": "Synthetic need"}


def finalised(plan: dict[str, Any], **more: Any) -> BudgetFinalised:
    said = {
        "budget_id": uuid4(),
        "plan_id": UUID(plan["plan_id"]),
        "revision": plan["revision"],
        "person_id": UUID(plan["person_id"]),
        "weekly_pence": plan["weekly_pence"],
        "council_pence": plan["weekly_pence"],
        "person_pence": 0,
        "yearly_pence": plan["weekly_pence"] * 52,
        "lines": (),
    }
    return BudgetFinalised(**said | more)


def inadequate(plan: dict[str, Any]) -> BudgetInadequate:
    return BudgetInadequate(
        budget_id=uuid4(),
        plan_id=UUID(plan["plan_id"]),
        revision=plan["revision"],
        person_id=UUID(plan["person_id"]),
        weekly_budget_pence=55000,
        weekly_cost_pence=98760,
        short_pence=43760,
        shortfalls=(),
        alternatives=(),
    )


async def test_an_approved_determination_is_said_without_telling_which_outcomes(assessment: Running) -> None:
    approved = await an_approved_assessment(assessment)
    kind, fact = (await assessment.outbox())[-1]
    assert kind == "assessment.assessment_completed.v1"
    assert fact["assessment_id"] == approved["assessment_id"]
    assert fact["needs"] == {"points": 80, "weekly_minutes": 2400, "carer_weekly_minutes": 0, "area": "north"}
    assert "findings" not in fact


async def test_nobody_approves_their_own_assessment(assessment: Running) -> None:
    made = await an_assessment(assessment)
    where = f"/v1/assessments/{made['assessment_id']}"
    await assessment.as_("practitioner", sub="pat").done(f"{where}/submit")
    answer = await assessment.as_("approver", sub="practitioner").post(f"{where}/approve")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/approval-not-allowed"


async def test_a_returned_assessment_keeps_its_history(assessment: Running) -> None:
    made = await an_assessment(assessment)
    where = f"/v1/assessments/{made['assessment_id']}"
    await assessment.as_("practitioner").done(f"{where}/submit")
    await assessment.as_("approver").done(f"{where}/return", {"note": "Say more about the mornings."})
    read = await assessment.as_("practitioner").read(where)
    assert read["state"] == "returned"
    assert [note["text"] for note in read["history"]] == ["Say more about the mornings."]


async def test_a_plan_that_is_short_cannot_be_agreed_until_the_budget_buys_it(assessment: Running) -> None:
    plan, budget = await a_proposed_plan(assessment), Speaker()
    where, approver = f"/v1/plans/{plan['plan_id']}", assessment.as_("approver", limit_pence=10**9)

    await hear(assessment, budget.say(inadequate(plan)))
    refused = await approver.post(f"{where}/agree")
    assert refused.status_code == 409
    assert refused.json()["state"] == "short"
    assert "agree" not in refused.json()["allowed"]

    await hear(assessment, budget.say(finalised(plan)))
    agreed = await approver.done(f"{where}/agree")
    assert agreed["state"] == "agreed"
    kind, fact = (await assessment.outbox())[-1]
    window = first_review(date.fromisoformat(agreed["agreed_on"]))
    assert kind == "assessment.plan_agreed.v1"
    assert (fact["first_review_from"], fact["first_review_by"]) == (str(window.due_from), str(window.due_by))


async def test_the_square_where_somebody_lives_goes_with_their_agreed_plan_and_nothing_finer_comes_in(
    assessment: Running,
) -> None:
    """ADR 22."""
    practitioner = assessment.as_("practitioner")
    made = await an_approved_assessment(assessment, square="TQ38NW")
    proposed = await practitioner.done(f"/v1/assessments/{made['assessment_id']}/plan", plan("2050-01-03"))
    assert made["square"] == proposed["square"] == "TQ38NW"
    assert "square" not in dict(await assessment.outbox())["assessment.plan_proposed.v1"]
    await hear(assessment, Speaker().say(finalised(proposed)))
    await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{proposed['plan_id']}/agree")
    assert (await assessment.outbox())[-1][1]["square"] == "TQ38NW"
    request = await practitioner.done(f"/v1/people/{made['person_id']}/requests", A_REQUEST)
    where = f"/v1/requests/{request['request_id']}/assessment"
    for finer in ("TQ305805", "TQ3080", "E8 1EA"):
        refused = await practitioner.post(where, {"area": "north", "square": finer})
        assert refused.status_code == 422
        assert finer not in refused.text


async def test_one_penny_over_the_delegated_limit_is_refused(assessment: Running) -> None:
    """What the final budget comes to in a year, which may be more than the plan's own price."""
    plan = await a_proposed_plan(assessment)
    limit = plan["weekly_pence"] * 52 + 1_000_00
    await hear(assessment, Speaker().say(finalised(plan, yearly_pence=limit)))
    where = f"/v1/plans/{plan['plan_id']}/agree"
    for none in (limit - 1, None):
        refused = await assessment.as_("approver", limit_pence=none).post(where)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/approval-not-allowed")
    agreed = await assessment.as_("approver", limit_pence=limit).done(where)
    assert (agreed["state"], agreed["yearly_pence"]) == ("agreed", limit)


async def test_hackney_b1_a_plan_sent_back_with_a_note_is_proposed_again_and_agreed(assessment: Running) -> None:
    """PEERS (b1) case 10, the amendment round trip: the note is kept, the answer about the earlier revision counts no more."""
    plan, budget = await a_proposed_plan(assessment), Speaker()
    await hear(assessment, budget.say(finalised(plan)))
    where, approver = f"/v1/plans/{plan['plan_id']}", assessment.as_("approver", limit_pence=10**9)
    back = await approver.done(f"{where}/return", {"note": "Synthetic: mornings are missing."})
    assert (back["state"], back["history"][-1]["text"]) == ("returned", "Synthetic: mornings are missing.")
    assert (await approver.post(f"{where}/agree")).status_code == 409
    body = {name: plan[name] for name in ("lines", "weekly_pence", "starts_on", "choices")}
    again = await assessment.as_("practitioner").done(f"{where}/propose-again", body)
    assert (again["state"], again["revision"], again["yearly_pence"]) == ("proposed", 2, 0)
    await hear(assessment, budget.say(finalised(again)))
    agreed = await approver.done(f"{where}/agree")
    assert (agreed["state"], [one["verb"] for one in agreed["history"]]) == ("agreed", ["return"])


async def test_an_answer_about_an_earlier_revision_changes_nothing(assessment: Running) -> None:
    plan, budget = await a_proposed_plan(assessment), Speaker()
    await hear(assessment, budget.say(inadequate(plan)))
    body = {name: plan[name] for name in ("lines", "weekly_pence", "starts_on")}
    await assessment.as_("practitioner").done(f"/v1/plans/{plan['plan_id']}/propose-again", body)
    await hear(assessment, budget.say(finalised(plan)))
    assert (await assessment.as_("practitioner").read(f"/v1/plans/{plan['plan_id']}"))["state"] == "proposed"
