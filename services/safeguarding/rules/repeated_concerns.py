"""Do several people report the same supplier?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from services.safeguarding.rules.thresholds import Thresholds
from shared.explain import because


class Reported(Protocol):
    """A concern about a supplier, as far as this rule looks at it."""

    @property
    def concern_id(self) -> UUID: ...
    @property
    def reported_on(self) -> date: ...


def repeated_concerns(
    council: str, supplier_id: UUID, concerns: Sequence[Reported], thresholds: Thresholds
) -> Iterator[Finding]:
    """Three concerns within 90 days about one supplier (our own threshold); a later one in the same days adds to it.

    Days begin with a first concern and do not overlap, so a new concern never changes an earlier alert's id.
    """
    left = sorted(concerns, key=lambda one: (one.reported_on, one.concern_id.int))
    while left:
        last = left[0].reported_on + timedelta(days=thresholds.concerns_within_days)
        together = [one for one in left if one.reported_on <= last]
        if len(together) >= thresholds.concerns_of_supplier:
            yield _finding(council, supplier_id, together, thresholds.concerns_within_days)
            left = left[len(together) :]
        else:
            left = left[1:]


def _finding(council: str, supplier_id: UUID, together: Sequence[Reported], days: int) -> Finding:
    known = known_id(council, "concerns_about_supplier", supplier_id, together[0].concern_id)
    evidence = tuple(one.concern_id for one in together)
    reason = because("concerns_about_supplier", concerns=len(together), days=days)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, supplier_id, reason, evidence, of_supplier=True)
