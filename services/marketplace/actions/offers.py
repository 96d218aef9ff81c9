"""What may be asked about an offer: make, refuse, accept, withdraw."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.listings import HourlyPence
from services.marketplace.actions.sight import consented, listed_for, theirs
from services.marketplace.common.asking import end_offer, reopen_unless_asked
from services.marketplace.common.buying import wanted_on
from services.marketplace.common.ordering import ask_supplier, place_order
from services.marketplace.models import Consent, Listing, Offer, Order, PaidFamily, Requirement, Restriction
from services.marketplace.rules.offers import why_not_accepted, why_not_offered
from services.marketplace.rules.states import OFFERS, REQUIREMENTS, STANDING
from services.marketplace.rules.words import WORDS
from shared.contracts.base import Code, Fact, Reason
from shared.explain import in_words
from shared.refusals import OwnWork, Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class OfferNotPossible(Refused):
    """The offer cannot be made, or can no longer be accepted; `reasons` lists why."""

    title = "The offer is not possible"

    def __init__(self, reasons: tuple[Reason, ...], supplier_id: UUID) -> None:
        said = [{"code": reason.code, "detail": in_words(reason, WORDS)} for reason in reasons]
        super().__init__(" ".join(each["detail"] for each in said), reasons=said, supplier_id=str(supplier_id))


class SupplierRestricted(OfferNotPossible):
    """A restriction is in force on the supplier: no new offers there. Running support goes on."""

    title = "The supplier is restricted"


class OfferStands(Refused):
    """This listing was asked already and has not answered."""

    title = "An offer to this listing stands already"


class AskedBesideOthers(Refused):
    """Others were asked at the same time: an answer is a price, and a broker awards the order."""

    title = "The offer is one of several in a competition"


# Rows are always locked in the order restriction, listing, requirement, offers: hence the stages. What was only glanced
# at before and has changed since makes the save start again.
def _asked_requirement(asked: Asked[Any], work: UnitOfWork) -> UUID | None:
    return asked.target


def _asked_supplier(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Listing, asked.body.listing_id).supplier_id


def _asking_app(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID, str]:
    return work.one(Requirement, asked.target).person_id, asked.caller.client_id


LISTING = by_key(Listing, "listing_id", hold=Hold.RELY)
RESTRICTION = by_key(Restriction, _asked_supplier, hold=Hold.RELY)
REQUIREMENT = by_key(Requirement, _asked_requirement)
OFFERS_OF_IT = by_match(Offer, "requirement_id", of=_asked_requirement, stage=2)
ASKING_APP = by_key(Consent, _asking_app, hold=Hold.RELY, stage=2)


PAID_FAMILY = by_key(
    PaidFamily, lambda asked, work: work.one(Requirement, asked.target).person_id, hold=Hold.RELY, stage=2
)


class MakeOffer(Command):
    """Ask a supplier, through one of its listings, at a price in pence an hour; they have so many hours to answer."""

    listing_id: UUID
    price_pence: HourlyPence
    hours_to_answer: Annotated[int, Field(ge=1, le=30 * 24, strict=True)]


@command(wants=(LISTING, RESTRICTION, REQUIREMENT, OFFERS_OF_IT, ASKING_APP, PAID_FAMILY))
def make_offer(asked: Asked[MakeOffer], work: UnitOfWork) -> Generator[Fact, None, Offer]:
    requirement = consented(asked, work, work.one(Requirement, asked.target))
    match_version(asked, requirement.version)
    listing = listed_for(asked.caller, work.one(Listing, asked.body.listing_id), requirement.person_id)
    candidate = listing.as_candidate(work.get(Restriction, listing.supplier_id))
    wanted = wanted_on(asked.today, requirement, paid_family=work.get(PaidFamily, requirement.person_id))
    price = asked.body.price_pence
    refuse_for(why_not_offered(wanted, requirement.state, candidate, price), listing.supplier_id)
    standing = (offer.listing_id for offer in _open(work.all(OFFERS_OF_IT, requirement.requirement_id)))
    refuse_unless(listing.listing_id not in standing, OfferStands())
    by, hours = asked.caller.sub, asked.body.hours_to_answer
    return (yield from ask_supplier(work, requirement, listing, price, by, asked.now, hours))


# ── answering one ─────────────────────────────────────────────────────────────────────────────────────────────────
def _its_supplier(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Offer, asked.target).supplier_id


def _its_listing(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Offer, asked.target).listing_id


def _its_requirement(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Offer, asked.target).requirement_id


def _its_app(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID, str]:
    return work.one(Offer, asked.target).person_id, asked.caller.client_id


OFFER = by_key(Offer, hold=Hold.GLANCE)
ITS_RESTRICTION = by_key(Restriction, _its_supplier, hold=Hold.RELY)
ITS_LISTING = by_key(Listing, _its_listing)
ITS_REQUIREMENT = by_key(Requirement, _its_requirement)
ITS_NEIGHBOURS = by_match(Offer, "requirement_id", of=_its_requirement, stage=2)
ITS_APP = by_key(Consent, _its_app, hold=Hold.RELY)


class RefuseOffer(Command):
    """`because` is a code of the council's own list, never free text."""

    because: Code


