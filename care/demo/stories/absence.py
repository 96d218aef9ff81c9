"""Who comes when a PA cannot? The council's pool, then a framework, then whoever has room: each step is kept."""

from __future__ import annotations

from datetime import date

from care.demo.stage import Lane, Stage
from shared.money import pounds

DAYS = (date(2024, 7, 8), date(2024, 7, 14))


def play(stage: Stage, lane: Lane) -> None:
    """Iris's PA reports it; somebody else is found in the same moment."""
    share = lane.shares[1]
    body = {"first": DAYS[0].isoformat(), "last": DAYS[1].isoformat(), "because": "ill"}
    asked = share.supplier.voice.post("marketplace", f"{share.purchase.where}/absences", body)
    cover = stage.staff.broker.get("marketplace", f"/v1/covers/{asked['cover_id']}")
    stage.found["absence"] = cover
    tried = ", ".join(f"{one['step']}: {one['possible']} of {one['considered']} could come" for one in cover["tried"])
    stage.tell.say("marketplace", f"{lane.name}'s PA is ill for a week. Looked for somebody else: {tried}")
    stage.tell.detail(f"{cover['state']} by the {cover['step']}, at {pounds(cover['hourly_pence'])} an hour")
