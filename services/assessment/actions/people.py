"""What may be asked about people: to register them, to note who speaks for them, and whom they let see them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from services.assessment.actions.sight import seen_by
from services.assessment.models import Consent, Person, Practitioner, Request, Speaker, SpeakerRole
from services.assessment.rules.caseloads import allocate
from services.assessment.rules.dates import in_order
from services.assessment.rules.states import RequestState
from shared.contracts.assessment import ConsentGiven, ConsentWithdrawn, SupportRequested
from shared.contracts.base import Code, Fact
from shared.fields import Day, Name, Text
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

PERSON = by_key(Person, hold=Hold.RELY)


class RegisterPerson(Command):
    team: Code
    given_name: Name
    family_name: Name
    date_of_birth: Day | None = None
    nhs_number: Name | None = None
    address: Text | None = None
    contact: Name | None = None


@command()
def register_person(asked: Asked[RegisterPerson], work: UnitOfWork) -> Generator[Fact, None, Person]:
    person = Person(person_id=work.new_id(), council_id=asked.council, **dict(asked.body))
    seen_by(asked.caller, person)
    yield from ()
    return work.put(person)


class NameSpeaker(Command):
    role: SpeakerRole
    name: Name
    contact: Name
    first: Day
    last: Day | None = None


@command(wants=(PERSON,))
def name_speaker(asked: Asked[NameSpeaker], work: UnitOfWork) -> Generator[Fact, None, Speaker]:
    person = seen_by(asked.caller, work.one(Person, asked.target))
    in_order(asked.body.first, asked.body.last, field="last")
    yield from ()
    named = dict(asked.body)
    return work.put(Speaker(speaker_id=work.new_id(), person_id=person.person_id, council_id=asked.council, **named))


class GiveConsent(Command):
    """`client_id` is the brokerage app's; without `until` it holds until it is withdrawn."""

    client_id: Code
    until: Day | None = None


CONSENT = by_key(Consent, lambda message, work: (message.target, message.body.client_id))


@command(wants=(PERSON, CONSENT))
def give_consent(asked: Asked[GiveConsent], work: UnitOfWork) -> Generator[Fact, None, Consent]:
    person = seen_by(asked.caller, work.one(Person, asked.target))
    before = work.get(Consent, person.person_id, asked.body.client_id)
    consent = Consent(
        council_id=asked.council,
        version=before.version if before else 0,
        person_id=person.person_id,
        client_id=asked.body.client_id,
        consent_id=work.new_id(),
        until=asked.body.until,
    )
    yield ConsentGiven(
        consent_id=consent.consent_id, person_id=person.person_id, client_id=consent.client_id, until=consent.until
    )
    return work.put(consent)


class WithdrawConsent(Command):
    client_id: Code


@command(wants=(PERSON, CONSENT))
def withdraw_consent(asked: Asked[WithdrawConsent], work: UnitOfWork) -> Generator[Fact, None, Consent]:
    person = seen_by(asked.caller, work.one(Person, asked.target))
    consent = work.one(Consent, person.person_id, asked.body.client_id)
    yield ConsentWithdrawn(consent_id=consent.consent_id, person_id=person.person_id, client_id=consent.client_id)
    return work.put(replace(consent, withdrawn=True))


class RequestSupport(Command):
    """`route_of_access` is a code of the council's own list."""

    route_of_access: Code
    presenting_need: Text
    urgent: bool = False


TEAM = by_match(Practitioner, "team", of=lambda asked, work: work.one(Person, asked.target).team, stage=1)


@command(wants=(PERSON, TEAM))
def request_support(asked: Asked[RequestSupport], work: UnitOfWork) -> Generator[Fact, None, Request]:
    """Allocated at once to whoever of the team has least and room; urgent work whether there is room or not."""
    person = seen_by(asked.caller, work.one(Person, asked.target))
    taken_by: Practitioner | None = allocate(work.all(TEAM, person.team), asked.body.urgent)
    if taken_by is not None:
        work.put(replace(taken_by, open_cases=taken_by.open_cases + 1))
    request = Request(
        council_id=asked.council,
        request_id=work.new_id(),
        person_id=person.person_id,
        team=person.team,
        state=RequestState.RECEIVED,
        received_on=asked.today,
        allocated_to=taken_by.sub if taken_by else None,
        **dict(asked.body),
    )
    yield SupportRequested(
        request_id=request.request_id,
        person_id=person.person_id,
        route_of_access=request.route_of_access,
        team=request.team,
    )
    return work.put(request)
