"""Does money go out where nothing is delivered, or is it no longer spent?

Thresholds are our own (policy/thresholds.yaml): no law sets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id, week_of
from shared.contracts.base import Period
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


def last_accounted(accounted: Iterable[date], by: date) -> date | None:
    """The last day, up to `by`, on which spending was accounted for."""
    return max((day for day in accounted if day <= by), default=None)


def stopped_id(council: str, order_id: UUID, accounted: Iterable[date], by: date) -> UUID:
    """One alert for each time the spending stopped."""
    last = last_accounted(accounted, by)
    return known_id(council, "spending_stopped", order_id, last.isoformat() if last else "never")


def spending_stopped(
    council: str, order_id: UUID, person_id: UUID, paid: Sequence[Paid], accounted: Sequence[date], payment: Paid,
    days: int,
) -> Finding | None:  # fmt: skip
    """A direct payment went out, and for so many days after it none of it was accounted for (our own threshold)."""
    by = payment.on + timedelta(days=days)
    last = last_accounted(accounted, by)
    if last is not None and last >= payment.on:
        return None
    since = sorted((one for one in paid if one.on <= payment.on and (last is None or one.on > last)), key=_order)
    reason = because("spending_stopped", paid_on=payment.on.isoformat(), days=days)
    evidence = tuple(one.payment_id for one in since)
    known = stopped_id(council, order_id, accounted, by)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, person_id, reason, evidence)


def _order(one: Paid) -> tuple[date, int]:
    return one.on, one.payment_id.int
