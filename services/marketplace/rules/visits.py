"""Which visits does an order plan, which of them is this record about, and what is it worth?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from shared.clock import LONDON, civil_date
from shared.contracts.base import Reason, Slot
from shared.explain import because
from shared.money import price_of

TOLERANCE = timedelta(minutes=15)
"""How far a record's planned start may be from the plan's and still mean that visit (our own operating threshold)."""


class Outcome(StrEnum):
    RECORDED = "recorded"
    MISSED = "missed"
    CANCELLED = "cancelled"
    FRUSTRATED = "frustrated"

    @classmethod
    def _missing_(cls, value: object) -> Outcome | None:
        """Suppliers' own systems write `delivered` for a visit that was made."""
        return cls.RECORDED if value == "delivered" else None


CAME = frozenset({Outcome.RECORDED, Outcome.FRUSTRATED})
"""Somebody came: the visit is payable."""


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What an order plans and pays: first and last civil days, the last None while open-ended; pence an hour.

    Until support has `started` there is no visit to record; one bought `together` is recorded for the whole group.
    """

    order_id: UUID
    pattern: tuple[Slot, ...]
    hourly_pence: int
    starts_on: date
    ends_on: date | None = None
    started: bool = True
    together: bool = False
    days: dict[date, tuple[PlannedVisit, ...]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit an order plans; `planned_at` is UTC."""

    visit_id: UUID
    order_id: UUID
    planned_at: datetime
    minutes: int
    time_critical: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What a supplier says happened at a planned start: `minutes` of support, `started_at` where somebody came."""

    reference: str
    planned_at: datetime
    started_at: datetime | None
    minutes: int
    outcome: Outcome
    because: str = "not_said"
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class MatchedVisit:
    """A record that has found its planned visit; `minutes` are those that count and `pence` what they are worth."""

    plan: PlannedVisit
    outcome: Outcome
    started_at: datetime | None
    minutes: int
    pence: int
    because: str
    worker: str | None = None


def visit_id(order_id: UUID, planned_at: datetime) -> UUID:
    """Never change this: the same order and planned start must always be the same visit, or repeats are paid twice."""
    return uuid5(order_id, f"visit/{planned_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def starts_at(day: date, slot: Slot) -> datetime:
    """The instant (UTC) of a slot's London time on a day. A time the spring change skips is an hour later by the wall
    clock; one that the autumn change repeats is the first of the two (our own rule)."""
    return datetime.combine(day, time.fromisoformat(slot.starts), LONDON).astimezone(UTC)


def planned_visits(order: OrderTerms, first: date, last: date) -> tuple[PlannedVisit, ...]:
    """The visits an order plans on London days `first` to `last`, both included, within its own days, in order.

    Slots that start at the same instant are one visit, the longest of them: a visit is known by its start.
    """
    found: dict[datetime, PlannedVisit] = {}
    for day in _days(max(first, order.starts_on), min(last, order.ends_on or last)):
        for slot in (slot for slot in order.pattern if slot.weekday == day.weekday()):
            visit = _planned(order.order_id, starts_at(day, slot), slot)
            found[visit.planned_at] = _merged(visit, found.get(visit.planned_at, visit))
    return tuple(found[instant] for instant in sorted(found))


def find_planned(order: OrderTerms, planned_at: datetime) -> PlannedVisit | None:
    """The planned visit nearest to a start, within TOLERANCE; of two equally near the earlier."""
    first, last = civil_date(planned_at - TOLERANCE), civil_date(planned_at + TOLERANCE)
    planned = (visit for day in sorted({first, last}) for visit in _planned_on(order, day))
    near = [visit for visit in planned if abs(visit.planned_at - planned_at) <= TOLERANCE]
    return min(near, key=lambda visit: (abs(visit.planned_at - planned_at), visit.planned_at), default=None)


def _planned_on(order: OrderTerms, day: date) -> tuple[PlannedVisit, ...]:
    """The visits of one day, worked out once: a file names the same days of an order again and again."""
    if day not in order.days:
        order.days[day] = planned_visits(order, day, day)
    return order.days[day]


def minutes_that_count(plan: PlannedVisit, outcome: Outcome, minutes: int) -> int:
    """Recorded counts as delivered, frustrated as planned, missed and cancelled not at all (the visit contracts)."""
    counted = {Outcome.RECORDED: minutes, Outcome.FRUSTRATED: plan.minutes}
    return counted.get(outcome, 0)


def worth(plan: PlannedVisit, outcome: Outcome, minutes: int, hourly_pence: int) -> int:
    """What a visit is worth, in pence. A frustrated one is payable: the worker came (VisitFrustrated contract)."""
    return price_of(minutes_that_count(plan, outcome, minutes), hourly_pence)


def match_record(record: Record, orders: Mapping[str, OrderTerms]) -> MatchedVisit | Reason:
    """The visit a record is about, or why there is none. `orders` maps the supplier's references to terms."""
    order = orders.get(record.reference)
    if order is None:
        return because("order_not_known")
    if not order.started:
        return because("order_not_started")
    if order.together:
        return because("bought_together")
    plan = find_planned(order, record.planned_at)
    if plan is None:
        return because("no_visit_planned", planned_at=as_param(record.planned_at))
    minutes = minutes_that_count(plan, record.outcome, record.minutes)
    pence = worth(plan, record.outcome, record.minutes, order.hourly_pence)
    return MatchedVisit(plan, record.outcome, record.started_at, minutes, pence, record.because, record.worker)


def unrecorded(planned: Iterable[PlannedVisit], recorded: frozenset[UUID], until: datetime) -> Iterator[PlannedVisit]:
    """Planned visits that began before `until` and of which nothing was said (somebody must ask; own threshold)."""
    return (visit for visit in planned if visit.planned_at < until and visit.visit_id not in recorded)


def as_param(instant: datetime) -> str:
    """An instant as a reason may carry it: `2026-03-29T07:00:00Z`."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _planned(order_id: UUID, instant: datetime, slot: Slot) -> PlannedVisit:
    return PlannedVisit(visit_id(order_id, instant), order_id, instant, slot.minutes, slot.time_critical)


def _merged(one: PlannedVisit, other: PlannedVisit) -> PlannedVisit:
    minutes, critical = max(one.minutes, other.minutes), one.time_critical or other.time_critical
    return PlannedVisit(one.visit_id, one.order_id, one.planned_at, minutes, critical)
