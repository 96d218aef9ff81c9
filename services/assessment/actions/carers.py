"""What may be asked about a carer's own assessment: to write it down, determined at once, and to approve it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.assessment.actions.assessments import NoteInvolvement
from services.assessment.actions.representing import have_an_advocate
from services.assessment.actions.sight import seen_by
from services.assessment.models import CarerAssessment, Person, Speaker
from services.assessment.rules.advocacy import Involvement, advocacy
from services.assessment.rules.approval import may_approve
from services.assessment.rules.carers import CarerAnswers, CarerFinding, determine_carer
from services.assessment.rules.states import ASSESSMENT_MOVES, AssessmentState
from shared.contracts.assessment import CarerAssessmentCompleted
from shared.contracts.base import Fact
from shared.fields import Text
from shared.refusals import NotFound, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

PERSON = by_key(Person, hold=Hold.RELY)


class AssessCarer(Command):
    """`cares_for` is the adult, who need not be eligible; `findings` are the outcomes the carer cannot achieve. `involvement` is
    in what the carer has substantial difficulty in being involved, and who could represent them."""

    cares_for: UUID
    necessary_care: bool
    findings: Annotated[tuple[CarerFinding, ...], Field(max_length=20)] = ()
    health_at_risk: bool
    wellbeing_impact: bool
    reasons: Text
    involvement: NoteInvolvement | None = None


SPEAKERS = by_match(Speaker, "person_id", of=lambda asked, work: asked.target, hold=Hold.RELY)


@command(wants=(PERSON, SPEAKERS))
def assess_carer(asked: Asked[AssessCarer], work: UnitOfWork) -> Generator[Fact, None, CarerAssessment]:
    """Care Act s.10: whoever appears to need it; what was found is determined, and waits for somebody else's approval. Where the
    carer needs an advocate, one is there first (s.67: s.10(7))."""
    carer, said = seen_by(asked.caller, work.one(Person, asked.target)), dict(asked.body)
    cares_for, noted = said.pop("cares_for"), said.pop("involvement")
    involvement = Involvement(**dict(noted)) if noted else None
    advocate = (advocacy(involvement).as_line(),) if involvement else ()
    have_an_advocate(asked, work, any(line.pence for line in advocate), SPEAKERS, carer.person_id)
    answers = CarerAnswers(**said)
    made = determine_carer(answers)
    yield from ()
    return work.put(
        CarerAssessment(
            council_id=asked.council,
            assessment_id=work.new_id(),
            person_id=carer.person_id,
            cares_for=cares_for,
            team=carer.team,
            state=ASSESSMENT_MOVES.move(AssessmentState.DRAFT, "submit"),
            author=asked.caller.sub,
            answers=answers,
            eligible=made.eligible,
            steps=tuple(step.as_line() for step in made.steps),
            determined_on=asked.today,
            involvement=involvement,
            advocacy=advocate,
        )
    )


class ApproveCarerAssessment(Command):
    assessment_id: UUID


@command(wants=(PERSON, by_key(CarerAssessment, "assessment_id")))
def approve_carer_assessment(
    asked: Asked[ApproveCarerAssessment], work: UnitOfWork
) -> Generator[Fact, None, CarerAssessment]:
    """By somebody else; whether the carer is eligible is said, why is not."""
    carer = seen_by(asked.caller, work.one(Person, asked.target))
    assessment = work.one(CarerAssessment, asked.body.assessment_id)
    refuse_unless(assessment.person_id == carer.person_id, NotFound())
    match_version(asked, assessment.version)
    state = ASSESSMENT_MOVES.move(assessment.state, "approve")
    may_approve(assessment.author, asked.caller.sub)
    yield CarerAssessmentCompleted(
        assessment_id=assessment.assessment_id,
        person_id=carer.person_id,
        eligible=assessment.eligible,
        completed_on=asked.today,
        team=assessment.team,
    )
    return work.put(replace(assessment, state=state, approved_by=asked.caller.sub))
