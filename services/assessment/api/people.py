"""What may be asked about people?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.assessment import store
from services.assessment.actions import people as actions
from services.assessment.actions import practitioners
from services.assessment.api.views import (
    ConsentView,
    PersonView,
    PersonWhole,
    PractitionersView,
    PractitionerView,
    RequestView,
    SpeakerView,
)
from shared.auth import allowed
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.runtime.messages import Caller

router = APIRouter(tags=["people"], prefix="/v1")

Reader = Annotated[Caller, allowed("assessment:read")]
Writer = Annotated[Caller, allowed("assessment:write")]
Approver = Annotated[Caller, allowed("assessment:approve")]


@router.post("/people", status_code=201, response_model=PersonView, **answers())
async def register_person(body: actions.RegisterPerson, who: Writer, ask: Asking) -> Response:
    """Take a person in. Their name, address and numbers stay in this service."""
    return await ask(actions.register_person, who, body, show=PersonView.of, status=201)


@router.get("/people", **answers())
async def list_people(who: Reader, look: Looking, after: Cursor, limit: Limit = 50) -> Page[PersonView]:
    async with look(who, "list_people") as tx:
        rows = await store.people(tx, after, who.team, limit + 1)
    return page_of(rows, limit, lambda row: row.person_id, PersonView.of)


@router.get("/people/{person_id}", **answers())
async def read_person(person_id: UUID, who: Reader, look: Looking, response: Response) -> PersonWhole:
    async with look(who, "read_person", person_id) as tx:
        person = found(await store.person(tx, person_id, who.team))
        speakers, consents = await store.speakers_of(tx, person_id), await store.consents_of(tx, person_id)
    etag(response, person)
    shown = PersonWhole.of(person)
    shown.speakers = tuple(map(SpeakerView.of, speakers))
    shown.consents = tuple(map(ConsentView.of, consents))
    return shown


@router.post("/people/{person_id}/speakers", status_code=201, response_model=SpeakerView, **answers())
async def name_speaker(person_id: UUID, body: actions.NameSpeaker, who: Writer, ask: Asking) -> Response:
    """Note who speaks for the person, in which role, from when until when."""
    return await ask(actions.name_speaker, who, body, target=person_id, show=SpeakerView.of, status=201)


@router.post("/people/{person_id}/consents", response_model=ConsentView, **answers())
async def give_consent(person_id: UUID, body: actions.GiveConsent, who: Writer, ask: Asking) -> Response:
    """Let a brokerage app see this person's requirements and orders."""
    return await ask(actions.give_consent, who, body, target=person_id, show=ConsentView.of)


@router.post("/people/{person_id}/consents/withdraw", response_model=ConsentView, **answers())
async def withdraw_consent(person_id: UUID, body: actions.WithdrawConsent, who: Writer, ask: Asking) -> Response:
    """From now on the app sees nothing of this person."""
    return await ask(actions.withdraw_consent, who, body, target=person_id, show=ConsentView.of)


@router.post("/people/{person_id}/requests", status_code=201, response_model=RequestView, **answers())
async def request_support(person_id: UUID, body: actions.RequestSupport, who: Writer, ask: Asking) -> Response:
    """Somebody asks for an assessment."""
    return await ask(actions.request_support, who, body, target=person_id, show=RequestView.of, status=201)


@router.post("/practitioners", response_model=PractitionerView, **answers())
async def set_caseload(body: practitioners.SetCaseload, who: Approver, ask: Asking) -> Response:
    """Say in which team a practitioner is and how many cases are the most: over it nothing is allocated by itself."""
    return await ask(practitioners.set_caseload, who, body, show=PractitionerView.of)


@router.get("/practitioners", **answers())
async def list_practitioners(who: Reader, look: Looking) -> PractitionersView:
    """Practitioners of the caller's team, or all, with their caseloads."""
    async with look(who, "list_practitioners") as tx:
        rows = await store.practitioners(tx, who.team)
    return PractitionersView(items=[PractitionerView.of(row) for row in rows])


@router.get("/requests/{request_id}", **answers())
async def read_request(request_id: UUID, who: Reader, look: Looking, response: Response) -> RequestView:
    async with look(who, "read_request", request_id) as tx:
        request = found(await store.request(tx, request_id, who.team))
    etag(response, request)
    return RequestView.of(request)
