"""What happens to an offer that ends, and to the requirement it was made for?."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.marketplace.models import Offer, Requirement
from services.marketplace.reminders import OfferLapses
from services.marketplace.rules.states import OFFERS, REQUIREMENTS, STANDING, RequirementState
from shared.runtime.unit_of_work import UnitOfWork


def end_offer(work: UnitOfWork, offer: Offer, verb: str, because: str | None = None) -> Offer:
    """Move an offer to where `verb` ends it; its timer goes."""
    work.forget(OfferLapses, key=offer.offer_id)
    return work.put(replace(offer, state=OFFERS.move(offer.state, verb), because=because))


def reopen_unless_asked(work: UnitOfWork, requirement: Requirement, offers: Iterable[Offer]) -> None:
    """A requirement nobody is asked about any more is open again. `offers` are all of it, as they now stand."""
    asked = any(offer.state in STANDING for offer in offers)
    if asked or requirement.state is not RequirementState.OFFERED:
        return
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "reopen")))
