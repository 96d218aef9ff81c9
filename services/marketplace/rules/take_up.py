"""Is a service used much less than before? Delivered minutes of two spells of days, the later beside the earlier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from services.marketplace.rules.policies import Policy
from services.marketplace.rules.visits import Outcome
from shared.clock import civil_date


class Delivered(Protocol):
    @property
    def planned_at(self) -> datetime: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def minutes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Minutes delivered in the spell before, and in the one that ended yesterday."""

    from_minutes: int
    to_minutes: int


def first_compared(today: date, days: int) -> date:
    """The first day of the earlier spell."""
    return today - timedelta(days=2 * days)


def take_up(visits: Iterable[Delivered], today: date, days: int) -> TakeUp:
    """Recorded visits count by the London day they were planned on; a frustrated one delivered nothing."""
    middle, first, before, after = today - timedelta(days=days), first_compared(today, days), 0, 0
    for visit in (each for each in visits if each.outcome is Outcome.RECORDED):
        day = civil_date(visit.planned_at)
        before += visit.minutes if first <= day < middle else 0
        after += visit.minutes if middle <= day < today else 0
    return TakeUp(before, after)


def fell(found: TakeUp, policy: Policy) -> bool:
    """Below the policy's share of before, where enough was delivered before to compare (the take-up policy)."""
    enough = found.from_minutes >= policy.figure("least_minutes")
    return enough and found.to_minutes * 100 < found.from_minutes * policy.figure("falls_below_percent")
