"""Which routes are offered, under which conditions, and is a line's among them?

Sources: Care Act 2014 s.26 and s.31 to s.33 (a direct payment is a right on request when the conditions are met, so it
is always offered and budget decides the conditions); statutory guidance ch. 11 and 12 (all ways of deploying a budget
are explained, none is pushed). Whether there is an individual service fund is each council's own: policy/routes.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.assessment.rules.failures import Failure, NotSo
from shared.contracts.base import PlanLine, Reason, Route
from shared.explain import because


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A row of the policy: whether a route is offered, everywhere or (`council`) in one place, in these days."""

    route: Route
    council: str | None
    offered: bool
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool

    def holds(self, council: str, on: date) -> bool:
        in_time = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_time and self.council in (None, council)


@dataclass(frozen=True, slots=True)
class Offered:
    """A route as it is put to the person: what it means, and what it asks, as reasons that have words."""

    route: Route
    offered: bool
    means: Reason
    conditions: tuple[Reason, ...]
    source: str
    verified: bool


class RouteNotOffered(NotSo):
    """A line is to be deployed on a route that this council does not offer."""

    title = "The route is not among those offered"


class RouteNotSettled(NotSo):
    """No policy row says whether a route is offered on this day."""

    status = 409
    title = "No policy row says whether this route is offered on this day"


MEANS: Mapping[Route, Reason] = {
    Route.COUNCIL_MANAGED: because("route_council_managed"),
    Route.ISF: because("route_isf"),
    Route.DIRECT_PAYMENT: because("route_direct_payment"),
}
CONDITIONS: Mapping[Route, tuple[Reason, ...]] = {
    Route.COUNCIL_MANAGED: (),
    Route.ISF: (because("isf_holder_agrees"), because("isf_accounts_monthly")),
    Route.DIRECT_PAYMENT: (
        because("payment_is_asked_for"),
        because("payment_is_agreed_to_with_capacity_or_by_another"),
        because("payment_can_be_managed_with_help"),
        because("payment_is_not_excluded_by_an_order"),
        because("payment_is_an_appropriate_way"),
    ),
}


def routes_offered(rows: Iterable[OfferRow], council: str, on: date) -> tuple[Offered, ...]:
    """Every route there is, each explained; a council's own row goes before the one for everywhere.

    Raises RouteNotSettled where no row holds on this day: it is not guessed.
    """
    rows = tuple(rows)
    return tuple(_offered(rows, route, council, on) for route in Route)


def _offered(rows: Sequence[OfferRow], route: Route, council: str, on: date) -> Offered:
    known = [row for row in rows if row.route is route and row.holds(council, on)]
    if not known:
        raise RouteNotSettled((Failure("starts_on", "ROUTE-0", because("route_not_settled", route=route.value)),))
    row = max(known, key=lambda row: row.council is not None)
    return Offered(route, row.offered, MEANS[route], CONDITIONS[route], row.source, row.verified)


def be_offered(lines: Sequence[PlanLine], offered: Iterable[Offered]) -> None:
    """A line's route is among those offered (DOMAIN.md, routes). Raises RouteNotOffered."""
    if failures := tuple(_not_offered(lines, {one.route for one in offered if one.offered})):
        raise RouteNotOffered(failures)


def _not_offered(lines: Sequence[PlanLine], offered: set[Route]) -> Iterator[Failure]:
    for at, line in enumerate(lines):
        if line.route not in offered:
            reason = because("route_not_offered", line=at + 1, route=line.route.value)
            yield Failure(f"lines[{at}].route", "ROUTE-1", reason)
