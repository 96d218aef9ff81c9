"""Which six lanes are there, and how does each run? Bought by its own route, delivered, claimed in its own kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from care.demo.delivery import Missed, await_accounted, claim_weeks, pay, rows_of, upload
from care.demo.lane import Journey
from care.demo.pattern import DAYS_OUT, SHORT, line_of, week_of
from care.demo.people import OWN, PRICE, Supplier, settle
from care.demo.stage import Lane, Share, Stage
from shared.clock import LONDON
from shared.money import pounds

STARTS = date(2024, 6, 17)
LATER = STARTS + timedelta(days=7)
"""When the one start that had to wait took place."""
NEEDS = ("", "bc")
"""Two outcomes not achieved: a visit a day."""
MANAGED, ISF, PAYMENT = "council_managed", "isf", "direct_payment"
CHEAPEST, WAGE = 2310, 1175
TWO = ("cw-1", "cw-2")
CARE_WORKERS = {
    "Elif": TWO,
    "Finn": ("cw-1", "cw-2", "cw-3", "cw-4", "cw-5"),
    "Gita": ("cw-1",),
    "Hugo": ("cw-6", "cw-7"),
    "Iris": TWO[:1],
}
"""Who comes, under a pseudonym, by turns."""
FULLY, PARTLY, NOT = "fully", "partly", "not"
ACHIEVED = {
    "Ada": (FULLY, FULLY, PARTLY, FULLY, PARTLY, FULLY, FULLY),
    "Elif": (FULLY, FULLY),
    "Finn": (FULLY, PARTLY),
    "Gita": (FULLY, FULLY),
    "Hugo": (PARTLY, FULLY),
    "Iris": (FULLY, NOT),
}
"""How far each outcome that was assessed is achieved, as the review finds; made up."""
AHEAD = (ISF, PAYMENT)
"""Routes on which money goes out before support is delivered, and is accounted for afterwards."""


def open_own_services(stage: Stage) -> None:
    """The council's own services and PAs of its pool register by the same form as everybody else."""
    forms = {name: form for name, form in OWN.items() if form.employer != "person"}
    stage.own = {name: settle(stage.council, stage.staff, form) for name, form in forms.items()}
    said = "the council's own home care and day centre, and a PA of the council's pool"
    stage.tell.say("marketplace", f"in the same list: {said}")


def others(stage: Stage) -> dict[str, Lane]:
    """Five lanes besides Ada's. Nobody is called Eve: she is who must not see anything."""
    alder, own = stage.suppliers[0], stage.own
    visits = week_of(SHORT)
    at_home = line_of(visits, OWN["home"].price, kind="in_house")
    fund, bought = line_of(visits, CHEAPEST, route=ISF), line_of(visits, PRICE, route=PAYMENT)
    employed = line_of(visits, WAGE, kind="pa", route=PAYMENT)
    day = line_of(list(DAYS_OUT), OWN["day"].price, "day_service", "in_house")
    some = line_of(visits[:5], WAGE, kind="pa", route=PAYMENT)
    rows = (
        ("Elif", "in-house home care, council-managed", [at_home], [own["home"]], STARTS, None),
        ("Finn", "outsourced provider, individual service fund", [fund], [alder], STARTS, 3),
        ("Gita", "PA employed by direct payment", [employed], ["gale"], LATER, None),
        ("Hugo", "agency bought by direct payment", [bought], [alder], STARTS, 2),
        ("Iris", "mixed: in-house day centre, PA by direct payment", [day, some], [own["day"], "hazel"], STARTS, None),
    )  # fmt: skip
    return {row[0]: _lane(stage, *row) for row in rows}


def _lane(
    stage: Stage, name: str, title: str, lines: list[Any], sold_by: list[Any], first: date, missed: int | None
) -> Lane:
    journey = Journey(stage.council, stage.staff, stage.tell.quiet(), name, lines, STARTS, NEEDS)
    journey.request()
    bought = zip(journey.purchases, [_seller(stage, journey, who) for who in sold_by], strict=True)
    shares = [Share(one, who, CARE_WORKERS[name], on_weekday(first, missed)) for one, who in bought]
    return Lane(title, journey, first, shares)


def _seller(stage: Stage, journey: Journey, who: Supplier | str) -> Supplier:
    """A supplier, or the name of a PA whom the person now employs: one PA, one person."""
    if isinstance(who, Supplier):
        return who
    stage.tell.say("marketplace", f"{journey.name} employs a PA, registered for {journey.name} alone: {OWN[who].name}")
    return settle(stage.council, stage.staff, OWN[who], journey.ids["person"])


def on_weekday(first: date, weekday: int | None) -> Missed:
    """Nobody came on that weekday of the first week."""
    day = None if weekday is None else first + timedelta(days=weekday)

    def is_missed(at: datetime) -> bool:
        return at.astimezone(LONDON).date() == day

    return is_missed


# ── running ───────────────────────────────────────────────────────────────────────────────────────────────────────
def order(stage: Stage, lane: Lane) -> None:
    """From the request to an order that is confirmed, on each line in the way of its route."""
    lane.journey.up_to_agreement()
    if any(line["route"] == PAYMENT for line in lane.journey.lines):
        lane.journey.decide_direct_payment()
    for share in lane.shares:
        share.purchase.buy(share.supplier)
    tell_bought(stage, lane)


def tell_bought(stage: Stage, lane: Lane) -> None:
    said = ", ".join(
        f"{share.supplier.name} at {pounds(share.purchase.order['hourly_pence'])} an hour" for share in lane.shares
    )
    stage.tell.say("marketplace", f"{lane.name} · {lane.title}: {said}")


def start(lane: Lane) -> None:
    for share in lane.shares:
        share.purchase.start(share.supplier, lane.first)


def deliver(lanes: Sequence[Lane], week: int) -> None:
    """A week's visits, in a file of each supplier."""
    for supplier, rows in _by_supplier(lanes, week):
        upload(supplier, rows)


def _by_supplier(lanes: Sequence[Lane], week: int) -> Iterator[tuple[Supplier, list[tuple[Any, ...]]]]:
    files: dict[str, tuple[Supplier, list[tuple[Any, ...]]]] = {}
    for lane in lanes:
        monday = lane.first + timedelta(days=7 * week)
        for share in lane.shares:
            _, rows = files.setdefault(share.supplier.supplier_id, (share.supplier, []))
            rows += rows_of(share.purchase, monday, share.is_missed, share.workers)
    yield from files.values()


def claim_and_account(stage: Stage, lane: Lane) -> None:
    """Each lane in its own kind: an invoice or recharge is paid, a return or statement accounts for what was paid out."""
    for share in lane.shares:
        claimed = claim_weeks(share.supplier, share.purchase, lane.first, share.is_missed)
        if share.purchase.line["route"] in AHEAD:
            await_accounted(stage.staff, share.purchase)
            done = "accounted for out of what was paid out ahead"
        else:
            pay(stage.staff, share.purchase)
            done = "paid"
        kind = claimed["kind"].replace("_", " ")
        stage.tell.say(
            "budget", f"{lane.name}'s {kind} of {pounds(claimed['claimed_pence'])}: {claimed['state']}, {done}"
        )
