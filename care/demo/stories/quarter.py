"""What does the rest of a quarter look like? Visits week by week, claims month by month, payments every four weeks: each in its
lane's own kind, and the books at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from care.demo.buying import Purchase
from care.demo.delivery import at_hour, await_accounted, never, pay, rows_of, upload
from care.demo.lanes import AHEAD
from care.demo.pattern import visits
from care.demo.people import Supplier, show_evidence
from care.demo.stage import Lane, Share, Stage
from care.demo.stories.absence import DAYS as ILL
from care.demo.stories.employer import INSURANCE, INSURED_UNTIL
from care.demo.stories.together import EVENING
from shared.clock import LONDON
from shared.money import pounds, price_of

FIRST_OF_JULY = date(2024, 7, 1)
MONTHS = ((FIRST_OF_JULY, date(2024, 7, 28)), (date(2024, 7, 29), date(2024, 9, 1)))
"""Four weeks, and five: no claim is for more (our own threshold)."""
NAMES = ("July", "August")
ENDS = date(2024, 9, 2)
INSURED_AGAIN = date(2024, 7, 22)
CALLED_OFF, NO_ANSWER = date(2024, 8, 7), date(2024, 8, 14)
"""Elif's: one visit called off beforehand, and one where nobody opened the door."""
HOLIDAY_PENCE = 3000
"""What Gita's payroll says it paid for two days of holiday; made up."""


@dataclass
class Month:
    """What one lane's claims came to, month by month, and how many visits were told in both."""

    name: str
    title: str
    visits: int = 0
    claimed: list[int] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def play(stage: Stage, beside: Sequence[Lane]) -> None:
    """`beside` are people of the same agency as Ada, told once already."""
    lanes = [*stage.lanes.values(), *beside]
    stage.found["quarter"] = [Month(lane.name, lane.title) for lane in lanes]
    _insure_again(stage, stage.lanes["Gita"])
    for n, (first, last) in enumerate(MONTHS):
        stage.tell.chapter(f"{NAMES[n]}: visits, claims in each lane's own kind, and the next payments")
        stage.move(at_hour(last + timedelta(days=1), 1))
        _upload(lanes, first, last)
        for lane, month in zip(lanes, stage.found["quarter"], strict=True):
            _claim(stage, lane, month, first, last)
        _evenings(stage, first, last)
        _tell(stage, n, len(beside))


# ── visits ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _upload(lanes: Sequence[Lane], first: date, last: date) -> None:
    """A month's visits, in a file of each supplier."""
    files: dict[str, tuple[Supplier, list[tuple[Any, ...]]]] = {}
    for lane in lanes:
        for share in lane.shares:
            _, rows = files.setdefault(share.supplier.supplier_id, (share.supplier, []))
            rows += _rows(lane, share, first, last)
    for supplier, rows in files.values():
        upload(supplier, rows)


