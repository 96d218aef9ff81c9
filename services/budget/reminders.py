"""Which timers does budget keep?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.runtime.messages import Reminder


class CommitmentEnds(Reminder):
    """The financial year that an open-ended order is committed in ends: `last` is its last day."""

    order_id: UUID
    budget_id: UUID
    plan_id: UUID
    last: date


class FigureAwaited(Reminder):
    """Nobody had published what employing costs on an order's first day: look again whether somebody has."""

    order_id: UUID
    budget_id: UUID


class PaymentDue(Reminder):
    """Money goes out for the days from `first`, ahead of delivery."""

    order_id: UUID
    budget_id: UUID
    first: date
