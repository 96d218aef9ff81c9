"""What if a service is to close? Proposed, consulted on, decided by somebody else; a review before anything is withdrawn."""

from __future__ import annotations

from typing import Any

from care.demo.lanes import ACHIEVED
from care.demo.stage import Lane, Stage
from shared.money import pounds

CLOSES_ON = "2024-09-30"
AFFECTED = {"carers": 14, "journeys_a_week": 60, "meals_a_week": 45, "posts": 9, "post_hours_a_week": 270}
WHY = "Synthetic: the building needs more than the council has."
PARTIES = {
    "carers": "Synthetic: a day off for us, two days a week.",
    "people_who_come": "Synthetic: our friends are here.",
    "trade_union": "Synthetic: nine posts, all of them skilled.",
}


def decide(stage: Stage, lane: Lane) -> None:
    """Iris goes there. Who is hit is computed at once, and again at each stage."""
    staff, supplier = stage.staff, lane.shares[0].supplier
    proposed = {"closes_on": CLOSES_ON, "reason": WHY, "affected": AFFECTED}
    closure = staff.commissioner.post("marketplace", f"/v1/suppliers/{supplier.supplier_id}/closures", proposed)
    where = f"/v1/closures/{closure['closure_id']}"
    _tell_impact(stage, closure["impact"], closure["affected"])
    staff.commissioner.post("marketplace", f"{where}/consult", {"parties": list(PARTIES)})
    early = staff.second_commissioner.refused("marketplace", f"{where}/decide", {"reason": WHY})
    stage.tell.say("marketplace", f"decided before all were heard? {early['errors'][0]['detail']}")
    for party, answer in PARTIES.items():
        staff.commissioner.post("marketplace", f"{where}/answers", {"party": party, "answer": answer})
    decided = staff.second_commissioner.post("marketplace", f"{where}/decide", {"reason": WHY})
    stage.found["closure"] = decided
    stage.tell.say(
        "marketplace", f"{len(PARTIES)} parties heard; {decided['stage']} by somebody else than who proposed it"
    )
    alert = stage.alert("closure_leaves_unserved", supplier=supplier.supplier_id)
    stage.tell.say("safeguarding", f"to the commissioner, {alert['kind']}: {alert['explanation']}")


def _tell_impact(stage: Stage, impact: dict[str, Any], affected: dict[str, int]) -> None:
    reached = f"{impact['people']} reached, {impact['unplaced']} with nowhere to go"
    stage.tell.say(
        "marketplace", f"closure of the day centre proposed: {reached}; {pounds(impact['now_pence'])} a week now"
    )
    weekly = f"{affected['journeys_a_week']} journeys and {affected['meals_a_week']} meals a week"
    stage.tell.say(
        "marketplace", f"with it go {weekly}, {affected['posts']} posts; {affected['carers']} carers are hit, too"
    )


def review_first(stage: Stage, lane: Lane) -> None:
    """The review of whoever is reached is held before the closure goes on; her order runs until somebody ends it."""
    summary = "Synthetic: she wants to go on meeting the others; the team looks for a place."
    stage.hold_review(lane.journey, summary, ACHIEVED[lane.name])
    where, decider = f"/v1/closures/{stage.found['closure']['closure_id']}", stage.staff.second_commissioner
    decider.eventually("marketplace", where, lambda closure: closure["to_be_reviewed"] == [])
    stage.found["closure"] = decider.post("marketplace", f"{where}/close")
    purchase = lane.shares[0].purchase
    purchase.await_order("started")
    stage.found["after_closure"] = purchase.order
    stage.tell.say(
        "marketplace",
        f"{lane.name}'s review was held first; the centre closes, and her order is {purchase.order['state']}",
    )
