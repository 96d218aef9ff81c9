"""What must hold of what somebody decided about support that runs? A payment that was stopped, a claim that was lowered, a
competition that was awarded, a service that closes, a nominee who is paid."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from tests.simulation.runs import Played
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
DECIDED, STOPPED, OUT = (
    f"budget.{name}.v1" for name in ("direct_payment_decided", "direct_payment_stopped", "money_paid_out")
)


def _in_turn(played: Played, source: str, *types: str) -> Iterator[dict[str, Any]]:
    """What a service said of these types, subject by subject, in its order."""
    every = ((ident, one) for ident, one in facts(played.world).items() if ident[0] == source)
    for _, one in sorted(every, key=lambda pair: (pair[0][1], pair[0][2], pair[0][3])):
        if one["ce_type"] in types:
            yield one


def nothing_goes_out_after_a_stop(played: Played) -> Wrong:
    """Of a budget's direct payment, until it is agreed again (s.33)."""
    stopped = set[str]()
    for said in _in_turn(played, "budget", DECIDED, STOPPED, OUT):
        body = said["body"]
        if said["ce_type"] == DECIDED and body["agreed"]:
            stopped.discard(body["budget_id"])
        elif said["ce_type"] == STOPPED:
            stopped.add(body["budget_id"])
        elif said["ce_type"] == OUT and body["route"] == "direct_payment" and body["budget_id"] in stopped:
            yield f"{body['pence']} pence went out after the payment was stopped"


def whoever_is_paid_employs(played: Played) -> Wrong:
    """A PA on a direct payment is employed by the person, or by the nominee where one is paid in the person's place."""
    paid = {one["body"]["person_id"]: one["body"]["paid_to"] for one in _in_turn(played, "budget", DECIDED)}
    for order in rows(played.world, "marketplace", "order"):
        if (order["supplier_kind"], order["route"]) != ("pa", "direct_payment"):
            continue
        to = paid.get(str(order["person_id"]))
        if to is not None and order["employer"] != to:
            yield f"a payment goes to the {to} and the {order['employer']} employs"


def what_was_lowered_is_owed_back(played: Played) -> Wrong:
    """A claim comes to the same in both services; what was paid beyond that is owed back or came back, by its own journals."""
    lowered = {row["claim_id"]: row for row in rows(played.world, "marketplace", "claim") if row["revisions"] != "[]"}
    owed, came = Counter[Any](), Counter[Any]()
    for row in rows(played.world, "budget", "journal"):
        owed[row["about"]] += row["owed_back"] * (row["verb"] == "owe_back")
        came[row["about"]] -= row["owed_back"] * (row["verb"] == "receive_back")
    for claim in rows(played.world, "budget", "claim"):
        there = lowered.get(claim["claim_id"])
        revisions = json.loads(there["revisions"]) if there else []
        if claim["revision"] != len(revisions) + 1 or (there and there["pence"] != claim["pence"]):
            yield f"a claim comes to {claim['pence']} pence by its revision {claim['revision']}"
        back = owed[claim["claim_id"]]
        if (
            back != claim["owed_back_pence"] + claim["given_back_pence"]
            or came[claim["claim_id"]] != claim["given_back_pence"]
        ):
            yield f"{back} pence are posted as owed back, {claim['owed_back_pence']} and {claim['given_back_pence']} are said"
        most = sum(one["before_pence"] - one["pence"] for one in revisions)
        if back not in (0, most) or (back == 0 and claim["state"] == "paid" and _paid_before(claim, revisions)):
            yield f"{back} pence are owed back of {most}"


def _paid_before(claim: dict[str, Any], revisions: list[dict[str, Any]]) -> bool:
    """It was lowered on a day after it was paid."""
    return any(datetime.fromisoformat(one["at"]).date() > claim["paid_on"] for one in revisions)


def a_competition_is_awarded_at_an_answer(played: Played) -> Wrong:
    """After its deadline, to one of those who were asked, at the price they answered; the others are told."""
    orders = {row["order_id"]: row for row in rows(played.world, "marketplace", "order")}
    offers = rows(played.world, "marketplace", "offer")
    for one in rows(played.world, "marketplace", "competition"):
        asked = {row["offer_id"]: row for row in offers if row["competition_id"] == one["competition_id"]}
        standing = [row for row in asked.values() if row["state"] in ("made", "answered")]
        if one["state"] != "awarded":
            continue
        won, order = asked.get(one["offer_id"]), orders[one["order_id"]]
        if won is None or won["state"] != "accepted" or standing:
            yield "a competition was awarded to somebody who was not asked, or others still wait"
        elif order["hourly_pence"] != won["price_pence"]:
            yield f"an order costs {order['hourly_pence']} an hour, the answer was {won['price_pence']}"


BY_SOMEBODY = frozenset({"no_need", "moved_away", "replaced", "plan_superseded", "cover_over", "support_needed"})
"""Why orders end or are cancelled here: each is somebody's decision about that very order."""


def a_closure_ends_nobody_s_support(played: Played) -> Wrong:
    """Deciding to close a service says whom it reaches; it ends no order."""
    for said in _in_turn(played, "marketplace", "marketplace.order_ended.v1", "marketplace.order_cancelled.v1"):
        if said["body"]["because"] not in BY_SOMEBODY:
            yield f"support ended because of {said['body']['because']}"
    for closure in rows(played.world, "marketplace", "closure"):
        if closure["decided_by"] == closure["proposed_by"]:
            yield "who proposed a closure decided it"
        live = [
            row for row in rows(played.world, "marketplace", "listing") if row["supplier_id"] == closure["supplier_id"]
        ]
        if closure["decided_on"] is not None and any(row["state"] == "live" for row in live):
            yield "a service that closes takes somebody new"


DECISIONS: tuple[Callable[[Played], Wrong], ...] = (
    nothing_goes_out_after_a_stop,
    whoever_is_paid_employs,
    what_was_lowered_is_owed_back,
    a_competition_is_awarded_at_an_answer,
    a_closure_ends_nobody_s_support,
)
