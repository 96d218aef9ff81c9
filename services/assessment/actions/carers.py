"""What may be asked about a carer's own assessment: to write it down, determined at once, and to approve it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.assessment.actions.sight import seen_by
from services.assessment.models import CarerAssessment, Person
from services.assessment.rules.approval import may_approve
from services.assessment.rules.carers import CarerAnswers, CarerFinding, determine_carer
from services.assessment.rules.states import ASSESSMENT_MOVES, AssessmentState
from shared.contracts.assessment import CarerAssessmentCompleted
from shared.contracts.base import Fact
from shared.fields import Text
from shared.refusals import NotFound, refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

PERSON = by_key(Person, hold=Hold.RELY)


class AssessCarer(Command):
    """`cares_for` is the adult, who need not be eligible; `findings` are the outcomes the carer cannot achieve."""

    cares_for: UUID
    necessary_care: bool
    findings: Annotated[tuple[CarerFinding, ...], Field(max_length=20)] = ()
    health_at_risk: bool
    wellbeing_impact: bool
    reasons: Text


@command(wants=(PERSON,))
def assess_carer(asked: Asked[AssessCarer], work: UnitOfWork) -> Generator[Fact, None, CarerAssessment]:
    """Care Act s.10: whoever appears to need it; what was found is determined, and waits for somebody else's approval."""
    carer, said = seen_by(asked.caller, work.one(Person, asked.target)), dict(asked.body)
    cares_for = said.pop("cares_for")
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
