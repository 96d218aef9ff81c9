"""What does safeguarding do about support before the assessment? It tells the team where nobody has come, before its last day,
and on it: urgent support and reablement end by somebody's decision, and an assessment is awaited after them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, Waiting, Watch
from services.safeguarding.policy import THRESHOLDS
from services.safeguarding.reminders import LookAtEarlySupport, LookWhetherEarlyStarted
from services.safeguarding.rules import waiting
from services.safeguarding.rules.alerts import Finding
from services.safeguarding.rules.waiting import Matter
from shared.clock import start_of
from shared.contracts.assessment import (
    ReablementEnded,
    ReablementStarted,
    UrgentSupportAgreed,
    UrgentSupportEnded,
)
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard, Message
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

Begun = UrgentSupportAgreed | ReablementStarted
Over = UrgentSupportEnded | ReablementEnded


def _id(fact: Begun | Over) -> UUID:
    return fact.urgent_id if isinstance(fact, (UrgentSupportAgreed, UrgentSupportEnded)) else fact.reablement_id


def _its_own(message: Message[Any], work: UnitOfWork) -> tuple[Matter, UUID]:
    body = message.body
    asked = isinstance(body, (LookAtEarlySupport, LookWhetherEarlyStarted))
    return Matter.EARLY_SUPPORT, body.early_id if asked else _id(body)


STANDS = by_key(Waiting, _its_own)


@on(UrgentSupportAgreed, ReablementStarted, wants=(STANDS,))
def note_early_support(heard: Heard[Begun], work: UnitOfWork) -> None:
    """It stands until somebody says that it is over; looked at ahead of its last day, where that is far enough, and on it."""
    fact, early_id = heard.fact, _id(heard.fact)
    row = _row(work, early_id, fact.person_id, fact.starts_on)
    work.put(replace(row, since=fact.starts_on, answer_by=fact.until))
    for day in waiting.look_at_early_support_on(fact.until, THRESHOLDS.early_support_told_days_ahead):
        if day > heard.today or day == fact.until:
            look = LookAtEarlySupport(early_id=early_id, on=day)
            work.remind(look, start_of(day), key=f"{early_id}/{day}", subject=fact.person_id)
    if fact.to_buy is not None:
        days = THRESHOLDS.early_support_started_within_days
        at = start_of(waiting.look_whether_early_started_on(heard.today, fact.starts_on, days))
        work.remind(LookWhetherEarlyStarted(early_id=early_id), at, key=early_id, subject=fact.person_id)


@on(UrgentSupportEnded, ReablementEnded, wants=(STANDS,))
def note_its_end(heard: Heard[Over], work: UnitOfWork) -> None:
    """Somebody said what comes next: nothing is looked at any more."""
    early_id = _id(heard.fact)
    row = _row(work, early_id, heard.fact.person_id, heard.today)
    work.put(replace(row, over=True))
    work.forget(LookWhetherEarlyStarted, key=early_id)
    if row.answer_by is not None:
        for day in waiting.look_at_early_support_on(row.answer_by, THRESHOLDS.early_support_told_days_ahead):
            work.forget(LookAtEarlySupport, key=f"{early_id}/{day}")


def _row(work: UnitOfWork, early_id: UUID, person_id: UUID, since: date) -> Waiting:
    """The row of this support, or a new one."""
    known = work.get(Waiting, Matter.EARLY_SUPPORT, early_id)
    council = work.message.council
    return known or Waiting(
        council_id=council, matter=Matter.EARLY_SUPPORT, about=early_id, person_id=person_id, since=since
    )


def _alert(fell: Due[LookAtEarlySupport], work: UnitOfWork) -> UUID | None:
    stands = work.get(Waiting, Matter.EARLY_SUPPORT, fell.reminder.early_id)
    if stands is None or stands.answer_by is None:
        return None
    said = fell.reminder
    return waiting.early_support(fell.council, said.early_id, stands.person_id, stands.answer_by, said.on).alert_id


@due(LookAtEarlySupport, wants=(STANDS, by_key(Alert, _alert, stage=2)), after=("assessment",))
def look_at_early_support(fell: Due[LookAtEarlySupport], work: UnitOfWork) -> None:
    """Nobody has said yet what comes next: the team owns the question. Support itself goes on."""
    said = fell.reminder
    stands = work.get(Waiting, Matter.EARLY_SUPPORT, said.early_id)
    if stands is not None and not stands.over and stands.answer_by is not None:
        finding = waiting.early_support(fell.council, said.early_id, stands.person_id, stands.answer_by, said.on)
        keep(work, finding, fell.now)


def _not_started(fell: Due[LookWhetherEarlyStarted], work: UnitOfWork) -> UUID | None:
    finding = _nobody_came(fell, work)
    return finding.alert_id if finding else None


BEGUN = by_match(Watch, "plan_id", of=lambda fell, work: [(fell.reminder.early_id,)], hold=Hold.RELY)
"""An order for early support names that where others name their plan, and so does its start."""


@due(
    LookWhetherEarlyStarted,
    wants=(STANDS, BEGUN, by_key(Alert, _not_started, stage=2)),
    after=("assessment", "marketplace"),
)
def look_whether_early_started(fell: Due[LookWhetherEarlyStarted], work: UnitOfWork) -> None:
    """It was to be bought, everything said until now was heard, and nobody has come: somebody must ask why."""
    finding = _nobody_came(fell, work)
    if finding is not None and not any(one.started_on for one in work.all(BEGUN, fell.reminder.early_id)):
        keep(work, finding, fell.now)


def _nobody_came(fell: Due[LookWhetherEarlyStarted], work: UnitOfWork) -> Finding | None:
    early_id, days = fell.reminder.early_id, THRESHOLDS.early_support_started_within_days
    stands = work.get(Waiting, Matter.EARLY_SUPPORT, early_id)
    if stands is None or stands.over:
        return None
    return waiting.early_support_not_started(fell.council, early_id, stands.person_id, stands.since, days)
