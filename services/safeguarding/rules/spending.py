"""Does money go out where nothing is delivered, or is it no longer spent?

Thresholds are our own (policy/thresholds.yaml): no law sets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id, week_of
from shared.contracts.base import Period, Reason, Route
from shared.explain import because


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that went out, on a day."""

    payment_id: UUID
    on: date


def bit_of(day: date) -> int:
    """Monday is 1, Tuesday 2, Wednesday 4 …: a week's days of delivery in one number."""
    return 1 << day.weekday()


def weeks_of(period: Period) -> Iterator[date]:
    """The Mondays of the weeks a period touches."""
    week = week_of(period.first)
    while week <= period.last:
        yield week
        week += timedelta(days=7)


def delivered_in(period: Period, days_by_week: Iterable[tuple[date, int]]) -> bool:
    """Whether any day of the period saw a visit."""
    days = (week + timedelta(days=at) for week, bits in days_by_week for at in range(7) if bits >> at & 1)
    return any(period.first <= day <= period.last for day in days)


def undelivered_id(council: str, payment_id: UUID) -> UUID:
    return known_id(council, "nothing_delivered", payment_id)


def nothing_delivered(council: str, payment_id: UUID, order_id: UUID, person_id: UUID, period: Period) -> Finding:
    """Money went out for a period in which nobody came (our own threshold for how long it is waited)."""
    reason = because("nothing_delivered", first_day=period.first.isoformat(), last_day=period.last.isoformat())
    known = undelivered_id(council, payment_id)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, person_id, reason, (payment_id, order_id))


def time_is_over_on(paid_on: date, days: int, switched: Iterable[Period]) -> date:
    """The last of so many days after a payment on which somebody could account for it. Days that the council manages for a time
    are nobody's to account for: what had gone out for them is kept for the days after (ADR 18)."""
    by = paid_on + timedelta(days=days)
    for spell in sorted(switched, key=lambda one: one.first):
        if spell.first <= by and spell.last > paid_on:
            by += spell.last - max(spell.first, paid_on + timedelta(days=1)) + timedelta(days=1)
    return by


def last_accounted(accounted: Iterable[date], by: date) -> date | None:
    """The last day, up to `by`, on which spending was accounted for."""
    return max((day for day in accounted if day <= by), default=None)


def stopped_id(council: str, order_id: UUID, accounted: Iterable[date], by: date) -> UUID:
    """One alert for each time the spending stopped."""
    last = last_accounted(accounted, by)
    return known_id(council, "spending_stopped", order_id, last.isoformat() if last else "never")


def spending_stopped(
    council: str, order_id: UUID, person_id: UUID, paid: Sequence[Paid], accounted: Sequence[date], payment: Paid,
    days: int, route: Route = Route.DIRECT_PAYMENT, switched: Sequence[Period] = (),
) -> Finding | None:  # fmt: skip
    """Money went out ahead, and for so many days after it none of it was accounted for (our own thresholds): of a direct
    payment the person may need help, of an individual service fund whoever holds it owes a monthly statement (DOMAIN.md,
    Routes)."""
    by = time_is_over_on(payment.on, days, switched)
    last = last_accounted(accounted, by)
    if last is not None and last >= payment.on:
        return None
    since = sorted((one for one in paid if one.on <= payment.on and (last is None or one.on > last)), key=_order)
    reason = _stopped(route, payment.on, days)
    evidence = tuple(one.payment_id for one in since)
    known = stopped_id(council, order_id, accounted, by)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, person_id, reason, evidence)


def _stopped(route: Route, paid_on: date, days: int) -> Reason:
    if route is Route.ISF:
        return because("statements_stopped", paid_on=paid_on.isoformat(), days=days)
    return because("spending_stopped", paid_on=paid_on.isoformat(), days=days)


def claims_stopped_id(council: str, order_id: UUID, since: date) -> UUID:
    """One alert for each time that the claims stopped."""
    return known_id(council, "claims_stopped", order_id, since.isoformat())


def claims_stopped(
    council: str, order_id: UUID, person_id: UUID, since: date, over: bool, today: date, days: int
) -> Finding | None:
    """The council manages it, support runs, and for so many days nobody has claimed for it: either nothing is delivered, or
    somebody goes unpaid (our own threshold). `since` is the last claim's day, or the first of support."""
    if over or today <= since + timedelta(days=days):
        return None
    reason = because("claims_stopped", since=since.isoformat(), days=days)
    known = claims_stopped_id(council, order_id, since)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, person_id, reason, (order_id,))


def _order(one: Paid) -> tuple[date, int]:
    return one.on, one.payment_id.int
