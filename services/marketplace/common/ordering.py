"""How is an order placed, whichever way its supplier was found?."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.marketplace.common.wages import look_at_the_next_birthday
from services.marketplace.models import Listing, Offer, Order, Requirement
from services.marketplace.reminders import OfferLapses
from services.marketplace.rules.offers import expires_at
from services.marketplace.rules.states import REQUIREMENTS, ListingState, OfferState, OrderState
from shared.contracts.base import Fact
from shared.money import price_of
from shared.runtime.unit_of_work import UnitOfWork


def take_room(work: UnitOfWork, listing: Listing, minutes: int) -> Iterator[Fact]:
    """The listing has so many minutes a week less."""
    smaller = work.put(replace(listing, room_minutes=listing.room_minutes - minutes))
    if smaller.state is ListingState.LIVE:
        yield smaller.as_published()


def place_order(
    work: UnitOfWork,
    requirement: Requirement,
    listing: Listing,
    hourly_pence: int,
    *,
    offer_id: UUID | None = None,
    framework_id: UUID | None = None,
    related: bool = False,
) -> Generator[Fact, None, Order]:
    """The listing's room shrinks and the order is there, at so many pence an hour; money is not committed yet."""
    line = requirement.line
    shared = _shared(requirement, listing)
    yield from take_room(work, listing, line.weekly_minutes - shared)
    order = an_order(work.new_id(), requirement, listing, hourly_pence, price_of(line.weekly_minutes, hourly_pence))
    related = related or listing.close_family_in_household
    order = replace(order, offer_id=offer_id, framework_id=framework_id, shared_minutes=shared)
    order = work.put(replace(order, close_family_in_household=related))
    look_at_the_next_birthday(work, order, listing)
    yield order.as_placed(listing.employer)
    return order


def an_order(order_id: UUID, requirement: Requirement, listing: Listing, hourly_pence: int, weekly_pence: int) -> Order:
    """For the line as it was planned, both in pence; where any kind would do, with the kind that was found."""
    kind = listing.supplier_kind if requirement.any_kind else requirement.line.kind_wanted
    line = requirement.line.model_copy(update={"kind_wanted": kind})
    return Order(
        council_id=requirement.council_id,
        order_id=order_id,
        requirement_id=requirement.requirement_id,
        listing_id=listing.listing_id,
        offer_id=None,
        plan_id=requirement.plan_id,
        budget_id=requirement.budget_id,
        person_id=requirement.person_id,
        supplier_id=listing.supplier_id,
        supplier_kind=listing.supplier_kind,
        line=line,
        route=line.route,
        hourly_pence=hourly_pence,
        weekly_minutes=line.weekly_minutes,
        weekly_pence=weekly_pence,
        starts_on=requirement.starts_on,
        state=OrderState.PLACED,
        replaces_order_id=requirement.replaces_order_id,
        switched=requirement.switched,
        employer=listing.employer,
        basis=requirement.basis,
        until=requirement.until,
    )


def _shared(requirement: Requirement, listing: Listing) -> int:
    """What the order to be replaced takes of this listing's room already, minutes a week."""
    replaces = requirement.replaces
    if replaces is None or replaces.listing_id != listing.listing_id:
        return 0
    return min(replaces.weekly_minutes, requirement.line.weekly_minutes)


def ask_supplier(
    work: UnitOfWork, requirement: Requirement, listing: Listing, price_pence: int, by: str, at: datetime, hours: int
) -> Generator[Fact, None, Offer]:
    """The supplier is asked at so many pence an hour, and has so many hours to answer."""
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "offer")))
    offer = an_offer(work.new_id(), requirement, listing, price_pence, by, expires_at(at, hours))
    work.put(offer)
    lapses = OfferLapses(offer_id=offer.offer_id, requirement_id=offer.requirement_id)
    work.remind(lapses, offer.expires_at, key=offer.offer_id, subject=offer.person_id)
    yield offer.as_made()
    return offer


def an_offer(
    offer_id: UUID,
    requirement: Requirement,
    listing: Listing,
    price_pence: int,
    by: str,
    until: datetime,
    competition_id: UUID | None = None,
) -> Offer:
    return Offer(
        council_id=requirement.council_id,
        offer_id=offer_id,
        requirement_id=requirement.requirement_id,
        person_id=requirement.person_id,
        supplier_id=listing.supplier_id,
        listing_id=listing.listing_id,
        support=listing.support,
        price_pence=price_pence,
        expires_at=until,
        made_by=by,
        state=OfferState.MADE,
        skills=requirement.line.skills,
        preferences=requirement.line.preferences,
        competition_id=competition_id,
    )
