"""How do the six lanes compare on the same measures? Read from the services at the end; what is not comparable says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from care.demo.delivery import WEEKS
from care.demo.lanes import AHEAD, FULLY, NOT, PARTLY, PAYMENT
from care.demo.stage import Lane, Share, Stage
from shared.money import MINUTES_AN_HOUR, pounds, to_pence

FEWEST = 5
"""A figure about fewer people is not shown: of a real council it could tell something of one of them."""
WAGE_RULE, EMPLOYING = "EMPLOY-1", "EMPLOY-"


@dataclass(frozen=True)
class Measured:
    """One lane; pence, and visits of its first two weeks. `on_costs_pence` an hour is what employing adds to a wage: None
    where nobody is employed by the person, `employing_ahead_pence` what of the money paid ahead was for that.
    `share_percent`: visits made by the three who came most; the lowest of the lane's lines. `after_way_pence` is what an hour
    of work was paid by its suppliers, the way from one person to the next counted; None where nobody said what they pay,
    `underpaid` how many of those who came were below the lowest lawful wage. `achieved`: of the outcomes that were reviewed
    so many fully, partly, not."""

    name: str
    title: str
    prices: tuple[int, ...]
    on_costs_pence: int | None
    waited_days: int
    planned: int
    missed: int
    share_percent: int | None
    after_way_pence: int | None
    underpaid: int
    achieved: tuple[int, int, int]
    claimed: tuple[str, ...]
    paid_pence: int
    paid_ahead_pence: int
    employing_ahead_pence: int
    accounted_pence: int
    is_own: bool
    ledger: dict[str, Any]
    cover_pence: int = 0

    @property
    def hour_pence(self) -> int:
        """What the hour costs with what employing adds; the first line's, where there are two."""
        return self.prices[0] + (self.on_costs_pence or 0 if len(self.prices) == 1 else 0)

    @property
    def settled(self) -> str:
        """Council-managed support is paid for; what was paid ahead is accounted for."""
        parts = [f"{pounds(self.paid_pence)} paid"] if self.paid_pence else []
        if self.paid_ahead_pence:
            accounted = f"{pounds(self.accounted_pence)} accounted for"
            parts.append(f"{pounds(self.paid_ahead_pence)} paid ahead{self._of_it}, {accounted}")
        parts += [f"{pounds(self.cover_pence)} paid for cover"] if self.cover_pence else []
        return "; ".join(parts)

    @property
    def _of_it(self) -> str:
        """Both parts of what went out to whoever employs."""
        if not self.employing_ahead_pence:
            return ""
        wages = self.paid_ahead_pence - self.employing_ahead_pence
        return f" ({pounds(wages)} for wages, {pounds(self.employing_ahead_pence)} for what employing adds)"

    @property
    def in_words(self) -> str:
        hour = " and ".join(pounds(price) for price in self.prices)
        added = "" if self.on_costs_pence is None else f" (employing adds {pounds(self.on_costs_pence)})"
        visits = f"{self.missed} of {self.planned} visits missed"
        days = f"{self.waited_days} days to the start"
        return f"{self.name} · {self.title}: {hour} an hour{added}; {days}; {visits}; {self.settled}"


def measure(stage: Stage) -> list[Measured]:
    return [_measured(stage, lane) for lane in stage.lanes.values()]


def _measured(stage: Stage, lane: Lane) -> Measured:
    ledger, orders = lane.journey.ledger(), [share.purchase.order for share in lane.shares]
    visits = [one for share in lane.shares for one in _visits(stage, lane, share)]
    managed = [one for one in _positions(ledger, lane) if one["route"] not in AHEAD]
    ahead = [one for one in _positions(ledger, lane) if one["route"] in AHEAD]
    paid = _conditions(stage, lane)
    return Measured(
        name=lane.name,
        title=lane.title,
        prices=tuple(order["hourly_pence"] for order in orders),
        on_costs_pence=_on_costs(lane),
        waited_days=(lane.first - _asked_on(stage, lane)).days,
        planned=len(visits),
        missed=sum(one["outcome"] == "missed" for one in visits),
        share_percent=_continuity(stage, lane.shares),
        after_way_pence=min((one["hourly_pence"] for one in paid), default=None),
        achieved=_achieved(stage, lane),
        underpaid=sum(one["below_floor"] for one in paid),
        claimed=tuple(share.purchase.claim["kind"] for share in lane.shares),
        paid_pence=sum(one["paid"] for one in managed),
        paid_ahead_pence=sum(one["paid"] + one["accounted_for"] for one in ahead),
        employing_ahead_pence=sum(_for_employing(ledger, one) for one in ahead),
        accounted_pence=sum(one["accounted_for"] for one in ahead),
        is_own=any(order["supplier_kind"] == "in_house" for order in orders),
        ledger=ledger,
        cover_pence=_covered(ledger),
    )


