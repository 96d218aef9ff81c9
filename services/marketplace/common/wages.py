"""When is it looked at what a PA is paid? When they are taken on, when a year's money is set aside, on a birthday that counts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.marketplace.models import Listing, Order, Supplier
from services.marketplace.policy import in_force
from services.marketplace.reminders import WageBandChanges
from services.marketplace.rules.states import OrderState
from services.marketplace.rules.wages import PRIVATE, Age, Floors, WageBand, below_the_floor
from shared.clock import start_of
from shared.contracts.supply import WageBelowFloor
from shared.runtime.unit_of_work import UnitOfWork

NOT_OVER = (OrderState.PLACED, OrderState.HELD, OrderState.CONFIRMED, OrderState.STARTED)


def floors_on(council: str, day: date) -> Floors:
    """Raises NoPolicyInForce: a year of which nobody published the figures is never guessed."""
    policy = in_force("wage_floor", council, day)
    return Floors(day, *(policy.figure(band.value) for band in WageBand))


def underpaid(order: Order, supplier: Supplier, day: date) -> WageBelowFloor | None:
    """What is to be said where the agreed wage is below that day's floor: nothing of an order that is over."""
    if order.state not in NOT_OVER or supplier.employer not in PRIVATE:
        return None
    floors = floors_on(order.council_id, day)
    if below_the_floor(supplier.employer, order.hourly_pence, supplier.age, floors) is None:
        return None
    return order.as_underpaid(floors.of(supplier.age), day)


def look_at_the_next_birthday(work: UnitOfWork, order: Order, listing: Listing) -> None:
    """Taken on under 21: the wage is looked at again when the next band begins."""
    if listing.employer in PRIVATE:
        look_when_the_band_changes(work, order.order_id, order.supplier_id, listing.age)


def look_when_the_band_changes(work: UnitOfWork, order_id: UUID, supplier_id: UUID, age: Age) -> None:
    turn = age.next_turn(work.message.today)
    if turn is not None:
        changes = WageBandChanges(order_id=order_id, supplier_id=supplier_id)
        work.remind(changes, start_of(turn), key=order_id, subject=supplier_id)
