"""What may be asked about an assessment: begin, amend, submit, return, approve."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from services.assessment.actions.sight import seen_by
from services.assessment.models import Assessment, Note, Request
from services.assessment.rules.approval import may_approve
from services.assessment.rules.determination import Answers, determine
from services.assessment.rules.needs import CarerHelp, derive_needs
from services.assessment.rules.outcomes import OutcomeFinding
from services.assessment.rules.states import ASSESSMENT_MOVES, REQUEST_MOVES, AssessmentState
from shared.contracts.assessment import AssessmentCompleted
from shared.contracts.base import Code, Fact, Minutes
from shared.fields import Text
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

ASSESSMENT = by_key(Assessment)


class BeginAssessment(Command):
    """`area` is the council's code for where the person lives: never an address."""

    area: Code


@command(wants=(by_key(Request),))
def begin_assessment(asked: Asked[BeginAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    request = seen_by(asked.caller, work.one(Request, asked.target))
    work.put(replace(request, state=REQUEST_MOVES.move(request.state, "begin_assessment")))
    yield from ()
    return work.put(
        Assessment(
            council_id=asked.council,
            assessment_id=work.new_id(),
            person_id=request.person_id,
            request_id=request.request_id,
            team=request.team,
            state=AssessmentState.DRAFT,
            author=asked.caller.sub,
            area=asked.body.area,
        )
    )


class AmendAssessment(Command):
    """What the practitioner found; everything is replaced by what is sent."""

    impairment: bool
    wellbeing_impact: bool
    findings: tuple[OutcomeFinding, ...]
    estimated_minutes: Minutes
    carers: tuple[CarerHelp, ...] = ()
    reasons: Text


@command(wants=(ASSESSMENT,))
def amend_assessment(asked: Asked[AmendAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "amend")
    yield from ()
    return work.put(replace(assessment, state=state, author=asked.caller.sub, **dict(asked.body)))


class SubmitAssessment(Command):
    """Nothing to say besides."""


@command(wants=(ASSESSMENT,))
def submit_assessment(asked: Asked[SubmitAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    """The determination is made, or refused with everything that keeps it from being made."""
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "submit")
    made = determine(
        Answers(assessment.impairment, assessment.findings, assessment.wellbeing_impact, assessment.reasons)
    )
    steps = tuple(step.as_line() for step in made.steps)
    yield from ()
    return work.put(replace(assessment, state=state, eligible=made.eligible, steps=steps))


class ReturnAssessment(Command):
    note: Text


@command(wants=(ASSESSMENT,))
def return_assessment(asked: Asked[ReturnAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    assessment = _theirs(asked, work)
    may_approve(assessment.author, asked.caller.sub)
    state = ASSESSMENT_MOVES.move(assessment.state, "return")
    yield from ()
    note = Note(asked.now, asked.caller.sub, "return", asked.body.note)
    return work.put(replace(assessment, state=state, history=(*assessment.history, note)))


class ApproveAssessment(Command):
    """Nothing to say besides."""


@command(wants=(ASSESSMENT, by_key(Request, lambda asked, work: work.one(Assessment, asked.target).request_id)))
def approve_assessment(asked: Asked[ApproveAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "approve")
    may_approve(assessment.author, asked.caller.sub)
    request = work.one(Request, assessment.request_id)
    work.put(replace(request, state=REQUEST_MOVES.move(request.state, "complete")))
    yield AssessmentCompleted(
        assessment_id=assessment.assessment_id,
        person_id=assessment.person_id,
        eligible=bool(assessment.eligible),
        needs=derive_needs(assessment.findings, assessment.estimated_minutes, assessment.carers, assessment.area),
        completed_on=asked.today,
        team=assessment.team,
    )
    return work.put(replace(assessment, state=state, approved_by=asked.caller.sub))


def _theirs(asked: Asked[Any], work: UnitOfWork) -> Assessment:
    assessment = seen_by(asked.caller, work.one(Assessment, asked.target))
    match_version(asked, assessment.version)
    return assessment
