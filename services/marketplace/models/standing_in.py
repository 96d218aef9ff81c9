"""Who comes while a PA cannot?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.marketplace.models.common import some
from services.marketplace.rules.cover import Tried
from services.marketplace.rules.states import CoverState
from shared.contracts.base import Period
from shared.contracts.supply import CoverArranged, CoverAsked, CoverEnded, CoverNotFound, CoverStep
from shared.explain import Step
from shared.runtime.rows import Row, table

_OF_A_COVER = ("cover_id", "order_id", "person_id", "supplier_id")
ABSENT, LAPSED = "pa_absent", "evidence_lapsed"
"""What others hear: why exactly somebody cannot come is said to nobody else."""


@table(
    "cover",
    key=("cover_id",),
    indexes=(("order_id",), ("person_id",)),
    checks=('"first" <= "last" + 1', "hourly_pence >= 0", "weekly_minutes >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Row):
    """Somebody else for the days of an absence, both included; called off before it began, its last day is before its first.
    `supplier_id` is who cannot come, `covered_by` who does, out of whose listing's room `weekly_minutes` are taken for as
    long. `because` is the code it was reported with. Whoever covers has the order `covering_order_id`; `is_cut`: its end was
    said before its last day came."""

    cover_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    first: date
    last: date
    weekly_minutes: int
    because: str
    is_lapse: bool
    asked_at: datetime
    state: CoverState
    tried: tuple[Tried, ...] = ()
    steps: tuple[Step, ...] = ()
    step: CoverStep | None = None
    listing_id: UUID | None = None
    covered_by: UUID | None = None
    hourly_pence: int | None = None
    arranged_at: datetime | None = None
    covering_order_id: UUID | None = None
    is_cut: bool = False

    def as_asked(self) -> CoverAsked:
        period = Period(first=self.first, last=self.last)
        return CoverAsked(**some(self, _OF_A_COVER), period=period, because=LAPSED if self.is_lapse else ABSENT)

    def as_arranged(self, step: CoverStep, hourly_pence: int, after_minutes: int) -> CoverArranged:
        how = {"step": step, "hourly_pence": hourly_pence, "after_minutes": after_minutes}
        return CoverArranged(**some(self, _OF_A_COVER), **how, covering_order_id=self.covering_order_id)

    def as_ended(self) -> CoverEnded:
        whose = some(self, _OF_A_COVER)
        return CoverEnded(**whose, last_day=self.last, covering_order_id=self.covering_order_id)

    def as_not_found(self) -> CoverNotFound:
        return CoverNotFound(**some(self, _OF_A_COVER))
