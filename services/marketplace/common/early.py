"""What follows urgent support or reablement that runs when a plan is agreed? It goes on until what the plan buys starts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from services.marketplace.common.calling_off import OF_PERSON
from services.marketplace.models import Order
from services.marketplace.rules.matching import Replaced
from services.marketplace.rules.states import OrderState
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Basis, PlanLine
from shared.runtime.messages import Heard
from shared.runtime.unit_of_work import UnitOfWork


def early_until_then(heard: Heard[PlanAgreed], work: UnitOfWork) -> dict[UUID, Replaced | None]:
    """By the id of the line in whose favour it ends: the one with the most hours of the same support. None of them without
    such a line: somebody says when it is over."""
    return {
        line.line_id: Replaced(order.order_id, order.supplier_id, order.listing_id, order.weekly_minutes)
        for order in _running(work.all(OF_PERSON, heard.fact.person_id))
        if (line := _greatest(heard.fact, order)) is not None
    }


def _running(orders: list[Order]) -> Iterator[Order]:
    """Whoever covers for a PA ends with the order of that PA."""
    for order in orders:
        early = order.basis is not Basis.PLAN and order.covers_order_id is None
        if early and order.state is OrderState.STARTED and order.last_day is None:
            yield order


def _greatest(plan: PlanAgreed, order: Order) -> PlanLine | None:
    lines = [line for line in plan.lines if line.support is order.line.support and line.replaces_line_id is None]
    return max(lines, key=lambda line: line.weekly_minutes, default=None)
