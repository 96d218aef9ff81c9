"""What is missing before an order may start, and who is told?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.marketplace.models import Evidence, Order, Supplier
from services.marketplace.policy import in_force
from services.marketplace.rules.readiness import Readiness, readiness
from services.marketplace.rules.states import OrderState
from shared.contracts.base import Fact
from shared.runtime.unit_of_work import UnitOfWork


def ready_for(order: Order, supplier: Supplier, evidence: Sequence[Evidence], day: date) -> Readiness:
    """What the policy of that day needs, and what of it holds then."""
    policy = in_force("readiness", order.council_id, day)
    return readiness(supplier.as_employment(order.line.support), evidence, policy, day)


def look_again(
    work: UnitOfWork, orders: Sequence[Order], supplier: Supplier, evidence: Sequence[Evidence], today: date
) -> Iterator[Fact]:
    """Orders that wait to start show what is missing now; those that were free to start and no longer are say so."""
    for order in orders:
        if order.state is OrderState.CONFIRMED:
            missing = ready_for(order, supplier, evidence, max(order.starts_on, today)).missing
            if missing != order.missing:
                looked = work.put(replace(order, missing=missing))
                if missing and not order.missing:
                    yield looked.as_blocked()
