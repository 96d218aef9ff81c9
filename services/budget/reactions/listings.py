"""What does budget do about the market? It keeps a copy of every live listing, one in each of its areas."""

from __future__ import annotations

from services.budget.models import ListingCopy
from shared.contracts.marketplace import ListingPublished, ListingWithdrawn
from shared.runtime.loads import by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

COPIES = by_match(ListingCopy, "listing_id", of="listing_id")


@on(ListingPublished, wants=(COPIES,))
def copy_listing(heard: Heard[ListingPublished], work: UnitOfWork) -> None:
    """The listing as it now stands, where it now is."""
    said = heard.fact
    known: dict[str, ListingCopy] = {copy.area: copy for copy in work.all(COPIES, said.listing_id)}
    for copy in (copy for area, copy in known.items() if area not in said.areas):
        work.remove(copy)
    for area in dict.fromkeys(said.areas):
        work.put(
            ListingCopy(
                council_id=heard.council,
                version=known[area].version if area in known else 0,
                listing_id=said.listing_id,
                area=area,
                supplier_id=said.supplier_id,
                supplier_kind=said.supplier_kind,
                support=said.support,
                hourly_pence=said.hourly_pence,
                room_minutes=said.room_minutes,
            )
        )


@on(ListingWithdrawn, wants=(COPIES,))
def drop_listing(heard: Heard[ListingWithdrawn], work: UnitOfWork) -> None:
    """It takes nobody new, so no budget is measured against it."""
    for copy in work.all(COPIES, heard.fact.listing_id):
        work.remove(copy)
