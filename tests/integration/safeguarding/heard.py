"""What safeguarding hears, as tests say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import PlanLine, Route, Slot, SupplierKind, Support
from shared.contracts.marketplace import SupplierRegistered, SupportStarted, VisitMissed
from shared.runtime.records import Record
from shared.testing.facts import Speaker, hear, reader_of
from shared.testing.harness import Running

MONDAY = datetime(2024, 6, 3, 8, tzinfo=UTC)
ANN, BEN, CAT, DAN = (UUID(int=number) for number in (1, 2, 3, 4))
FIRM, OTHER_FIRM = UUID(int=100), UUID(int=101)


def missed(person: UUID, day: int, supplier: UUID = FIRM, *, critical: bool = False) -> VisitMissed:
    """One visit a day for each person and supplier, so that equal misses are the same visit."""
    return VisitMissed(
        visit_id=uuid5(person, f"visit/{supplier}/{day}"),
        order_id=uuid5(person, f"order/{supplier}"),
        person_id=person,
        supplier_id=supplier,
        planned_at=MONDAY + timedelta(days=day),
        time_critical=critical,
        because="no_care_worker",
    )
