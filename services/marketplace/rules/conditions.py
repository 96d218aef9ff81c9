"""What are those who come paid for an hour of work, once the way from one person to the next counts as work?

Sources: the way between two assignments counts as hours of work for the minimum wage (National Minimum Wage Regulations 2015,
SI 2015/621, reg 34: cited from memory, unverified), and what was paid is held against all hours of a pay reference period, not
against each hour. Eight visits of a quarter of an hour in six hours, paid by contact, fall below it (PEERS (c) 12, UNISON).
How long a gap still counts as a way, and which visit is short, are rows of the policy `conditions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.suppliers import PRIVATE
from shared.clock import civil_date
from shared.contracts.base import Employer
from shared.explain import Source, Step, because
from shared.money import MINUTES_AN_HOUR, to_pence


@dataclass(frozen=True, slots=True)
class Made:
    """A visit that somebody made, known under a pseudonym of the supplier's."""

    worker: str
    person_id: UUID
    started_at: datetime
    minutes: int

    @property
    def day(self) -> date:
        return civil_date(self.started_at)

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Pay:
    """What an hour is paid from a day on, in pence, and whether the way between two visits is paid like one."""

    holds_from: date
    hourly_pence: int
    way_is_paid: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """A gap of more minutes is no way, but a break between two turns; a visit of fewer is short."""

    longest_way: int
    short_visit: int


@dataclass(frozen=True, slots=True)
class Worked:
    """What one care worker worked and was paid: minutes, and minutes times pence an hour."""

    contact: int = 0
    way: int = 0
    for_contact: int = 0
    for_way: int = 0

    def __add__(self, other: Worked) -> Worked:
        return Worked(
            self.contact + other.contact,
            self.way + other.way,
            self.for_contact + other.for_contact,
            self.for_way + other.for_way,
        )

    @property
    def minutes(self) -> int:
        return self.contact + self.way

    @property
    def hourly_pence(self) -> int | None:
        """What an hour of all of it was paid, half up; None where nothing was worked."""
        paid = self.for_contact + self.for_way
        return to_pence(Decimal(paid) / self.minutes) if self.minutes else None


class PayUnsound(NotSo):
    """What is said of the pay does not hold together."""

    title = "The pay cannot be said so"


def be_paid_by_the_hour(employer: Employer | None) -> None:
    """Whoever a person or a nominee employs is paid the wage that is listed: it is not said twice. Raises PayUnsound."""
    if employer in PRIVATE:
        raise PayUnsound((Failure("hourly_pence", "PAY-1", because("wage_is_the_price")),))


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of `visits` made, `short` were short. `split_days` of the `days` (a care worker's each) had a break between two turns.
    `hourly_pence` is what an hour with its ways was paid, in all; `below_floor` of the `workers` were paid less than the
    floor. The steps, in pence, add up to `paid_pence`."""

    visits: int
    short: int
    workers: int
    days: int
    split_days: int
    contact_minutes: int
    way_minutes: int
    paid_pence: int
    hourly_pence: int | None
    floor_pence: int
    below_floor: int
    steps: tuple[Step, ...]


NMW = Source("National Minimum Wage Regulations 2015, SI 2015/621, reg 34", verified=False)


def conditions(visits: Iterable[Made], pay: Sequence[Pay], limits: Limits, floor_pence: int) -> Conditions | None:
    """Of visits on days whose pay is known; None where there are none. `pay` is in the order of its days."""
    days = _days([one for one in visits if pay_on(pay, one.day)])
    if not days:
        return None
    of_each: dict[str, Worked] = {}
    for day in days:
        of_each[day[0].worker] = of_each.get(day[0].worker, Worked()) + _worked(day, pay, limits)
    total = sum(of_each.values(), Worked())
    steps = _steps(total)
    return Conditions(
        visits=sum(map(len, days)),
        short=sum(one.minutes < limits.short_visit for day in days for one in day),
        workers=len(of_each),
        days=len(days),
        split_days=sum(_is_split(day, limits) for day in days),
        contact_minutes=total.contact,
        way_minutes=total.way,
        paid_pence=sum(step.effect for step in steps),
        hourly_pence=total.hourly_pence,
        floor_pence=floor_pence,
        below_floor=sum(one.hourly_pence is not None and one.hourly_pence < floor_pence for one in of_each.values()),
        steps=steps,
    )


def _days(visits: Sequence[Made]) -> list[list[Made]]:
    """Each care worker's days, in order. People who share an hour are visited once."""
    once = {(one.worker, one.started_at): one for one in visits}
    ordered = [once[key] for key in sorted(once)]
    return [list(day) for _, day in groupby(ordered, key=lambda one: (one.worker, one.day))]


def _worked(day: Sequence[Made], pay: Sequence[Pay], limits: Limits) -> Worked:
    """One care worker's day."""
    paid = pay_on(pay, day[0].day)
    assert paid is not None  # only days whose pay is known are looked at
    contact = sum(one.minutes for one in day)
    way = sum(gap for gap in _gaps(day) if gap <= limits.longest_way)
    return Worked(contact, way, contact * paid.hourly_pence, way * paid.hourly_pence * paid.way_is_paid)


def pay_on(pay: Sequence[Pay], day: date) -> Pay | None:
    """What holds on a day: the latest that was said to hold from then or before."""
    return next((one for one in reversed(pay) if one.holds_from <= day), None)


def _gaps(day: Sequence[Made]) -> list[int]:
    """Minutes between a visit's end and the next one's start, where that is to somebody else."""
    pairs = ((before, after) for before, after in pairwise(day) if before.person_id != after.person_id)
    return [max(0, int((after.started_at - before.ended_at).total_seconds()) // 60) for before, after in pairs]


def _is_split(day: Sequence[Made], limits: Limits) -> bool:
    """Whether somebody waited longer than a way takes, unpaid, for their next visit."""
    pause = timedelta(minutes=limits.longest_way)
    return any(after.started_at - before.ended_at > pause for before, after in pairwise(day))


def _steps(total: Worked) -> tuple[Step, ...]:
    contact, way = (to_pence(Decimal(one) / MINUTES_AN_HOUR) for one in (total.for_contact, total.for_way))
    unpaid = total.way if not total.for_way else 0
    return (
        Step("CONDITIONS-1", because("paid_for_visits", minutes=total.contact), contact, NMW),
        Step("CONDITIONS-2", because("paid_for_ways", minutes=total.way, unpaid=unpaid), way, NMW),
    )
