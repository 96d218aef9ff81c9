"""What of a budget's payments is in somebody's hands? As the rules about surplus read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from services.budget.models import Commitment, Position
from services.budget.policy import in_force
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.surplus import Holding, surplus
from shared.explain import Step


def surplus_of(
    commitments: Iterable[Commitment], positions: Iterable[Position], council: str, on: date
) -> tuple[Step, ...]:
    """Step by step what may be taken back. Raises PolicyHasNoRow, NoPolicyInForce."""
    every = tuple(positions)
    holdings = [_holding(one, every, on) for one in commitments if one.route in PAID_AHEAD and one.plan_id]
    return surplus(holdings, in_force("direct_payments", council, on), in_force("employment", council, on))


def _holding(order: Commitment, positions: Iterable[Position], on: date) -> Holding:
    return Holding(
        route=order.route,
        kind=order.supplier_kind,
        weekly_pence=order.weekly_pence,
        cost_pence=order.cost_pence,
        holiday_pence=order.holiday_pence,
        unaccounted_pence=sum(position.paid for position in positions if position.order_id == order.order_id),
        first=order.started_on or on,
        paid_until=_paid_until(order),
        kept_pence=order.kept_pence(on - timedelta(days=1)) + order.carried_pence if order.switched else 0,
        last=order.ends_on,
        taken=order.holiday_taken,
        settled=order.ends_on is not None
        and order.accounted_until is not None
        and order.accounted_until >= order.ends_on,
    )


def _paid_until(order: Commitment) -> date | None:
    """The last day that was paid for and is still to be supported."""
    if order.pay_from is None:
        return None
    return min(order.pay_from - timedelta(days=1), order.ends_on or date.max)
