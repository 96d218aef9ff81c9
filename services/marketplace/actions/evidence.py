"""What may be asked about suppliers' evidence: to record it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.listings import OnlyInTheDirectory
from services.marketplace.common.blocking import look_again
from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.models import Evidence, Order, Supplier
from services.marketplace.policy import in_force
from services.marketplace.reminders import EmployersEvidenceEnds, EvidenceCame, EvidenceEnds
from services.marketplace.rules import readiness
from services.marketplace.rules.policies import HangsOn
from services.marketplace.rules.states import OrderState
from shared.clock import start_of
from shared.contracts.base import Fact, SupplierKind
from shared.contracts.supply import EvidenceKind
from shared.fields import Day
from shared.refusals import refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class RecordEvidence(Command):
    """What was seen, from when and until when it holds, both days included; of insurance the sum, in pence."""

    kind: EvidenceKind
    holds_from: Day
    holds_until: Day | None = None
    cover_pence: Annotated[int, Field(ge=0, le=10**12, strict=True)] | None = None


def _supplier(asked: Asked[Any], work: UnitOfWork) -> list[Supplier]:
    return [work.one(Supplier, asked.target)]


def _employer(asked: Asked[RecordEvidence], work: UnitOfWork) -> list[UUID]:
    employer = work.one(Supplier, asked.target).employer_id
    return [employer] if employer and _of_employer(asked, work) else []


def _of_employer(asked: Asked[RecordEvidence], work: UnitOfWork) -> bool:
    """Whether this kind is given by whoever employs them: policy says so."""
    supplier, policy = work.one(Supplier, asked.target), in_force("readiness", asked.council, asked.today)
    whose = policy.hangs_on(asked.body.kind, supplier.supplier_kind, supplier.employer)
    return whose is HangsOn.EMPLOYER and supplier.employer_id is not None


# The supplier is held: an order that is being confirmed, and evidence that is being recorded, wait for each other. Other PAs of
# the employer are told by timers of their own.
SHOWN = EvidenceLoads(_supplier, 1, Hold.CHANGE)
THEIR_ORDERS = by_match(Order, "supplier_id", of=lambda asked, work: (asked.target,), stage=1)
OF_EMPLOYER = by_match(Supplier, "employer_id", of=_employer, hold=Hold.GLANCE, stage=1)


@command(wants=(by_key(Supplier), OF_EMPLOYER, *SHOWN.wants, THEIR_ORDERS))
def record_evidence(asked: Asked[RecordEvidence], work: UnitOfWork) -> Generator[Fact, None, Evidence]:
    """Kept beside what was seen before. Orders that wait for it show what is still missing; what is of an employer counts for
    all of their PAs."""
    body, supplier = asked.body, work.one(Supplier, asked.target)
    refuse_unless(not supplier.imported, OnlyInTheDirectory())
    least = in_force("readiness", asked.council, asked.today).figure("least_cover_pence")
    readiness.be_sound(body.kind, body.holds_from, body.holds_until, body.cover_pence, least)
    evidence = work.put(_seen(asked, work, supplier))
    _remind(asked, work, evidence)
    yield evidence.as_recorded()
    orders: list[Order] = work.all(THEIR_ORDERS, supplier.supplier_id)
    yield from look_again(work, orders, supplier, SHOWN.of(work, supplier), asked.today)
    if supplier.supplier_kind is SupplierKind.PA and any(each.state is OrderState.STARTED for each in orders):
        came = EvidenceCame(supplier_id=supplier.supplier_id)
        work.remind(came, asked.now, key=supplier.supplier_id, subject=supplier.supplier_id)
    _tell_others(asked, work, evidence)
    return evidence


def _seen(asked: Asked[RecordEvidence], work: UnitOfWork, supplier: Supplier) -> Evidence:
    return Evidence(
        council_id=asked.council,
        evidence_id=work.new_id(),
        supplier_id=supplier.supplier_id,
        evidence_kind=asked.body.kind,
        holds_from=asked.body.holds_from,
        holds_until=asked.body.holds_until,
        cover_pence=asked.body.cover_pence,
        recorded_by=asked.caller.sub,
        employer_id=supplier.employer_id if _of_employer(asked, work) else None,
    )


def _tell_others(asked: Asked[RecordEvidence], work: UnitOfWork, evidence: Evidence) -> None:
    """The other PAs of an employer."""
    others: list[Supplier] = work.all(OF_EMPLOYER, evidence.employer_id) if evidence.employer_id else []
    for other in (each.supplier_id for each in others if each.supplier_id != evidence.supplier_id):
        came = EvidenceCame(supplier_id=other, evidence_id=evidence.evidence_id)
        work.remind(came, asked.now, key=f"{evidence.evidence_id}/{other}", subject=other)


def _remind(asked: Asked[RecordEvidence], work: UnitOfWork, evidence: Evidence) -> None:
    """Warnings ahead, and the day after the last; what lies behind us is not warned of."""
    if evidence.holds_until is None:
        return
    for days_left in (*readiness.WARNED_DAYS_AHEAD, -1):
        at = start_of(evidence.holds_until - timedelta(days=days_left))
        if at > asked.now:
            ends = _ends(evidence, max(days_left, 0))
            subject = evidence.employer_id or evidence.supplier_id
            work.remind(ends, at, key=f"{evidence.evidence_id}/{ends.days_left}", subject=subject)


def _ends(evidence: Evidence, days_left: int) -> EvidenceEnds | EmployersEvidenceEnds:
    which = {"evidence_id": evidence.evidence_id, "days_left": days_left}
    if evidence.employer_id:
        return EmployersEvidenceEnds(employer_id=evidence.employer_id, **which)
    return EvidenceEnds(supplier_id=evidence.supplier_id, **which)
