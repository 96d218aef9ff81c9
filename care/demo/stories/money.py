"""What if money runs short? The order is held, not refused; somebody re-costs, with a reason, and it goes on."""

from __future__ import annotations

from care.demo import lanes
from care.demo.stage import Lane, Stage
from care.demo.teller import a_week
from shared.money import pounds


def play(stage: Stage, lane: Lane) -> None:
    """Finn's fund was reckoned at the cheapest agency with room; the one that takes him asks more."""
    journey, share = lane.journey, lane.shares[0]
    journey.up_to_agreement()
    share.purchase.accept(share.supplier, state="held")
    (order,) = journey.ledger()["commitments"]
    stage.found["short"] = order
    short = f"{pounds(order['short_pence'])} is missing to the end of the year"
    stage.tell.say("budget", f"{lane.name}'s agency asks more than was reckoned with: {short}; the order is held")
    stage.tell.detail(f"the question has an owner, {order['owner_team']}, and a day: {order['recost_by']}")
    weekly = share.purchase.order["weekly_pence"]
    journey.recost(weekly, "Synthetic: the cheaper agency cannot take him; a budget is not a cap.")
    share.purchase.await_order("confirmed")
    stage.tell.say("budget", f"costed again at {a_week(weekly)}, with a reason: the order is confirmed")
    lanes.tell_bought(stage, lane)
