"""What may be asked about a decision a person does not accept, and about a need that nobody meets."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.assessment.actions.sight import seen_by
from services.assessment.models import Challenge, Person, Plan, UnmetNeed
from services.assessment.rules.approval import may_approve
from services.assessment.rules.challenges import answer_by
from services.assessment.rules.states import CHALLENGE_MOVES, ChallengeState
from shared.contracts.assessment import ChallengeAnswered, ChallengeMade, Matter, UnmetNeedRecorded
from shared.contracts.base import Code, Fact, Minutes
from shared.fields import Text
from shared.refusals import NotFound, refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

PERSON = by_key(Person, hold=Hold.RELY)


class MakeChallenge(Command):
    """`matter_id` is the budget's, the plan's, or the financial assessment's whose charge it is. `what` stays here."""

    matter: Matter
    matter_id: UUID
    what: Text


@command(wants=(PERSON,))
def make_challenge(asked: Asked[MakeChallenge], work: UnitOfWork) -> Generator[Fact, None, Challenge]:
    """The person's words are kept; an answer is owed by a day."""
    person = seen_by(asked.caller, work.one(Person, asked.target))
    made = Challenge(
        council_id=asked.council,
        challenge_id=work.new_id(),
        person_id=person.person_id,
        team=person.team,
        state=ChallengeState.OPEN,
        made_on=asked.today,
        answer_by=answer_by(asked.today),
        noted_by=asked.caller.sub,
        **dict(asked.body),
    )
    yield ChallengeMade(
        challenge_id=made.challenge_id,
        person_id=made.person_id,
        matter=made.matter,
        matter_id=made.matter_id,
        answer_by=made.answer_by,
        team=made.team,
    )
    return work.put(made)


class AnswerChallenge(Command):
    challenge_id: UUID
    upheld: bool
    answer: Text


@command(wants=(PERSON, by_key(Challenge, "challenge_id")))
def answer_challenge(asked: Asked[AnswerChallenge], work: UnitOfWork) -> Generator[Fact, None, Challenge]:
    """By somebody else than who noted it; late is better than never."""
    person, body = seen_by(asked.caller, work.one(Person, asked.target)), asked.body
    challenge = work.one(Challenge, body.challenge_id)
    refuse_unless(challenge.person_id == person.person_id, NotFound())
    match_version(asked, challenge.version)
    state = CHALLENGE_MOVES.move(challenge.state, "answer")
    may_approve(challenge.noted_by, asked.caller.sub)
    yield ChallengeAnswered(
        challenge_id=challenge.challenge_id,
        person_id=person.person_id,
        upheld=body.upheld,
        answered_on=asked.today,
    )
    answered = replace(challenge, state=state, upheld=body.upheld, answer=body.answer)
    return work.put(replace(answered, answered_on=asked.today, answered_by=asked.caller.sub))


class RecordUnmetNeed(Command):
    """`because` is a code of the council's own list; `reasons` stay here."""

    weekly_minutes: Annotated[Minutes, Field(ge=1)]
    because: Code
    reasons: Text


@command(wants=(by_key(Plan, hold=Hold.RELY),))
def record_unmet_need(asked: Asked[RecordUnmetNeed], work: UnitOfWork) -> Generator[Fact, None, UnmetNeed]:
    """Care Act s.18, s.25: an eligible need that nobody meets is no preference and no saving."""
    plan, body = seen_by(asked.caller, work.one(Plan, asked.target)), asked.body
    need = UnmetNeed(
        council_id=asked.council,
        need_id=work.new_id(),
        person_id=plan.person_id,
        plan_id=plan.plan_id,
        team=plan.team,
        noted_by=asked.caller.sub,
        noted_on=asked.today,
        **dict(body),
    )
    yield UnmetNeedRecorded(
        need_id=need.need_id,
        person_id=need.person_id,
        plan_id=need.plan_id,
        weekly_minutes=need.weekly_minutes,
        because=need.because,
        team=need.team,
    )
    return work.put(need)
