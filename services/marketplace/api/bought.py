"""How does marketplace show what is wanted, and what was ordered?"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from services.marketplace.rules.states import OrderState, RequirementState
from shared.contracts.base import Basis, Period, PlanLine, Route, SupplierKind
from shared.contracts.supply import EvidenceKind
from shared.views import View

B = TypeVar("B", bound="BoughtView")


class BoughtView(View):
    """On what it is bought: a line of a plan, paid out of its budget; or urgent support or reablement (`early_id`), which has
    neither, so that both are null. That goes on after `until`, the last day decided so far, until somebody ends it."""

    basis: Basis
    plan_id: UUID | None
    budget_id: UUID | None
    early_id: UUID | None = None
    until: date | None

    @classmethod
    def of(cls: type[B], row: Any) -> B:
        shown = cls.model_validate(row)
        if shown.basis is Basis.PLAN:
            return shown
        return shown.model_copy(update={"early_id": shown.plan_id, "plan_id": None, "budget_id": None})


class RequirementView(BoughtView):
    """What looks for a supplier. `any_kind`: the line's kind is one that will do among others."""

    requirement_id: UUID
    person_id: UUID
    area: str
    line: PlanLine
    any_kind: bool
    starts_on: date
    state: RequirementState


class OrderView(BoughtView):
    """Placed on an accepted offer, or called off a framework, or standing in for one whose PA cannot come (`covers_order_id`).
    While `missing` names evidence it cannot start. Bought together with others (`group_id`), the pence are this person's
    share. For `switched` days the council pays, whatever the route."""

    order_id: UUID
    requirement_id: UUID
    offer_id: UUID | None
    framework_id: UUID | None
    person_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    line: PlanLine
    route: Route
    hourly_pence: int
    weekly_minutes: int
    weekly_pence: int
    starts_on: date
    state: OrderState
    started_on: date | None
    last_day: date | None
    missing: list[EvidenceKind]
    group_id: UUID | None
    switched: list[Period]
    replaces_order_id: UUID | None
    covers_order_id: UUID | None
