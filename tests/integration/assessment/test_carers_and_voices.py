"""A carer's own assessment; an advocate before the determination; the person's own account, assured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.assessment.journey import a_person, an_assessment, plan
from tests.integration.assessment.test_around_the_plan import MARKER, said, today
from tests.integration.assessment.test_journey import finalised

CARER: dict[str, Any] = {
    "cares_for": str(uuid4()),
    "necessary_care": True,
    "findings": [{"outcome": "viii", "grounds": ["needs_assistance"]}],
    "health_at_risk": False,
    "wellbeing_impact": True,
    "reasons": MARKER,
}


async def test_a_carers_own_determination_is_approved_by_somebody_else_and_said_without_its_reasons(
    assessment: Running,
) -> None:
    """R case 16: one outcome and an impact are enough for a carer."""
    carer, practitioner = await a_person(assessment), assessment.as_("practitioner", sub="pat")
    where = f"/v1/people/{carer['person_id']}/carer-assessments"
    longer = [{"outcome": "viii", "grounds": ["significantly_longer"]}]
    refused = await practitioner.post(where, {**CARER, "findings": longer})
    assert refused.status_code == 422  # no ground of a carer's
    made = await practitioner.done(where, CARER)
    assert (made["eligible"], made["state"], made["steps"][1]["because"]) == (
        True,
        "submitted",
        "1 outcomes cannot be achieved; one is enough.",
    )
    body = {"assessment_id": made["assessment_id"]}
    assert (await assessment.as_("approver", sub="pat").post(f"{where}/approve", body)).status_code == 409
    other = await a_person(assessment)
    elsewhere = f"/v1/people/{other['person_id']}/carer-assessments/approve"
    assert (await assessment.as_("approver").post(elsewhere, body)).status_code == 404
    await assessment.as_("approver").done(f"{where}/approve", body)
    (listed,) = (await practitioner.read(where))["items"]
    assert (listed["state"], listed["answers"]["reasons"]) == ("approved", MARKER)
    facts = await assessment.outbox()
    (fact,) = said(facts, "carer_assessment_completed")
    assert (fact["person_id"], fact["eligible"]) == (carer["person_id"], True)
    assert MARKER not in str(facts)


async def test_an_advocate_is_there_before_anything_is_determined(assessment: Running) -> None:
    """R case 17: the helper is a paid care worker, so an advocate must be arranged (Care Act s.67)."""
    made, practitioner = await an_assessment(assessment), assessment.as_("practitioner")
    where = f"/v1/assessments/{made['assessment_id']}"
    paid = {"paid_or_professional": True, "consented_to": True}
    noted = await practitioner.done(f"{where}/involvement", {"difficulties": ["retaining"], "appropriate": paid})
    assert (noted["advocate_needed"], noted["advocacy"][0]["because"]["code"]) == (True, "appropriate_person_is_paid")
    refused = await practitioner.post(f"{where}/submit")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/advocate-needed")
    speakers = f"/v1/people/{made['person_id']}/speakers"
    advocate = {"role": "advocate", "name": "Synthetic Advocate", "contact": "none"}
    past = {"first": str(today() - timedelta(days=30)), "last": str(today() - timedelta(days=1))}
    await practitioner.done(speakers, {**advocate, **past})
    assert (await practitioner.post(f"{where}/submit")).status_code == 409
    await practitioner.done(speakers, {**advocate, "first": str(today())})
    assert (await practitioner.done(f"{where}/submit"))["state"] == "submitted"


PAID = {"difficulties": ["retaining"], "appropriate": {"paid_or_professional": True, "consented_to": True}}
ADVOCATE = {"role": "advocate", "name": "Synthetic Advocate", "contact": "none"}


async def an_advocate(assessment: Running, person_id: str) -> None:
    body = {**ADVOCATE, "first": str(today())}
    await assessment.as_("practitioner").done(f"/v1/people/{person_id}/speakers", body)


async def the_advocate_left(assessment: Running) -> None:
    yesterday = today() - timedelta(days=1)
    await assessment.rows("update speaker set first = $1, last = $1 returning 1", yesterday)


async def an_assessment_that_needs_an_advocate(assessment: Running) -> dict[str, Any]:
    """Approved, with an advocate who has left since."""
    made, practitioner = await an_assessment(assessment), assessment.as_("practitioner")
    where = f"/v1/assessments/{made['assessment_id']}"
    await practitioner.done(f"{where}/involvement", PAID)
    await an_advocate(assessment, made["person_id"])
    await practitioner.done(f"{where}/submit")
    approved: dict[str, Any] = await assessment.as_("approver").done(f"{where}/approve")
    await the_advocate_left(assessment)
    return approved


def is_advocate_needed(answer: Any) -> bool:
    return (answer.status_code, answer.json().get("type")) == (409, "/problems/advocate-needed")


async def test_an_advocate_is_there_before_a_plan_is_proposed_and_proposed_again(assessment: Running) -> None:
    """R case 17; Care Act s.67 with s.25(3)."""
    made, practitioner = await an_assessment_that_needs_an_advocate(assessment), assessment.as_("practitioner")
    where, body = f"/v1/assessments/{made['assessment_id']}/plan", plan("2050-01-03")
    assert is_advocate_needed(await practitioner.post(where, body))
    await an_advocate(assessment, made["person_id"])
    proposed = await practitioner.done(where, body)
    again = f"/v1/plans/{proposed['plan_id']}"
    await hear(assessment, Speaker().say(finalised(proposed)))
    await assessment.as_("approver").done(f"{again}/return", {"note": "Synthetic: earlier, please."})
    await the_advocate_left(assessment)
    assert is_advocate_needed(await practitioner.post(f"{again}/propose-again", body))
    await an_advocate(assessment, made["person_id"])
    assert (await practitioner.done(f"{again}/propose-again", body))["revision"] == 2


async def test_an_advocate_is_there_before_a_review_is_held_and_a_plan_is_proposed_anew(assessment: Running) -> None:
    """R case 17; Care Act s.67 with s.27(2)."""
    made, practitioner = await an_assessment_that_needs_an_advocate(assessment), assessment.as_("practitioner")
    await an_advocate(assessment, made["person_id"])
    proposed = await practitioner.done(f"/v1/assessments/{made['assessment_id']}/plan", plan("2050-01-03"))
    await hear(assessment, Speaker().say(finalised(proposed)))
    await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{proposed['plan_id']}/agree")
    await assessment.rows("update review set state = 'due' returning 1")
    await the_advocate_left(assessment)
    (review,) = (await practitioner.read("/v1/reviews"))["items"]
    hold, summary = f"/v1/reviews/{review['review_id']}/hold", {"summary": "Synthetic: it goes well."}
    anew = f"/v1/plans/{proposed['plan_id']}/propose-anew"
    body = plan("2050-01-03") | {"reason": "Synthetic: other hours."}
    assert is_advocate_needed(await practitioner.post(hold, summary))
    assert is_advocate_needed(await practitioner.post(anew, body))
    await an_advocate(assessment, made["person_id"])
    assert (await practitioner.done(hold, summary))["state"] == "held"
    assert (await practitioner.done(anew, body))["state"] == "proposed"


async def test_an_advocate_is_there_before_a_carers_own_determination(assessment: Running) -> None:
    """R case 17; Care Act s.67 with s.10(7)."""
    carer, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where, body = f"/v1/people/{carer['person_id']}/carer-assessments", CARER | {"involvement": PAID}
    assert is_advocate_needed(await practitioner.post(where, body))
    assert (await practitioner.read(where))["items"] == []
    await an_advocate(assessment, carer["person_id"])
    assert (await practitioner.done(where, body))["state"] == "submitted"
    easy = CARER | {"involvement": {"difficulties": []}}
    await the_advocate_left(assessment)
    assert (await practitioner.done(where, easy))["state"] == "submitted"


async def test_the_persons_own_account_is_assured_by_a_practitioner_before_it_counts(assessment: Running) -> None:
    """Supported self-assessment (SI 2014/2827 reg 2)."""
    made, practitioner = await an_assessment(assessment), assessment.as_("practitioner", sub="pat")
    where = f"/v1/assessments/{made['assessment_id']}"
    await practitioner.done(f"{where}/own-account", {"account": MARKER})
    refused = await practitioner.post(f"{where}/submit")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-assured")
    assured = await practitioner.done(f"{where}/assure", {"note": "Synthetic: went through it together."})
    assert (assured["assured_by"], assured["own_account"]) == ("pat", MARKER)
    await practitioner.done(f"{where}/own-account", {"account": MARKER + " And more."})
    assert (await practitioner.post(f"{where}/submit")).status_code == 409  # what was added was not assured
    await practitioner.done(f"{where}/assure", {"note": "Synthetic: again."})
    assert (await practitioner.done(f"{where}/submit"))["state"] == "submitted"
    assert MARKER not in str(await assessment.outbox())
