"""How far does a restriction reach? Every route at once: what the council buys, a fund, and a person's own choice."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from care.demo.buying import Purchase
from care.demo.delivery import WEEKS
from care.demo.lane import Journey
from care.demo.lanes import ISF, MANAGED, PAYMENT, STARTS
from care.demo.pattern import SHORT, line_of, week_of
from care.demo.people import PRICE, Supplier
from care.demo.stage import Stage


def lines() -> list[dict[str, Any]]:
    """Dev's week, on all three routes."""
    week = week_of(SHORT)
    return [line_of(week[first::3], PRICE, route=route) for first, route in enumerate((MANAGED, ISF, PAYMENT))]


def play(stage: Stage, ada: Journey, dev: Journey) -> None:
    supplier, staff = stage.suppliers[1], stage.staff
    concern = staff.practitioner.post("safeguarding", "/v1/concerns", _concern(supplier, ada))
    proposed = staff.safeguarder.post("safeguarding", "/v1/restrictions", _terms(supplier, concern["concern_id"]))
    where = f"/v1/restrictions/{proposed['restriction_id']}"
    placed = time.monotonic()
    staff.commissioner.post("safeguarding", f"{where}/place")
    stage.tell.say("safeguarding", f"proposed by Sam, placed by Cora: no new placements at {supplier.name}")
    refused = _refused_offer(stage, dev.first, supplier)
    stage.found["restricted_seconds"] = time.monotonic() - placed
    stage.tell.say("marketplace", f"an offer for Dev there is refused: {refused}")
    reached = [one for one in dev.purchases if _excluded(stage, one, supplier)]
    stage.found["restricted_routes"] = sorted(one.line["route"] for one in reached)
    routes = ", ".join(route.replace("_", " ") for route in stage.found["restricted_routes"])
    stage.tell.say("marketplace", f"and so on every route of his: {routes}; support that runs goes on")
    staff.commissioner.post("safeguarding", f"{where}/lift", {"reason": "Synthetic: staffing is mended."})
    for one in dev.purchases:
        _await(stage, one, _excludes(supplier, False))
        one.buy(supplier)
    stage.tell.say("marketplace", "lifted by decision: Dev's offer goes through")


def _concern(supplier: Supplier, ada: Journey) -> dict[str, Any]:
    return {
        "supplier_id": supplier.supplier_id,
        "person_id": ada.ids["person"],
        "category": "neglect_and_acts_of_omission",
        "location": "own_home",
        "source_of_risk": "service_provider",
        "what": "Synthetic: nobody came on two evenings and one morning.",
    }


def _terms(supplier: Supplier, concern_id: str) -> dict[str, Any]:
    today = STARTS + timedelta(days=7 * WEEKS)
    body = {"supplier_id": supplier.supplier_id, "level": "no_new_placements", "because": "visits_missed"}
    body |= {"reasons": "Synthetic: visits missed for three people in one week.", "concern_id": concern_id}
    return body | {"review_on": (today + timedelta(days=28)).isoformat()}


def _refused_offer(stage: Stage, purchase: Purchase, supplier: Supplier) -> str:
    """As soon as the market has heard of it: why, in words."""
    reasons = _excluded(stage, purchase, supplier)
    body = {"listing_id": supplier.listing_id, "price_pence": PRICE, "hours_to_answer": 48}
    where = f"/v1/requirements/{purchase.requirement}/offers"
    problem = stage.staff.broker.refused("marketplace", where, body)
    return str(reasons[0]["detail"] if reasons else problem["detail"])


def _excluded(stage: Stage, purchase: Purchase, supplier: Supplier) -> list[dict[str, Any]]:
    matches = _await(stage, purchase, _excludes(supplier, True))
    theirs = (one["reasons"] for one in matches["excluded"] if one["supplier_id"] == supplier.supplier_id)
    reasons: list[dict[str, Any]] = next(theirs)
    return reasons


def _await(stage: Stage, purchase: Purchase, looks: Callable[[Any], Any]) -> dict[str, Any]:
    where = f"/v1/requirements/{purchase.requirement}/matches"
    matches: dict[str, Any] = stage.staff.broker.eventually("marketplace", where, looks)
    return matches


def _excludes(supplier: Supplier, wanted: bool) -> Callable[[Any], Any]:
    def looks(matches: dict[str, Any]) -> Any:
        excluded = any(one["supplier_id"] == supplier.supplier_id for one in matches["excluded"])
        return matches if excluded is wanted else None

    return looks
