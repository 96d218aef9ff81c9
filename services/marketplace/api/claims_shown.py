"""How does marketplace show a claim, and what became of it?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.marketplace.api.views import ReasonView, reason
from services.marketplace.models import Claim
from services.marketplace.rules.refunds import Revision
from services.marketplace.rules.states import ClaimState
from shared.contracts.base import ClaimKind, EmployingCost
from shared.views import View


class ClaimLineView(View):
    planned_at: datetime
    minutes: int
    pence: int


class RevisionView(View):
    """How a claim was lowered after it was accepted; the `reason` is what whoever said so wrote."""

    number: int
    before_pence: int
    pence: int
    lowered: list[ReasonView]
    because: str
    reason: str
    by: str
    asked_by_council: bool
    at: datetime

    @classmethod
    def of(cls, revision: Revision) -> RevisionView:
        said = {name: getattr(revision, name) for name in cls.model_fields if name != "lowered"}
        return cls(**said, lowered=[reason(each) for each in revision.lowered])


class ClaimView(View):
    """`kind` follows from the route and who supplied it. `pence` is what is owed, once that is decided; `settled_because` is
    what the decider wrote. `employing` is what a payroll return says besides the wages."""

    claim_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    first: date
    last: date
    lines: list[ClaimLineView]
    claimed_pence: int
    delivered_pence: int
    differences: list[ReasonView]
    state: ClaimState
    pence: int | None
    settled_by: str | None
    settled_because: str | None
    paid_on: date | None
    kind: ClaimKind
    employing: list[EmployingCost]
    revisions: list[RevisionView]

    @classmethod
    def of(cls, row: Claim) -> ClaimView:
        worded = ("differences", "lines", "kind", "revisions")
        fields = {name: getattr(row, name) for name in cls.model_fields if name not in worded}
        fields["revisions"] = [RevisionView.of(each) for each in row.revisions]
        lines = [ClaimLineView(planned_at=line.at, minutes=line.minutes, pence=line.pence) for line in row.lines]
        return cls(**fields, kind=row.claim_kind, lines=lines, differences=[reason(each) for each in row.differences])
