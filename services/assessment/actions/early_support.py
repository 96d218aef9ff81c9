"""What may be asked about support before the assessment: to agree urgent support, to start reablement, to end either."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.assessment.actions.sight import seen_by
from services.assessment.models import EarlySupport, Person
from services.assessment.reminders import EarlySupportEnds
from services.assessment.rules.early_support import Early, be_complete, hold_for_a_time
from services.assessment.rules.states import EARLY_MOVES, EarlyState
from shared.clock import start_of
from shared.contracts.assessment import ReablementEnded, ReablementStarted, UrgentSupportAgreed, UrgentSupportEnded
from shared.contracts.base import Code, Fact, GridSquare, Minutes, Pence, Slot, SupplierKind, Support, ToBuy
from shared.fields import Day, Text
from shared.refusals import NotFound, refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

PERSON = by_key(Person, hold=Hold.RELY)


class Buy(Command):
    """When in the week and where it is wanted (`square`: about where on the map). Without `kind_wanted` any kind will do that the
    council can buy;
    `hourly_pence` is a price that is planned, 0 where none is."""

    pattern: Annotated[tuple[Slot, ...], Field(max_length=100)]
    area: Code
    kind_wanted: SupplierKind | None = None
    hourly_pence: Pence = 0
    skills: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    square: GridSquare | None = None


class AgreeUrgentSupport(Command):
    """Both days included; `reasons` say why it cannot wait, and stay here. Without `buy` it is only recorded: somebody gives
    it who is not paid for it here."""

    support: Support
    weekly_minutes: Annotated[Minutes, Field(ge=1)]
    starts_on: Day
    until: Day
    reasons: Text
    buy: Buy | None = None


@command(wants=(PERSON,))
def agree_urgent_support(asked: Asked[AgreeUrgentSupport], work: UnitOfWork) -> Generator[Fact, None, EarlySupport]:
    """Care Act s.19(3): before the assessment, outside the budget."""
    agreed = _agreed(asked, work, Early.URGENT)
    yield UrgentSupportAgreed(
        urgent_id=agreed.early_id,
        person_id=agreed.person_id,
        support=asked.body.support,
        weekly_minutes=agreed.weekly_minutes,
        starts_on=agreed.starts_on,
        until=agreed.until,
        team=agreed.team,
        to_buy=agreed.to_buy,
    )
    return agreed


class StartReablement(Command):
    """Both days included; `reasons` say what it is to help with, and stay here. Without `buy` it is only recorded: somebody
    gives it who is not paid for it here, such as the NHS."""

    starts_on: Day
    until: Day
    reasons: Text
    support: Support | None = None
    weekly_minutes: Minutes = 0
    buy: Buy | None = None


@command(wants=(PERSON,))
def start_reablement(asked: Asked[StartReablement], work: UnitOfWork) -> Generator[Fact, None, EarlySupport]:
    """Free and outside the budget; it comes first where it may help."""
    started = _agreed(asked, work, Early.REABLEMENT)
    yield ReablementStarted(
        reablement_id=started.early_id,
        person_id=started.person_id,
        starts_on=started.starts_on,
        until=started.until,
        team=started.team,
        to_buy=started.to_buy,
    )
    return started


class EndEarlySupport(Command):
    """`outcome` is a code of the council's own list: what comes next."""

    early_id: UUID
    outcome: Code


@command(wants=(PERSON, by_key(EarlySupport, "early_id")))
def end_early_support(asked: Asked[EndEarlySupport], work: UnitOfWork) -> Generator[Fact, None, EarlySupport]:
    """Somebody says that it is over, and what comes next. What was bought for it ends with this day."""
    person = seen_by(asked.caller, work.one(Person, asked.target))
    early = work.one(EarlySupport, asked.body.early_id)
    refuse_unless(early.person_id == person.person_id, NotFound())
    match_version(asked, early.version)
    state = EARLY_MOVES.move(early.state, "end")
    work.forget(EarlySupportEnds, key=early.early_id)
    over = {"ended_on": asked.today, "outcome": asked.body.outcome, "team": early.team}
    if early.early is Early.REABLEMENT:
        yield ReablementEnded(reablement_id=early.early_id, person_id=early.person_id, **over)
    else:
        yield UrgentSupportEnded(urgent_id=early.early_id, person_id=early.person_id, **over)
    ended = replace(early, state=state, outcome=asked.body.outcome)
    return work.put(replace(ended, ended_on=asked.today, ended_by=asked.caller.sub))


def _agreed(asked: Asked[Any], work: UnitOfWork, early: Early) -> EarlySupport:
    person, body = seen_by(asked.caller, work.one(Person, asked.target)), asked.body
    hold_for_a_time(early, body.starts_on, body.until)
    said: dict[str, Any] = {name: value for name, value in body if name != "buy"}
    row = EarlySupport(
        council_id=asked.council,
        early_id=work.new_id(),
        person_id=person.person_id,
        team=person.team,
        early=early,
        state=EarlyState.AGREED,
        agreed_by=asked.caller.sub,
        to_buy=_to_buy(body),
        **said,
    )
    ends = EarlySupportEnds(early_id=row.early_id)
    work.remind(ends, start_of(row.until), key=row.early_id, subject=row.person_id)
    return work.put(row)


def _to_buy(body: AgreeUrgentSupport | StartReablement) -> ToBuy | None:
    if body.buy is None:
        return None
    support = be_complete(body.support, body.weekly_minutes, body.buy.pattern)
    return ToBuy(support=support, weekly_minutes=body.weekly_minutes, **dict(body.buy))
