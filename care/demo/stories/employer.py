"""What if somebody becomes an employer without insurance? A start waits; support that runs is covered, never stopped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from care.demo.lanes import LATER, start
from care.demo.people import show_evidence
from care.demo.stage import Lane, Stage
from shared.money import pounds

INSURANCE = "employers_liability"
INSURED_UNTIL = date(2024, 7, 14)


def tell_missing(stage: Stage, lane: Lane) -> None:
    """Said when the order is confirmed, two weeks ahead of the start."""
    share = lane.shares[0]
    ready = stage.staff.broker.get("marketplace", f"{share.purchase.where}/readiness")
    stage.found["missing"] = ready["missing"]
    stage.tell.say("marketplace", f"{lane.name} employs a PA. Before the start is missing: {_listed(ready['missing'])}")
    stage.tell.detail(f"advised, and her own to decide: {_listed(ready['advised'])}")


def refuse_start(stage: Stage, lane: Lane) -> None:
    share = lane.shares[0]
    problem = share.purchase.refused_start(share.supplier, lane.journey.starts_on)
    stage.found["blocked"] = problem
    stage.tell.say("marketplace", f"{lane.name}'s PA cannot start: {_listed(problem['missing'])} is missing")
    alert = stage.alert("start_blocked", person=lane.journey.ids["person"])
    stage.tell.say("safeguarding", f"to her team: {alert['explanation']}")


def insure(stage: Stage, lane: Lane) -> None:
    """Seen, and recorded with its last day; now she starts."""
    share = lane.shares[0]
    show_evidence(stage.staff, share.supplier.supplier_id, INSURANCE, LATER.isoformat(), INSURED_UNTIL.isoformat())
    start(lane)
    stage.tell.say("marketplace", f"insured from {LATER:%d %B} until {INSURED_UNTIL:%d %B}: {lane.name}'s PA starts")


def lapse(stage: Stage, lane: Lane) -> None:
    """The day after: contact and cover are asked for, the order goes on; and was anybody hurt?"""
    share, first = lane.shares[0], INSURED_UNTIL + timedelta(days=1)
    supplier = share.supplier.supplier_id
    for rule in ("evidence_lapsing", "evidence_lapsed"):
        alert = stage.alert(rule, supplier=supplier)
        stage.tell.say("safeguarding", f"to the commissioner, {alert['kind']}: {alert['explanation']}")
    cover = stage.staff.broker.get("marketplace", f"{share.purchase.where}/covers")["items"][0]
    share.purchase.await_order("started")
    stage.found["lapse"] = {"cover": cover, "order": share.purchase.order}
    stage.tell.say(
        "marketplace", f"nobody is left alone: {cover['step']} covers from {cover['first']}; the order goes on"
    )
    _was_covered(stage, supplier, (INSURED_UNTIL, first))


def _was_covered(stage: Stage, supplier: str, days: tuple[date, date]) -> None:
    """Hurt at work on the last day of the insurance, and on the day after."""
    said, first = [], None
    for day in days:
        body = {"happened_on": day.isoformat(), "what_happened": "Synthetic: a back was hurt when lifting."}
        injury = stage.staff.commissioner.post("marketplace", f"/v1/suppliers/{supplier}/injuries", body)
        said.append(injury["covered"])
        first = first or injury
        words = "yes" if injury["covered"] else "no"
        stage.tell.say("marketplace", f"an injury on {day:%d %B}: was cover in force that day? {words}")
    stage.found["injuries"] = said
    if first:
        _sick_pay(stage, first)
    alert = stage.alert("injury_not_covered", supplier=supplier)
    stage.tell.say("safeguarding", f"to the commissioner, {alert['kind']}: {alert['explanation']}")


def _sick_pay(stage: Stage, injury: dict[str, Any]) -> None:
    """A week off work: nobody outside the service hears of it."""
    away = {"first": injury["happened_on"], "last": (INSURED_UNTIL + timedelta(days=6)).isoformat()}
    told = stage.staff.commissioner.post("marketplace", f"/v1/injuries/{injury['injury_id']}/away", away)
    stage.found["sick_pay"] = told
    stage.tell.say(
        "marketplace", f"unfit for a week: {pounds(told['sick_pay_pence'])} of statutory sick pay are owed, for:"
    )
    stage.tell.details(step["because"] for step in (*told["steps"], *told["sick_pay_steps"]))


def _listed(kinds: list[str]) -> str:
    return ", ".join(kind.replace("_", " ") for kind in kinds)
