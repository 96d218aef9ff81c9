"""Wishes about who comes are decided with the plan; routes are offered, chosen with reasons, and switched for a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.assessment.journey import a_person, an_approved_assessment, line, plan
from tests.integration.assessment.test_journey import finalised
from tests.integration.sweeping import sweep_at


def wish(of: dict[str, Any], characteristic: str, **more: Any) -> dict[str, Any]:
    said = {"wanted": "female", "task": "intimate_care", "ground": "privacy_decency", "asked_by": "person"}
    return {"line_id": of["line_id"], "characteristic": characteristic, **said, **more}


async def proposed(assessment: Running, body: dict[str, Any]) -> dict[str, Any]:
    made = await an_approved_assessment(assessment)
    where = f"/v1/assessments/{made['assessment_id']}/plan"
    answer: dict[str, Any] = await assessment.as_("practitioner").done(where, body)
    return answer


async def test_lawful_wishes_go_on_the_line_and_unlawful_ones_are_refused_while_the_requirement_stays(
    assessment: Running,
) -> None:
    own = line()
    wishes = [
        wish(own, "sex"),
        wish(own, "language", wanted="bn", ground="communication"),
        wish(own, "sexual_orientation", wanted="none", asked_by="relative"),
        wish(own, "familiar_worker", wanted="w-7", asked_by="relative"),
    ]
    made = await proposed(assessment, {**plan("2050-01-03", own), "wishes": wishes})
    assert [one["answer"] for one in made["wishes"]] == ["lawful", "skill", "refused", "set_aside"]
    assert made["wishes"][2]["explanation"].startswith("Who comes is not chosen by a protected characteristic")
    (kept,) = made["lines"]
    assert (kept["skills"], [one["characteristic"] for one in kept["preferences"]]) == (["language:bn"], ["sex"])
    said = await assessment.outbox()
    (refused,) = [fact for kind, fact in said if kind == "assessment.preference_refused.v1"]
    assert (refused["characteristic"], refused["asked_by"]) == ("sexual_orientation", "relative")
    assert "wanted" not in refused
    (put,) = [fact for kind, fact in said if kind == "assessment.plan_proposed.v1"]
    assert put["lines"] == made["lines"]

    body = {name: made[name] for name in ("lines", "weekly_pence", "starts_on")}
    await hear(assessment, Speaker().say(finalised(made)))
    where = f"/v1/plans/{made['plan_id']}/propose-again"
    again = await assessment.as_("practitioner").done(where, {**body, "wishes": wishes})
    assert len(again["wishes"]) == 4  # what was decided once is not decided, and not said, again
    assert len([1 for kind, _ in await assessment.outbox() if kind == "assessment.preference_refused.v1"]) == 1


async def test_a_preference_cannot_be_slipped_onto_a_line(assessment: Running) -> None:
    slipped = {"characteristic": "race", "wanted": "x", "task": "any", "ground": "none_given"}
    made = await an_approved_assessment(assessment)
    body = plan("2050-01-03", {**line(), "preferences": [slipped]})
    answer = await assessment.as_("practitioner").post(f"/v1/assessments/{made['assessment_id']}/plan", body)
    assert answer.status_code == 422
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [("lines[0].preferences[0]", "WISH-3")]


async def test_all_routes_are_explained_and_the_choice_is_kept_with_its_reasons(assessment: Running) -> None:
    choice = {"route": "direct_payment", "chosen_by": "person", "reasons": "Synthetic: wants to choose who comes."}
    own = {**line(), "route": "direct_payment"}
    made = await proposed(assessment, {**plan("2050-01-03", own), "choices": [choice]})
    shown = await assessment.as_("practitioner").read(f"/v1/people/{made['person_id']}/routes")
    assert [one["route"] for one in shown["routes"]] == ["council_managed", "isf", "direct_payment"]
    assert shown["routes"][2]["conditions"][0].startswith("The person asks for it")
    assert (shown["choices"], made["choices"]) == ([choice], [choice])
    stranger = assessment.as_("practitioner", team="elsewhere")
    assert (await stranger.get(f"/v1/people/{made['person_id']}/routes")).status_code == 404
    assert "wants to choose" not in str(await assessment.outbox())


async def test_a_council_without_funds_offers_none_and_refuses_a_line_on_one(assessment: Running) -> None:
    there = assessment.as_("practitioner", council="E99999997")
    person = await there.done("/v1/people", {"team": "north", "given_name": "Synthetic", "family_name": "Person"})
    shown = await there.read(f"/v1/people/{person['person_id']}/routes")
    assert {one["route"]: one["offered"] for one in shown["routes"]}["isf"] is False
    assert (await a_person(assessment))["team"] != person["team"]


async def test_a_line_is_switched_for_somebody_too_ill_and_goes_back_by_itself(assessment: Running) -> None:
    own = {**line(), "route": "direct_payment"}
    made = await proposed(assessment, plan("2050-01-03", own))
    where, practitioner = f"/v1/plans/{made['plan_id']}", assessment.as_("practitioner")
    until = date.today() + timedelta(days=30)
    body = {"line_id": own["line_id"], "until": until.isoformat(), "because": "too_ill", "reasons": "Synthetic."}
    early = await practitioner.post(f"{where}/switch-route", {**body, "route": "council_managed"})
    assert (early.status_code, early.json()["state"]) == (409, "proposed")

    await hear(assessment, Speaker().say(finalised(made)))
    await assessment.as_("approver", limit_pence=10**9).done(f"{where}/agree")
    same = await practitioner.post(f"{where}/switch-route", {**body, "route": "direct_payment"})
    assert [one["rule"] for one in same.json()["errors"]] == ["SWITCH-2"]
    await practitioner.done(f"{where}/switch-route", {**body, "route": "council_managed"})
    assert await sweep_at(assessment, until) == 0
    assert await sweep_at(assessment, until + timedelta(days=1)) == 1
    switched = [fact for kind, fact in await assessment.outbox() if kind == "assessment.route_switched.v1"]
    assert [(fact["route"], fact["because"]) for fact in switched] == [
        ("council_managed", "too_ill"),
        ("direct_payment", "time_over"),
    ]
    assert [fact["holds_from"] for fact in switched] == [str(date.today()), str(until + timedelta(days=1))]
    assert {fact["budget_id"] for fact in switched} == {(await practitioner.read(where))["budget_id"]}
    assert (await practitioner.read(where))["switches"] == []


async def test_somebody_well_again_sooner_goes_back_at_once_and_nothing_is_said_on_the_day_that_was_named(
    assessment: Running,
) -> None:
    own = {**line(), "route": "direct_payment"}
    made = await proposed(assessment, plan("2050-01-03", own))
    where, practitioner = f"/v1/plans/{made['plan_id']}", assessment.as_("practitioner")
    await hear(assessment, Speaker().say(finalised(made)))
    await assessment.as_("approver", limit_pence=10**9).done(f"{where}/agree")
    back = {"line_id": own["line_id"], "because": "well_again", "reasons": "Synthetic: home and well."}
    early = await practitioner.post(f"{where}/switch-back", back)
    assert [one["rule"] for one in early.json()["errors"]] == ["SWITCH-5"]

    until = date.today() + timedelta(days=30)
    body = {**back, "route": "council_managed", "until": until.isoformat(), "because": "too_ill"}
    await practitioner.done(f"{where}/switch-route", body)
    shown = await practitioner.done(f"{where}/switch-back", back)
    assert (shown["switches"], shown["history"][-1]["verb"]) == ([], "switch_back")
    assert await sweep_at(assessment, until + timedelta(days=1)) == 0
    said = [fact for kind, fact in await assessment.outbox() if kind == "assessment.route_switched.v1"]
    assert [(fact["route"], fact["until"], fact["because"]) for fact in said] == [
        ("council_managed", str(until), "too_ill"),
        ("direct_payment", None, "well_again"),
    ]
    assert said[-1]["holds_from"] == str(date.today())
    assert "home and well" not in repr(said)
