"""What may be asked about a plan: propose, propose in place of another, propose again, return, agree, withdraw."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.assessment.actions.representing import FOR_ASSESSMENT, FOR_PLAN, have_an_advocate
from services.assessment.actions.routing import DECIDED_FOR_ASSESSMENT, DECIDED_FOR_PLAN, be_open_to
from services.assessment.actions.sight import seen_by
from services.assessment.actions.superseding import (
    OF_PERSON_ASSESSED,
    OF_PERSON_PLANNED,
    OLD_PLAN,
    REVIEWS_OF_IT,
    THE_OLD,
    be_the_only_one,
    have_none_in_force,
    old_lines,
    switched_in_turn,
    take_its_place,
)
from services.assessment.actions.wishes import decide_wishes, refused_wishes
from services.assessment.models import Assessment, Note, Plan, Review, RouteChosen, WishDecided
from services.assessment.reminders import ReviewFallsDue
from services.assessment.rules import preferences, routes
from services.assessment.rules.approval import may_agree
from services.assessment.rules.eligible import be_eligible
from services.assessment.rules.plans import ProposedPlan, hold_together
from services.assessment.rules.preferences import Wish
from services.assessment.rules.reviews import first_review
from services.assessment.rules.states import PLAN_MOVES, PlanState, ReviewState
from services.assessment.rules.superseding import continue_from
from shared.clock import start_of
from shared.contracts.assessment import PlanAgreed, PlanProposed
from shared.contracts.base import Fact, Pence, PlanLine
from shared.fields import Day, Text
from shared.refusals import NotFound, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

PLAN = by_key(Plan)
IN_ITS_PLACE = by_match(Plan, "supersedes_plan_id", of=lambda asked, work: (asked.target,), hold=Hold.GLANCE, stage=1)


class ProposePlan(Command):
    """How needs will be met: each line's hours are its visits, its weekly figure its hours at its price.

    `wishes` are about who comes: each is decided, and only what is lawful goes on its line. `choices` say which routes
    were chosen, by whom and why.
    """

    lines: tuple[PlanLine, ...]
    weekly_pence: Pence
    starts_on: Day
    wishes: Annotated[tuple[Wish, ...], Field(max_length=50)] = ()
    choices: Annotated[tuple[RouteChosen, ...], Field(max_length=10)] = ()


@command(wants=(by_key(Assessment, hold=Hold.RELY), DECIDED_FOR_ASSESSMENT, FOR_ASSESSMENT, OF_PERSON_ASSESSED))
def propose_plan(asked: Asked[ProposePlan], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    assessment = seen_by(asked.caller, work.one(Assessment, asked.target))
    be_eligible(assessment.state, assessment.eligible)
    have_an_advocate(asked, work, assessment.advocate_needed, FOR_ASSESSMENT, assessment.person_id)
    have_none_in_force(work.all(OF_PERSON_ASSESSED, assessment.person_id))
    _hold_together(asked, work, assessment.person_id)
    decided = decide_wishes(asked, work, ())
    plan = Plan(
        council_id=asked.council,
        plan_id=work.new_id(),
        person_id=assessment.person_id,
        assessment_id=assessment.assessment_id,
        team=assessment.team,
        state=PlanState.PROPOSED,
        revision=1,
        author=asked.caller.sub,
        area=assessment.area,
        square=assessment.square,
        **_terms(asked, decided, ()),
    )
    yield _proposed(plan)
    yield from refused_wishes(plan, decided)
    return work.put(plan)


class ProposePlanAnew(ProposePlan):
    """A plan in place of one that is agreed: each line goes on under its own id, replaces one, or is new; what is left
    out ends. `reason` is why the plan changes, in words that stay here. `assessment_id` is the assessment it meets the needs
    of, where the person was assessed anew."""

    reason: Text
    assessment_id: UUID | None = None


def _met(asked: Asked[ProposePlanAnew], work: UnitOfWork) -> UUID:
    return asked.body.assessment_id or work.one(Plan, asked.target).assessment_id


MET = by_key(Assessment, _met, hold=Hold.RELY)


@command(wants=(PLAN, MET, IN_ITS_PLACE, DECIDED_FOR_PLAN, FOR_PLAN))
def propose_plan_anew(asked: Asked[ProposePlanAnew], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    """Care Act s.27: the agreed plan holds until somebody agrees this one; then it is superseded. A person has one plan in
    force, so the plan that a new assessment leads to takes this one's place, too."""
    old = _theirs(asked, work)
    assessment = _assessed(asked, work, old)
    have_an_advocate(asked, work, assessment.advocate_needed, FOR_PLAN, old.person_id)
    PLAN_MOVES.move(old.state, "supersede")
    be_the_only_one(work.all(IN_ITS_PLACE, old.plan_id))
    _hold_together(asked, work, old.person_id)
    kept = {line.line_id for line in asked.body.lines}
    before = tuple(one for one in old.wishes if one.wish.line_id in kept)
    decided = decide_wishes(asked, work, before)
    plan = replace(
        old,
        version=0,
        plan_id=work.new_id(),
        assessment_id=assessment.assessment_id,
        team=assessment.team,
        area=assessment.area,
        square=assessment.square,
        state=PlanState.PROPOSED,
        revision=old.revision + 1,
        author=asked.caller.sub,
        budget_id=None,
        agreed_by=None,
        agreed_on=None,
        supersedes_plan_id=old.plan_id,
        switches=(),
        history=(Note(asked.now, asked.caller.sub, "propose_anew", asked.body.reason),),
        **_terms(asked, (*before, *decided), old.lines),
    )
    yield _proposed(plan)
    yield from refused_wishes(plan, decided)
    return work.put(plan)