@command(wants=(OFFER, ITS_REQUIREMENT, ITS_NEIGHBOURS))
def refuse_offer(asked: Asked[RefuseOffer], work: UnitOfWork) -> Generator[Fact, None, Offer]:
    offer = theirs(asked.caller, work.one(Offer, asked.target))
    match_version(asked, offer.version)
    refused = end_offer(work, offer, "refuse", asked.body.because)
    _look_on(work, offer)
    yield refused.as_refused()
    return refused


class WithdrawOffer(Command):
    """Nothing to say besides."""


@command(wants=(OFFER, ITS_REQUIREMENT, ITS_NEIGHBOURS, ITS_APP))
def withdraw_offer(asked: Asked[WithdrawOffer], work: UnitOfWork) -> Generator[Fact, None, Offer]:
    """Whoever asks the market may take an offer back while it is not answered."""
    offer = consented(asked, work, work.one(Offer, asked.target))
    if asked.caller.supplier_id is not None:
        theirs(asked.caller, offer)
    match_version(asked, offer.version)
    withdrawn = end_offer(work, offer, "withdraw", "called_off")
    _look_on(work, offer)
    yield withdrawn.as_withdrawn()
    return withdrawn


class AcceptOffer(Command):
    """Nothing to say besides."""


@command(wants=(OFFER, ITS_RESTRICTION, ITS_LISTING, ITS_REQUIREMENT, ITS_NEIGHBOURS))
def accept_offer(asked: Asked[AcceptOffer], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """The order is placed at the offer's price; others who were asked hear that it is gone; the room shrinks."""
    offer = theirs(asked.caller, work.one(Offer, asked.target))
    match_version(asked, offer.version)
    refuse_unless(offer.made_by != asked.caller.sub, OwnWork())
    refuse_unless(offer.competition_id is None, AskedBesideOthers())
    requirement, listing = work.one(Requirement, offer.requirement_id), work.one(Listing, offer.listing_id)
    OFFERS.move(offer.state, "accept")
    candidate = listing.as_candidate(work.get(Restriction, offer.supplier_id))
    wanted = requirement.as_wanted()
    refuse_for(why_not_accepted(wanted, offer.state, candidate, offer.expires_at, asked.now), offer.supplier_id)
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "fill")))
    end_offer(work, offer, "accept")
    for other in _open(work.all(ITS_NEIGHBOURS, requirement.requirement_id)):
        yield end_offer(work, other, "withdraw", "another_accepted").as_withdrawn()
    return (yield from place_order(work, requirement, listing, offer.price_pence, offer_id=offer.offer_id))


def _look_on(work: UnitOfWork, offer: Offer) -> None:
    """Is anybody still asked?"""
    neighbours = work.all(ITS_NEIGHBOURS, offer.requirement_id)
    reopen_unless_asked(work, work.one(Requirement, offer.requirement_id), neighbours)


def _open(offers: list[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer.state in STANDING]


def refuse_for(reasons: tuple[Reason, ...], supplier_id: UUID) -> None:
    restricted = any(reason.code == "supplier_restricted" for reason in reasons)
    if reasons:
        raise (SupplierRestricted if restricted else OfferNotPossible)(reasons, supplier_id)
