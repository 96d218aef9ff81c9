"""Which days of an order does the council manage for a time, and what was paid ahead for them?

Somebody too ill to manage a direct payment (or a fund) is relieved of it and has it back (DOMAIN.md, why it exists; ADR 18).
Each day is on one route. What had gone out ahead for days that the council came to manage is not asked back: it stays in
the payee's hands and is taken off what goes out for the days after. Days are London's, both ends included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from shared.contracts.base import Period
from shared.explain import Source, Step, because
from shared.money import weekly_over

OURS = Source("Our own rule: one day, one route; money that went out is carried, not clawed back (ADR 18)")
A_DAY = timedelta(days=1)


def is_managed(switched: Sequence[Period], day: date) -> bool:
    """Whether the council manages that day."""
    return any(one.first <= day <= one.last for one in switched)


def own_day_from(first: date, switched: Sequence[Period]) -> date:
    """The first day from this one on that is on the order's own route."""
    for one in switched:
        first = one.last + A_DAY if one.first <= first <= one.last else first
    return first


def managed_days(first: date, last: date, switched: Sequence[Period]) -> tuple[Period, ...]:
    """The days between these that the council manages, in order."""
    found = ((max(one.first, first), min(one.last, last)) for one in switched)
    return tuple(Period(first=begin, last=end) for begin, end in found if begin <= end)


def own_days(first: date, last: date, switched: Sequence[Period]) -> Iterator[Period]:
    """The days between these that are on the order's own route, in order."""
    for one in managed_days(first, last, switched):
        if first < one.first:
            yield Period(first=first, last=one.first - A_DAY)
        first = one.last + A_DAY
    if first <= last:
        yield Period(first=first, last=last)


def cost_of(days: Sequence[Period], cost_on: Callable[[date], int]) -> int:
    """What these days cost, in pence; `cost_on` gives a week's cost as of a day. Each run of days is rounded once."""
    return sum(weekly_over(cost_on(one.first), one.first, one.last) for one in days)


def beyond_the_year(kept_pence: int, own_pence: int) -> int:
    """What is in the payee's hands and the year's own days that are still to be paid for do not need: the year's money for
    the managed days is that much short until it comes back, or the next year takes it over."""
    return max(kept_pence - own_pence, 0)


def steps(
    switched: Sequence[Period], kept: Sequence[Period], cost_on: Callable[[date], int], on: date
) -> tuple[Step, ...]:
    """Why money goes out as it does, for the days from `on`. The effects add up to what was paid ahead for managed days."""
    coming = [one for one in switched if one.last >= on]
    said = [
        Step("SWITCH-1", because("council_manages", first=str(one.first), last=str(one.last)), 0, OURS)
        for one in coming
    ]
    carried = [
        Step(
            "SWITCH-2",
            because("paid_ahead_and_carried", first=str(one.first), last=str(one.last)),
            cost_of([one], cost_on),
            OURS,
        )
        for one in kept
    ]
    again = own_day_from(on, switched)
    return (*said, *carried, Step("SWITCH-3", because("own_route_from", day=str(again)), 0, OURS))
