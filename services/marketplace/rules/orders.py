"""When may support on an order start, and when end?"""

from __future__ import annotations

from datetime import date

from services.marketplace.rules.failures import Failure, NotSo, those
from shared.explain import because


class StartNotPossible(NotSo):
    """Support cannot have started on that day."""

    title = "Support cannot have started on that day"


def start_on_a_day_that_came(starts_on: date, started_on: date, today: date) -> None:
    """A start is said once its day has come, and not before the day the order was placed for (the SupportStarted
    contract; money is committed from that day on). Raises StartNotPossible."""
    late = Failure("started_on", "START-1", because("day_not_come", days=(started_on - today).days))
    early = Failure("started_on", "START-2", because("before_the_order", days=(starts_on - started_on).days))
    if found := those((late if started_on > today else None, early if started_on < starts_on else None)):
        raise StartNotPossible(found)


class EndNotPossible(NotSo):
    """Support cannot have ended on that day."""

    title = "Support cannot have ended on that day"


def end_on_a_day_that_came(started_on: date, last_day: date, today: date) -> None:
    """An end is said once its day has come, and not before the day support started (the OrderEnded contract; money
    stays set aside up to that day). Raises EndNotPossible."""
    late = Failure("last_day", "END-1", because("day_not_come", days=(last_day - today).days))
    early = Failure("last_day", "END-2", because("before_the_start", days=(started_on - last_day).days))
    if found := those((late if last_day > today else None, early if last_day < started_on else None)):
        raise EndNotPossible(found)
