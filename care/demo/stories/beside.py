"""What else is said in a quarter? Money that comes back, a challenge and its answer, a carer, a review too late, an app."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from care.demo.delivery import at_hour
from care.demo.lane import Journey
from care.demo.pattern import visits
from care.demo.stage import Lane, Stage
from care.demo.stories.quarter import ENDS, MONTHS
from shared.money import pounds

APP = "synthetic-brokerage-app"


def play(stage: Stage, cleo: Journey, dev: Journey) -> None:
    """Each a short scene; nobody's own words are told."""
    stage.tell.chapter("A visit that was paid for was not made")
    ask_back(stage)
    correct(stage, stage.lanes["Hugo"])
    stage.tell.chapter("Beside the lanes: a challenge, a carer, a need that nobody meets")
    challenge(stage, cleo)
    care_for(stage, stage.lanes["Elif"])
    leave_unmet(stage, dev)
    consent(stage, stage.lanes["Hugo"].journey)
    relieve(stage, stage.lanes["Hugo"])


# ── money that comes back ─────────────────────────────────────────────────────────────────────────────────────────
def ask_back(stage: Stage) -> None:
    """The council asks, with a reason; the supplier gives it back, and the ledger says where it is meanwhile."""
    purchase, finance = stage.lanes["Ada"].shares[0].purchase, stage.staff.finance
    claim = stage.found["last_claims"]["Ada"]
    body = {"lines": [_nobody_came(purchase.pattern)], "because": "visit_not_made", "reason": "Synthetic: Ada was out."}
    lowered = finance.post("marketplace", f"/v1/claims/{claim['claim_id']}/ask-back", body)
    back = claim["claimed_pence"] - lowered["pence"]
    theirs = _claim_with(claim["claim_id"], "owed_back_pence", back)
    finance.eventually("budget", "/v1/claims", theirs, limit=200)
    stage.tell.say(
        "budget", f"Ada's agency was paid for a visit nobody made: {pounds(back)} is owed back, by a revision"
    )
    received = finance.post("budget", f"/v1/claims/{claim['claim_id']}/receive-refund")
    stage.found["refund"] = {"claim": lowered, "received": received, "pence": back}
    stage.tell.say("budget", f"it came back; {pounds(received['pence'])} stays paid, and every journal sums to zero")


def correct(stage: Stage, lane: Lane) -> None:
    """His agency credits one visit of the statement: what it accounted for is in his hands again."""
    share, claim = lane.shares[0], stage.found["last_claims"]["Hugo"]
    body = {
        "lines": [_nobody_came(share.purchase.pattern)],
        "because": "visit_not_made",
        "reason": "Synthetic: our slip.",
    }
    lowered = share.supplier.voice.post("marketplace", f"/v1/claims/{claim['claim_id']}/credit", body)
    less = claim["claimed_pence"] - lowered["pence"]
    lowered_there = _claim_with(claim["claim_id"], "pence", lowered["pence"])
    stage.staff.finance.eventually("budget", "/v1/claims", lowered_there, limit=200)
    stage.tell.say(
        "marketplace", f"Hugo's agency credits {pounds(less)} by itself: his statement accounts for that much less"
    )
    surplus = stage.staff.finance.get("budget", f"/v1/budgets/{lane.journey.ids['budget']}/surplus")
    stage.found["surplus"] = surplus
    stage.tell.say(
        "budget", f"of what was paid to him {pounds(surplus['surplus_pence'])} is surplus, after what may stand"
    )


def _nobody_came(pattern: list[dict[str, Any]]) -> dict[str, Any]:
    """The first visit of the last month's claim, worth nothing."""
    (at, _), *_ = visits(pattern, MONTHS[-1][0], 1)
    return {"planned_at": at.isoformat(), "minutes": 0, "pence": 0}


def _claim_with(claim_id: str, name: str, value: Any) -> Any:
    def looks(page: dict[str, Any]) -> Any:
        return next((one for one in page["items"] if one["claim_id"] == claim_id and one[name] == value), None)

    return looks


