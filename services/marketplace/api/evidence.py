"""What may be asked about suppliers' evidence?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.marketplace import store
from services.marketplace.actions import evidence as actions
from services.marketplace.actions.sight import app_of, supplier_of
from services.marketplace.api.callers import Publisher, Reader, sight_of
from services.marketplace.models import Evidence, Supplier
from services.marketplace.policy import in_force
from services.marketplace.rules.readiness import insured, readiness
from services.marketplace.rules.words import WORDS
from shared.clock import civil_date
from shared.contracts.base import PolicyRef
from shared.contracts.supply import EvidenceKind
from shared.db import Tx
from shared.fields import Day
from shared.http import Asking, Looking, Page, answers, found
from shared.refusals import NotFound, refuse_unless
from shared.runtime.messages import Caller
from shared.views import StepView, View, explain

router = APIRouter(tags=["evidence"], prefix="/v1")


class EvidenceView(View):
    """Holds from a day until a day, both included; the sum insured in pence. `employer_id`: it is of whoever employs this PA,
    was shown once, and counts for each PA of theirs."""

    evidence_id: UUID
    supplier_id: UUID
    kind: EvidenceKind
    holds_from: date
    holds_until: date | None
    cover_pence: int | None
    employer_id: UUID | None

    @classmethod
    def of(cls, row: Evidence) -> EvidenceView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name != "kind"}
        return cls(**fields, kind=row.evidence_kind)


class InsuranceView(View):
    """Was employers' liability insurance in force `on` that day, and did it have to be? `exposure_pence` is the statutory
    fine for the days without it since support began; of a PA it is their employer's, once for all of their PAs. Information,
    not a charge."""

    supplier_id: UUID
    on: date
    covered: bool
    required: bool
    uninsured_days: int
    exposure_pence: int


class ReadinessView(View):
    """What the policy needs before support on an order starts; `missing` blocks it, `advised` does not."""

    order_id: UUID
    on: date
    missing: list[EvidenceKind]
    advised: list[EvidenceKind]
    steps: list[StepView]
    policy: PolicyRef


async def theirs(tx: Tx, who: Caller, supplier_id: UUID) -> Supplier:
    """A supplier sees its own alone; an app has no business here; whose PA it is narrows who else."""
    refuse_unless(app_of(who) is None and supplier_of(who) in (None, supplier_id), NotFound())
    return found(await store.supplier(tx, sight_of(who), supplier_id))


@router.post("/suppliers/{supplier_id}/evidence", status_code=201, response_model=EvidenceView, **answers())
async def record_evidence(supplier_id: UUID, body: actions.RecordEvidence, who: Publisher, ask: Asking) -> Response:
    """Say what was seen, and until when it holds: a warning comes 28 and 7 days before it ends. What policy asks of a PA's
    employer, their insurance above all, is said at any one of their PAs and counts for all."""
    return await ask(actions.record_evidence, who, body, target=supplier_id, show=EvidenceView.of, status=201)


@router.get("/suppliers/{supplier_id}/evidence", **answers())
async def list_evidence(supplier_id: UUID, who: Reader, look: Looking) -> Page[EvidenceView]:
    """All of it, the newest first; there is little, so the page is the only one."""
    async with look(who, "list_evidence", supplier_id) as tx:
        rows = await store.evidence(tx, await theirs(tx, who, supplier_id))
    return Page(items=[EvidenceView.of(row) for row in rows])


@router.get("/suppliers/{supplier_id}/insurance", **answers())
async def read_insurance(
    supplier_id: UUID,
    who: Reader,
    look: Looking,
    on: Annotated[Day | None, Query(description="a London day; today where nothing is said")] = None,
) -> InsuranceView:
    """Was cover in force on that day?"""
    async with look(who, "read_insurance", supplier_id) as tx:
        supplier = await theirs(tx, who, supplier_id)
        day = on or civil_date(tx.now)
        evidence, since = await store.evidence(tx, supplier), await store.employs_since(tx, supplier)
    policy = in_force("readiness", who.council, civil_date(tx.now))
    answer = insured(supplier.as_employment(None), evidence, policy, day, since)
    fields = {name: getattr(answer, name) for name in ("covered", "required", "uninsured_days", "exposure_pence")}
    return InsuranceView(supplier_id=supplier_id, on=day, **fields)


@router.get("/orders/{order_id}/readiness", **answers())
async def read_readiness(order_id: UUID, who: Reader, look: Looking) -> ReadinessView:
    """What is needed before support starts, with each need's source; as of the day it starts, or today."""
    async with look(who, "read_readiness", order_id) as tx:
        order = found(await store.order(tx, sight_of(who), order_id))
        supplier = found(await store.supplier(tx, sight_of(who), order.supplier_id))
        evidence = await store.evidence(tx, supplier)
        day = max(order.starts_on, civil_date(tx.now))
    policy = in_force("readiness", who.council, day)
    ready = readiness(supplier.as_employment(order.line.support), evidence, policy, day)
    steps = explain(order_id, "readiness", [step.as_line() for step in ready.steps], WORDS).steps
    return ReadinessView(
        order_id=order_id,
        on=day,
        missing=list(ready.missing),
        advised=list(ready.advised),
        steps=steps,
        policy=policy.ref,
    )
