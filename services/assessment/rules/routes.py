"""Which routes are offered, under which conditions, and is a line's among them?

Sources: Care Act 2014 s.26 and s.31 to s.33 (a direct payment is a right on request when the conditions are met, so it
is always offered and budget decides the conditions); statutory guidance ch. 11 and 12 (all ways of deploying a budget
are explained, none is pushed). Whether there is an individual service fund is each council's own: policy/routes.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    why_not: Reason | None = None
    """Why this person may not choose it now, where the council offers it to others."""


class RouteNotOffered(NotSo):
    """A line is to be deployed on a route that this council does not offer, or that was refused to this person."""

    title = "The route is not among those offered"


class RouteNotChosen(NotSo):
    """Nobody recorded that the person chose a route that the plan uses, and why."""

    status = 409
    title = "The choice of a route is not recorded"


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


def routes_offered(
    rows: Iterable[OfferRow], council: str, on: date, refused_on: date | None = None
) -> tuple[Offered, ...]:
    """Every route there is, each explained; a council's own row goes before the one for everywhere. A direct payment that
    was refused to the person on a day is not theirs to choose until a later decision agrees it (s.31, s.32).

    Raises RouteNotSettled where no row holds on this day: it is not guessed.
    """
    rows = tuple(rows)
    every = (_offered(rows, route, council, on) for route in Route)
    return tuple(_refused(one, refused_on) if refused_on else one for one in every)


def _refused(one: Offered, on: date) -> Offered:
    if one.route is not Route.DIRECT_PAYMENT:
        return one
    return replace(one, offered=False, why_not=because("payment_was_refused", refused_on=on.isoformat()))


def _offered(rows: Sequence[OfferRow], route: Route, council: str, on: date) -> Offered:
    known = [row for row in rows if row.route is route and row.holds(council, on)]
    if not known:
        raise RouteNotSettled((Failure("starts_on", "ROUTE-0", because("route_not_settled", route=route.value)),))
    row = max(known, key=lambda row: row.council is not None)
    return Offered(route, row.offered, MEANS[route], CONDITIONS[route], row.source, row.verified)


def be_offered(lines: Sequence[PlanLine], offered: Iterable[Offered]) -> None:
    """A line's route is among those offered (DOMAIN.md, routes). Raises RouteNotOffered."""
    if failures := tuple(_not_offered(lines, {one.route: one for one in offered})):
        raise RouteNotOffered(failures)


def _not_offered(lines: Sequence[PlanLine], routes: Mapping[Route, Offered]) -> Iterator[Failure]:
    for at, line in enumerate(lines):
        if routes[line.route].offered:
            continue
        reason = because("route_not_offered", line=at + 1, route=line.route.value)
        if routes[line.route].why_not:
            reason = because("route_refused", line=at + 1, route=line.route.value)
        yield Failure(f"lines[{at}].route", "ROUTE-1", reason)


def be_chosen(lines: Sequence[PlanLine], chosen: Iterable[Route]) -> None:
    """Each route of a plan was chosen, by somebody and with reasons (DOMAIN.md, complaints: all routes are offered and the
    person's choice recorded). Raises RouteNotChosen."""
    known = set(chosen)
    reasons = ((at, because("route_not_chosen", line=at + 1, route=line.route.value)) for at, line in enumerate(lines))
    missing = [(at, reason) for at, reason in reasons if lines[at].route not in known]
    if missing:
        raise RouteNotChosen(tuple(Failure(f"lines[{at}].route", "ROUTE-2", reason) for at, reason in missing))
