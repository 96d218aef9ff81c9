"""May this offer be made, may it still be accepted, and until when does it stand?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.marketplace.rules.matching import Candidate, Wanted, has_room, is_not_restricted, why_excluded
from services.marketplace.rules.states import OFFERS, REQUIREMENTS, OfferState, RequirementState
from shared.contracts.base import Reason, Route
from shared.explain import because


def expires_at(made_at: datetime, hours: int) -> datetime:
    """The instant an offer lapses: elapsed hours, so a clock change alters nothing (our own rule)."""
    if hours <= 0:
        raise ValueError("an offer stands for at least an hour")
    return made_at + timedelta(hours=hours)


def has_expired(expires: datetime, now: datetime) -> bool:
    """From its last instant on an offer is expired, whether or not a timer has said so yet (our own rule)."""
    return now >= expires


def stay_within_published_price(price_pence: int, candidate: Candidate) -> Reason | None:
    """Nobody is offered more than the listing asks; both in pence an hour (our own rule)."""
    if price_pence <= candidate.hourly_pence:
        return None
    return because("above_published_price", price_pence=price_pence, hourly_pence=candidate.hourly_pence)


def requirement_takes_offers(state: RequirementState) -> Reason | None:
    """Only an open requirement, or one that waits for other answers, takes offers (the REQUIREMENTS table)."""
    if (state, "offer") in REQUIREMENTS:
        return None
    return because("requirement_not_open", state=state.value)


def why_not_offered(
    wanted: Wanted, state: RequirementState, candidate: Candidate, price_pence: int
) -> tuple[Reason, ...]:
    """Every reason against making this offer; empty means that it may be made."""
    own = (requirement_takes_offers(state), stay_within_published_price(price_pence, candidate))
    at_that_price = replace(candidate, hourly_pence=price_pence)
    return tuple(reason for reason in own if reason is not None) + why_excluded(wanted, at_that_price)


def is_their_own_choice(route: Route) -> Reason | None:
    """Who holds a direct payment chooses whom to employ or to buy from (Care Act 2014 s.31; Care and Support Statutory
    Guidance, chapter 12); on other routes a supplier is asked."""
    return None if route is Route.DIRECT_PAYMENT else because("not_their_own_purchase", route=route.value)


def why_not_chosen(wanted: Wanted, state: RequirementState, candidate: Candidate) -> tuple[Reason, ...]:
    """Every reason against placing the order with whom the person chose; empty where the listing is a ranked one."""
    closed = None if (state, "award") in REQUIREMENTS else because("requirement_not_open", state=state.value)
    own = (is_their_own_choice(wanted.line.route), closed)
    return tuple(reason for reason in own if reason is not None) + why_excluded(wanted, candidate)


def why_not_accepted(
    wanted: Wanted, state: OfferState, candidate: Candidate, expires: datetime, now: datetime
) -> tuple[Reason, ...]:
    """Every reason against accepting now; the listing may be withdrawn meanwhile, the offer still stands (own rule)."""
    reasons = (
        None if (state, "accept") in OFFERS else because("offer_not_open", state=state.value),
        because("offer_expired") if has_expired(expires, now) else None,
        has_room(wanted, candidate),
        is_not_restricted(wanted, candidate),
    )
    return tuple(reason for reason in reasons if reason is not None)
