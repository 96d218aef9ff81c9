"""A direct payment that was refused is not the person's to choose, and no plan is agreed by a route nobody chose."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from shared.contracts.base import Reason
from shared.contracts.budget import DirectPaymentDecided, PaidTo
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.assessment.journey import an_approved_assessment, line, plan
from tests.integration.assessment.test_journey import finalised


def decided(person_id: str, agreed: bool) -> DirectPaymentDecided:
    return DirectPaymentDecided(
        decision_id=uuid4(),
        budget_id=uuid4(),
        person_id=UUID(person_id),
        agreed=agreed,
        paid_to=PaidTo.PERSON,
        because=(Reason(code="met_in_confidence", params={"rule": "DP-3"}),),
    )


def by_payment() -> dict[str, Any]:
    return line() | {"route": "direct_payment"}


async def test_a_refused_payment_is_explained_and_a_line_by_it_is_refused_until_it_is_agreed(
    assessment: Running,
) -> None:
    """Care Act s.31, s.32: the right is to a payment whose conditions are met; it may be asked for again."""
    made, budget = await an_approved_assessment(assessment), Speaker()
    practitioner = assessment.as_("practitioner")
    await hear(assessment, budget.say(decided(made["person_id"], agreed=False)))
    shown = await practitioner.read(f"/v1/people/{made['person_id']}/routes")
    payment = next(one for one in shown["routes"] if one["route"] == "direct_payment")
    assert not payment["offered"]
    assert payment["why_not"] == "It was refused on 2024-06-03; the budget says why, and it may be asked for again."
    assert [one["offered"] for one in shown["routes"] if one["route"] != "direct_payment"] == [True, True]
    where = f"/v1/assessments/{made['assessment_id']}/plan"
    refused = await practitioner.post(where, plan("2050-01-03", line(), by_payment()))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/route-not-offered")
    assert [(one["field"], one["rule"]) for one in refused.json()["errors"]] == [("lines[1].route", "ROUTE-1")]
    await hear(assessment, budget.say(decided(made["person_id"], agreed=True)))
    await practitioner.done(where, plan("2050-01-03", line(), by_payment()))


async def test_a_plan_by_a_payment_that_was_refused_meanwhile_is_not_agreed(assessment: Running) -> None:
    made, budget = await an_approved_assessment(assessment), Speaker()
    where = f"/v1/assessments/{made['assessment_id']}/plan"
    proposed = await assessment.as_("practitioner").done(where, plan("2050-01-03", by_payment()))
    await hear(assessment, budget.say(finalised(proposed)))
    await hear(assessment, budget.say(decided(made["person_id"], agreed=False)))
    answer = await assessment.as_("approver", limit_pence=10**9).post(f"/v1/plans/{proposed['plan_id']}/agree")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "ROUTE-1")


async def test_a_line_is_not_switched_to_a_payment_least_of_all_to_one_that_was_refused(assessment: Running) -> None:
    made, budget = await an_approved_assessment(assessment), Speaker()
    where = f"/v1/assessments/{made['assessment_id']}/plan"
    proposed = await assessment.as_("practitioner").done(where, plan("2050-01-03"))
    await hear(assessment, budget.say(finalised(proposed)))
    await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{proposed['plan_id']}/agree")
    await hear(assessment, budget.say(decided(made["person_id"], agreed=False)))
    body = {
        "line_id": proposed["lines"][0]["line_id"],
        "route": "direct_payment",
        "until": "2050-06-01",
        "because": "asked",
        "reasons": "r",
    }
    answer = await assessment.as_("practitioner").post(f"/v1/plans/{proposed['plan_id']}/switch-route", body)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "SWITCH-4")


async def test_a_plan_whose_routes_nobody_chose_is_not_agreed(assessment: Running) -> None:
    made = await an_approved_assessment(assessment)
    body = plan("2050-01-03", line(), by_payment())
    body["choices"] = [one for one in body["choices"] if one["route"] == "council_managed"]
    where = f"/v1/assessments/{made['assessment_id']}/plan"
    proposed = await assessment.as_("practitioner").done(where, body)
    await hear(assessment, Speaker().say(finalised(proposed)))
    answer = await assessment.as_("approver", limit_pence=10**9).post(f"/v1/plans/{proposed['plan_id']}/agree")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/route-not-chosen")
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [("lines[1].route", "ROUTE-2")]
