"""Who is there when a service closes, and who else has room for them? Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from services.marketplace.common.covering import CoverLoads
from services.marketplace.models import Order
from services.marketplace.rules import closures as rules
from services.marketplace.rules.states import OrderState
from shared.runtime.loads import Hold, Load, by_match
from shared.runtime.unit_of_work import UnitOfWork

RUNNING = (OrderState.CONFIRMED, OrderState.STARTED)
NOT_OVER = (OrderState.PLACED, OrderState.HELD, *RUNNING)


class AtSupplier:
    """The orders at the supplier of a message, in these states, and everybody who could have them instead."""

    def __init__(
        self, supplier: Callable[[Any, UnitOfWork], UUID], stage: int, states: Collection[OrderState] = RUNNING
    ) -> None:
        self.supplier, self.states = supplier, states
        of = lambda message, work: (supplier(message, work),)  # noqa: E731
        self.orders = by_match(Order, "supplier_id", of=of, hold=Hold.GLANCE, stage=stage)
        self.others = CoverLoads(self.running, stage + 1)

    @property
    def wants(self) -> tuple[Load, ...]:
        return (self.orders, *self.others.wants)

    def running(self, message: Any, work: UnitOfWork) -> list[Order]:
        orders: list[Order] = work.all(self.orders, self.supplier(message, work))
        return [order for order in orders if order.state in self.states]

    def impact(self, message: Any, work: UnitOfWork) -> rules.Impact:
        """Of all of them."""
        return self.impact_of(self.running(message, work), message, work)

    def impact_of(self, orders: list[Order], message: Any, work: UnitOfWork) -> rules.Impact:
        own = self.supplier(message, work)
        one_each = {order.line.support: order for order in orders}
        there = (each for order in one_each.values() for each in self.others.candidates(work, order, message.today))
        reached = [
            rules.Reached(order.order_id, order.person_id, self.others.wanted(work, order), order.weekly_pence)
            for order in orders
        ]
        return rules.impact(reached, [each for each in there if each.supplier_id != own])