def _positions(ledger: dict[str, Any], lane: Lane) -> list[dict[str, Any]]:
    """Each order's part of the books, with its route."""
    routes = {share.purchase.order["order_id"]: share.purchase.line["route"] for share in lane.shares}
    return [one | {"route": routes[one["order_id"]]} for one in ledger["positions"] if one["order_id"] in routes]


def _covered(ledger: dict[str, Any]) -> int:
    """What was paid to whoever stood in for a PA."""
    covers = {one["order_id"] for one in ledger["commitments"] if one["covers_order_id"]}
    return sum(one["paid"] for one in ledger["positions"] if one["order_id"] in covers)


def _for_employing(ledger: dict[str, Any], position: dict[str, Any]) -> int:
    """Of what went out for an order, its part of the week's cost, half up."""
    order = next(one for one in ledger["commitments"] if one["order_id"] == position["order_id"])
    went_out = position["paid"] + position["accounted_for"]
    return to_pence(Decimal(went_out) * order["employing_pence"] / order["cost_pence"])


def _visits(stage: Stage, lane: Lane, share: Share) -> list[dict[str, Any]]:
    page = stage.staff.broker.get("marketplace", f"{share.purchase.where}/visits", **_first_weeks(lane))
    items: list[dict[str, Any]] = page["items"]
    return items


def _on_costs(lane: Lane) -> int | None:
    """What employing adds to an hour's wage, by the budget's own steps: holiday, pension, insurance, payroll, cover."""
    employed = [line for line in lane.journey.lines if (line["kind_wanted"], line["route"]) == ("pa", PAYMENT)]
    if not employed:
        return None
    steps = [step for step in lane.journey.verdict["steps"] if step["rule"].startswith(EMPLOYING)]
    added = sum(step["effect"] for step in steps if step["rule"] != WAGE_RULE)
    return int(added * MINUTES_AN_HOUR / sum(line["weekly_minutes"] for line in employed) + 0.5)


def _asked_on(stage: Stage, lane: Lane) -> date:
    request = stage.staff.practitioner.get("assessment", f"/v1/requests/{lane.journey.ids['request']}")
    return date.fromisoformat(request["received_on"])


def _conditions(stage: Stage, lane: Lane) -> list[dict[str, Any]]:
    """Of the lane's suppliers, in its first two weeks: of those that said what they pay."""
    days = _first_weeks(lane)
    asked = [f"/v1/suppliers/{share.supplier.supplier_id}/conditions" for share in lane.shares]
    found = [stage.staff.commissioner.get("marketplace", path, **days) for path in asked]
    return [one for one in found if one["hourly_pence"] is not None]


def _achieved(stage: Stage, lane: Lane) -> tuple[int, int, int]:
    said = [one["how_far"] for one in stage.review_of(lane.journey, "held")["achieved"]]
    return said.count(FULLY), said.count(PARTLY), said.count(NOT)


def _first_weeks(lane: Lane) -> dict[str, str]:
    return {"first": lane.first.isoformat(), "last": (lane.first + timedelta(days=7 * WEEKS - 1)).isoformat()}


def _continuity(stage: Stage, shares: Sequence[Share]) -> int | None:
    """The lowest of the lane's lines."""
    pages = [stage.staff.broker.get("marketplace", f"{share.purchase.where}/continuity") for share in shares]
    known = [page["share_percent"] for page in pages if page["share_percent"] is not None]
    return min(known, default=None)


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Group:
    """People of one route, and how many of their visits were missed, in whole percent; None where they are too few."""

    route: str
    people: int | None
    missed_percent: int | None


def by_route(measured: Sequence[tuple[str, str, int, int]]) -> list[Group]:
    """Of (route, person, visits, missed): each route's figure, kept back where fewer than FEWEST people stand behind it."""
    groups = []
    for route in sorted({row[0] for row in measured}):
        rows = [row for row in measured if row[0] == route]
        people, visits = len({row[1] for row in rows}), sum(row[2] for row in rows)
        shown = people >= FEWEST and visits > 0
        percent = 100 * sum(row[3] for row in rows) // visits if shown else None
        groups.append(Group(route, people if shown else None, percent))
    return groups


def visits_by_route(stage: Stage, lanes: Sequence[Lane]) -> list[tuple[str, str, int, int]]:
    """(route, person, visits, missed) of each purchase, as `by_route` takes them."""
    rows = []
    for lane in lanes:
        for share in lane.shares:
            visits = _visits(stage, lane, share)
            missed = sum(one["outcome"] == "missed" for one in visits)
            rows.append((share.purchase.line["route"], lane.name, len(visits), missed))
    return rows
