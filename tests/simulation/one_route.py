"""What must hold where somebody is too ill for their route for a time? By an oracle of its own, day by day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.simulation.ahead import _paid_out, ahead_orders
from tests.simulation.runs import Played
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
ASKS = ("invoice", "internal_recharge")


def managed_days(played: Played) -> dict[str, set[date]]:
    """By line of a plan: the days that were said to be the council's, the last word of each day counting."""
    said = [
        (ident[3], one["body"])
        for ident, one in facts(played.world).items()
        if one["ce_type"] == "assessment.route_switched.v1"
    ]
    found = defaultdict[str, set[date]](set)
    for _, body in sorted(said, key=lambda pair: pair[0]):
        first = date.fromisoformat(body["holds_from"])
        found[body["line_id"]] = {day for day in found[body["line_id"]] if day < first}
        if body["until"]:
            found[body["line_id"]] |= set(_days(first, date.fromisoformat(body["until"])))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _period(said: dict[str, Any]) -> list[date]:
    return list(_days(*(date.fromisoformat(said["period"][end]) for end in ("first", "last"))))


def _managed(played: Played) -> dict[str, set[date]]:
    """By order."""
    by_line = managed_days(played)
    orders = rows(played.world, "marketplace", "order")
    return {str(row["order_id"]): by_line.get(json.loads(row["line"])["line_id"], set()) for row in orders}


def each_day_is_claimed_by_its_own_route(played: Played) -> Wrong:
    """Money is asked for on days that the council manages, and accounted for on the others; never both in one claim."""
    ahead, managed = {str(order) for order in ahead_orders(played)}, _managed(played)
    for said in (
        one["body"] for one in facts(played.world).values() if one["ce_type"] == "marketplace.claim_accepted.v1"
    ):
        if said["order_id"] in ahead:
            ours = {day in managed[said["order_id"]] for day in _period(said)}
            if ours != {said["kind"] in ASKS}:
                yield f"a claim of kind {said['kind']} is for days of {len(ours)} routes, or of the other one"


def each_day_is_paid_by_one_route(played: Played) -> Wrong:
    """What went out ahead is the price of the days that were the person's own, and what is still in hand for managed days
    of the last period; to a penny for each run of days. Of an order together with the one in its place, which is paid less by
    what is in the same hands already."""
    first, managed = _first_of(played), _managed(played)
    out, periods = defaultdict[str, int](int), defaultdict[str, list[list[date]]](list)
    for said in _paid_out(played):
        out[first[said["order_id"]]] += said["pence"]
        periods[first[said["order_id"]]].append(_period(said))
    for order, row in ahead_orders(played).items():
        key = first[str(order)]
        days, ours = sorted(periods[key]), managed.get(key, set())
        if not days or not ours or row["before"] or row["state"] == "short":
            continue
        own = len({day for each in days for day in each} - ours) + sum(day in ours for day in days[-1])
        price = own * (row["weekly_pence"] + row["employing_pence"]) / 7
        if abs(out[key] - price) > 2 * len(days):
            yield f"{out[key]} pence went out for {own} days that come to {price:.0f}"


def _first_of(played: Played) -> dict[str, str]:
    """An order, or the one whose place it took."""
    orders = rows(played.world, "marketplace", "order")
    return {str(row["order_id"]): str(row["replaces_order_id"] or row["order_id"]) for row in orders}


def a_line_in_another_s_place_is_switched_with_it(played: Played) -> Wrong:
    """Whoever is too ill for the one is too ill for the other: from its first day of support the same days are the council's."""
    managed, ahead = _managed(played), ahead_orders(played)
    orders = {row["order_id"]: row for row in rows(played.world, "marketplace", "order")}
    for order in orders.values():
        old = orders.get(order["replaces_order_id"])
        if old is None or order["started_on"] is None or not {old["order_id"], order["order_id"]} <= ahead.keys():
            continue
        before, after = (
            {day for day in managed[str(one["order_id"])] if day >= order["started_on"]} for one in (old, order)
        )
        if before != after:
            yield f"the council manages {len(before)} days of an order and {len(after)} of the one in its place"


ONE_ROUTE: tuple[Callable[[Played], Wrong], ...] = (
    each_day_is_claimed_by_its_own_route,
    each_day_is_paid_by_one_route,
    a_line_in_another_s_place_is_switched_with_it,
)
