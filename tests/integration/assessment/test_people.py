"""People, who speaks for them, whom they let see them: and who of the council sees whom."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shared.testing.harness import Running
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.assessment.journey import FOUND, TEAM, a_person, a_proposed_plan, an_assessment, findings, plan


async def test_identity_is_kept_here_and_said_nowhere(assessment: Running) -> None:
    person = await a_person(
        assessment, date_of_birth="1941-05-02", nhs_number="999 000 0018", address="1 Made Up Street"
    )
    where = f"/v1/people/{person['person_id']}/requests"
    await assessment.as_("practitioner").done(where, {"route_of_access": "community", "presenting_need": "help"})
    said = str(await assessment.outbox())
    assert person["person_id"] in said
    for kept in ("Synthetic", "1941-05-02", "999 000 0018", "Made Up", "help"):
        assert kept not in said


async def test_who_speaks_for_a_person_is_a_dated_role(assessment: Running) -> None:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where = f"/v1/people/{person['person_id']}"
    speaker = {
        "role": "attorney",
        "name": "Synthetic Friend",
        "contact": "none",
        "first": "2024-01-01",
        "last": "2024-12-31",
    }
    await practitioner.done(f"{where}/speakers", speaker)
    read = await practitioner.read(where)
    assert [(one["role"], one["first"], one["last"]) for one in read["speakers"]] == [
        ("attorney", "2024-01-01", "2024-12-31")
    ]


async def test_days_out_of_order_are_refused_by_field_and_rule(assessment: Running) -> None:
    person = await a_person(assessment)
    speaker = {"role": "attorney", "name": "A", "contact": "b", "first": "2024-02-01", "last": "2024-01-01"}
    answer = await assessment.as_("practitioner").post(f"/v1/people/{person['person_id']}/speakers", speaker)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("last", "DAYS-1")


async def test_consent_is_given_and_withdrawn_as_facts(assessment: Running) -> None:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where = f"/v1/people/{person['person_id']}/consents"
    await practitioner.done(where, {"client_id": "app-one", "until": "2030-01-01"})
    await practitioner.done(f"{where}/withdraw", {"client_id": "app-one"})
    await practitioner.done(where, {"client_id": "app-one"})
    told = [(kind.split(".")[1], fact["client_id"]) for kind, fact in await assessment.outbox()]
    assert told == [("consent_given", "app-one"), ("consent_withdrawn", "app-one"), ("consent_given", "app-one")]
    (consent,) = (await practitioner.read(f"/v1/people/{person['person_id']}"))["consents"]
    assert (consent["withdrawn"], consent["until"]) == (False, None)


async def test_a_team_sees_its_own_people_only(assessment: Running) -> None:
    person = await a_person(assessment)
    where = f"/v1/people/{person['person_id']}"
    assert (await assessment.as_("practitioner", team=TEAM).get(where)).status_code == 200
    other = assessment.as_("practitioner", team="learning-disability")
    assert (await other.get(where)).status_code == 404
    asked = {"route_of_access": "community", "presenting_need": "x"}
    assert (await other.post(f"{where}/requests", asked)).status_code == 404
    assert (await other.read("/v1/people"))["items"] == []


async def test_another_council_sees_nothing(assessment: Running) -> None:
    made = await a_proposed_plan(assessment)
    other = assessment.as_("practitioner", council=OTHER_COUNCIL)
    for path in (f"people/{made['person_id']}", f"assessments/{made['assessment_id']}", f"plans/{made['plan_id']}"):
        assert (await other.get(f"/v1/{path}")).status_code == 404
    assert (await other.post(f"/v1/plans/{made['plan_id']}/withdraw", {"note": "x"})).status_code == 404


async def test_every_look_at_a_person_is_noted_with_who_looked(assessment: Running) -> None:
    person = await a_person(assessment)
    await assessment.as_("practitioner", sub="priya").read(f"/v1/people/{person['person_id']}")
    looks = await assessment.rows("select sub, purpose from access_log where subject = $1", person["person_id"])
    assert looks == [{"sub": "priya", "purpose": "read_person"}]


async def test_a_list_is_read_in_pages(assessment: Running) -> None:
    made = {(await a_person(assessment))["person_id"] for _ in range(5)}
    practitioner, seen, cursor = assessment.as_("practitioner"), set(), {}
    while True:
        page = await practitioner.read("/v1/people", limit=2, **cursor)
        seen |= {one["person_id"] for one in page["items"]}
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == made


async def test_a_change_decided_on_something_stale_is_412(assessment: Running) -> None:
    made = await an_assessment(assessment)
    where, practitioner = f"/v1/assessments/{made['assessment_id']}", assessment.as_("practitioner")
    tag = (await practitioner.get(where)).headers["ETag"]
    assert (await practitioner.post(f"{where}/amend", FOUND, headers={"If-Match": tag})).status_code == 200
    stale = await practitioner.post(f"{where}/amend", FOUND, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")


async def test_the_etag_of_a_change_is_the_one_read_next(assessment: Running) -> None:
    made = await an_assessment(assessment)
    where, practitioner = f"/v1/assessments/{made['assessment_id']}", assessment.as_("practitioner")
    changed = await practitioner.post(f"{where}/amend", FOUND)
    assert changed.headers["ETag"] == (await practitioner.get(where)).headers["ETag"]


@pytest.mark.parametrize(
    ("broken", "field", "rule"),
    [
        ({"findings": findings("a", "a")}, "findings[0].outcome", "OUTCOME-3"),
        ({"findings": [{"outcome": "a", "able": False, "grounds": []}]}, "findings[0].grounds", "OUTCOME-1"),
        (
            {"findings": [{"outcome": "a", "able": True, "grounds": ["needs_assistance"]}]},
            "findings[0].grounds",
            "OUTCOME-2",
        ),
    ],
)
async def test_findings_that_contradict_themselves_are_refused_when_submitted(
    assessment: Running, broken: dict[str, object], field: str, rule: str
) -> None:
    made = await an_assessment(assessment, FOUND | broken)
    answer = await assessment.as_("practitioner").post(f"/v1/assessments/{made['assessment_id']}/submit")
    assert answer.status_code == 422
    assert (field, rule) in [(error["field"], error["rule"]) for error in answer.json()["errors"]]


async def test_a_plan_that_does_not_add_up_is_refused_with_everything_that_is_wrong(assessment: Running) -> None:
    made = await a_proposed_plan(assessment)
    body = plan("2050-01-03")
    body["lines"][0]["weekly_minutes"] += 1
    body["weekly_pence"] += 1
    answer = await assessment.as_("practitioner").post(f"/v1/assessments/{made['assessment_id']}/plan", body)
    assert answer.status_code == 422
    assert {error["rule"] for error in answer.json()["errors"]} >= {"PLAN-3", "PLAN-6"}


async def test_a_plan_needs_an_approved_determination(assessment: Running) -> None:
    made = await an_assessment(assessment)
    answer = await assessment.as_("practitioner").post(
        f"/v1/assessments/{made['assessment_id']}/plan", plan("2050-01-03")
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-eligible")


async def test_an_id_nobody_gave_out_is_404(assessment: Running) -> None:
    for path in ("people", "requests", "assessments", "plans", "reviews"):
        assert (await assessment.as_("practitioner").get(f"/v1/{path}/{uuid4()}")).status_code == 404