def _assessed(asked: Asked[ProposePlanAnew], work: UnitOfWork, old: Plan) -> Assessment:
    """The same person's, and eligible. NotFound for somebody else's."""
    assessment = seen_by(asked.caller, work.one(Assessment, _met(asked, work)))
    refuse_unless(assessment.person_id == old.person_id, NotFound())
    be_eligible(assessment.state, assessment.eligible)
    return assessment


THEIR_ASSESSMENT = by_key(Assessment, lambda asked, work: work.one(Plan, asked.target).assessment_id, hold=Hold.RELY)


@command(wants=(PLAN, OLD_PLAN, THEIR_ASSESSMENT, DECIDED_FOR_PLAN, FOR_PLAN))
def propose_plan_again(asked: Asked[ProposePlan], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    plan = _theirs(asked, work)
    state = PLAN_MOVES.move(plan.state, "propose_again")
    needed = work.one(Assessment, plan.assessment_id).advocate_needed
    have_an_advocate(asked, work, needed, FOR_PLAN, plan.person_id)
    _hold_together(asked, work, plan.person_id)
    decided = decide_wishes(asked, work, plan.wishes)
    terms = _terms(asked, (*plan.wishes, *decided), old_lines(plan, work))
    changed = replace(plan, state=state, revision=plan.revision + 1, author=asked.caller.sub, **terms)
    yield _proposed(changed)
    yield from refused_wishes(changed, decided)
    return work.put(changed)


class ReturnPlan(Command):
    note: Text


@command(wants=(PLAN,))
def return_plan(asked: Asked[ReturnPlan], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    plan = _theirs(asked, work)
    state = PLAN_MOVES.move(plan.state, "return")
    yield from ()
    note = Note(asked.now, asked.caller.sub, "return", asked.body.note)
    return work.put(replace(plan, state=state, history=(*plan.history, note)))


class WithdrawPlan(Command):
    note: Text


@command(wants=(PLAN,))
def withdraw_plan(asked: Asked[WithdrawPlan], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    plan = _theirs(asked, work)
    state = PLAN_MOVES.move(plan.state, "withdraw")
    yield from ()
    note = Note(asked.now, asked.caller.sub, "withdraw", asked.body.note)
    return work.put(replace(plan, state=state, history=(*plan.history, note)))


class AgreePlan(Command):
    """Nothing to say besides."""


@command(wants=(PLAN, THE_OLD, REVIEWS_OF_IT, DECIDED_FOR_PLAN, OF_PERSON_PLANNED))
def agree_plan(asked: Asked[AgreePlan], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    """Agreed by somebody else, within their limit, only when the budget buys it, and by routes that the person chose and that
    are still theirs. The plan it was made in place of is superseded with it."""
    plan = _theirs(asked, work)
    state = PLAN_MOVES.move(plan.state, "agree")
    have_none_in_force(work.all(OF_PERSON_PLANNED, plan.person_id), plan.supersedes_plan_id)
    may_agree(plan.author, asked.caller.sub, plan.yearly_pence, asked.caller.limit_pence)
    be_open_to(asked, work, plan.person_id, plan.lines)
    routes.be_chosen(plan.lines, [one.route for one in plan.choices])
    agreed = replace(plan, state=state, agreed_by=asked.caller.sub, agreed_on=asked.today)
    agreed = take_its_place(work, agreed)
    review = _first_review(asked, work, agreed)
    yield _agreed(agreed, review)
    yield from switched_in_turn(agreed, asked.today)
    return work.put(agreed)


def _terms(asked: Asked[Any], decided: tuple[WishDecided, ...], old: tuple[PlanLine, ...]) -> dict[str, Any]:
    """What is on the table: the lines with what was found lawful about who comes, beside those of a plan in force. Budget has
    answered nothing about it yet."""
    body: ProposePlan = asked.body
    answers = [(one.wish, one.answer) for one in decided]
    preferences.be_decided(body.lines, answers)
    lines = tuple(preferences.on_the_line(line, answers) for line in body.lines)
    continue_from(old, lines)
    said = {name: getattr(body, name) for name in ProposePlan.model_fields}
    return {**said, "lines": lines, "wishes": decided, "short_pence": 0, "yearly_pence": 0}


def _first_review(asked: Asked[AgreePlan], work: UnitOfWork, plan: Plan) -> Review:
    window = first_review(asked.today)
    review = Review(
        council_id=plan.council_id,
        review_id=work.new_id(),
        plan_id=plan.plan_id,
        person_id=plan.person_id,
        team=plan.team,
        state=ReviewState.SCHEDULED,
        due_from=window.due_from,
        due_by=window.due_by,
    )
    work.remind(
        ReviewFallsDue(review_id=review.review_id),
        start_of(window.due_from),
        key=review.review_id,
        subject=plan.person_id,
    )
    return work.put(review)


def _proposed(plan: Plan) -> PlanProposed:
    return PlanProposed(
        plan_id=plan.plan_id,
        revision=plan.revision,
        assessment_id=plan.assessment_id,
        person_id=plan.person_id,
        area=plan.area,
        lines=plan.lines,
        weekly_pence=plan.weekly_pence,
        starts_on=plan.starts_on,
        team=plan.team,
    )


def _agreed(plan: Plan, review: Review) -> PlanAgreed:
    assert plan.budget_id is not None  # an affordable plan has the budget that buys it
    assert plan.agreed_on is not None
    return PlanAgreed(
        **dict(_proposed(plan)),
        budget_id=plan.budget_id,
        agreed_on=plan.agreed_on,
        first_review_from=review.due_from,
        first_review_by=review.due_by,
        supersedes_plan_id=plan.supersedes_plan_id,
        square=plan.square,
    )


def _hold_together(asked: Asked[Any], work: UnitOfWork, person_id: UUID) -> None:
    body: ProposePlan = asked.body
    hold_together(ProposedPlan(body.lines, body.weekly_pence, body.starts_on), asked.today)
    be_open_to(asked, work, person_id, body.lines)


def _theirs(asked: Asked[Any], work: UnitOfWork) -> Plan:
    plan = seen_by(asked.caller, work.one(Plan, asked.target))
    match_version(asked, plan.version)
    return plan
