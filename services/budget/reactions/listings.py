"""What does budget do about the market? It keeps a copy of every live listing, one in each of its areas, and of every
restriction that stops new offers: who takes nobody new is no measure of what a budget buys."""

from __future__ import annotations

from services.budget.models import ListingCopy, RestrictionCopy
from shared.contracts.marketplace import ListingPublished, ListingWithdrawn
from shared.contracts.safeguarding import RestrictionLifted, RestrictionPlaced
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

COPIES = by_match(ListingCopy, "listing_id", of="listing_id")
RESTRICTION = by_key(RestrictionCopy, "restriction_id")


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
                skills=said.skills,
                for_person_id=said.for_person_id,
            )
        )


@on(ListingWithdrawn, wants=(COPIES,))
def drop_listing(heard: Heard[ListingWithdrawn], work: UnitOfWork) -> None:
    """It takes nobody new, so no budget is measured against it."""
    for copy in work.all(COPIES, heard.fact.listing_id):
        work.remove(copy)


@on(RestrictionPlaced, wants=(RESTRICTION,))
def copy_restriction(heard: Heard[RestrictionPlaced], work: UnitOfWork) -> None:
    """Advice excludes nobody."""
    said = heard.fact
    if said.level.stops_new_offers and work.get(RestrictionCopy, said.restriction_id) is None:
        work.put(
            RestrictionCopy(
                council_id=heard.council,
                restriction_id=said.restriction_id,
                supplier_id=said.supplier_id,
                supports=said.supports,
            )
        )


@on(RestrictionLifted, wants=(RESTRICTION,))
def drop_restriction(heard: Heard[RestrictionLifted], work: UnitOfWork) -> None:
    """New offers may be made there again."""
    copy = work.get(RestrictionCopy, heard.fact.restriction_id)
    if copy is not None:
        work.remove(copy)
