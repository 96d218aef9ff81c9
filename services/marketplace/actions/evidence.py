"""What may be asked about suppliers' evidence: to record it, and to report an injury at work."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.marketplace.actions.listings import OnlyInTheDirectory
from services.marketplace.common.blocking import look_again
from services.marketplace.models import Evidence, Injury, Order, Supplier
from services.marketplace.policy import in_force
from services.marketplace.reminders import EvidenceCame, EvidenceEnds
from services.marketplace.rules import readiness
from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.injuries import sick_pay
from services.marketplace.rules.states import OrderState
from shared.clock import start_of
from shared.contracts.base import Fact, SupplierKind
from shared.contracts.supply import EvidenceKind
from shared.explain import because
from shared.fields import Day, Text
from shared.refusals import refuse_unless
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class RecordEvidence(Command):
    """What was seen, from when and until when it holds, both days included; of insurance the sum, in pence."""

    kind: EvidenceKind
    holds_from: Day
    holds_until: Day | None = None
    cover_pence: Annotated[int, Field(ge=0, le=10**12, strict=True)] | None = None


# The supplier is held: an order that is being confirmed, and evidence that is being recorded, wait for each other.
OF_SUPPLIER = by_match(Evidence, "supplier_id", of=lambda asked, work: (asked.target,), stage=1)
THEIR_ORDERS = by_match(Order, "supplier_id", of=lambda asked, work: (asked.target,), stage=1)


@command(wants=(by_key(Supplier), OF_SUPPLIER, THEIR_ORDERS))
def record_evidence(asked: Asked[RecordEvidence], work: UnitOfWork) -> Generator[Fact, None, Evidence]:
    """Kept beside what was seen before. Orders that wait for it show what is still missing."""
    body, supplier = asked.body, work.one(Supplier, asked.target)
    refuse_unless(not supplier.imported, OnlyInTheDirectory())
    least = in_force("readiness", asked.council, asked.today).figure("least_cover_pence")
    readiness.be_sound(body.kind, body.holds_from, body.holds_until, body.cover_pence, least)
    evidence = work.put(
        Evidence(
            council_id=asked.council,
            evidence_id=work.new_id(),
            supplier_id=supplier.supplier_id,
            evidence_kind=body.kind,
            holds_from=body.holds_from,
            holds_until=body.holds_until,
            cover_pence=body.cover_pence,
            recorded_by=asked.caller.sub,
        )
    )
    _remind(asked, work, evidence)
    yield evidence.as_recorded()
    orders, seen = work.all(THEIR_ORDERS, supplier.supplier_id), work.all(OF_SUPPLIER, supplier.supplier_id)
    yield from look_again(work, orders, supplier, seen, asked.today)
    if supplier.supplier_kind is SupplierKind.PA and any(each.state is OrderState.STARTED for each in orders):
        came = EvidenceCame(supplier_id=supplier.supplier_id)
        work.remind(came, asked.now, key=supplier.supplier_id, subject=supplier.supplier_id)
    return evidence


def _remind(asked: Asked[RecordEvidence], work: UnitOfWork, evidence: Evidence) -> None:
    """Warnings ahead, and the day after the last; what lies behind us is not warned of."""
    if evidence.holds_until is None:
        return
    for days_left in (*readiness.WARNED_DAYS_AHEAD, -1):
        at = start_of(evidence.holds_until - timedelta(days=days_left))
        if at > asked.now:
            ends = EvidenceEnds(
                evidence_id=evidence.evidence_id, supplier_id=evidence.supplier_id, days_left=max(days_left, 0)
            )
            work.remind(ends, at, key=f"{evidence.evidence_id}/{ends.days_left}", subject=evidence.supplier_id)


class ReportInjury(Command):
    """Somebody was hurt at work on a day that came; what happened, in words that stay in this service."""

    happened_on: Day
    what_happened: Text


class InjuryUnsound(NotSo):
    """The injury lies in the future."""

    title = "The injury cannot be reported so"


@command(wants=(by_key(Supplier), OF_SUPPLIER))
def report_injury(asked: Asked[ReportInjury], work: UnitOfWork) -> Generator[Fact, None, Injury]:
    """Was employers' liability insurance in force on that day? Answered from the evidence, and kept as answered."""
    supplier, day = work.one(Supplier, asked.target), asked.body.happened_on
    if day > asked.today:
        late = because("day_not_come", days=(day - asked.today).days)
        raise InjuryUnsound((Failure("happened_on", "INJURY-1", late),))
    evidence: list[Evidence] = work.all(OF_SUPPLIER, supplier.supplier_id)
    holding = readiness.in_force(evidence, EvidenceKind.EMPLOYERS_LIABILITY, day)
    injury = Injury(
        council_id=asked.council,
        injury_id=work.new_id(),
        supplier_id=supplier.supplier_id,
        happened_on=day,
        what_happened=asked.body.what_happened,
        covered=holding is not None,
        evidence_id=holding.evidence_id if holding else None,
        reported_by=asked.caller.sub,
        steps=sick_pay(supplier.supplier_kind, supplier.employer, day),
    )
    yield injury.as_reported()
    return work.put(injury)
