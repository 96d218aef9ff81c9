"""What follows when the deadline of a competition has passed?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.marketplace.common.asking import end_offer, reopen_unless_asked
from services.marketplace.common.competing import of_it
from services.marketplace.models import Competition, Offer, Requirement
from services.marketplace.reminders import CompetitionCloses
from services.marketplace.rules.states import COMPETITIONS, OfferState
from shared.contracts.base import Fact
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork

OFFERS_OF_IT = by_match(Offer, "requirement_id", of="requirement_id")


@due(
    CompetitionCloses,
    wants=(by_key(Requirement, "requirement_id"), by_key(Competition, "competition_id"), OFFERS_OF_IT),
)
def close_competition(fell: Due[CompetitionCloses], work: UnitOfWork) -> Iterator[Fact]:
    """Who has not answered is no longer asked. Where nobody answered, the requirement is open again."""
    competition = work.one(Competition, fell.reminder.competition_id)
    if (competition.state, "close") not in COMPETITIONS:
        return
    for offer in of_it(competition, work.all(OFFERS_OF_IT, competition.requirement_id)):
        if offer.state is OfferState.MADE:
            yield end_offer(work, offer, "expire").as_expired()
    offers = work.all(OFFERS_OF_IT, competition.requirement_id)
    verb = "close" if of_it(competition, offers) else "abandon"
    work.put(replace(competition, state=COMPETITIONS.move(competition.state, verb)))
    reopen_unless_asked(work, work.one(Requirement, competition.requirement_id), offers)
