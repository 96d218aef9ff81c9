"""What may be asked about a listing: publish, change, withdraw."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from services.marketplace.common.comparing import compare_again
from services.marketplace.models import Closure, Listing, Supplier
from services.marketplace.rules.states import LISTINGS, ListingState
from shared.contracts.base import Code, Fact, GridSquare, Minutes, Support
from shared.contracts.marketplace import ListingWithdrawn
from shared.contracts.supply import ClosureStage
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

HourlyPence = Annotated[int, Field(ge=0, le=1_000_000, strict=True, description="whole pence an hour")]
Skills = Annotated[tuple[Code, ...], Field(max_length=50)]
Areas = Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]


class OnlyInTheDirectory(Refused):
    """This supplier is known from a published directory alone: nothing is invented about it. Register it first."""

    title = "The supplier is known from a published directory alone"


class SupplierCloses(Refused):
    """A closure of this supplier is decided: it takes nobody new."""

    title = "This supplier is closing"


CLOSURES_OF_IT = by_match(Closure, "supplier_id", of=lambda asked, work: (asked.target,), hold=Hold.GLANCE)
DECIDED = (ClosureStage.DECIDED, ClosureStage.CLOSING)


class PublishListing(Command):
    """Price in pence an hour; room in minutes a week; `areas` are the council's own codes; `skills` are what whoever
    comes has, a language among them (`language:bn`); `square` is about where they start out, never a place."""

    support: Support
    areas: Areas
    hourly_pence: HourlyPence
    room_minutes: Minutes
    skills: Skills = ()
    square: GridSquare | None = None


@command(wants=(by_key(Supplier, hold=Hold.RELY), CLOSURES_OF_IT))
def publish_listing(asked: Asked[PublishListing], work: UnitOfWork) -> Generator[Fact, None, Listing]:
    supplier = work.one(Supplier, asked.target)
    refuse_unless(not supplier.imported, OnlyInTheDirectory())
    closes = any(each.stage in DECIDED for each in work.all(CLOSURES_OF_IT, supplier.supplier_id))
    refuse_unless(not closes, SupplierCloses())
    listing = Listing(
        council_id=asked.council,
        listing_id=work.new_id(),
        supplier_id=supplier.supplier_id,
        supplier_kind=supplier.supplier_kind,
        state=ListingState.LIVE,
        employer=supplier.employer,
        terms=supplier.terms,
        for_person_id=supplier.for_person_id,
        close_family_in_household=supplier.close_family_in_household,
        age=supplier.age,
        **dict(asked.body),
    )
    compare_again(work, listing, asked.today)
    for served in listing.as_served():
        work.put(served)
    yield listing.as_published()
    return work.put(listing)


class ChangeListing(Command):
    hourly_pence: HourlyPence
    room_minutes: Minutes


@command(wants=(by_key(Listing),))
def change_listing(asked: Asked[ChangeListing], work: UnitOfWork) -> Generator[Fact, None, Listing]:
    listing = work.one(Listing, asked.target)
    match_version(asked, listing.version)
    state = LISTINGS.move(listing.state, "change")
    changed = work.put(replace(listing, state=state, **dict(asked.body)))
    yield changed.as_published()
    return changed


class WithdrawListing(Command):
    """Nothing to say besides."""


@command(wants=(by_key(Listing),))
def withdraw_listing(asked: Asked[WithdrawListing], work: UnitOfWork) -> Generator[Fact, None, Listing]:
    """It takes nobody new. Offers made from it still stand."""
    listing = work.one(Listing, asked.target)
    match_version(asked, listing.version)
    state = LISTINGS.move(listing.state, "withdraw")
    yield ListingWithdrawn(listing_id=listing.listing_id, supplier_id=listing.supplier_id)
    return work.put(replace(listing, state=state))
