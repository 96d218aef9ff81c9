"""A plan is agreed anew while another is in force: that one holds until then, and is superseded with it (Care Act s.27)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.db import transaction
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running, eventually
from tests.integration.assessment.journey import a_proposed_plan, an_approved_assessment, an_assessment, line, plan
from tests.integration.assessment.test_journey import finalised

STARTS = "2050-03-01"


async def an_agreed_plan(assessment: Running, *lines: dict[str, Any]) -> tuple[dict[str, Any], Speaker]:
    proposed, budget = await a_proposed_plan(assessment, "2050-01-03", *lines), Speaker()
    await hear(assessment, budget.say(finalised(proposed)))
    where = f"/v1/plans/{proposed['plan_id']}/agree"
    return await assessment.as_("approver", limit_pence=10**9).done(where), budget


async def proposed_anew(assessment: Running, old: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    body = plan(STARTS, *lines) | {"reason": "Synthetic: the mornings got harder."}
    made: dict[str, Any] = await assessment.as_("practitioner").done(f"/v1/plans/{old['plan_id']}/propose-anew", body)
    return made


async def shown(assessment: Running, one: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = await assessment.as_("practitioner").read(f"/v1/plans/{one['plan_id']}")
    return read


async def test_the_old_plan_holds_until_the_new_one_is_agreed_and_is_superseded_with_it(assessment: Running) -> None:
    """Care Act s.27; the amendment loop of a brokerage system (PEERS (b))."""
    kept, mornings = line(), line(2400, minutes=30)
    old, budget = await an_agreed_plan(assessment, kept, mornings)
    longer = line(minutes=60) | {"replaces_line_id": mornings["line_id"]}
    new = await proposed_anew(assessment, old, kept, longer)
    assert (new["supersedes_plan_id"], new["revision"], new["state"]) == (old["plan_id"], 2, "proposed")
    assert (await shown(assessment, old))["state"] == "agreed"
    await hear(assessment, budget.say(finalised(new)))
    agreed = await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{new['plan_id']}/agree")
    assert agreed["state"] == "agreed"
    after = await shown(assessment, old)
    assert (after["state"], after["superseded_by"]) == ("superseded", new["plan_id"])
    kind, fact = (await assessment.outbox())[-1]
    assert (kind, fact["supersedes_plan_id"]) == ("assessment.plan_agreed.v1", old["plan_id"])
    assert [one["replaces_line_id"] for one in fact["lines"]] == [None, mornings["line_id"]]
    assert "harder" not in str(await assessment.outbox())
    reviews = (await assessment.as_("practitioner").read("/v1/reviews"))["items"]
    assert {(one["plan_id"], one["state"]) for one in reviews} == {
        (old["plan_id"], "cancelled"),
        (new["plan_id"], "scheduled"),
    }


async def test_a_new_plan_that_is_withdrawn_changes_nothing_and_another_may_follow(assessment: Running) -> None:
    old, _ = await an_agreed_plan(assessment)
    new = await proposed_anew(assessment, old)
    where, body = f"/v1/plans/{old['plan_id']}/propose-anew", plan(STARTS) | {"reason": "r"}
    second = await assessment.as_("practitioner").post(where, body)
    assert (second.status_code, second.json()["type"]) == (409, "/problems/another-proposed-already")
    assert second.json()["plan_id"] == new["plan_id"]
    await assessment.as_("practitioner").done(
        f"/v1/plans/{new['plan_id']}/withdraw", {"note": "Synthetic: not needed."}
    )
    assert (await shown(assessment, old))["state"] == "agreed"
    assert (await proposed_anew(assessment, old))["state"] == "proposed"


async def test_only_an_agreed_plan_is_superseded_and_only_within_the_team(assessment: Running) -> None:
    waiting = await a_proposed_plan(assessment)
    where, body = f"/v1/plans/{waiting['plan_id']}/propose-anew", plan(STARTS) | {"reason": "r"}
    refused = await assessment.as_("practitioner").post(where, body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/verb-not-allowed")
    assert (await assessment.as_("practitioner", team="another").post(where, body)).status_code == 404


async def test_the_same_rules_hold_for_whoever_agrees_it_and_for_its_lines(assessment: Running) -> None:
    kept = line()
    old, budget = await an_agreed_plan(assessment, kept)
    where = f"/v1/plans/{old['plan_id']}/propose-anew"
    dearer = plan(STARTS, kept | line(hourly_pence=2500) | {"line_id": kept["line_id"]}) | {"reason": "r"}
    refused = await assessment.as_("practitioner").post(where, dearer)
    assert refused.status_code == 422
    assert [(one["field"], one["rule"]) for one in refused.json()["errors"]] == [("lines[0].line_id", "PLAN-9")]
    unknown = plan(STARTS, line() | {"replaces_line_id": str(uuid4())}) | {"reason": "r"}
    assert (await assessment.as_("practitioner").post(where, unknown)).json()["errors"][0]["rule"] == "PLAN-10"
    new = await proposed_anew(assessment, old, kept)
    agree = f"/v1/plans/{new['plan_id']}/agree"
    short = await assessment.as_("approver", limit_pence=10**9).post(agree)
    assert short.json()["type"] == "/problems/verb-not-allowed"
    await hear(assessment, budget.say(finalised(new)))
    own = await assessment.as_("approver", sub="practitioner", limit_pence=10**9).post(agree)
    assert own.json()["type"] == "/problems/approval-not-allowed"
    assert (await assessment.as_("approver", limit_pence=1).post(agree)).status_code == 409
    assert (await shown(assessment, old))["state"] == "agreed"


async def two_that_may_be_agreed(assessment: Running) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two plans of one assessment, neither agreed yet."""
    first, budget = await a_proposed_plan(assessment), Speaker()
    where = f"/v1/assessments/{first['assessment_id']}/plan"
    beside = await assessment.as_("practitioner").done(where, plan(STARTS))
    for one in (first, beside):
        await hear(assessment, budget.say(finalised(one)))
    return first, beside


