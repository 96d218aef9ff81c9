"""Are days in order?"""

from __future__ import annotations

from datetime import date

from services.assessment.rules.failures import Failure, NotSo
from shared.explain import because


class DaysOutOfOrder(NotSo):
    """A last day lies before its first day."""

    title = "Days are out of order"


def in_order(first: date, last: date | None, *, field: str) -> None:
    """An open end is in order; a last day before the first is not. Raises DaysOutOfOrder."""
    if last is not None and last < first:
        raise DaysOutOfOrder((Failure(field, "DAYS-1", because("last_before_first", days=(first - last).days)),))
