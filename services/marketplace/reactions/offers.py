"""What follows when nobody answers an offer?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.marketplace.common.asking import end_offer, reopen_unless_asked
from services.marketplace.models import Offer, Requirement
from services.marketplace.reminders import OfferLapses
from services.marketplace.rules.states import OfferState
from shared.contracts.base import Fact
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Due, Message
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork


def _requirement_named(message: Message[Any], work: UnitOfWork) -> UUID:
    requirement_id: UUID = message.body.requirement_id
    return requirement_id


OFFERS_OF_IT = by_match(Offer, "requirement_id", of=_requirement_named)


@due(OfferLapses, wants=(by_key(Requirement, "requirement_id"), OFFERS_OF_IT))
def expire_offer(fell: Due[OfferLapses], work: UnitOfWork) -> Iterator[Fact]:
    """Nobody answered in time."""
    offers = work.all(OFFERS_OF_IT, fell.reminder.requirement_id)
    for offer in offers:
        if offer.offer_id == fell.reminder.offer_id and offer.state is OfferState.MADE:
            yield end_offer(work, offer, "expire").as_expired()
    requirement = work.one(Requirement, fell.reminder.requirement_id)
    reopen_unless_asked(work, requirement, work.all(OFFERS_OF_IT, requirement.requirement_id))
