"""What must hold of the market at the end of every run? Room, orders and their money, each by an oracle of its own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.simulation.play.cast import ROOM_MINUTES
from tests.simulation.runs import Played
from tests.simulation.shared_out import weekly_minutes_of
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
OVER = ("cancelled", "ended")


def room_is_what_orders_leave(played: Played) -> Wrong:
    """A listing's room is what was published, less every order and group that is not over."""
    taken = Counter[UUID]()
    for group in rows(played.world, "marketplace", "group_purchase"):
        taken[group["listing_id"]] += weekly_minutes_of(group) * (group["state"] == "bought")
    for order in (row for row in rows(played.world, "marketplace", "order") if row["group_id"] is None):
        own = order["weekly_minutes"] - order["shared_minutes"]
        taken[order["listing_id"]] += own * (order["state"] not in OVER)
    for listing in rows(played.world, "marketplace", "listing"):
        expected = ROOM_MINUTES - taken[listing["listing_id"]]
        if listing["room_minutes"] != expected:
            yield f"a listing has room for {listing['room_minutes']} minutes, its orders leave {expected}"


def orders_fit_requirements(played: Played) -> Wrong:
    """One order that is not over where the need is filled, none elsewhere; offers stand where it is offered alone."""
    running, standing = Counter[UUID](), Counter[UUID]()
    for order in (row for row in rows(played.world, "marketplace", "order") if row["covers_order_id"] is None):
        running[order["requirement_id"]] += order["state"] not in OVER
    for offer in rows(played.world, "marketplace", "offer"):
        standing[offer["requirement_id"]] += offer["state"] == "made"
    for need in rows(played.world, "marketplace", "requirement"):
        orders, offers = running.pop(need["requirement_id"], 0), standing.pop(need["requirement_id"], 0)
        if orders != (need["state"] == "filled"):
            yield f"a requirement is {need['state']} and has {orders} orders"
        if bool(offers) != (need["state"] == "offered"):
            yield f"a requirement is {need['state']} and {offers} offers stand"
    if running or standing:
        yield "there are orders or offers without a requirement"


def each_order_came_from_somewhere(played: Played) -> Wrong:
    """From the one offer that was accepted for it, from the framework it was called off, from the person's choice, from what
    several people bought together, or from a cover."""
    accepted = Counter(
        row["offer_id"] for row in rows(played.world, "marketplace", "offer") if row["state"] == "accepted"
    )
    orders = rows(played.world, "marketplace", "order")
    if accepted != Counter(row["offer_id"] for row in orders if row["offer_id"] is not None):
        yield "the offers that were accepted are not those that orders came from"
    others = {
        row["order_id"] for name in ("award", "choice", "member") for row in rows(played.world, "marketplace", name)
    }
    covering = Counter(row["order_id"] for row in orders if row["covers_order_id"] is not None)
    arranged = (row["covering_order_id"] for row in rows(played.world, "marketplace", "cover"))
    if covering != Counter(order for order in arranged if order is not None):
        yield "the orders that stand in for others are not those of the covers"
    if any(row["offer_id"] is None and row["order_id"] not in others | set(covering) for row in orders):
        yield "an order came from no offer, from no framework, was not chosen and not bought together"


STANDS = {
    "confirmed": "committed",
    "started": "committed",
    "held": "short",
    "cancelled": "released",
    "ended": "released",
}


def orders_and_their_money_agree(played: Played) -> Wrong:
    """Budget and marketplace say the same of every order; nothing is still being asked for."""
    money = {row["order_id"]: row for row in rows(played.world, "budget", "commitment")}
    cut = {row["covering_order_id"] for row in rows(played.world, "marketplace", "cover") if row["is_cut"]}
    for order in rows(played.world, "marketplace", "order"):
        known = money.pop(order["order_id"], {"state": "unknown"})
        covers = order["covers_order_id"] is not None and order["order_id"] not in cut
        ends = order["state"] == "started" and order["last_day"] is not None and not covers
        if covers and order["state"] in ("placed", "started") and known["state"] in ("committed", "short"):
            continue  # nobody is left without support for the money's sake
        if known["state"] != ("released" if ends else STANDS.get(order["state"])):
            yield f"an order is {order['state']} and its money {known['state']}"
    if money:
        yield "money is set aside for orders that are not there"


def money_is_released(played: Played) -> Wrong:
    """Of a cancelled order nothing stays set aside; of an ended one no more than its own days could still cost."""
    kept, posted = Counter[UUID](), defaultdict[UUID, Counter[str]](Counter)
    for row in rows(played.world, "budget", "position"):
        kept[row["order_id"]] += row["committed"]
        posted[row["budget_id"]]["committed"] += row["committed"]
    weekly = {row["order_id"]: row["weekly_pence"] + row["employing_pence"]
              for row in rows(played.world, "budget", "commitment")}  # fmt: skip
    for order in rows(played.world, "marketplace", "order"):
        covers = order["covers_order_id"] is not None and order["state"] == "ended"
        most = _visits_cost(order) if covers else _most(order, weekly.get(order["order_id"], 0))
        if order["state"] in OVER and kept[order["order_id"]] > most:
            yield f"{kept[order['order_id']]} pence stay set aside for an order that is {order['state']}"
    for purse in rows(played.world, "budget", "purse"):
        if posted[purse["budget_id"]]["committed"] != purse["committed"]:
            yield "a purse has committed something else than its orders"


