"""Who comes when a PA cannot? The council's pool, then a framework, then whoever has room: each step is kept. Whoever comes
has an order of their own, and is paid for what they did out of the same budget."""

from __future__ import annotations

from datetime import date
from typing import Any

from care.demo.buying import Purchase
from care.demo.delivery import pay, rows_of, upload
from care.demo.pattern import visits
from care.demo.stage import Lane, Stage
from shared.money import pounds, price_of

COVER_RULE = "EMPLOY-12"
DAYS = (date(2024, 7, 8), date(2024, 7, 14))


def play(stage: Stage, lane: Lane) -> None:
    """Iris's PA reports it; somebody else is found in the same moment, and comes whether or not there is money: here
    there is."""
    share = lane.shares[1]
    body = {"first": DAYS[0].isoformat(), "last": DAYS[1].isoformat(), "because": "ill"}
    asked = share.supplier.voice.post("marketplace", f"{share.purchase.where}/absences", body)
    cover = stage.staff.broker.get("marketplace", f"/v1/covers/{asked['cover_id']}")
    stage.found["absence"] = cover
    tried = ", ".join(f"{one['step']}: {one['possible']} of {one['considered']} could come" for one in cover["tried"])
    stage.tell.say("marketplace", f"{lane.name}'s PA is ill for a week. Looked for somebody else: {tried}")
    stage.tell.detail(f"{cover['state']} by the {cover['step']}, at {pounds(cover['hourly_pence'])} an hour")
    order = stage.staff.broker.get("marketplace", f"/v1/orders/{cover['covering_order_id']}")
    stage.found["covering"] = {"order": order}
    stage.tell.say(
        "marketplace", f"whoever comes has an order of their own from {order['started_on']}: {order['state']}"
    )
    find_money(stage, lane, order)


def find_money(stage: Stage, lane: Lane, order: dict[str, Any]) -> None:
    """The direct payment goes on, for an employer owes sick pay: the cover is paid besides, by what the budget keeps for it."""
    committed = stage.found["covering"]["committed"] = _commitment(stage, lane, order, "committed")
    steps = [step for step in lane.journey.verdict["steps"] if step["rule"] == COVER_RULE]
    stage.tell.say(
        "budget", f"{pounds(committed['cost_pence'])} are set aside for it: the budget keeps money for cover"
    )
    stage.tell.detail(" ".join(step["because"] for step in steps))


def settle(stage: Stage, lane: Lane) -> None:
    """The week is over: visits, claim and payment by the same means as everybody's."""
    found, pool = stage.found["covering"], stage.own["pool"]
    order = found["order"]
    purchase = Purchase(stage.staff, stage.tell.quiet(), lane.journey.ids, order["line"], order=order)
    purchase.await_order("ended")
    found["order"] = purchase.order
    found["upload"] = upload(pool, rows_of(purchase, DAYS[0], lambda at: False, ("cw-21",)))
    lines = [
        {"planned_at": at.isoformat(), "minutes": minutes, "pence": price_of(minutes, order["hourly_pence"])}
        for at, minutes in visits(purchase.pattern, DAYS[0], 1)
    ]
    body = {"period": {"first": DAYS[0].isoformat(), "last": DAYS[1].isoformat()}, "lines": lines}
    purchase.claim = pool.voice.post("marketplace", f"{purchase.where}/claims", body)
    found["claim"], found["paid"] = purchase.claim, pay(stage.staff, purchase)
    said = f"{found['upload']['new']} visits recorded, {pounds(purchase.claim['claimed_pence'])} claimed and paid"
    stage.tell.say("budget", f"{lane.name}'s PA is back. Of whoever came in their place: {said}, out of her own budget")


def _commitment(stage: Stage, lane: Lane, order: dict[str, Any], state: str) -> dict[str, Any]:
    """Of the cover's order, once budget's answer is that."""

    def looks(ledger: dict[str, Any]) -> Any:
        theirs = (one for one in ledger["commitments"] if one["order_id"] == order["order_id"])
        return next((one for one in theirs if one["state"] == state), None)

    where = f"/v1/budgets/{lane.journey.ids['budget']}/ledger"
    committed: dict[str, Any] = stage.staff.finance.eventually("budget", where, looks)
    return committed
