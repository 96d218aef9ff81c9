"""What is remembered of a service that may close?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.marketplace.models.common import some
from services.marketplace.models.orders import Order
from services.marketplace.rules.closures import Affected, Consulted, Impact
from shared.contracts.supply import ClosureMoved, ClosureReachesPerson, ClosureStage, PersonLeftAtClosing
from shared.runtime.rows import Row, table


@dataclass(frozen=True, slots=True)
class WithoutReview:
    """Who withdrew support without a review, when, and why, in words that stay here."""

    by: str
    on: date
    reason: str


@table("reviewed", key=("person_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Row):
    """When a review of the person's plan was last held, as assessment said."""

    person_id: UUID
    held_on: date


@table("closure", key=("closure_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Closure(Row):
    """A closure of a supplier's service, from proposal on. Reasons and answers are in words and stay here; `impact` is as it
    was computed when it reached this stage."""

    closure_id: UUID
    supplier_id: UUID
    stage: ClosureStage
    closes_on: date
    reason: str
    proposed_by: str
    affected: Affected
    impact: Impact
    consulted: tuple[Consulted, ...] = ()
    decided_by: str | None = None
    decided_because: str | None = None
    decided_on: date | None = None
    without_review: WithoutReview | None = None

    def as_moved(self) -> ClosureMoved:
        return ClosureMoved(
            closure_id=self.closure_id,
            supplier_id=self.supplier_id,
            stage=self.stage,
            people=self.impact.people,
            unplaced=self.impact.unplaced,
            closes_on=self.closes_on,
        )

    def as_reaching(self, order: Order, has_alternative: bool) -> ClosureReachesPerson:
        return ClosureReachesPerson(**self._about(order, has_alternative), budget_id=order.budget_id)

    def as_left_behind(self, order: Order, has_alternative: bool) -> PersonLeftAtClosing:
        return PersonLeftAtClosing(**self._about(order, has_alternative), started_on=order.started_on)

    def _about(self, order: Order, has_alternative: bool) -> dict[str, Any]:
        """What both say of an order there."""
        return {
            **some(order, ("order_id", "plan_id", "person_id")),
            **some(self, ("closure_id", "supplier_id", "closes_on")),
            "has_alternative": has_alternative,
        }
