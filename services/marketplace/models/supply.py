"""What is known of suppliers themselves: the evidence that was seen of them, and injuries at work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.marketplace.models.common import some
from services.marketplace.models.market import Supplier
from services.marketplace.rules.conditions import Pay
from services.marketplace.rules.injuries import due_from
from shared.contracts.supply import EvidenceKind, EvidenceLapsed, EvidenceLapsing, EvidenceRecorded, InjuryReported
from shared.explain import Step
from shared.runtime.rows import Row, table


@table("evidence", key=("evidence_id",), indexes=(("supplier_id",), ("employer_id",)), checks=("cover_pence >= 0",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Row):
    """What was seen of a supplier or of whoever employs a PA, from a day until a day, both included. `cover_pence` is the
    sum insured. With an `employer_id` it is the employer's and counts for each of their PAs, whichever it was seen at."""

    evidence_id: UUID
    supplier_id: UUID
    evidence_kind: EvidenceKind
    holds_from: date
    holds_until: date | None
    cover_pence: int | None
    recorded_by: str
    employer_id: UUID | None = None

    def at(self, supplier: Supplier) -> Evidence:
        """As it counts for one of those for whom it counts."""
        return self if self.supplier_id == supplier.supplier_id else replace(self, supplier_id=supplier.supplier_id)

    def _whose(self) -> dict[str, object]:
        whose = some(self, ("evidence_id", "supplier_id"))
        return {**whose, "kind": self.evidence_kind, "is_of_employer": self.employer_id is not None}

    def as_recorded(self) -> EvidenceRecorded:
        return EvidenceRecorded.model_validate(
            {**self._whose(), "holds_from": self.holds_from, "holds_until": self.holds_until}
        )

    def as_lapsing(self, last: date, days_left: int) -> EvidenceLapsing:
        return EvidenceLapsing.model_validate({**self._whose(), "holds_until": last, "days_left": days_left})

    def as_lapsed(self, last: date, running_orders: int) -> EvidenceLapsed:
        lapsed = {"lapsed_on": last + timedelta(days=1), "running_orders": running_orders}
        return EvidenceLapsed.model_validate({**self._whose(), **lapsed})


@table("pay", key=("supplier_id", "holds_from"), checks=("hourly_pence > 0",))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayOfWorkers(Row):
    """What those who work for a supplier are paid an hour from a day on, and whether the way between visits is paid too."""

    supplier_id: UUID
    holds_from: date
    hourly_pence: int
    way_is_paid: bool
    said_by: str

    def as_pay(self) -> Pay:
        return Pay(self.holds_from, self.hourly_pence, self.way_is_paid)


@table("injury", key=("injury_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Injury(Row):
    """Somebody was hurt at work. What happened is told in words, which stay here; `steps` say who owes sick pay, `owed` how
    much for the days on which they could not work. That, too, stays here."""

    injury_id: UUID
    supplier_id: UUID
    happened_on: date
    what_happened: str
    covered: bool
    evidence_id: UUID | None
    reported_by: str
    steps: tuple[Step, ...] = ()
    away_first: date | None = None
    away_last: date | None = None
    owed: tuple[Step, ...] = ()

    def as_reported(self) -> InjuryReported:
        whose = some(self, ("injury_id", "supplier_id", "happened_on", "covered"))
        return InjuryReported(**whose, sick_pay_due_from=due_from(self.steps))
