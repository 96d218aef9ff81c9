"""What does safeguarding do about what should be answered: a shortage, a challenge? It notes it, and looks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, Waiting
from services.safeguarding.policy import THRESHOLDS
from services.safeguarding.reminders import LookForAnswer, LookForBudget
from services.safeguarding.rules import waiting
from services.safeguarding.rules.waiting import Matter
from shared.clock import start_of
from shared.contracts.assessment import ChallengeAnswered, ChallengeMade
from shared.contracts.budget import BudgetFinalised, BudgetInadequate
from shared.runtime.loads import by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

SHORTAGE = by_key(Waiting, lambda message, work: (Matter.SHORTAGE, message.body.plan_id))
CHALLENGE = by_key(Waiting, lambda message, work: (Matter.CHALLENGE, message.body.challenge_id))


@on(BudgetInadequate, wants=(SHORTAGE,))
def note_shortage(heard: Heard[BudgetInadequate], work: UnitOfWork) -> None:
    """It stands from the first time it was said, until a budget is final."""
    fact, known = heard.fact, work.get(Waiting, Matter.SHORTAGE, heard.fact.plan_id)
    if known is not None and not known.over:
        return
    _begin(work, Matter.SHORTAGE, fact.plan_id, fact.person_id, heard.today)
    at = start_of(waiting.look_for_budget_on(heard.today, THRESHOLDS.shortage_stands_days))
    work.remind(LookForBudget(plan_id=fact.plan_id), at, key=fact.plan_id, subject=fact.person_id)


@on(BudgetFinalised, wants=(SHORTAGE,))
def note_enough(heard: Heard[BudgetFinalised], work: UnitOfWork) -> None:
    """The budget buys the plan."""
    _end(work, Matter.SHORTAGE, heard.fact.plan_id, heard.fact.person_id, heard.today)
    work.forget(LookForBudget, key=heard.fact.plan_id)


@on(ChallengeMade, wants=(CHALLENGE,))
def note_challenge(heard: Heard[ChallengeMade], work: UnitOfWork) -> None:
    """An answer is owed by a day."""
    fact = heard.fact
    _begin(work, Matter.CHALLENGE, fact.challenge_id, fact.person_id, heard.today, fact.answer_by)
    at = start_of(waiting.look_for_answer_on(fact.answer_by))
    work.remind(LookForAnswer(challenge_id=fact.challenge_id), at, key=fact.challenge_id, subject=fact.person_id)


@on(ChallengeAnswered, wants=(CHALLENGE,))
def note_answer(heard: Heard[ChallengeAnswered], work: UnitOfWork) -> None:
    """It has its answer."""
    _end(work, Matter.CHALLENGE, heard.fact.challenge_id, heard.fact.person_id, heard.today)
    work.forget(LookForAnswer, key=heard.fact.challenge_id)


STILL_SHORT = by_key(
    Alert, lambda fell, work: _known(fell.council, work, Matter.SHORTAGE, fell.reminder.plan_id), stage=2
)
OVERDUE = by_key(
    Alert, lambda fell, work: _known(fell.council, work, Matter.CHALLENGE, fell.reminder.challenge_id), stage=2
)


@due(LookForBudget, wants=(SHORTAGE, STILL_SHORT), after=("budget",))
def look_for_budget(fell: Due[LookForBudget], work: UnitOfWork) -> None:
    """Nobody made the budget enough: somebody must ask why."""
    plan_id, days = fell.reminder.plan_id, THRESHOLDS.shortage_stands_days
    stands = _standing(work, Matter.SHORTAGE, plan_id)
    if stands is not None and fell.today >= waiting.look_for_budget_on(stands.since, days):
        finding = waiting.budget_still_short(fell.council, plan_id, stands.person_id, stands.since, days)
        keep(work, finding, fell.now)


@due(LookForAnswer, wants=(CHALLENGE, OVERDUE), after=("assessment",))
def look_for_answer(fell: Due[LookForAnswer], work: UnitOfWork) -> None:
    """The answer's day is over and there is none."""
    challenge_id = fell.reminder.challenge_id
    stands = _standing(work, Matter.CHALLENGE, challenge_id)
    if stands is not None and stands.answer_by is not None:
        person_id, since = stands.person_id, stands.since
        keep(work, waiting.answer_overdue(fell.council, challenge_id, person_id, since, stands.answer_by), fell.now)


def _begin(work: UnitOfWork, matter: Matter, about: UUID, person_id: UUID, since: date, by: date | None = None) -> None:
    known = _row(work, matter, about, person_id, since)
    work.put(replace(known, since=since, answer_by=by, over=False))


def _end(work: UnitOfWork, matter: Matter, about: UUID, person_id: UUID, today: date) -> None:
    work.put(replace(_row(work, matter, about, person_id, today), over=True))


def _row(work: UnitOfWork, matter: Matter, about: UUID, person_id: UUID, since: date) -> Waiting:
    """The row of this matter, or a new one."""
    council, found = work.message.council, work.get(Waiting, matter, about)
    return found or Waiting(council_id=council, matter=matter, about=about, person_id=person_id, since=since)


def _standing(work: UnitOfWork, matter: Matter, about: UUID) -> Waiting | None:
    known = work.get(Waiting, matter, about)
    return known if known is not None and not known.over else None


def _known(council: str, work: UnitOfWork, matter: Matter, about: UUID) -> UUID | None:
    stands = work.get(Waiting, matter, about)
    return waiting.alert_id(council, matter, about, stands.since) if stands else None