# ── beside the lanes ──────────────────────────────────────────────────────────────────────────────────────────────
def challenge(stage: Stage, journey: Journey) -> None:
    """Whoever thinks a budget wrong is owed an answer by a day."""
    where = f"/v1/people/{journey.ids['person']}/challenges"
    body = {
        "matter": "budget",
        "matter_id": journey.ids["budget"],
        "what": "Synthetic: mornings take longer than that.",
    }
    made = stage.staff.practitioner.post("assessment", where, body)
    answer = {
        "challenge_id": made["challenge_id"],
        "upheld": False,
        "answer": "Synthetic: the figures are gone through.",
    }
    answered = stage.staff.approver.post("assessment", f"{where}/answer", answer)
    stage.found["challenge"] = answered
    said = f"{journey.name} challenges the budget; owed by {made['answer_by']}, answered by somebody else"
    stage.tell.say("assessment", said)


def care_for(stage: Stage, lane: Lane) -> None:
    """Elif's daughter has needs of her own: one outcome is enough (SI 2015/313 reg 3)."""
    staff = stage.staff
    body = {"team": staff.team, "given_name": "Made-Up-Daughter", "family_name": "Carer-Elif"}
    carer = staff.practitioner.post("assessment", "/v1/people", body)["person_id"]
    where = f"/v1/people/{carer}/carer-assessments"
    found = {
        "cares_for": lane.journey.ids["person"],
        "necessary_care": True,
        "health_at_risk": True,
        "wellbeing_impact": True,
        "reasons": "Synthetic: her nights are broken.",
    }
    made = staff.practitioner.post("assessment", where, found)
    approved = staff.approver.post("assessment", f"{where}/approve", {"assessment_id": made["assessment_id"]})
    stage.found["carer"] = approved
    stage.tell.say(
        "assessment", f"{lane.name}'s daughter is assessed as a carer, by the test for carers: {approved['state']}"
    )


def leave_unmet(stage: Stage, dev: Journey) -> None:
    """Dev will not manage a payment: that order is cancelled, and what nobody meets is on record."""
    purchase = next(one for one in dev.purchases if one.line["route"] == "direct_payment")
    cancel = {"because": "will_not_manage_a_payment", "need_remains": False}
    stage.staff.broker.post("marketplace", f"{purchase.where}/cancel", cancel)
    need = {"weekly_minutes": 60, "because": "nobody_at_that_time", "reasons": "Synthetic: Sunday evenings."}
    stage.staff.practitioner.post("assessment", f"/v1/plans/{dev.ids['plan']}/unmet-needs", need)
    stage.tell.say(
        "assessment", "Dev's third order is cancelled, and an hour a week that nobody meets is recorded as unmet"
    )


def consent(stage: Stage, journey: Journey) -> None:
    """A third-party app sees somebody for as long as they consent."""
    where = f"/v1/people/{journey.ids['person']}/consents"
    for path in (where, f"{where}/withdraw"):
        stage.staff.practitioner.post("assessment", path, {"client_id": APP})
    stage.tell.say(
        "assessment", f"{journey.name} lets an app act for him, and thinks better of it: it sees him no more"
    )


def relieve(stage: Stage, lane: Lane) -> None:
    """Too ill for a payment: for a week the council manages it, and support does not notice."""
    (line,) = lane.journey.lines
    until = ENDS + timedelta(days=6)
    body = {"line_id": line["line_id"], "route": "council_managed", "until": until.isoformat(), "because": "too_ill"}
    where = f"/v1/plans/{lane.journey.ids['plan']}/switch-route"
    stage.staff.practitioner.post("assessment", where, {**body, "reasons": "Synthetic: in hospital for a week."})
    stage.tell.say(
        "assessment", f"{lane.name} is in hospital: until {until:%d %B} the council manages, then he does again"
    )


def hold_late(stage: Stage, journeys: list[Journey]) -> None:
    """Two reviews were not held in their window: it is said, and they are held."""
    for journey in journeys:
        review = stage.review_of(journey, "overdue")
        where = f"/v1/reviews/{review['review_id']}/hold"
        stage.staff.practitioner.post("assessment", where, {"summary": "Synthetic: later than it should have been."})
    names = " and ".join(journey.name for journey in journeys)
    stage.tell.say("assessment", f"{names}'s reviews were not held in time: said to be overdue, and held now")


def close(stage: Stage) -> None:
    """Where the books stand at the end."""
    stage.move(at_hour(ENDS, 12))
    stage.found["ends"] = {lane.name: lane.journey.ledger() for lane in stage.lanes.values()}
