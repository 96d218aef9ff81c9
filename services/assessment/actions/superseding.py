"""What happens to an agreed plan when another takes its place? It holds until then; nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.assessment.models import Assessment, Plan, Review
from services.assessment.reminders import ReviewCloses, ReviewFallsDue, SwitchEnds
from services.assessment.rules.states import PLAN_MOVES, REVIEW_MOVES, PlanState
from services.assessment.rules.switching import taken_over
from shared.clock import start_of
from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import PlanLine
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked
from shared.runtime.unit_of_work import UnitOfWork

OVER = (PlanState.AGREED, PlanState.SUPERSEDED, PlanState.WITHDRAWN)


class AnotherProposedAlready(Refused):
    """A plan in place of this one is on the table: it is agreed or withdrawn first (`plan_id`)."""

    title = "Another plan in place of this one is on the table"


class PlanInForce(Refused):
    """The person has a plan that is agreed (`plan_id`): another is proposed in its place (`propose-anew`), also one that a new
    assessment led to, never beside it, for both would spend the one budget."""

    title = "The person has a plan in force"


def _old(asked: Asked[Any], work: UnitOfWork) -> UUID | None:
    return work.one(Plan, asked.target).supersedes_plan_id


def _of_the_old(asked: Asked[Any], work: UnitOfWork) -> list[tuple[UUID]]:
    old = _old(asked, work)
    return [] if old is None else [(old,)]


OLD_PLAN = by_key(Plan, _old, hold=Hold.RELY)
THE_OLD = by_key(Plan, _old)
REVIEWS_OF_IT = by_match(Review, "plan_id", of=_of_the_old, stage=1)


OF_PERSON_ASSESSED = by_match(
    Plan,
    "person_id",
    of=lambda asked, work: (work.one(Assessment, asked.target).person_id,),
    hold=Hold.GLANCE,
    stage=1,
)
OF_PERSON_PLANNED = by_match(
    Plan, "person_id", of=lambda asked, work: (work.one(Plan, asked.target).person_id,), hold=Hold.RELY, stage=1
)
"""Relied upon: of two that are agreed at the same time, the later is told of the earlier."""


def have_none_in_force(plans: Iterable[Plan], but: UUID | None = None) -> None:
    """Raises PlanInForce where the person has an agreed plan other than the one to be superseded, of whichever assessment."""
    other = next((one for one in plans if one.state is PlanState.AGREED and one.plan_id != but), None)
    refuse_unless(other is None, PlanInForce(plan_id=str(other.plan_id) if other else None))


def be_the_only_one(others: Iterable[Plan]) -> None:
    """Raises AnotherProposedAlready where a plan in its place is still on the table."""
    waiting = next((one for one in others if one.state not in OVER), None)
    refuse_unless(waiting is None, AnotherProposedAlready(plan_id=str(waiting.plan_id) if waiting else None))


def old_lines(plan: Plan, work: UnitOfWork) -> tuple[PlanLine, ...]:
    """The lines of the plan that this one was made in place of; none where there is none."""
    return () if plan.supersedes_plan_id is None else work.one(Plan, plan.supersedes_plan_id).lines


def take_its_place(work: UnitOfWork, plan: Plan) -> Plan:
    """The old plan is superseded, and its reviews are called off: the new plan has its own. A line that goes on by
    another route for a time goes on so."""
    if plan.supersedes_plan_id is None:
        return plan
    old = work.one(Plan, plan.supersedes_plan_id)
    state = PLAN_MOVES.move(old.state, "supersede")
    work.put(replace(old, state=state, superseded_by=plan.plan_id, switches=()))
    for review in work.all(REVIEWS_OF_IT, old.plan_id):
        _call_off(work, review)
    return _carry_switches(work, old, plan)


def _call_off(work: UnitOfWork, review: Review) -> None:
    if (review.state, "cancel") in REVIEW_MOVES:
        work.forget(ReviewFallsDue, key=review.review_id)
        work.forget(ReviewCloses, key=review.review_id)
        work.put(replace(review, state=REVIEW_MOVES.move(review.state, "cancel")))


def _carry_switches(work: UnitOfWork, old: Plan, plan: Plan) -> Plan:
    """Whoever is too ill for a payment is so on the line in its place, too."""
    carried = []
    for switch in old.switches:
        work.forget(SwitchEnds, key=f"{old.plan_id}/{switch.line_id}")
        line_id = taken_over(plan.lines, switch.line_id)
        if line_id is not None:
            reminder = SwitchEnds(plan_id=plan.plan_id, line_id=line_id)
            at = start_of(switch.until + timedelta(days=1))
            work.remind(reminder, at, key=f"{plan.plan_id}/{line_id}", subject=plan.person_id)
            carried.append(replace(switch, line_id=line_id))
    return replace(plan, switches=tuple(carried))


def switched_in_turn(plan: Plan, today: date) -> Iterator[RouteSwitched]:
    """Of lines that take the place of one that is switched: said of them, for whoever is found. The order that runs until
    then keeps its own days."""
    replacing = {line.line_id for line in plan.lines if line.replaces_line_id}
    for switch in plan.switches:
        if switch.line_id in replacing:
            yield RouteSwitched(
                plan_id=plan.plan_id,
                line_id=switch.line_id,
                person_id=plan.person_id,
                route=switch.route,
                until=switch.until,
                because=switch.because,
                budget_id=plan.budget_id,
                holds_from=today,
            )
