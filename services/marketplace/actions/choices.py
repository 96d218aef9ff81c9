"""What may be asked for a person who chooses for themselves whom to employ or to buy from?"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.offers import ASKING_APP, LISTING, PAID_FAMILY, REQUIREMENT, RESTRICTION, refuse_for
from services.marketplace.actions.sight import consented, listed_for
from services.marketplace.common.buying import wanted_on
from services.marketplace.common.ordering import place_order
from services.marketplace.models import Choice, Listing, Order, PaidFamily, Requirement, Restriction
from services.marketplace.rules.matching import Candidate, Weights, match
from services.marketplace.rules.offers import why_not_chosen
from services.marketplace.rules.states import REQUIREMENTS, OrderState
from shared.contracts.base import Fact
from shared.fields import Text
from shared.runtime.loads import Hold, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class ChooseListing(Command):
    """A ranked listing, and why the person wants it; the reason stays in this service. `close_family_in_household`: whoever
    comes is the person's spouse or partner, or other close family who live with them (SI 2014/2871 reg 3), where their
    registration does not say so."""

    listing_id: UUID
    reason: Text
    close_family_in_household: Annotated[bool, Field(strict=True)] = False


def _their_person(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID]:
    return (work.one(Requirement, asked.target).person_id,)


OF_PERSON = by_match(Order, "person_id", of=_their_person, hold=Hold.GLANCE, stage=2)


@command(wants=(LISTING, RESTRICTION, REQUIREMENT, ASKING_APP, PAID_FAMILY, OF_PERSON))
def choose_listing(asked: Asked[ChooseListing], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """The order is placed at the published price, without a round of offers."""
    requirement = consented(asked, work, work.one(Requirement, asked.target))
    match_version(asked, requirement.version)
    listing = listed_for(asked.caller, work.one(Listing, asked.body.listing_id), requirement.person_id)
    running = (OrderState.CONFIRMED, OrderState.STARTED)
    known = (one.supplier_id for one in work.all(OF_PERSON, requirement.person_id) if one.state in running)
    paid_family = work.get(PaidFamily, requirement.person_id)
    wanted = wanted_on(asked.today, requirement, frozenset(known), paid_family)
    candidate = _as_declared(asked.body, listing.as_candidate(_restriction(work, listing)))
    refuse_for(why_not_chosen(wanted, requirement.state, candidate), listing.supplier_id)
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "award")))
    related = candidate.close_family_in_household
    order = yield from place_order(work, requirement, listing, listing.hourly_pence, related=related)
    found = match(wanted, candidate, Weights())
    work.put(
        Choice(
            council_id=asked.council,
            order_id=order.order_id,
            requirement_id=requirement.requirement_id,
            person_id=requirement.person_id,
            listing_id=listing.listing_id,
            reason=asked.body.reason,
            chosen_by=asked.caller.sub,
            score=found.score,
            steps=found.lines,
        )
    )
    return order


def _as_declared(body: ChooseListing, candidate: Candidate) -> Candidate:
    return replace(
        candidate,
        close_family_in_household=candidate.close_family_in_household or body.close_family_in_household,
    )


def _restriction(work: UnitOfWork, listing: Listing) -> Restriction | None:
    return work.get(Restriction, listing.supplier_id)
