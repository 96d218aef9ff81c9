"""What follows when it is time to look how much an in-house service is used?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from services.marketplace.common.comparing import compare_again
from services.marketplace.models import Listing, Order, Visit
from services.marketplace.policy import in_force
from services.marketplace.reminders import TakeUpCompared
from services.marketplace.rules.states import ListingState
from services.marketplace.rules.take_up import fell as is_fallen
from services.marketplace.rules.take_up import first_compared, take_up
from services.marketplace.rules.visits import planned_visits
from shared.contracts.base import Fact
from shared.contracts.supply import TakeUpFell
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork

THEIR_ORDERS = by_match(Order, "supplier_id", of="supplier_id", hold=Hold.GLANCE)


def _days(fell: Due[TakeUpCompared]) -> int:
    return in_force("take_up", fell.council, fell.today).figure("over_days")


def _visits(fell: Due[TakeUpCompared], work: UnitOfWork) -> list[UUID]:
    """All there can be in both spells: a visit's identity is made of its order and its planned start."""
    orders: list[Order] = work.all(THEIR_ORDERS, fell.reminder.supplier_id)
    first, last = first_compared(fell.today, _days(fell)), fell.today - timedelta(days=1)
    here = (one for one in orders if one.listing_id == fell.reminder.listing_id and one.started_on)
    return [visit.visit_id for one in here for visit in planned_visits(one.as_terms(), first, last)]


LISTING = by_key(Listing, "listing_id", hold=Hold.GLANCE)
VISITS = by_key(Visit, _visits, hold=Hold.GLANCE, stage=1)


@due(TakeUpCompared, wants=(LISTING, THEIR_ORDERS, VISITS))
def compare_take_up(fell: Due[TakeUpCompared], work: UnitOfWork) -> Iterator[Fact]:
    """A warning before anybody decides a closure; a listing that takes nobody new is no longer compared."""
    listing = work.one(Listing, fell.reminder.listing_id)
    if listing.state is not ListingState.LIVE:
        return
    visits = [visit for each in _visits(fell, work) if (visit := work.get(Visit, each))]
    days = _days(fell)
    found = take_up(visits, fell.today, days)
    compare_again(work, listing, fell.today)
    if is_fallen(found, in_force("take_up", fell.council, fell.today)):
        yield TakeUpFell(
            supplier_id=listing.supplier_id,
            listing_id=listing.listing_id,
            from_minutes=found.from_minutes,
            to_minutes=found.to_minutes,
            over_days=days,
        )
