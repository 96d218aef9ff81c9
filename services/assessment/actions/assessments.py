"""What may be asked about an assessment: begin, amend, own account and its assurance, involvement,
submit, return, approve."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from services.assessment.actions.representing import FOR_ASSESSMENT, have_an_advocate
from services.assessment.actions.sight import seen_by
from services.assessment.models import Assessment, Note, Practitioner, Request
from services.assessment.rules.advocacy import Appropriate, Difficulty, Involvement, advocacy
from services.assessment.rules.approval import may_approve
from services.assessment.rules.determination import Answers, determine
from services.assessment.rules.needs import CarerHelp, derive_needs
from services.assessment.rules.outcomes import OutcomeFinding
from services.assessment.rules.own_account import be_assured
from services.assessment.rules.states import ASSESSMENT_MOVES, REQUEST_MOVES, AssessmentState
from shared.contracts.assessment import AssessmentCompleted
from shared.contracts.base import Code, Fact, GridSquare, Minutes
from shared.fields import Text
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

ASSESSMENT = by_key(Assessment)
Days = Annotated[int, Field(ge=0, le=3660, strict=True)]


class BeginAssessment(Command):
    """`area` is the council's code for where the person lives, `square` about where on the map: never an address, nor a
    place (ADR 22)."""

    area: Code
    square: GridSquare | None = None


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
            square=asked.body.square,
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


class GiveOwnAccount(Command):
    """The person's own words, with whatever support they wanted."""

    account: Text


@command(wants=(ASSESSMENT,))
def give_own_account(asked: Asked[GiveOwnAccount], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    """A supported self-assessment; what was assured before is to be assured again."""
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "amend")
    yield from ()
    return work.put(replace(assessment, state=state, own_account=asked.body.account, assured_by=None))


class AssureOwnAccount(Command):
    """`note` says how the practitioner made sure that it is accurate and complete."""

    note: Text


@command(wants=(ASSESSMENT,))
def assure_own_account(asked: Asked[AssureOwnAccount], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    """A practitioner stands for it."""
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "amend")
    yield from ()
    note = Note(asked.now, asked.caller.sub, "assure", asked.body.note)
    return work.put(replace(assessment, state=state, assured_by=asked.caller.sub, history=(*assessment.history, note)))


class NoteInvolvement(Command):
    """In what the person has substantial difficulty, who could represent them, and how long a stay is likely to be."""

    difficulties: frozenset[Difficulty]
    appropriate: Appropriate | None = None
    hospital_days: Days = 0
    care_home_days: Days = 0


@command(wants=(ASSESSMENT,))
def note_involvement(asked: Asked[NoteInvolvement], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    """Whether an independent advocate must be arranged (Care Act s.67), with the reason."""
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "amend")
    involvement = Involvement(**dict(asked.body))
    step = advocacy(involvement).as_line()
    yield from ()
    return work.put(replace(assessment, state=state, involvement=involvement, advocacy=(step,)))


class SubmitAssessment(Command):
    """Nothing to say besides."""


@command(wants=(ASSESSMENT, FOR_ASSESSMENT))
def submit_assessment(asked: Asked[SubmitAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    """The determination is made, or refused with everything that keeps it from being made."""
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "submit")
    be_assured(assessment.own_account, assessment.assured_by)
    have_an_advocate(asked, work, assessment.advocate_needed, FOR_ASSESSMENT, assessment.person_id)
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


REQUEST = by_key(Request, lambda asked, work: work.one(Assessment, asked.target).request_id)
TAKEN_BY = by_key(Practitioner, lambda asked, work: _request_of(asked, work).allocated_to, stage=2)


def _request_of(asked: Asked[Any], work: UnitOfWork) -> Request:
    return work.one(Request, work.one(Assessment, asked.target).request_id)


@command(wants=(ASSESSMENT, REQUEST, TAKEN_BY))
def approve_assessment(asked: Asked[ApproveAssessment], work: UnitOfWork) -> Generator[Fact, None, Assessment]:
    assessment = _theirs(asked, work)
    state = ASSESSMENT_MOVES.move(assessment.state, "approve")
    may_approve(assessment.author, asked.caller.sub)
    request = work.one(Request, assessment.request_id)
    work.put(replace(request, state=REQUEST_MOVES.move(request.state, "complete")))
    if request.allocated_to is not None:
        taken_by = work.one(Practitioner, request.allocated_to)
        work.put(replace(taken_by, open_cases=taken_by.open_cases - 1))
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