def _most(order: dict[str, Any], weekly: int) -> int:
    """Whole weeks begun, from the first day to the last."""
    first, last = order["started_on"] or order["starts_on"], order["last_day"]
    if order["state"] == "cancelled" or last is None:
        return 0
    days: timedelta = last - first
    return int(weekly * (days.days // 7 + 1))


def if_match_lets_one_through(played: Played) -> Wrong:
    """Of the commands that were decided on one version of a row, one at most was done."""
    done = Counter[tuple[Any, ...]]()
    for actor in played.world.everybody:
        for ask, key in actor.sent:
            if ask.if_match is not None:
                done[ask.service, ask.target, ask.if_match] += actor.answers[key].status < 300
    for (service, _, version), times in done.items():
        if times > 1:
            yield f"{times} commands to {service} were done on version {version}"


def visits_are_within_their_orders(played: Played) -> Wrong:
    """Reported in time or late, from the day support started to the last one; what is over takes no more."""
    orders = {row["order_id"]: row for row in rows(played.world, "marketplace", "order")}
    for visit in rows(played.world, "marketplace", "visit"):
        order = orders[visit["order_id"]]
        day: date = visit["planned_at"].date()
        if order["started_on"] is None or not order["started_on"] <= day <= (order["last_day"] or day):
            yield f"a visit on {day} of an order that is {order['state']}"


def a_cover_is_of_what_it_covers(played: Played) -> Wrong:
    """The same person, budget, plan and line, on days on which that order's own PA was to come, as far as was known: whoever
    came until their last day, and only then heard that it had ended before, did come."""
    said = _said_to_end(played)
    orders = {row["order_id"]: row for row in rows(played.world, "marketplace", "order")}
    for order in (row for row in orders.values() if row["covers_order_id"] is not None):
        covered = orders[order["covers_order_id"]]
        if any(order[name] != covered[name] for name in ("person_id", "budget_id", "requirement_id", "line")):
            yield "an order stands in for another person's, budget's or line's"
        if order["route"] != "council_managed" or order["supplier_id"] == covered["supplier_id"]:
            yield "an order stands in for its own supplier's, or is not the council's to pay"
        known = covered["last_day"] is not None and said[covered["order_id"]] <= order["last_day"]
        if known and order["last_day"] > max(covered["last_day"], order["starts_on"]):
            yield f"somebody covers until {order['last_day']} for an order that ends on {covered['last_day']}"


def _said_to_end(played: Played) -> dict[UUID, date]:
    """The day on which each order's end was said."""
    ended = (one for one in facts(played.world).values() if one["ce_type"] == "marketplace.order_ended.v1")
    return {UUID(one["body"]["order_id"]): datetime.fromisoformat(one["ce_time"]).date() for one in ended}


def a_cover_costs_its_visits(played: Played) -> Wrong:
    """Set aside, delivered and paid, less what is disputed: what its planned visits cost, never more, nothing while it is short;
    and no money of its own before it is there."""
    held = Counter[UUID]()
    for row in rows(played.world, "budget", "position"):
        held[row["order_id"]] += row["committed"] + row["delivered"] + row["paid"] - row["disputed"]
    money = {row["order_id"]: row["state"] for row in rows(played.world, "budget", "commitment")}
    for order in (row for row in rows(played.world, "marketplace", "order") if row["covers_order_id"] is not None):
        costs, found = _visits_cost(order), held[order["order_id"]]
        state = money.get(order["order_id"])
        if found > costs or (state == "committed" and found != costs) or (state == "short" and found):
            yield f"an order that stands in has {found} pence, its visits cost {costs} and it is {state}"


def _visits_cost(order: dict[str, Any]) -> int:
    """By our own arithmetic, day by day, half up."""
    first, costs = order["starts_on"], 0
    for n in range((order["last_day"] - first).days + 1):
        for slot in json.loads(order["line"])["pattern"]:
            if slot["weekday"] == (first + timedelta(days=n)).weekday():
                costs += (2 * slot["minutes"] * order["hourly_pence"] + 60) // 120
    return costs


MARKET: tuple[Callable[[Played], Wrong], ...] = (
    room_is_what_orders_leave,
    orders_fit_requirements,
    each_order_came_from_somewhere,
    orders_and_their_money_agree,
    money_is_released,
    if_match_lets_one_through,
    visits_are_within_their_orders,
    a_cover_is_of_what_it_covers,
    a_cover_costs_its_visits,
)
