"""What can three small budgets do together? Buy one evening a week, share its price to the penny, and share it anew when
one of them leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from care.demo.buying import Purchase
from care.demo.delivery import WEEKS, pay
from care.demo.lane import Journey
from care.demo.lanes import NEEDS, STARTS
from care.demo.pattern import line_of, visits
from care.demo.people import Form, settle
from care.demo.stage import Stage
from care.demo.teller import a_week
from shared.money import pounds, price_of

THREE = ("Jo", "Kit", "Lou")
MINUTES = 120
EVENING = {"weekday": 3, "starts": "18:30", "minutes": MINUTES, "time_critical": False}
PLANNED = 2500
"""Pence an hour that each of the three plans with, while nobody is listed."""
CENTRE = Form("Synthetic Community Centre Juniper", 5000, 2, support="day_service", shows=("employers_liability",))
"""£50 an hour, two hours a week: for one alone, dearer than their budget. Nobody's real price."""
AS_INDICATED = "Synthetic: as indicated; shared with others it buys an evening a week."
LEFT_AFTER = STARTS + timedelta(days=7 * WEEKS - 1)
"""Said the day after: the others pay more from then on."""


def buy(stage: Stage) -> None:
    """Each is assessed, plans and agrees alone; then one supplier is asked for the three of them at once."""
    three = [_planned(stage, name) for name in THREE]
    centre = stage.own["evening"] = settle(stage.council, stage.staff, CENTRE)
    alone = price_of(MINUTES, centre.price)
    budget = max(journey.verdict["weekly_budget_pence"] for journey in three)
    stage.tell.say("marketplace", f"{centre.name} opens on Thursday evenings: {a_week(alone)} for whoever comes")
    stage.tell.say("budget", f"each of three people has {a_week(budget)}: alone, none of them could go")
    wanted = [journey.first.await_requirement()["requirement_id"] for journey in three]
    body = {"listing_id": centre.listing_id, "requirements": wanted, "sharing": "equally"}
    group = stage.staff.broker.post("marketplace", "/v1/group-purchases", body)
    centre.voice.post("marketplace", f"/v1/group-purchases/{group['group_id']}/accept")
    stage.found["together"] = {"three": three, "group": group, "alone_pence": alone, "budget_pence": budget}
    for journey in three:
        _await_order(stage, journey)
    _tell_shares(stage, "shared_by_all", three)


def _planned(stage: Stage, name: str) -> Journey:
    """A journey that is told once already, to the figure that was indicated."""
    line = line_of([EVENING], PLANNED, "day_service")
    journey = Journey(stage.council, stage.staff, stage.tell.quiet(), name, [line], STARTS, NEEDS)
    journey.request()
    journey.assess()
    budget = journey.await_budget()
    journey.propose()
    journey.recost(budget["indicated_pence"], AS_INDICATED)
    journey.agree()
    return journey


def _await_order(stage: Stage, journey: Journey) -> None:
    """The order that the group's supplier made of this one's share, once its money is set aside."""

    def looks(page: dict[str, Any]) -> Any:
        return page["items"] and page["items"][0]

    mine = {"plan_id": journey.ids["plan"], "state": "confirmed"}
    journey.first.order = stage.staff.broker.eventually("marketplace", "/v1/orders", looks, **mine)


def _tell_shares(stage: Stage, when: str, who: list[Journey]) -> None:
    """What each pays now, and why: everybody is told of their own share alone."""
    whys = [stage.staff.broker.get("marketplace", f"{one.first.where}/share") for one in who]
    stage.found["together"][when] = whys
    said = ", ".join(pounds(one["weekly_pence"]) for one in whys)
    whole = sum(one["weekly_pence"] for one in whys)
    stage.tell.say("marketplace", f"{len(whys)} share it to the penny: {said}, {pounds(whole)} in all")
    stage.tell.details(step["because"] for step in whys[0]["steps"])


def start(stage: Stage) -> None:
    for journey in stage.found["together"]["three"]:
        journey.first.start(stage.own["evening"], STARTS)


def attend(stage: Stage) -> None:
    """Two evenings, recorded once for all; claimed at once, and each pays their share of it."""
    found, voice = stage.found["together"], stage.own["evening"].voice
    where = f"/v1/group-purchases/{found['group']['group_id']}"
    evenings = visits([EVENING], STARTS, WEEKS)
    for at, minutes in evenings:
        came = {"planned_at": at.isoformat(), "outcome": "delivered", "started_at": at.isoformat(), "minutes": minutes}
        voice.post("marketplace", f"{where}/visits", came)
    lines = [{"planned_at": at.isoformat(), "minutes": m, "pence": found["alone_pence"]} for at, m in evenings]
    period = {"first": STARTS.isoformat(), "last": LEFT_AFTER.isoformat()}
    claims = voice.post("marketplace", f"{where}/claims", {"period": period, "lines": lines})["items"]
    found["paid"] = [pay(stage.staff, _claimed(one, claims))["pence"] for one in found["three"]]
    said = f"{len(evenings)} evenings recorded and claimed once for all three: {pounds(sum(found['paid']))}"
    stage.tell.say("budget", f"{said}, paid out of three budgets")


def _claimed(journey: Journey, claims: list[dict[str, Any]]) -> Purchase:
    purchase = journey.first
    purchase.claim = next(one for one in claims if one["order_id"] == purchase.order["order_id"])
    return purchase


def leave(stage: Stage) -> None:
    """One of them leaves; from the day after, the price is the others', each out of their own budget."""
    found, broker = stage.found["together"], stage.staff.broker
    leaver, *left = found["three"]
    where = f"/v1/group-purchases/{found['group']['group_id']}"
    order = leaver.first.order["order_id"]
    said = {"order_id": order, "last_day": LEFT_AFTER.isoformat(), "because": "time_does_not_suit"}
    broker.post("marketplace", f"{where}/leave", said)
    found["left"] = broker.get("marketplace", where)
    stage.tell.say(
        "marketplace", f"one of them leaves after {LEFT_AFTER:%d %B}; what they need is looked for elsewhere"
    )
    _tell_shares(stage, "shared_by_the_rest", left)
    found["ledgers"] = [_await_dearer(stage, journey) for journey in left]
    ahead = ", ".join(pounds(ledger["purses"][0]["committed"]) for ledger in found["ledgers"])
    stage.tell.say("budget", f"set aside anew to the end of the year, within their budgets: {ahead}")


def _await_dearer(stage: Stage, journey: Journey) -> dict[str, Any]:
    """The ledger of one who stays, once budget has set aside what the new share comes to."""
    share = stage.staff.broker.get("marketplace", journey.first.where)["weekly_pence"]

    def looks(ledger: dict[str, Any]) -> Any:
        own = next(one for one in ledger["commitments"] if one["order_id"] == journey.first.order["order_id"])
        return own["weekly_pence"] == share and ledger

    where = f"/v1/budgets/{journey.ids['budget']}/ledger"
    ledger: dict[str, Any] = stage.staff.finance.eventually("budget", where, looks, limit=200)
    return ledger
