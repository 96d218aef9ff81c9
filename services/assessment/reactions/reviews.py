"""What does assessment do when a welfare check is asked for, and when a review's days come?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from services.assessment.models import Person, Review, WelfareCheck
from services.assessment.reminders import ReviewCloses, ReviewFallsDue
from services.assessment.rules.states import REVIEW_MOVES, CheckState, ReviewState
from shared.clock import start_of
from shared.contracts.assessment import ReviewFellDue, ReviewOverdue
from shared.contracts.base import Fact
from shared.contracts.safeguarding import WelfareCheckAsked
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

REVIEW = by_key(Review, "review_id")


@on(WelfareCheckAsked, wants=(by_key(Person, "person_id", hold=Hold.RELY), by_key(WelfareCheck, "check_id")))
def open_welfare_check(heard: Heard[WelfareCheckAsked], work: UnitOfWork) -> None:
    """The person's team is to look in."""
    if work.get(WelfareCheck, heard.fact.check_id) is not None:
        return
    person = work.one(Person, heard.fact.person_id)
    work.put(
        WelfareCheck(
            council_id=heard.council,
            check_id=heard.fact.check_id,
            person_id=person.person_id,
            team=person.team,
            state=CheckState.ASKED,
            because=heard.fact.because.code,
            by=heard.fact.by,
        )
    )


@due(ReviewFallsDue, wants=(REVIEW,))
def open_review(fell: Due[ReviewFallsDue], work: UnitOfWork) -> Iterator[Fact]:
    """Care Act s.27: the window opens; it closes after its last day."""
    review = work.one(Review, fell.reminder.review_id)
    if review.state is not ReviewState.SCHEDULED:
        return
    work.put(replace(review, state=REVIEW_MOVES.move(review.state, "fall_due")))
    closes = start_of(review.due_by + timedelta(days=1))
    work.remind(ReviewCloses(review_id=review.review_id), closes, key=review.review_id, subject=review.person_id)
    yield ReviewFellDue(
        review_id=review.review_id,
        plan_id=review.plan_id,
        person_id=review.person_id,
        due_from=review.due_from,
        due_by=review.due_by,
        team=review.team,
    )


@due(ReviewCloses, wants=(REVIEW,))
def note_overdue_review(fell: Due[ReviewCloses], work: UnitOfWork) -> Iterator[Fact]:
    """The window closed and the review was not held."""
    review = work.one(Review, fell.reminder.review_id)
    if review.state is not ReviewState.DUE:
        return
    work.put(replace(review, state=REVIEW_MOVES.move(review.state, "become_overdue")))
    yield ReviewOverdue(
        review_id=review.review_id,
        plan_id=review.plan_id,
        person_id=review.person_id,
        due_by=review.due_by,
        team=review.team,
    )
