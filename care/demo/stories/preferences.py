"""Who may be wished for? A lawful wish, a skill and an unlawful one, side by side: only the wish is refused, never the need."""

from __future__ import annotations

from typing import Any

from care.demo import lanes
from care.demo.people import BENGALI
from care.demo.stage import Lane, Stage


def play(stage: Stage, lane: Lane) -> None:
    """Elif's plan, with three wishes about who comes; then she goes on to an order as everybody does."""
    line = lane.journey.lines[0]
    lane.journey.wishes = (
        _wish(line, "sex", "female", "intimate_care", "privacy_decency", "person"),
        _wish(line, "language", BENGALI.removeprefix("language:"), "any", "communication", "person"),
        _wish(line, "race", "not_said", "any", "none_given", "relative"),
    )
    lanes.order(stage, lane)
    plan = stage.staff.practitioner.get("assessment", f"/v1/plans/{lane.journey.ids['plan']}")
    stage.tell.say("assessment", f"{lane.name}'s plan came with wishes about who comes, each decided:")
    stage.tell.details(
        f"{one['characteristic']}, asked by the {one['asked_by']}: {one['answer']}. {one['explanation']}"
        for one in plan["wishes"]
    )
    stage.found["wishes"] = plan["wishes"]
    alert = stage.alert("discriminatory_request", person=lane.journey.ids["person"])
    stage.tell.say("safeguarding", f"an {alert['kind']} alert: {alert['explanation']}")
    stage.tell.say("marketplace", "the need went to the market without it, and is met")


def _wish(line: dict[str, Any], about: str, wanted: str, task: str, ground: str, by: str) -> dict[str, Any]:
    of = {"line_id": line["line_id"], "characteristic": about, "wanted": wanted}
    return of | {"task": task, "ground": ground, "asked_by": by}
