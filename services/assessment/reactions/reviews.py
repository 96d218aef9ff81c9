"""What does assessment do when a welfare check is asked for, and when a review's days come?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.assessment.models import Person, Plan, Review, WelfareCheck
from services.assessment.reminders import ReviewCloses, ReviewFallsDue
from services.assessment.rules.reviews import before_it_closes
from services.assessment.rules.states import REVIEW_MOVES, CheckState, ReviewState
from shared.clock import start_of
from shared.contracts.assessment import ReviewFellDue, ReviewOverdue
from shared.contracts.base import Fact
from shared.contracts.safeguarding import WelfareCheckAsked
from shared.contracts.supply import ClosureReachesPerson
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

REVIEW = by_key(Review, "review_id")
CLOSURE = "closure"
"""The ground of a review that comes before a service closes."""


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


OF_PERSON = by_match(Review, "person_id", of="person_id")
PLANS = by_match(Plan, "person_id", of="person_id", hold=Hold.RELY)
STILL_TO_BE_HELD = (ReviewState.SCHEDULED, ReviewState.DUE, ReviewState.OVERDUE)


@on(ClosureReachesPerson, wants=(PLANS, OF_PERSON))
def review_before_closure(heard: Heard[ClosureReachesPerson], work: UnitOfWork) -> Iterator[Fact]:
    """The person's next review is brought forward, or one is opened, before anything is withdrawn. One that was held for a
    closure since this one was decided is enough: it is said for each of a person's orders there."""
    plan = _in_force(work.all(PLANS, heard.fact.person_id), heard.fact.plan_id)
    if plan is None:
        return
    theirs = [one for one in work.all(OF_PERSON, plan.person_id) if one.plan_id == plan.plan_id]
    if any(one.because == CLOSURE and one.held_on and one.held_on >= heard.today for one in theirs):
        return
    review = next((one for one in theirs if one.state in STILL_TO_BE_HELD), None) or _opened(plan, work.new_id())
    if review.because == CLOSURE and review.due_by < heard.fact.closes_on:
        return
    window = before_it_closes(heard.today, heard.fact.closes_on, review.due_by)
    state = REVIEW_MOVES.move(review.state, "bring_forward")
    review = work.put(replace(review, state=state, because=CLOSURE, due_from=window.due_from, due_by=window.due_by))
    work.forget(ReviewFallsDue, key=review.review_id)
    yield _fell_due(work, review)


def _in_force(plans: list[Plan], plan_id: UUID) -> Plan | None:
    """The plan, or the one that took its place."""
    found = next((one for one in plans if one.plan_id == plan_id), None)
    return found if found is None or found.superseded_by is None else _in_force(plans, found.superseded_by)


def _opened(plan: Plan, review_id: UUID) -> Review:
    assert plan.agreed_on is not None  # orders are of agreed plans
    return Review(
        council_id=plan.council_id,
        review_id=review_id,
        plan_id=plan.plan_id,
        person_id=plan.person_id,
        team=plan.team,
        state=ReviewState.SCHEDULED,
        due_from=plan.agreed_on,
        due_by=plan.agreed_on,
    )


def _fell_due(work: UnitOfWork, review: Review) -> ReviewFellDue:
    """Its window is open; it closes after its last day."""
    closes = start_of(review.due_by + timedelta(days=1))
    work.remind(ReviewCloses(review_id=review.review_id), closes, key=review.review_id, subject=review.person_id)
    return ReviewFellDue(
        review_id=review.review_id,
        plan_id=review.plan_id,
        person_id=review.person_id,
        due_from=review.due_from,
        due_by=review.due_by,
        team=review.team,
        because=review.because,
    )


@due(ReviewFallsDue, wants=(REVIEW,))
def open_review(fell: Due[ReviewFallsDue], work: UnitOfWork) -> Iterator[Fact]:
    """Care Act s.27: the window opens; it closes after its last day."""
    review = work.one(Review, fell.reminder.review_id)
    if review.state is not ReviewState.SCHEDULED:
        return
    yield _fell_due(work, work.put(replace(review, state=REVIEW_MOVES.move(review.state, "fall_due"))))


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
