"""What must hold of the money of early support at the end of every run? By an oracle of its own, from facts and rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.clock import LONDON
from tests.simulation.runs import Played
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
OF_THESE = ("assessment.urgent_support_agreed.v1", "assessment.reablement_started.v1")
OVER = ("assessment.urgent_support_ended.v1", "assessment.reablement_ended.v1")
VISITS = ("marketplace.visit_recorded.v1", "marketplace.visit_frustrated.v1")


def early_of(body: dict[str, Any]) -> str:
    """The id of an urgent support or a reablement, by a fact about it."""
    return str(body.get("urgent_id") or body.get("reablement_id"))


def _early(played: Played) -> set[UUID]:
    """What was agreed before there was a plan."""
    said = facts(played.world).values()
    return {UUID(early_of(one["body"])) for one in said if one["ce_type"] in OF_THESE}


def each_early_visit_is_posted_once_to_its_own_purse(played: Played) -> Wrong:
    """And to no other; no order of a plan is posted there, and none of theirs to a personal budget."""
    early = _early(played)
    orders = {row["order_id"]: row["plan_id"] for row in rows(played.world, "marketplace", "order")}
    posted = Counter[tuple[UUID, UUID, int]]()
    for row in rows(played.world, "budget", "journal"):
        if row["order_id"] is not None and (row["budget_id"] in early) != (orders[row["order_id"]] in early):
            yield f"a journal ({row['verb']}) stands in another purse than its order's"
        if row["verb"] == "deliver" and row["about"] is not None and row["budget_id"] in early:
            posted[row["budget_id"], row["about"], row["delivered"]] += 1
    made = Counter[tuple[UUID, UUID, int]]()
    for one in facts(played.world).values():
        body = one["body"]
        if one["ce_type"] in VISITS and orders[UUID(body["order_id"])] in early and body["pence"]:
            made[orders[UUID(body["order_id"])], UUID(body["visit_id"]), body["pence"]] += 1
    if posted != made:
        yield f"{sum(made.values())} visits of early support were made, {sum(posted.values())} are posted, or not as worth"


def an_early_purse_has_what_its_orders_cost(played: Played) -> Wrong:
    """Nothing lies free in it, nothing is disputed, and the person pays nothing towards it."""
    early = _early(played)
    for purse in (row for row in rows(played.world, "budget", "purse") if row["budget_id"] in early):
        if purse["committed"] > purse["allocated"]:
            yield "more is committed for early support than was allocated"
        spent = purse["committed"] + purse["delivered"] + purse["paid"]
        if purse["allocated"] != spent or purse["contribution"] or purse["disputed"] or purse["available"]:
            yield f"a purse of early support has {purse['allocated']}, and {spent} are set aside, delivered or paid"


def early_support_waits_for_no_money(played: Played) -> Wrong:
    """No budget is indicated, made final or found short for it; while it runs there is money for the days to come."""
    early, today = _early(played), played.world.now.astimezone(LONDON).date()
    for row in rows(played.world, "budget", "commitment"):
        if row["budget_id"] in early and row["state"] not in ("committed", "released"):
            yield f"an order for early support is {row['state']}"
        if row["budget_id"] in early and row["state"] == "committed" and row["last"] <= today:
            yield f"early support goes on, and its money is set aside until {row['last']}"
    if any(row["budget_id"] in early for row in rows(played.world, "budget", "budget")):
        yield "early support has a personal budget"


def expected_of_early(played: Played) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The alerts that are called for: ahead of its last day, on it, and where nobody came; none once it is over."""
    said = list(facts(played.world).values())
    over = {early_of(one["body"]): one["body"]["ended_on"] for one in said if one["ce_type"] in OVER}
    came = {one["body"]["plan_id"] for one in said if one["ce_type"] == "marketplace.support_started.v1"}
    for one in (each for each in said if each["ce_type"] in OF_THESE):
        body, ident = one["body"], early_of(one["body"])
        until, told = date.fromisoformat(body["until"]), _london(one["ce_time"])
        end = date.fromisoformat(over.get(ident, played.world.now.astimezone(LONDON).date().isoformat()))
        first = max(told, date.fromisoformat(body["starts_on"]))
        looked = {"early_support_undecided": until, "early_support_not_started": first + timedelta(days=2)}
        looked |= {"early_support_ending": until - timedelta(days=7)} if until - timedelta(days=7) > told else {}
        for rule, day in looked.items():
            if day <= end and not (rule == "early_support_not_started" and ident in came):
                yield rule, body["person_id"], frozenset({ident})


def _london(instant: str) -> date:
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(LONDON).date()


EARLY: tuple[Callable[[Played], Wrong], ...] = (
    each_early_visit_is_posted_once_to_its_own_purse,
    an_early_purse_has_what_its_orders_cost,
    early_support_waits_for_no_money,
)
