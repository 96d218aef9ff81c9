"""What must hold of money that goes out ahead of delivery, and of what is posted about it? By an oracle of its own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.simulation.runs import Played
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
AHEAD = ("direct_payment", "isf")


def ahead_orders(played: Played) -> dict[Any, dict[str, Any]]:
    """The orders whose money goes out ahead, as budget knows them."""
    return {row["order_id"]: row for row in rows(played.world, "budget", "commitment") if row["route"] in AHEAD}


def _paid_out(played: Played) -> Iterator[dict[str, Any]]:
    for said in facts(played.world).values():
        if said["ce_type"] == "budget.money_paid_out.v1":
            yield said["body"]


def _claims_paid(played: Played) -> Iterator[dict[str, Any]]:
    for said in facts(played.world).values():
        if said["ce_type"] == "budget.claim_paid.v1":
            yield said["body"]


def what_was_paid_out_is_somewhere(played: Played) -> Wrong:
    """Paid out, ahead or on a claim for days that the council managed = accounted for, as far as it was paid + not yet
    accounted for + returned; over all years, of each order together with the one that took its place, for money in hand
    goes on to that one."""
    first = {str(row["order_id"]): str(row["replaces_order_id"] or row["order_id"])
             for row in rows(played.world, "marketplace", "order")}  # fmt: skip
    out = Counter[str]()
    for said in _paid_out(played):
        out[first[said["order_id"]]] += said["pence"]
    for said in _claims_paid(played):
        out[first[said["order_id"]]] += said["pence"] + said["employing_pence"]
    held = Counter[str]()
    for row in rows(played.world, "budget", "position"):
        order = first[str(row["order_id"])]
        held[order] += row["accounted_for"] - row["disputed"] + row["paid"] + row["returned"] + row["owed_back"]
    for order in {first[str(order)] for order in ahead_orders(played)}:
        if out[order] != held[order]:
            yield f"{out[order]} pence went out for an order, {held[order]} are accounted for, kept or returned"


def no_day_is_paid_for_twice(played: Played) -> Wrong:
    """One payment at most for an order and a period, and no two periods share a day."""
    periods = defaultdict[str, list[tuple[date, date]]](list)
    for said in _paid_out(played):
        period = said["period"]
        periods[said["order_id"]].append((date.fromisoformat(period["first"]), date.fromisoformat(period["last"])))
    for paid in periods.values():
        for before, after in zip(sorted(paid), sorted(paid)[1:], strict=False):
            if after[0] <= before[1]:
                yield f"{before[0]} to {before[1]} and {after[0]} to {after[1]} were both paid for"


def payments_are_the_days_price(played: Played) -> Wrong:
    """Four weeks are four times a week's price with what employing adds, where that much was set aside; never more."""
    weekly = {str(order): row["weekly_pence"] + row["employing_pence"] for order, row in ahead_orders(played).items()}
    for said in _paid_out(played):
        days = date.fromisoformat(said["period"]["last"]) - date.fromisoformat(said["period"]["first"])
        if days == timedelta(days=27) and said["pence"] > 4 * weekly[said["order_id"]]:
            yield f"{said['pence']} pence went out for four weeks of {weekly[said['order_id']]} pence"


def nothing_delivered_is_posted_twice(played: Played) -> Wrong:
    """Each visit of an order that is paid for by claims is posted once, at what it is worth; of others what was claimed for
    days that the council managed, and nothing else."""
    ahead, posted = ahead_orders(played), Counter[Any]()
    for row in rows(played.world, "budget", "journal"):
        if row["verb"] == "deliver":
            posted[row["about"]] += row["delivered"]
    worth = Counter[Any]()
    for visit in rows(played.world, "marketplace", "visit"):
        if visit["order_id"] not in ahead:
            worth[visit["visit_id"]] += visit["pence"]
    for claim in _owed(played):
        if claim["order_id"] in ahead:
            worth[claim["claim_id"]] += claim["pence"]
    if +posted != +worth:
        yield f"visits worth {worth.total()} pence were posted as {posted.total()} pence"


def _owed(played: Played) -> Iterator[dict[str, Any]]:
    """What asks for money, and is no account of money that went out."""
    asks = ("invoice", "internal_recharge")
    return (row for row in rows(played.world, "budget", "claim") if row["claim_kind"] in asks)


def each_account_is_posted_once(played: Played) -> Wrong:
    """A return or statement accounts for what was accepted, of a PA with what employing adds except holiday; now or, of an
    ISF, out of payments still to come. What the council paid on a claim accounts for itself in the same way."""
    ahead, posted = ahead_orders(played), Counter[Any]()
    for row in rows(played.world, "budget", "journal"):
        if row["verb"] in ("account_for", "account_less") and row["order_id"] in ahead:
            posted[str(row["about"])] += row["accounted_for"]
    for order in ahead.values():
        for each in json.loads(order["ahead"]):
            posted[each["claim_id"]] += each["pence"]
    accepted = Counter[Any]()
    for claim in rows(played.world, "budget", "claim"):
        if claim["order_id"] in ahead and claim["state"] != "owed":
            accepted[str(claim["claim_id"])] += _with_employing(claim["pence"], ahead[claim["order_id"]])
    if +posted != +accepted:
        yield f"{accepted.total()} pence were accepted as spent, {posted.total()} pence are posted"


def _with_employing(wages: int, order: dict[str, Any]) -> int:
    """In proportion to the week, half up once."""
    weekly = order["weekly_pence"]
    adds = order["employing_pence"] - order["holiday_pence"]
    return wages + ((2 * wages * adds + weekly) // (2 * weekly) if weekly else 0)


def nobody_employs_at_the_bare_wage(played: Played) -> Wrong:
    """A PA's order by direct payment has at least holiday besides the wage, and its steps say what; no other has anything."""
    for order in rows(played.world, "budget", "commitment"):
        theirs = (order["supplier_kind"], order["route"]) == ("pa", "direct_payment")
        adds = sum(step["effect"] for step in json.loads(order["employing"]))
        if adds != order["employing_pence"] or (adds and not theirs):
            yield f"employing adds {order['employing_pence']} pence to an order, its steps say {adds}"
        if theirs and order["state"] in ("committed", "short") and adds * 10000 < order["weekly_pence"] * 1200:
            yield f"a PA's wage is {order['weekly_pence']} pence a week, and what employing adds is {adds}"
    for said in _paid_out(played):
        if said["employing_pence"] > said["pence"]:
            yield f"of {said['pence']} pence {said['employing_pence']} went out for what employing adds"


def what_was_spent_beyond_is_disputed(played: Played) -> Wrong:
    """More was spent than went out, or came back since: the rest is somebody's question, and it was said."""
    said = {one["body"]["order_id"] for one in facts(played.world).values() if one["ce_type"] == DISPUTED}
    for row in rows(played.world, "budget", "position"):
        if row["disputed"] and str(row["order_id"]) not in said:
            yield f"{row['disputed']} pence are disputed and nobody was told"


DISPUTED = "budget.liability_disputed.v1"
PAID_AHEAD: tuple[Callable[[Played], Wrong], ...] = (
    what_was_paid_out_is_somewhere,
    no_day_is_paid_for_twice,
    payments_are_the_days_price,
    nothing_delivered_is_posted_twice,
    each_account_is_posted_once,
    nobody_employs_at_the_bare_wage,
    what_was_spent_beyond_is_disputed,
)
