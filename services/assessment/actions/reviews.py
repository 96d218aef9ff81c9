"""What may be asked about reviews and welfare checks: to note that they took place."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from services.assessment.actions.representing import have_an_advocate
from services.assessment.actions.sight import seen_by
from services.assessment.models import Assessment, Plan, Review, Speaker, WelfareCheck
from services.assessment.reminders import ReviewCloses, ReviewFallsDue
from services.assessment.rules.achieving import Achieved, be_of_what_was_found
from services.assessment.rules.outcomes import Outcome
from services.assessment.rules.reviews import next_review
from services.assessment.rules.states import CHECK_MOVES, REVIEW_MOVES, ReviewState
from shared.clock import start_of
from shared.contracts.assessment import ReviewHeld, WelfareCheckMade
from shared.contracts.base import Code, Fact
from shared.fields import Text
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class HoldReview(Command):
    """`achieved` says of each outcome that the assessment found the person unable to achieve how far it is achieved now; of
    those left out nothing is known."""

    summary: Text
    achieved: Annotated[tuple[Achieved, ...], Field(max_length=len(Outcome))] = ()


# The plan and its assessment are only read, for whether an advocate must be there.
ITS_PLAN = by_key(Plan, lambda asked, work: work.one(Review, asked.target).plan_id, hold=Hold.RELY)
ITS_ASSESSMENT = by_key(
    Assessment,
    lambda asked, work: work.one(Plan, work.one(Review, asked.target).plan_id).assessment_id,
    hold=Hold.RELY,
    stage=2,
)
SPEAKERS = by_match(
    Speaker, "person_id", of=lambda asked, work: work.one(Review, asked.target).person_id, hold=Hold.RELY, stage=1
)


@command(wants=(by_key(Review), ITS_PLAN, ITS_ASSESSMENT, SPEAKERS))
def hold_review(asked: Asked[HoldReview], work: UnitOfWork) -> Generator[Fact, None, Review]:
    """Note that the review took place, with an advocate where there must be one (Care Act s.67: s.27(2)); the next one is
    scheduled within twelve months."""
    review = seen_by(asked.caller, work.one(Review, asked.target))
    match_version(asked, review.version)
    state = REVIEW_MOVES.move(review.state, "hold")
    assessment = work.one(Assessment, work.one(Plan, review.plan_id).assessment_id)
    be_of_what_was_found(asked.body.achieved, assessment.findings)
    have_an_advocate(asked, work, assessment.advocate_needed, SPEAKERS, review.person_id)
    work.forget(ReviewCloses, key=review.review_id)
    following = _schedule_next(asked, work, review)
    yield ReviewHeld(
        review_id=review.review_id,
        plan_id=review.plan_id,
        person_id=review.person_id,
        held_on=asked.today,
        next_by=following.due_by,
    )
    held = replace(review, state=state, held_on=asked.today, held_by=asked.caller.sub)
    return work.put(replace(held, summary=asked.body.summary, achieved=asked.body.achieved))


def _schedule_next(asked: Asked[HoldReview], work: UnitOfWork, review: Review) -> Review:
    window = next_review(asked.today)
    following = Review(
        council_id=review.council_id,
        review_id=work.new_id(),
        plan_id=review.plan_id,
        person_id=review.person_id,
        team=review.team,
        state=ReviewState.SCHEDULED,
        due_from=window.due_from,
        due_by=window.due_by,
    )
    at = start_of(window.due_from)
    work.remind(ReviewFallsDue(review_id=following.review_id), at, key=following.review_id, subject=review.person_id)
    return work.put(following)


class MakeWelfareCheck(Command):
    """`outcome` is a code of the council's own list."""

    outcome: Code


@command(wants=(by_key(WelfareCheck),))
def make_welfare_check(asked: Asked[MakeWelfareCheck], work: UnitOfWork) -> Generator[Fact, None, WelfareCheck]:
    check = seen_by(asked.caller, work.one(WelfareCheck, asked.target))
    state = CHECK_MOVES.move(check.state, "make")
    yield WelfareCheckMade(
        check_id=check.check_id, person_id=check.person_id, made_on=asked.today, outcome=asked.body.outcome
    )
    return work.put(replace(check, state=state, outcome=asked.body.outcome, made_by=asked.caller.sub))
