"""What may be asked about a concern: raise, decide, conclude, close. Nothing of it is ever said to other services."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.safeguarding.models import Concern, Note
from services.safeguarding.reminders import LookAtConcerns
from services.safeguarding.rules import concerns, enquiries
from services.safeguarding.rules.decisions import Category, Location, SourceOfRisk, Suspected, decide
from services.safeguarding.rules.enquiries import Achieved, Advocate, Capacity, Ended, Risk, RiskAfter
from services.safeguarding.rules.enquiries import Asked as Wishes
from services.safeguarding.rules.states import CONCERNS
from services.safeguarding.rules.states import Concern as State
from shared.contracts.base import Fact
from shared.fields import Text
from shared.refusals import OwnWork, refuse_unless
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

CONCERN = by_key(Concern)


class RaiseConcern(Command):
    """About an adult, a supplier, or both; `also`: further categories. `alert_id` is kept as it is sent: whether there
    is such an alert is not for everybody who may report to find out."""

    person_id: UUID | None = None
    supplier_id: UUID | None = None
    category: Category
    also: Annotated[tuple[Category, ...], Field(max_length=10)] = ()
    location: Location
    source_of_risk: SourceOfRisk
    what: Text
    alert_id: UUID | None = None


@command()
def raise_concern(asked: Asked[RaiseConcern], work: UnitOfWork) -> Generator[Fact, None, Concern]:
    body = asked.body
    concerns.be_clear(body.person_id, body.supplier_id, body.source_of_risk, (body.category, *body.also))
    yield from ()
    if body.supplier_id is not None:
        look = LookAtConcerns(supplier_id=body.supplier_id)
        work.remind(look, asked.now, key=body.supplier_id, subject=body.supplier_id)
    return work.put(
        Concern(
            council_id=asked.council,
            concern_id=work.new_id(),
            state=State.RAISED,
            raised_by=asked.caller.sub,
            raised_at=asked.now,
            **dict(body),
        )
    )


class DecideConcern(Command):
    """Reasonable cause to suspect: needs for care and support; abuse or neglect, or a risk of it; and unable, because
    of those needs, to protect themselves. `other_enquiry`: enquire although it is no duty."""

    needs: bool
    abuse: bool
    unable_to_protect: bool
    reasons: Text
    other_enquiry: bool = False


@command(wants=(CONCERN,))
def decide_concern(asked: Asked[DecideConcern], work: UnitOfWork) -> Generator[Fact, None, Concern]:
    """Care Act 2014 s.42(1), by somebody else than who raised it."""
    concern, body = work.one(Concern, asked.target), asked.body
    match_version(asked, concern.version)
    state = CONCERNS.move(concern.state, "decide")
    refuse_unless(asked.caller.sub != concern.raised_by, OwnWork())
    decision = decide(Suspected(body.needs, body.abuse, body.unable_to_protect), body.other_enquiry)
    concerns.name_the_adult(decision, concern.person_id)
    yield from ()
    decided = replace(concern, state=state, duty=decision.duty, because=decision.because, decided_by=asked.caller.sub)
    return work.put(replace(decided, **body.model_dump(exclude={"other_enquiry"})))


class ConcludeEnquiry(Command):
    """How it ended. `risk_after` where a risk was identified, `achieved` where wishes were expressed; `reasons` stay."""

    risk: Risk
    risk_after: RiskAfter | None = None
    wishes: Wishes
    achieved: Achieved | None = None
    capacity: Capacity
    advocate: Advocate
    reasons: Text


@command(wants=(CONCERN,))
def conclude_enquiry(asked: Asked[ConcludeEnquiry], work: UnitOfWork) -> Generator[Fact, None, Concern]:
    """Its end on record, as the Safeguarding Adults Collection asks for it."""
    concern = work.one(Concern, asked.target)
    match_version(asked, concern.version)
    state = CONCERNS.move(concern.state, "conclude")
    enquiries.be_an_enquiry(concern.duty)
    ended = Ended(**asked.body.model_dump(exclude={"reasons"}))
    enquiries.hold_together(ended)
    yield from ()
    note = Note(asked.now, asked.caller.sub, "conclude", asked.body.reasons)
    concluded = replace(concern, state=state, ended=ended, history=(*concern.history, note))
    return work.put(replace(concluded, concluded_on=asked.today, concluded_by=asked.caller.sub))


class CloseConcern(Command):
    reason: Text


@command(wants=(CONCERN,))
def close_concern(asked: Asked[CloseConcern], work: UnitOfWork) -> Generator[Fact, None, Concern]:
    concern = work.one(Concern, asked.target)
    match_version(asked, concern.version)
    state = CONCERNS.move(concern.state, "close")
    enquiries.be_concluded(concern.duty, concern.ended is not None)
    yield from ()
    note = Note(asked.now, asked.caller.sub, "close", asked.body.reason)
    return work.put(replace(concern, state=state, closed_by=asked.caller.sub, history=(*concern.history, note)))
