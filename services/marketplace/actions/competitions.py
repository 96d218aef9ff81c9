"""What may be asked about a mini-competition: open one, answer with a price, award it, abandon it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.listings import HourlyPence
from services.marketplace.actions.offers import ASKING_APP, OFFERS_OF_IT, REQUIREMENT, OfferStands, refuse_for
from services.marketplace.actions.sight import consented, listed_for, theirs
from services.marketplace.common.asking import reopen_unless_asked
from services.marketplace.common.buying import wanted_on
from services.marketplace.common.competing import of_it, withdraw_all
from services.marketplace.common.ordering import an_offer, place_order
from services.marketplace.models import Competition, Consent, Listing, Offer, Order, Requirement, Restriction
from services.marketplace.reminders import CompetitionCloses
from services.marketplace.rules.competitions import be_a_competition, rank_answers, why_not_answered
from services.marketplace.rules.frameworks import considered
from services.marketplace.rules.matching import Candidate, has_room, is_not_restricted, why_excluded
from services.marketplace.rules.offers import expires_at, why_not_offered
from services.marketplace.rules.states import COMPETITIONS, OFFERS, REQUIREMENTS, STANDING, CompetitionState
from shared.contracts.base import Fact
from shared.fields import Text
from shared.refusals import NotFound, Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class NotInACompetition(Refused):
    """The offer is made to one supplier at a price: it is accepted or refused."""

    title = "The offer is not one of a competition"


class OpenCompetition(Command):
    """Ask several suppliers at once, through a listing of each; they have so many hours to answer with a price."""

    listings: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    hours_to_answer: Annotated[int, Field(ge=1, le=30 * 24, strict=True)]


def _suppliers(asked: Asked[OpenCompetition], work: UnitOfWork) -> list[UUID]:
    return [work.one(Listing, each).supplier_id for each in dict.fromkeys(asked.body.listings)]


LISTED = by_key(Listing, lambda asked, work: list(asked.body.listings), hold=Hold.RELY)
RESTRICTIONS = by_key(Restriction, _suppliers, hold=Hold.RELY)


@command(wants=(LISTED, RESTRICTIONS, REQUIREMENT, OFFERS_OF_IT, ASKING_APP))
def open_competition(asked: Asked[OpenCompetition], work: UnitOfWork) -> Generator[Fact, None, Competition]:
    """Whoever could not be offered it is not asked; the most that may be answered is the price published."""
    requirement = consented(asked, work, work.one(Requirement, asked.target))
    match_version(asked, requirement.version)
    person_id, ids = requirement.person_id, asked.body.listings
    listings = [listed_for(asked.caller, work.one(Listing, each), person_id) for each in ids]
    be_a_competition(ids, [each.supplier_id for each in listings])
    standing = any(offer.state in STANDING for offer in work.all(OFFERS_OF_IT, requirement.requirement_id))
    refuse_unless(not standing, OfferStands())
    wanted = wanted_on(asked.today, requirement)
    for listing in listings:
        candidate = listing.as_candidate(work.get(Restriction, listing.supplier_id))
        reasons = why_not_offered(wanted, requirement.state, candidate, listing.hourly_pence)
        refuse_for(reasons, listing.supplier_id)
    return (yield from _ask_all(asked, work, requirement, listings))


def _ask_all(
    asked: Asked[OpenCompetition], work: UnitOfWork, requirement: Requirement, listings: list[Listing]
) -> Generator[Fact, None, Competition]:
    competition = Competition(
        council_id=asked.council,
        competition_id=work.new_id(),
        requirement_id=requirement.requirement_id,
        person_id=requirement.person_id,
        deadline=expires_at(asked.now, asked.body.hours_to_answer),
        opened_by=asked.caller.sub,
        state=CompetitionState.OPEN,
    )
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "offer")))
    for listing in listings:
        most, until = listing.hourly_pence, competition.deadline
        offer = an_offer(work.new_id(), requirement, listing, most, asked.caller.sub, until, competition.competition_id)
        yield work.put(offer).as_made()
    closes = CompetitionCloses(competition_id=competition.competition_id, requirement_id=requirement.requirement_id)
    work.remind(closes, competition.deadline, key=competition.competition_id, subject=competition.person_id)
    return work.put(competition)


STILL_BINDING = (has_room, is_not_restricted)
"""As where a supplier accepts: the listing may be withdrawn meanwhile, the answer still stands."""


# ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────────
class AnswerOffer(Command):
    """What the supplier asks, in pence an hour."""

    price_pence: HourlyPence


def _its_listing(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Offer, asked.target).listing_id


ASKED_WITH = by_key(Listing, _its_listing, hold=Hold.GLANCE)
ANSWERED = by_key(Offer, hold=Hold.GLANCE)


@command(wants=(ANSWERED, ASKED_WITH))
def answer_offer(asked: Asked[AnswerOffer], work: UnitOfWork) -> Generator[Fact, None, Offer]:
    """Once, before the deadline, and not above the price published."""
    offer = theirs(asked.caller, work.one(Offer, asked.target))
    match_version(asked, offer.version)
    refuse_unless(offer.competition_id is not None, NotInACompetition())
    state = OFFERS.move(offer.state, "answer")
    candidate = work.one(Listing, offer.listing_id).as_candidate(None)
    refuse_for(why_not_answered(candidate, asked.body.price_pence, offer.expires_at, asked.now), offer.supplier_id)
    yield from ()
    return work.put(replace(offer, state=state, price_pence=asked.body.price_pence))


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _requirement(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Competition, asked.target).requirement_id


def _offers(asked: Asked[Any], work: UnitOfWork) -> list[Offer]:
    return of_it(work.one(Competition, asked.target), work.all(SEEN, _requirement(asked, work)))


def _app(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID, str]:
    return work.one(Competition, asked.target).person_id, asked.caller.client_id


COMPETITION = by_key(Competition, hold=Hold.GLANCE)
APP = by_key(Consent, _app, hold=Hold.RELY)
SEEN = by_match(Offer, "requirement_id", of=_requirement, hold=Hold.GLANCE, stage=1)
THEIR_RESTRICTIONS = by_key(
    Restriction, lambda asked, work: [each.supplier_id for each in _offers(asked, work)], hold=Hold.RELY, stage=2
)
THEIR_LISTINGS = by_key(Listing, lambda asked, work: [each.listing_id for each in _offers(asked, work)], stage=2)
ITS_REQUIREMENT = by_key(Requirement, _requirement, stage=2)


class AwardCompetition(Command):
    """Whose answer it is to be, and why, in words that stay in this service."""

    offer_id: UUID
    reason: Text


@command(wants=(COMPETITION, APP, SEEN, THEIR_RESTRICTIONS, THEIR_LISTINGS, ITS_REQUIREMENT))
def award_competition(asked: Asked[AwardCompetition], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """The order is placed at the price answered; the others hear that another was chosen."""
    competition = consented(asked, work, work.one(Competition, asked.target))
    match_version(asked, competition.version)
    state = COMPETITIONS.move(competition.state, "award")
    offers, requirement = _offers(asked, work), work.one(Requirement, competition.requirement_id)
    won = next((each for each in offers if each.offer_id == asked.body.offer_id), None)
    if won is None:
        raise NotFound()
    listing = work.one(Listing, won.listing_id)
    candidate = listing.as_candidate(work.get(Restriction, listing.supplier_id))
    refuse_for(why_excluded(requirement.as_wanted(), candidate, STILL_BINDING), listing.supplier_id)
    matches = rank_answers(requirement.as_wanted(), _answers(work, offers))
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "fill")))
    work.put(replace(won, state=OFFERS.move(won.state, "award")))
    yield from withdraw_all(work, [each for each in offers if each is not won], "another_chosen")
    order = yield from place_order(work, requirement, listing, won.price_pence, offer_id=won.offer_id)
    steps = next(each.lines for each in matches if each.candidate.listing_id == won.listing_id)
    decided = replace(competition, state=state, decided_by=asked.caller.sub, reason=asked.body.reason, steps=steps)
    ranking = considered(matches)
    work.put(replace(decided, offer_id=won.offer_id, order_id=order.order_id, considered=ranking))
    return order


def _answers(work: UnitOfWork, offers: list[Offer]) -> list[tuple[Candidate, int]]:
    restricted = [(each, work.get(Restriction, each.supplier_id)) for each in offers]
    return [(work.one(Listing, each.listing_id).as_candidate(row), each.price_pence) for each, row in restricted]


class AbandonCompetition(Command):
    """Nobody gets it, and why, in words that stay in this service."""

    reason: Text


@command(wants=(COMPETITION, APP, SEEN, ITS_REQUIREMENT))
def abandon_competition(asked: Asked[AbandonCompetition], work: UnitOfWork) -> Generator[Fact, None, Competition]:
    """The requirement is open again."""
    competition = consented(asked, work, work.one(Competition, asked.target))
    match_version(asked, competition.version)
    state = COMPETITIONS.move(competition.state, "abandon")
    work.forget(CompetitionCloses, key=competition.competition_id)
    yield from withdraw_all(work, _offers(asked, work), "competition_abandoned")
    requirement = work.one(Requirement, competition.requirement_id)
    reopen_unless_asked(work, requirement, work.all(SEEN, requirement.requirement_id))
    return work.put(replace(competition, state=state, decided_by=asked.caller.sub, reason=asked.body.reason))