async def test_beside_a_plan_in_force_none_is_proposed_and_none_agreed(assessment: Running) -> None:
    """Two would spend the person's one budget."""
    first, beside = await two_that_may_be_agreed(assessment)
    where = f"/v1/assessments/{first['assessment_id']}/plan"
    approver = assessment.as_("approver", limit_pence=10**9)
    await approver.done(f"/v1/plans/{first['plan_id']}/agree")
    refused = await approver.post(f"/v1/plans/{beside['plan_id']}/agree")
    again = await assessment.as_("practitioner").post(where, plan(STARTS))
    for answer in (refused, again):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/plan-in-force")
        assert answer.json()["plan_id"] == first["plan_id"]
    assert (await proposed_anew(assessment, first))["state"] == "proposed"


async def test_the_plan_that_a_new_assessment_leads_to_takes_the_place_of_the_one_in_force(assessment: Running) -> None:
    """Care Act s.27(4): needs changed, so the person is assessed again; they have one care and support plan in force."""
    kept = line()
    old, budget = await an_agreed_plan(assessment, kept)
    reassessed = await an_approved_assessment(assessment, old["person_id"])
    beside = await assessment.as_("practitioner").post(
        f"/v1/assessments/{reassessed['assessment_id']}/plan", plan(STARTS)
    )
    assert (beside.status_code, beside.json()["type"]) == (409, "/problems/plan-in-force")
    assert beside.json()["plan_id"] == old["plan_id"]
    body = plan(STARTS, kept, line(2400)) | {"reason": "r", "assessment_id": reassessed["assessment_id"]}
    new = await assessment.as_("practitioner").done(f"/v1/plans/{old['plan_id']}/propose-anew", body)
    assert (new["assessment_id"], new["supersedes_plan_id"]) == (reassessed["assessment_id"], old["plan_id"])
    assert (await shown(assessment, old))["state"] == "agreed"
    await hear(assessment, budget.say(finalised(new)))
    await assessment.as_("approver", limit_pence=10**9).done(f"/v1/plans/{new['plan_id']}/agree")
    assert (await shown(assessment, old))["superseded_by"] == new["plan_id"]
    kind, fact = (await assessment.outbox())[-1]
    assert (kind, fact["assessment_id"]) == ("assessment.plan_agreed.v1", reassessed["assessment_id"])
    assert fact["supersedes_plan_id"] == old["plan_id"]


async def test_a_plan_anew_meets_the_needs_of_the_same_person_found_eligible(assessment: Running) -> None:
    old, _ = await an_agreed_plan(assessment)
    somebody_else = await an_approved_assessment(assessment)
    unfinished = await an_assessment(assessment, person_id=old["person_id"])
    where = f"/v1/plans/{old['plan_id']}/propose-anew"
    answers = [
        await assessment.as_("practitioner").post(where, plan(STARTS) | {"reason": "r", "assessment_id": one})
        for one in (somebody_else["assessment_id"], str(uuid4()), unfinished["assessment_id"])
    ]
    assert [each.status_code for each in answers] == [404, 404, 409]
    assert answers[-1].json()["type"] == "/problems/not-eligible"


