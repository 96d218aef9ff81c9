"""What safeguarding hears, as tests say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from shared.contracts.marketplace import VisitMissed

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
