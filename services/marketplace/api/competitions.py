"""What may be asked about mini-competitions?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import competitions as actions
from services.marketplace.api.bought import OrderView
from services.marketplace.api.callers import Offerer, Reader, Requester, sight_of
from services.marketplace.api.views import MatchesView, OfferView
from services.marketplace.rules.competitions import are_sealed, rank_answers
from services.marketplace.rules.states import CompetitionState, OfferState
from shared.http import Asking, Looking, answers, etag, found
from shared.refusals import NotFound, Refused, refuse_unless
from shared.views import View

router = APIRouter(tags=["competitions"], prefix="/v1")
ANSWERED = (OfferState.ANSWERED, OfferState.ACCEPTED)


class AnswersSealed(Refused):
    """Answers are opened together, after the deadline: until then nobody sees a price but who answered it."""

    title = "The answers are sealed until the deadline"


class CompetitionView(View):
    """Several suppliers asked at once; `reason` is why it was awarded, or awarded to nobody."""

    competition_id: UUID
    requirement_id: UUID
    person_id: UUID
    deadline: datetime
    state: CompetitionState
    decided_by: str | None
    reason: str | None
    offer_id: UUID | None
    order_id: UUID | None


@router.post(
    "/requirements/{requirement_id}/competitions", status_code=201, response_model=CompetitionView, **answers()
)
async def open_competition(
    requirement_id: UUID, body: actions.OpenCompetition, who: Requester, ask: Asking
) -> Response:
    """Ask several suppliers at once; each answers with a price until the deadline."""
    return await ask(actions.open_competition, who, body, target=requirement_id, show=CompetitionView.of, status=201)


@router.post("/offers/{offer_id}/answer", response_model=OfferView, **answers())
async def answer_offer(offer_id: UUID, body: actions.AnswerOffer, who: Offerer, ask: Asking) -> Response:
    """The supplier's price, once."""
    return await ask(actions.answer_offer, who, body, target=offer_id, show=OfferView.of)


@router.get("/competitions/{competition_id}", **answers())
async def read_competition(competition_id: UUID, who: Reader, look: Looking, response: Response) -> CompetitionView:
    sight = sight_of(who)
    refuse_unless(sight.supplier_id is None, NotFound())
    async with look(who, "read_competition", competition_id) as tx:
        competition = found(await store.competition(tx, sight, competition_id))
    etag(response, competition)
    return CompetitionView.of(competition)


@router.get("/competitions/{competition_id}/answers", **answers())
async def read_answers(competition_id: UUID, who: Reader, look: Looking) -> MatchesView:
    """What was answered, ranked with reasons at the prices answered. Sealed until the deadline, for everybody; suppliers
    do not see one another's after it, either."""
    sight = sight_of(who)
    refuse_unless(sight.supplier_id is None, NotFound())
    async with look(who, "read_answers", competition_id) as tx:
        competition = found(await store.competition(tx, sight, competition_id))
        refuse_unless(not are_sealed(competition.deadline, tx.now), AnswersSealed())
        requirement = found(await store.requirement(tx, sight, competition.requirement_id))
        offers = [one for one in await store.offers_of(tx, competition_id) if one.state in ANSWERED]
        listings, restricted = await store.listed(tx, [one.listing_id for one in offers])
        known = await store.suppliers_of_person(tx, requirement.person_id)
    answered = [
        (listings[one.listing_id].as_candidate(restricted.get(one.supplier_id)), one.price_pence) for one in offers
    ]
    return MatchesView.ranking(requirement.requirement_id, rank_answers(requirement.as_wanted(known), answered))


@router.post("/competitions/{competition_id}/award", status_code=201, response_model=OrderView, **answers())
async def award_competition(
    competition_id: UUID, body: actions.AwardCompetition, who: Requester, ask: Asking
) -> Response:
    """After the deadline, to one that answered, with a reason."""
    return await ask(actions.award_competition, who, body, target=competition_id, show=OrderView.of, status=201)


@router.post("/competitions/{competition_id}/abandon", response_model=CompetitionView, **answers())
async def abandon_competition(
    competition_id: UUID, body: actions.AbandonCompetition, who: Requester, ask: Asking
) -> Response:
    """Nobody gets it: the requirement is open again."""
    return await ask(actions.abandon_competition, who, body, target=competition_id, show=CompetitionView.of)