async def test_a_plan_of_an_earlier_assessment_is_not_agreed_beside_that_of_a_later_one(assessment: Running) -> None:
    first, budget = await a_proposed_plan(assessment), Speaker()
    reassessed = await an_approved_assessment(assessment, first["person_id"])
    where = f"/v1/assessments/{reassessed['assessment_id']}/plan"
    second = await assessment.as_("practitioner").done(where, plan(STARTS))
    for one in (first, second):
        await hear(assessment, budget.say(finalised(one)))
    approver = assessment.as_("approver", limit_pence=10**9)
    await approver.done(f"/v1/plans/{second['plan_id']}/agree")
    refused = await approver.post(f"/v1/plans/{first['plan_id']}/agree")
    assert (refused.status_code, refused.json()["plan_id"]) == (409, second["plan_id"])


async def test_of_two_plans_that_are_agreed_at_the_same_time_the_later_is_refused(assessment: Running) -> None:
    """The first is agreed but not yet committed, by another process, when the second is asked for."""
    first, beside = await two_that_may_be_agreed(assessment)
    async with transaction(assessment.worker) as tx:
        await tx.rows("update plan set state = 'agreed' where plan_id = $1 returning 1", UUID(first["plan_id"]))
        approver = assessment.as_("approver", limit_pence=10**9)
        asked = asyncio.create_task(approver.post(f"/v1/plans/{beside['plan_id']}/agree"))
        await eventually(lambda: or_done(asked, assessment.somebody_waits()))
    answer = await asked
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/plan-in-force")


async def or_done(asked: asyncio.Task[Any], look: Awaitable[bool]) -> bool:
    return await look or asked.done()


async def test_who_is_too_ill_for_a_payment_is_so_on_the_line_that_takes_its_place_and_has_both_back_on_one_day(
    assessment: Running,
) -> None:
    """ADR 18: for a time and back; the order that runs until then keeps its own days, and goes back with the other."""
    mornings, until = line(2400, minutes=30) | {"route": "direct_payment"}, date.today() + timedelta(days=30)
    old, budget = await an_agreed_plan(assessment, mornings)
    practitioner = assessment.as_("practitioner")
    ill = {"line_id": mornings["line_id"], "route": "council_managed", "until": str(until), "because": "too_ill"}
    await practitioner.done(f"/v1/plans/{old['plan_id']}/switch-route", {**ill, "reasons": "Synthetic: in hospital."})
    longer = line(minutes=60) | {"replaces_line_id": mornings["line_id"], "route": "direct_payment"}
    new = await agreed_anew(assessment, budget, old, longer)
    assert [(one["line_id"], one["until"]) for one in new["switches"]] == [(longer["line_id"], str(until))]
    kind, fact = (await assessment.outbox())[-1]
    assert (kind, fact["line_id"], fact["until"], fact["plan_id"]) == (
        "assessment.route_switched.v1", longer["line_id"], str(until), new["plan_id"],
    )  # fmt: skip
    back = {"line_id": longer["line_id"], "because": "well_again", "reasons": "Synthetic: at home again."}
    await practitioner.done(f"/v1/plans/{new['plan_id']}/switch-back", back)
    said = [fact for kind, fact in await assessment.outbox() if kind == "assessment.route_switched.v1"][-2:]
    assert [(fact["line_id"], fact["route"], fact["until"]) for fact in said] == [
        (longer["line_id"], "direct_payment", None),
        (mornings["line_id"], "direct_payment", None),
    ]


async def test_a_line_that_the_council_manages_anyhow_takes_no_switch_over(assessment: Running) -> None:
    mornings = line(2400, minutes=30) | {"route": "direct_payment"}
    old, budget = await an_agreed_plan(assessment, mornings)
    ill = {"line_id": mornings["line_id"], "route": "council_managed", "until": str(date.today()), "because": "too_ill"}
    where = f"/v1/plans/{old['plan_id']}/switch-route"
    await assessment.as_("practitioner").done(where, {**ill, "reasons": "Synthetic: in hospital."})
    longer = line(minutes=60) | {"replaces_line_id": mornings["line_id"]}
    new = await agreed_anew(assessment, budget, old, longer)
    assert new["switches"] == []
    assert (await assessment.outbox())[-1][0] == "assessment.plan_agreed.v1"


async def agreed_anew(
    assessment: Running, budget: Speaker, old: dict[str, Any], *lines: dict[str, Any]
) -> dict[str, Any]:
    new = await proposed_anew(assessment, old, *lines)
    await hear(assessment, budget.say(finalised(new)))
    agreed: dict[str, Any] = await assessment.as_("approver", limit_pence=10**9).done(
        f"/v1/plans/{new['plan_id']}/agree"
    )
    return agreed