def _rows(lane: Lane, share: Share, first: date, last: date) -> Iterator[tuple[Any, ...]]:
    for week in range((last - first).days // 7 + 1):
        for row in rows_of(share.purchase, first + timedelta(days=7 * week), never, share.workers):
            day = _day(datetime.fromisoformat(row[1]))
            if _comes(lane, share, day):
                yield _otherwise(row, day) if lane.name == "Elif" else row


def _otherwise(row: tuple[Any, ...], day: date) -> tuple[Any, ...]:
    """Called off beforehand, nothing is owed; nobody opened, and whoever came is paid."""
    order, planned, came, *_, worker = row
    if day == CALLED_OFF:
        return (order, planned, "", "", "cancelled", "out_for_the_day", "")
    return (order, planned, came, "", "frustrated", "no_answer", worker) if day == NO_ANSWER else row


def _comes(lane: Lane, share: Share, day: date) -> bool:
    """Told already in the first weeks; and while a PA cannot come, somebody else does."""
    ill = share.purchase.line["kind_wanted"] == "pa" and lane.name == "Iris" and ILL[0] <= day <= ILL[1]
    uninsured = lane.name == "Gita" and INSURED_UNTIL < day < INSURED_AGAIN
    return day >= lane.first + timedelta(days=14) and not ill and not uninsured


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


# ── claims ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _claim(stage: Stage, lane: Lane, month: Month, first: date, last: date) -> None:
    """Each share in its own kind: paid, or set against what was paid out ahead."""
    claimed = 0
    for share in lane.shares:
        lines = _lines(lane, share, first, last)
        body = {"period": {"first": first.isoformat(), "last": last.isoformat()}, "lines": lines}
        if lane.name == "Gita" and first != FIRST_OF_JULY:
            body["employing"] = [{"item": "holiday", "pence": HOLIDAY_PENCE}]
        claim = share.supplier.voice.post("marketplace", f"{share.purchase.where}/claims", body)
        claimed_for = replace(share.purchase, claim=claim)
        if share.purchase.line["route"] in AHEAD:
            await_accounted(stage.staff, claimed_for)
        else:
            pay(stage.staff, claimed_for)
        stage.found.setdefault("last_claims", {})[lane.name] = claim
        claimed += claim["claimed_pence"]
        month.visits += len(lines)
        month.kinds.add(claim["kind"])
    month.claimed.append(claimed)


def _lines(lane: Lane, share: Share, first: date, last: date) -> list[dict[str, Any]]:
    price = share.purchase.order["hourly_pence"]
    weeks = (last - first).days // 7 + 1
    return [
        {"planned_at": at.isoformat(), "minutes": minutes, "pence": price_of(minutes, price)}
        for at, minutes in visits(share.purchase.pattern, first, weeks)
        if _comes(lane, share, _day(at)) and not (lane.name == "Elif" and _day(at) == CALLED_OFF)
    ]


def _evenings(stage: Stage, first: date, last: date) -> None:
    """The two who still share an evening a week go on: recorded once, claimed once, paid out of two budgets."""
    found, voice = stage.found["together"], stage.own["evening"].voice
    where = f"/v1/group-purchases/{found['group']['group_id']}"
    evenings = visits([EVENING], first, (last - first).days // 7 + 1)
    for at, minutes in evenings:
        came = {"planned_at": at.isoformat(), "outcome": "delivered", "started_at": at.isoformat(), "minutes": minutes}
        voice.post("marketplace", f"{where}/visits", came)
    lines = [{"planned_at": at.isoformat(), "minutes": m, "pence": found["alone_pence"]} for at, m in evenings]
    period = {"first": first.isoformat(), "last": last.isoformat()}
    claims = voice.post("marketplace", f"{where}/claims", {"period": period, "lines": lines})["items"]
    orders = {one.first.order["order_id"]: one.first for one in found["three"]}
    for claim in claims:
        orders[claim["order_id"]].claim = claim
        pay(stage.staff, orders[claim["order_id"]])
    paid = pounds(sum(claim["claimed_pence"] for claim in claims))
    stage.tell.say("budget", f"{len(evenings)} shared evenings, claimed once for both: {paid}, paid out of two budgets")


def _tell(stage: Stage, n: int, beside: int) -> None:
    months: list[Month] = stage.found["quarter"]
    for month in months[: len(months) - beside]:
        kinds = ", ".join(kind.replace("_", " ") for kind in sorted(month.kinds))
        stage.tell.detail(f"{month.name}: {kinds}, {pounds(month.claimed[n])}")
    visits_told = sum(month.visits for month in months)
    stage.tell.say("marketplace", f"{visits_told} visits of July and on are recorded and claimed so far")


# ── an employer is insured again ──────────────────────────────────────────────────────────────────────────────────
def _insure_again(stage: Stage, lane: Lane) -> None:
    """Seen and recorded: her own PA comes again, and whoever stood in is paid by the same pipeline as everybody."""
    stage.tell.chapter("An employer is insured again")
    supplier = lane.shares[0].supplier.supplier_id
    show_evidence(stage.staff, supplier, INSURANCE, INSURED_AGAIN.isoformat(), "2025-07-21")
    stage.tell.say(
        "marketplace", f"insured again from {INSURED_AGAIN:%d %B}: {lane.name}'s own PA comes from that day on"
    )
    order = stage.staff.broker.get("marketplace", f"/v1/orders/{stage.found['lapse']['cover']['covering_order_id']}")
    stood_in = Purchase(stage.staff, stage.tell.quiet(), lane.journey.ids, order["line"], order=order)
    first = INSURED_UNTIL + timedelta(days=1)
    report = upload(stage.own["pool"], rows_of(stood_in, first, never, ("cw-21",)))
    expected = sum(price_of(minutes, order["hourly_pence"]) for _, minutes in visits(stood_in.pattern, first, 1))
    disputed = _delivered(stage, lane, order["order_id"], expected)
    stage.tell.say(
        "budget",
        f"{report['new']} visits of whoever stood in: {pounds(expected)}, out of what her budget keeps for cover;"
        f" {pounds(disputed)} of it beyond",
    )
    stood_in.claim = _claim_week(stage, stood_in, first)
    paid = pay(stage.staff, stood_in)
    stage.found["stood_in"] = {"upload": report, "paid": paid, "disputed": disputed}
    stage.tell.say("budget", f"{pounds(paid['pence'])} claimed and paid")


def _claim_week(stage: Stage, purchase: Purchase, first: date) -> dict[str, Any]:
    price, last = purchase.order["hourly_pence"], first + timedelta(days=6)
    lines = [
        {"planned_at": at.isoformat(), "minutes": minutes, "pence": price_of(minutes, price)}
        for at, minutes in visits(purchase.pattern, first, 1)
    ]
    body = {"period": {"first": first.isoformat(), "last": last.isoformat()}, "lines": lines}
    claim: dict[str, Any] = stage.own["pool"].voice.post("marketplace", f"{purchase.where}/claims", body)
    return claim


def _delivered(stage: Stage, lane: Lane, order_id: str, pence: int) -> int:
    """Once all seven visits are posted: what of them is beyond the money set aside."""

    def looks(ledger: dict[str, Any]) -> Any:
        posted = [one for one in ledger["positions"] if one["order_id"] == order_id]
        return posted if posted and posted[0]["delivered"] + posted[0]["disputed"] == pence else None

    where = f"/v1/budgets/{lane.journey.ids['budget']}/ledger"
    (position,) = stage.staff.finance.eventually("budget", where, looks)
    return int(position["disputed"])
