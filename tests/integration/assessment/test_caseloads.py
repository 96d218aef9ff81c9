"""Requests are allocated within limits; over them nothing is allocated by itself but what is urgent."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.testing.harness import Running
from tests.integration.assessment.journey import FOUND, TEAM, a_person


async def asked_for(assessment: Running, *, urgent: bool = False) -> dict[str, Any]:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    body = {"route_of_access": "community", "presenting_need": "Synthetic need", "urgent": urgent}
    request: dict[str, Any] = await practitioner.done(f"/v1/people/{person['person_id']}/requests", body)
    return request


async def caseloads(assessment: Running) -> dict[str, int]:
    listed = await assessment.as_("practitioner", team=TEAM).read("/v1/practitioners")
    return {one["sub"]: one["open_cases"] for one in listed["items"]}


async def test_over_the_limit_nothing_is_allocated_but_urgent_work_and_an_approved_assessment_makes_room(
    assessment: Running,
) -> None:
    """PEERS.md 14."""
    chief = assessment.as_("approver")
    assert (await asked_for(assessment))["allocated_to"] is None  # nobody is there yet
    for sub in ("ann", "ben"):
        await chief.done("/v1/practitioners", {"sub": sub, "team": TEAM, "most": 1})
    await chief.done("/v1/practitioners", {"sub": "far", "team": "elsewhere", "most": 9})
    first, second = await asked_for(assessment), await asked_for(assessment)
    assert [first["allocated_to"], second["allocated_to"]] == ["ann", "ben"]
    assert (await asked_for(assessment))["allocated_to"] is None
    assert (await asked_for(assessment, urgent=True))["allocated_to"] == "ann"
    assert await caseloads(assessment) == {"ann": 2, "ben": 1}

    practitioner = assessment.as_("practitioner")
    begun = await practitioner.done(f"/v1/requests/{second['request_id']}/assessment", {"area": "north"})
    where = f"/v1/assessments/{begun['assessment_id']}"
    await practitioner.done(f"{where}/amend", FOUND)
    await practitioner.done(f"{where}/submit")
    await chief.done(f"{where}/approve")
    assert await caseloads(assessment) == {"ann": 2, "ben": 0}
    assert (await asked_for(assessment))["allocated_to"] == "ben"


async def test_requests_at_once_never_go_over_the_limit(assessment: Running) -> None:
    await assessment.as_("approver").done("/v1/practitioners", {"sub": "ann", "team": TEAM, "most": 3})
    requests = await asyncio.gather(*(asked_for(assessment) for _ in range(8)))
    assert sorted(one["allocated_to"] or "" for one in requests) == [""] * 5 + ["ann"] * 3
    assert await caseloads(assessment) == {"ann": 3}


async def test_a_chief_of_one_team_moves_nobody_of_another(assessment: Running) -> None:
    body = {"sub": "ann", "team": TEAM, "most": 3}
    await assessment.as_("approver", team=TEAM).done("/v1/practitioners", body)
    other = assessment.as_("approver", team="elsewhere")
    assert (await other.post("/v1/practitioners", {**body, "team": "elsewhere"})).status_code == 404
    assert (await other.post("/v1/practitioners", {**body, "sub": "bea"})).status_code == 404
    assert (await assessment.as_("practitioner").post("/v1/practitioners", body)).status_code == 403
