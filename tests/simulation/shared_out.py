"""What must hold of what several people buy together? Shares of a price, by an oracle of its own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from shared.clock import LONDON
from tests.simulation.runs import Played
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
Row = dict[str, Any]


def shares_of_a_group_add_up(played: Played) -> Wrong:
    """Of a week: whoever has not left bears the price together, each their part of it within a penny."""
    orders = {row["order_id"]: row for row in rows(played.world, "marketplace", "order")}
    members = _members(played)
    for group in (one for one in rows(played.world, "marketplace", "group_purchase") if one["state"] == "bought"):
        left = [one for one in members[group["group_id"]] if one["last_day"] is None]
        price = _half_up(weekly_minutes_of(group) * group["hourly_pence"], 60)
        yield from _not_shared(
            group, left, price, {one["order_id"]: orders[one["order_id"]] for one in left}, "weekly_pence"
        )


def shares_of_a_visit_add_up(played: Played) -> Wrong:
    """Of a visit: whoever had not left by that day; the share of somebody whose support had not begun is nobody else's."""
    groups = {row["group_id"]: row for row in rows(played.world, "marketplace", "group_purchase")}
    whose = {one["order_id"]: one for them in _members(played).values() for one in them if one["order_id"]}
    together: dict[tuple[Any, Any], dict[Any, Row]] = defaultdict(dict)
    for visit in rows(played.world, "marketplace", "visit"):
        if visit["order_id"] in whose:
            together[whose[visit["order_id"]]["group_id"], visit["planned_at"]][visit["order_id"]] = visit
    for (ident, instant), visits in together.items():
        group, day = groups[ident], instant.astimezone(LONDON).date()
        sharing = [one for one in _members(played)[ident] if one["last_day"] is None or day <= one["last_day"]]
        came = {one["outcome"] for one in visits.values()} & {"recorded", "frustrated"}
        price = _half_up(_minutes_on(group, day) * group["hourly_pence"], 60) if came else 0
        yield from _not_shared(group, sharing, price, visits, "pence")


def _not_shared(group: Row, sharing: list[Row], price: int, kept: dict[Any, Row], name: str) -> Wrong:
    """`kept` are rows by order, whose pence stand under `name`; where there is one of each, they come to the price."""
    equally = group["sharing"] == "equally"
    whole = sum(1 if equally else one["minutes"] for one in sharing)
    for one in (one for one in sharing if one["order_id"] in kept):
        part = Fraction(price * (1 if equally else one["minutes"]), whole)
        if abs(kept[one["order_id"]][name] - part) >= 1:
            yield f"a share of {price} pence is {kept[one['order_id']][name]}, and should be {float(part)}"
    found = sum(row[name] for row in kept.values())
    everybody = len(kept) == len(sharing)
    if found != price if everybody else found > price:
        yield f"shares of {price} pence come to {found}"


def each_commitment_is_at_its_orders_price(played: Played) -> Wrong:
    """Budget reckons each order at the price it has now: of an hour and of a week."""
    orders = {row["order_id"]: row for row in rows(played.world, "marketplace", "order")}
    for one in rows(played.world, "budget", "commitment"):
        order = orders[one["order_id"]]
        if any(one[name] != order[name] for name in ("hourly_pence", "weekly_pence")):
            yield f"an order is {order['weekly_pence']} pence a week, its money is set aside at {one['weekly_pence']}"


def what_is_set_aside_follows_the_price(played: Played) -> Wrong:
    """Of a group's order that is not over: every day of the year at the price it had then, within a penny a price. What
    was delivered and paid came out of that, beyond it was disputed."""
    said = [(one["ce_type"], one["body"]) for one in facts(played.world).values()]
    anew = sorted(
        ((date.fromisoformat(body["holds_from"]), body["order_id"], body["weekly_pence"])
         for name, body in said if name == "marketplace.order_repriced.v1"),
    )  # fmt: skip
    first = {body["order_id"]: body for name, body in said if name == "marketplace.order_placed.v1"}
    held: dict[str, int] = defaultdict(int)
    for row in rows(played.world, "budget", "position"):
        held[str(row["order_id"])] += row["committed"] + row["delivered"] - row["disputed"] + row["paid"]
    for row in rows(played.world, "marketplace", "order"):
        order = str(row["order_id"])
        if row["group_id"] is not None and row["state"] in ("confirmed", "started"):
            began = date.fromisoformat(first[order]["starts_on"])
            prices = [(began, first[order]["weekly_pence"])]
            prices += [(max(day, began), pence) for day, whose, pence in anew if whose == order]
            costs = _cost(prices, date(began.year + (began.month > 3), 3, 31))
            if abs(held[order] - costs) > len(prices):
                yield f"{held[order]} pence are set aside or spent for a share that costs {float(costs)}"


def _cost(prices: list[tuple[date, int]], last: date) -> Fraction:
    ends = [day for day, _ in prices[1:]] + [date.fromordinal(last.toordinal() + 1)]
    return sum(
        (Fraction((end - day).days * pence, 7) for (day, pence), end in zip(prices, ends, strict=True)), Fraction()
    )


def weekly_minutes_of(group: Row) -> int:
    return sum(slot["minutes"] for slot in json.loads(group["pattern"]))


def _minutes_on(group: Row, day: date) -> int:
    return sum(slot["minutes"] for slot in json.loads(group["pattern"]) if slot["weekday"] == day.weekday())


def _members(played: Played) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows(played.world, "marketplace", "member"):
        found[row["group_id"]].append(row)
    return found


def _half_up(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by)


SHARED_OUT: tuple[Callable[[Played], Wrong], ...] = (
    shares_of_a_group_add_up,
    shares_of_a_visit_add_up,
    each_commitment_is_at_its_orders_price,
    what_is_set_aside_follows_the_price,
)
