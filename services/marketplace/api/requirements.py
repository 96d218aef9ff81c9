"""What is wanted, and who could take it on?"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.marketplace import store
from services.marketplace.actions import offers
from services.marketplace.api.bought import RequirementView
from services.marketplace.api.callers import Reader, Requester, sight_of
from services.marketplace.api.views import MatchesView, OfferView
from services.marketplace.common.buying import wanted_on
from services.marketplace.rules.matching import NO_RECORD, RECORD_DAYS, rank
from services.marketplace.rules.states import RequirementState
from shared.clock import civil_date
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.refusals import NotFound, refuse_unless

MostMatches = Annotated[int, Query(ge=1, le=store.MOST_CANDIDATES)]

router = APIRouter(tags=["requirements"], prefix="/v1")


@router.get("/requirements", **answers())
async def list_requirements(
    who: Reader,
    look: Looking,
    after: Cursor,
    state: RequirementState | None = None,
    person_id: UUID | None = None,
    limit: Limit = 50,
) -> Page[RequirementView]:
    """Lines of agreed plans that look for a supplier, and what is needed before there is a plan. An app sees those of people
    who consented; a supplier those it was asked about."""
    async with look(who, "list_requirements", person_id) as tx:
        rows = await store.requirements(tx, sight_of(who), after, state, person_id, limit + 1)
    return page_of(rows, limit, lambda row: row.requirement_id, RequirementView.of)


@router.get("/requirements/{requirement_id}", **answers())
async def read_requirement(requirement_id: UUID, who: Reader, look: Looking, response: Response) -> RequirementView:
    async with look(who, "read_requirement", requirement_id) as tx:
        requirement = found(await store.requirement(tx, sight_of(who), requirement_id))
    etag(response, requirement)
    return RequirementView.of(requirement)


@router.get("/requirements/{requirement_id}/matches", **answers())
async def read_matches(
    requirement_id: UUID, who: Reader, look: Looking, limit: MostMatches = store.MOST_CANDIDATES
) -> MatchesView:
    """Listings ranked with reasons, best first, and others excluded with reasons, at most `limit` of each; whoever could take
    it on is looked at, however many the council has, with what became of their visits lately. Of PAs whom a person or a nominee
    employs, this person's alone.
    Suppliers do not see one another's."""
    sight = sight_of(who)
    refuse_unless(sight.supplier_id is None, NotFound())
    async with look(who, "read_matches", requirement_id) as tx:
        requirement = found(await store.requirement(tx, sight, requirement_id))
        listings, restricted = await store.candidates(tx, requirement, limit)
        known = await store.suppliers_of_person(tx, requirement.person_id)
        family = await store.paid_family(tx, requirement.person_id)
        wanted = wanted_on(civil_date(tx.now), requirement, known, family)
        records = await store.records(tx, [listing.supplier_id for listing in listings], RECORD_DAYS)
    candidates = [
        replace(
            listing.as_candidate(restricted.get(listing.supplier_id)),
            record=records.get(listing.supplier_id, NO_RECORD),
        )
        for listing in listings
    ]
    return MatchesView.ranking(requirement_id, rank(wanted, candidates), limit)


@router.post("/requirements/{requirement_id}/offers", status_code=201, response_model=OfferView, **answers())
async def make_offer(requirement_id: UUID, body: offers.MakeOffer, who: Requester, ask: Asking) -> Response:
    """Ask a supplier to take it on."""
    return await ask(offers.make_offer, who, body, target=requirement_id, show=OfferView.of, status=201)
