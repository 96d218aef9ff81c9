"""What is remembered of the market? Copies of what it says, and published unit costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.budget.importers.unit_costs import Provision, Unit
from shared.contracts.base import SupplierKind, Support
from shared.runtime.rows import Row, table


@table("listing_copy", key=("listing_id", "area"), indexes=(("area", "support"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class ListingCopy(Row):
    """A live listing in one of its areas, as marketplace last said it. `for_person_id`: a PA who is there for nobody else."""

    listing_id: UUID
    area: str
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    hourly_pence: int
    room_minutes: int
    skills: tuple[str, ...] = ()
    for_person_id: UUID | None = None


@table("restriction_copy", key=("restriction_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionCopy(Row):
    """A restriction in force that stops new offers at a supplier; empty `supports` means all support."""

    restriction_id: UUID
    supplier_id: UUID
    supports: tuple[Support, ...]

    def covers(self, support: Support) -> bool:
        return not self.supports or support in self.supports


@table("unit_cost", key=("unit_cost_id",), indexes=(("year",),), checks=("pence >= 0",))
@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost(Row):
    """A published unit cost, of its year: `authority` is the return's own number of the council it is about."""

    unit_cost_id: UUID
    authority: str
    name: str
    year: str
    measure: str
    support: str
    group: str
    provision: Provision
    unit: Unit
    pence: int
    cost_thousands: Decimal
    quantity: Decimal
    not_like_for_like: bool
    notes: tuple[str, ...]
