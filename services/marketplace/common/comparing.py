"""When is the take-up of a listing looked at next? Pure."""

from __future__ import annotations

from datetime import date, timedelta

from services.marketplace.models import Listing
from services.marketplace.policy import in_force
from services.marketplace.reminders import TakeUpCompared
from shared.clock import start_of
from shared.contracts.base import SupplierKind
from shared.runtime.unit_of_work import UnitOfWork


def compare_again(work: UnitOfWork, listing: Listing, today: date) -> None:
    """Of in-house services alone: others are not the council's to close."""
    if listing.supplier_kind is SupplierKind.IN_HOUSE:
        days = in_force("take_up", listing.council_id, today).figure("over_days")
        again = TakeUpCompared(listing_id=listing.listing_id, supplier_id=listing.supplier_id)
        at = start_of(today + timedelta(days=days))
        work.remind(again, at, key=listing.listing_id, subject=listing.supplier_id)
