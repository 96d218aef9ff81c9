"""The first steps of the journey, as tests of assessment take them over its public routes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from shared.testing.harness import Running

TEAM = "older-people-north"
ONE_GROUND, TWO_GROUNDS = ["needs_assistance"], ["needs_assistance", "significantly_longer"]


def findings(*unable: str) -> list[dict[str, Any]]:
    return [{"outcome": code, "able": False, "grounds": TWO_GROUNDS} for code in unable]


FOUND = {
    "impairment": True,
    "wellbeing_impact": True,
    "findings": [*findings("a", "b", "c", "d"), *({"outcome": c, "able": False, "grounds": ONE_GROUND} for c in "ei")],
    "estimated_minutes": 2400,
    "reasons": "Synthetic: cannot wash, dress, cook or leave the house alone since a stroke.",
}


def line(hourly_pence: int = 2469, minutes: int = 60, days: int = 7) -> dict[str, Any]:
    weekly = minutes * days
    return {
        "line_id": str(uuid4()),
        "support": "home_care",
        "kind_wanted": "provider",
        "route": "council_managed",
        "pattern": [{"weekday": day, "starts": "08:00", "minutes": minutes} for day in range(days)],
        "weekly_minutes": weekly,
        "hourly_pence": hourly_pence,
        "weekly_pence": weekly * hourly_pence // 60,
    }


def plan(starts_on: str, *lines: dict[str, Any]) -> dict[str, Any]:
    chosen = list(lines) or [line()]
    routes = sorted({one["route"] for one in chosen})
    choices = [{"route": one, "chosen_by": "person", "reasons": "Synthetic: it suits me."} for one in routes]
    total = sum(one["weekly_pence"] for one in chosen)
    return {"lines": chosen, "weekly_pence": total, "starts_on": starts_on, "choices": choices}


async def a_person(assessment: Running, **more: Any) -> dict[str, Any]:
    body = {"team": TEAM, "given_name": "Synthetic", "family_name": "Person", **more}
    person: dict[str, Any] = await assessment.as_("practitioner").done("/v1/people", body)
    return person


async def an_assessment(
    assessment: Running, found: dict[str, Any] | None = None, person_id: str | None = None, **where_they_live: str
) -> dict[str, Any]:
    """Begun and amended by a practitioner; not submitted. Of somebody new, where nobody is named."""
    practitioner = assessment.as_("practitioner")
    whose = person_id or (await a_person(assessment))["person_id"]
    asked = {"route_of_access": "community", "presenting_need": "Synthetic need"}
    request = await practitioner.done(f"/v1/people/{whose}/requests", asked)
    begun = await practitioner.done(
        f"/v1/requests/{request['request_id']}/assessment", {"area": "north"} | where_they_live
    )
    where = f"/v1/assessments/{begun['assessment_id']}"
    amended: dict[str, Any] = await practitioner.done(f"{where}/amend", found or FOUND)
    return amended


async def an_approved_assessment(
    assessment: Running, person_id: str | None = None, **where_they_live: str
) -> dict[str, Any]:
    made = await an_assessment(assessment, None, person_id, **where_they_live)
    where = f"/v1/assessments/{made['assessment_id']}"
    await assessment.as_("practitioner").done(f"{where}/submit")
    approved: dict[str, Any] = await assessment.as_("approver").done(f"{where}/approve")
    return approved


async def a_proposed_plan(assessment: Running, starts_on: str = "2050-01-03", *lines: dict[str, Any]) -> dict[str, Any]:
    made = await an_approved_assessment(assessment)
    where = f"/v1/assessments/{made['assessment_id']}/plan"
    proposed: dict[str, Any] = await assessment.as_("practitioner").done(where, plan(starts_on, *lines))
    return proposed
