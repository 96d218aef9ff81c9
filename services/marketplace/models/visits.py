"""What became of planned visits, and what is claimed for them?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.marketplace.models.common import some
from services.marketplace.rules.claims import ClaimLine, Matched, as_said
from services.marketplace.rules.refunds import Revision
from services.marketplace.rules.states import ClaimState
from services.marketplace.rules.visits import MatchedVisit, Outcome, PlannedVisit
from shared.contracts.base import ClaimKind, EmployingCost, Fact, Period, Reason
from shared.contracts.marketplace import (
    ClaimAccepted,
    ClaimDisputed,
    ClaimLowered,
    ClaimSubmitted,
    VisitCancelled,
    VisitFrustrated,
    VisitMissed,
    VisitRecorded,
)
from shared.runtime.rows import Row, table

_OF_AN_ORDER = ("order_id", "person_id", "supplier_id")
_OF_A_VISIT = ("visit_id", *_OF_AN_ORDER)
_OF_A_CLAIM = ("claim_id", *_OF_AN_ORDER)


@table(
    "visit",
    key=("visit_id",),
    indexes=(("order_id", "planned_at"), ("supplier_id", "started_at")),
    checks=("minutes >= 0", "pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Row):
    """What became of a planned visit. `minutes` are those that count, `pence` what they are worth; its identity is made
    of the order and the planned start. `claim_id` is the claim it was claimed (or left out) in, `worker` who came, under
    a pseudonym of the supplier's."""

    visit_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    planned_minutes: int
    time_critical: bool
    outcome: Outcome
    started_at: datetime | None
    minutes: int
    pence: int
    because: str
    claim_id: UUID | None = None
    worker: str | None = None

    def as_matched(self) -> MatchedVisit:
        plan = PlannedVisit(self.visit_id, self.order_id, self.planned_at, self.planned_minutes, self.time_critical)
        return MatchedVisit(plan, self.outcome, self.started_at, self.minutes, self.pence, self.because, self.worker)

    def as_said(self) -> Fact:
        """The one fact that tells this visit's outcome."""
        whose = some(self, _OF_A_VISIT)
        paid = {"budget_id": self.budget_id, "minutes": self.minutes, "pence": self.pence}
        planned = {"planned_at": self.planned_at, "because": self.because}
        match self.outcome:
            case Outcome.RECORDED:
                started = self.started_at or self.planned_at
                return VisitRecorded(**whose, **paid, started_at=started, worker=self.worker)
            case Outcome.MISSED:
                return VisitMissed(**whose, **planned, time_critical=self.time_critical)
            case Outcome.CANCELLED:
                return VisitCancelled(**whose, **planned)
            case Outcome.FRUSTRATED:
                return VisitFrustrated(**whose, **paid, **planned)


@table("unmatched_visit", key=("unmatched_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedVisit(Row):
    """A row of a supplier's file that belongs to no planned visit, kept with the reason; identified by its content."""

    unmatched_id: UUID
    supplier_id: UUID
    reference: str
    planned_at: datetime
    started_at: datetime | None
    minutes: int
    outcome: Outcome
    said_because: str
    because: Reason
    worker: str | None = None


@table(
    "claim",
    key=("claim_id",),
    indexes=(("order_id",), ("supplier_id",), ("person_id",)),
    checks=("claimed_pence >= 0", "delivered_pence >= 0", "pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Row):
    """A supplier's claim for a period. `pence` is what is owed, once that is decided; `employing` what a payroll return says
    besides the wages. `revisions` are how it was lowered afterwards; `lines` are as they stand now."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    first: date
    last: date
    lines: tuple[ClaimLine, ...]
    claimed_pence: int
    delivered_pence: int
    differences: tuple[Reason, ...]
    submitted_by: str
    state: ClaimState
    pence: int | None = None
    settled_by: str | None = None
    settled_because: str | None = None
    paid_on: date | None = None
    claim_kind: ClaimKind = ClaimKind.INVOICE
    employing: tuple[EmployingCost, ...] = ()
    revisions: tuple[Revision, ...] = ()

    @property
    def period(self) -> Period:
        return Period(first=self.first, last=self.last)

    @property
    def matched(self) -> Matched:
        return Matched(self.claimed_pence, self.delivered_pence, self.differences)

    def as_submitted(self) -> ClaimSubmitted:
        return ClaimSubmitted(
            **some(self, _OF_A_CLAIM),
            period=self.period,
            claimed_pence=self.claimed_pence,
            delivered_pence=self.delivered_pence,
            kind=self.claim_kind,
        )

    def as_disputed(self) -> ClaimDisputed:
        difference = self.claimed_pence - self.delivered_pence
        return ClaimDisputed(**some(self, _OF_A_CLAIM), difference_pence=difference, because=as_said(self.differences))

    def as_accepted(self, pence: int) -> ClaimAccepted:
        return ClaimAccepted(
            **some(self, _OF_A_CLAIM),
            budget_id=self.budget_id,
            period=self.period,
            pence=pence,
            delivered_pence=self.delivered_pence,
            kind=self.claim_kind,
            employing=self.employing,
        )

    def as_lowered(self, revision: Revision) -> ClaimLowered:
        return ClaimLowered(
            **some(self, _OF_A_CLAIM),
            budget_id=self.budget_id,
            revision=revision.number,
            period=self.period,
            pence=revision.pence,
            before_pence=revision.before_pence,
            asked_by_council=revision.asked_by_council,
            because=revision.because,
            kind=self.claim_kind,
            employing=self.employing,
        )
