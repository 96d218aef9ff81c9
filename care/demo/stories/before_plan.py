"""What cannot wait for an assessment, and what comes before one? Max is helped on the day he asks; Noor has reablement first.
Both are bought, visited and paid for as anybody's support is, and neither is in any personal budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from care.demo.buying import Purchase
from care.demo.delivery import claim_weeks, never, pay, rows_of, upload
from care.demo.lane import Journey
from care.demo.people import AREA, Supplier
from care.demo.stage import Stage
from shared.money import pounds

BEGINS = date(2024, 6, 3)
"""The Monday on which the demo begins; two weeks later everybody else's support starts."""
DAYS = {"Max": (BEGINS, date(2024, 6, 9)), "Noor": (BEGINS, date(2024, 7, 14))}
KINDS = {"Max": "urgent-support", "Noor": "reablement"}
NEXT = {"Max": "support_needed", "Noor": "no_support_needed"}
SLOTS = {"Max": ("08:00", 60), "Noor": ("10:00", 30)}


@dataclass
class Early:
    """One early support, and what came of it. It has no plan: its line is what the market is asked for."""

    journey: Journey
    agreed: dict[str, Any] = field(default_factory=dict)
    purchase: Purchase | None = None
    paid: dict[str, Any] = field(default_factory=dict)
    purse: dict[str, Any] = field(default_factory=dict)
    ledger: dict[str, Any] = field(default_factory=dict)

    @property
    def bought(self) -> Purchase:
        assert self.purchase is not None  # it was bought when it was agreed
        return self.purchase


def agree(stage: Stage, journeys: list[Journey]) -> None:
    """The council's own home care is asked, and comes on the same day: nobody waits for a plan, a budget or its money."""
    stage.found["early"] = {one.name: _agree(stage, one) for one in journeys}


def _agree(stage: Stage, journey: Journey) -> Early:
    journey.request()
    first, until = DAYS[journey.name]
    starts, minutes = SLOTS[journey.name]
    pattern = [{"weekday": day, "starts": starts, "minutes": minutes, "time_critical": True} for day in range(7)]
    body = {
        "support": "home_care", "weekly_minutes": 7 * minutes, "starts_on": first.isoformat(), "until": until.isoformat(),
        "reasons": "Synthetic: it cannot wait.", "buy": {"pattern": pattern, "area": AREA},
    }  # fmt: skip
    where = f"/v1/people/{journey.ids['person']}/{KINDS[journey.name]}"
    early = Early(journey, stage.staff.practitioner.post("assessment", where, body))
    kind = KINDS[journey.name].replace("-", " ")
    stage.tell.say("assessment", f"{kind} for {journey.name} from {first} to {until}, before any assessment")
    _buy(stage, early, stage.own["home"])
    return early


def _buy(stage: Stage, early: Early, supplier: Supplier) -> None:
    requirement = stage.staff.broker.eventually(
        "marketplace",
        "/v1/requirements",
        lambda page: page["items"] and page["items"][0],
        person_id=early.journey.ids["person"],
    )
    bought = Purchase(stage.staff, stage.tell, early.journey.ids, requirement["line"])
    bought.requirement = requirement["requirement_id"]
    bought.order = supplier.voice.post("marketplace", f"/v1/offers/{bought.offer(supplier)}/accept")
    bought.start(supplier, BEGINS)
    stage.tell.detail(f"by {supplier.name}, at {pounds(bought.order['hourly_pence'])} an hour")
    early.purchase = bought


def end(stage: Stage) -> None:
    """Max's last day was a week ago, and nobody had said what comes next: so support went on, and money followed it."""
    supplier, found = stage.own["home"], stage.found["early"]
    stage.found["early_alert"] = stage.alert("early_support_undecided", found["Max"].journey.ids["person"])
    stage.tell.say("safeguarding", f"to Max's team: {stage.found['early_alert']['explanation']}")
    for n, early in enumerate(found.values()):
        bought = early.bought
        for week in range(2):
            monday = date.fromordinal(BEGINS.toordinal() + 7 * week)
            upload(supplier, rows_of(bought, monday, never, (f"cw-3{n}",)))
        claim_weeks(supplier, bought, BEGINS)
        early.paid = pay(stage.staff, bought)
        body = {"early_id": early.agreed["early_id"], "outcome": NEXT[early.journey.name]}
        where = f"/v1/people/{early.journey.ids['person']}/early-support"
        stage.staff.practitioner.post("assessment", f"{where}/end", body)
        _await_the_end(stage, early)
        said = f"{pounds(early.paid['pence'])} for {early.journey.name}'s two weeks, by internal recharge, outside any budget"
        stage.tell.say("budget", said)


def _await_the_end(stage: Stage, early: Early) -> None:
    """Its order has ended, and its purse has what it cost, and what its last day may still cost."""
    person = early.journey.ids["person"]

    def is_over(page: dict[str, Any]) -> Any:
        (one,) = page["items"]
        return one["orders"][0]["state"] == "ended" and one

    where = f"/v1/people/{person}/early-support"
    early.agreed = stage.staff.practitioner.eventually("assessment", where, is_over)
    where = f"/v1/early-support/{early.agreed['early_id']}/ledger"
    stage.staff.finance.eventually(
        "budget", where, lambda ledger: all(one["state"] == "released" for one in ledger["commitments"])
    )
    early.ledger = stage.staff.finance.get("budget", where, limit=200)
    (early.purse,) = stage.staff.finance.get("budget", "/v1/early-support", person_id=person)["items"]
