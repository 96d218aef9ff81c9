"""What may be asked when somebody was hurt at work: to report it, and for how long they could not work."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import fields, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.models import Injury, Order, PayOfWorkers, Supplier
from services.marketplace.policy import in_force
from services.marketplace.rules import readiness, sick_pay
from services.marketplace.rules.conditions import pay_on
from services.marketplace.rules.failures import Failure, NotSo, those
from services.marketplace.rules.injuries import due_from, who_owes_sick_pay
from services.marketplace.rules.sick_pay import Away, Terms, Work
from services.marketplace.rules.suppliers import PRIVATE
from shared.contracts.base import Fact
from shared.contracts.supply import EvidenceKind
from shared.explain import Step, because
from shared.fields import Day, Text
from shared.money import price_of
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

Earnings = Annotated[int, Field(ge=0, le=10**8, strict=True)]


class SayAway(Command):
    """From the first to the last day on which they cannot work, both included, which may lie ahead. `weekly_earnings_pence`: on
    average; where it is not said, what was agreed for the work they did on the day of the injury."""

    first: Day
    last: Day
    weekly_earnings_pence: Earnings | None = None


class ReportInjury(Command):
    """Somebody was hurt at work on a day that came; what happened, in words that stay in this service. `away`: since when and
    until when they cannot work, where that is known."""

    happened_on: Day
    what_happened: Text
    away: SayAway | None = None


class InjuryUnsound(NotSo):
    """The injury lies in the future, or what is said of the days after it does not hold together."""

    title = "The injury cannot be reported so"


def _injured(asked: Asked[Any], work: UnitOfWork) -> UUID | None:
    """Of a report the supplier, else whose injury it is."""
    if isinstance(asked.body, ReportInjury):
        return asked.target
    return work.one(Injury, asked.target).supplier_id


SHOWN = EvidenceLoads(lambda asked, work: [work.one(Supplier, _injured(asked, work))], 2)
SUPPLIER = by_key(Supplier, _injured, hold=Hold.RELY)
WORK = by_match(Order, "supplier_id", of=_injured, hold=Hold.GLANCE, stage=1)
PAY = by_match(PayOfWorkers, "supplier_id", of=_injured, hold=Hold.GLANCE, stage=1)


@command(wants=(SUPPLIER, WORK, PAY, *SHOWN.wants))
def report_injury(asked: Asked[ReportInjury], work: UnitOfWork) -> Generator[Fact, None, Injury]:
    """Was employers' liability insurance in force on that day? Answered from the evidence, and kept as answered."""
    supplier, day = work.one(Supplier, asked.target), asked.body.happened_on
    if day > asked.today:
        late = because("day_not_come", days=(day - asked.today).days)
        raise InjuryUnsound((Failure("happened_on", "INJURY-1", late),))
    holding = readiness.in_force(SHOWN.of(work, supplier), EvidenceKind.EMPLOYERS_LIABILITY, day)
    injury = Injury(
        council_id=asked.council,
        injury_id=work.new_id(),
        supplier_id=supplier.supplier_id,
        happened_on=day,
        what_happened=asked.body.what_happened,
        covered=holding is not None,
        evidence_id=holding.evidence_id if holding else None,
        reported_by=asked.caller.sub,
        steps=who_owes_sick_pay(supplier.supplier_kind, supplier.employer, day),
    )
    if asked.body.away:
        injury = _reckon(work, injury, supplier, asked.body.away)
    yield injury.as_reported()
    return work.put(injury)


@command(wants=(by_key(Injury), SUPPLIER, WORK, PAY))
def say_away(asked: Asked[SayAway], work: UnitOfWork) -> Generator[Fact, None, Injury]:
    """Said again when it turns out longer or shorter: the whole is reckoned anew. Nothing of it leaves this service."""
    injury = work.one(Injury, asked.target)
    yield from ()
    return work.put(_reckon(work, injury, work.one(Supplier, injury.supplier_id), asked.body))


def _reckon(work: UnitOfWork, injury: Injury, supplier: Supplier, said: SayAway) -> Injury:
    """Nothing, where nobody owes it."""
    away = Away(said.first, said.last)
    if found := those(sick_pay.unsound(away, injury.happened_on)):
        raise InjuryUnsound(found)
    owed: tuple[Step, ...] = ()
    if due_from(injury.steps):
        done = _work_on(work, supplier, injury.happened_on, said.weekly_earnings_pence)
        owed = sick_pay.owed(away, done, lambda day: _terms(injury.council_id, day))
    return replace(injury, away_first=away.first, away_last=away.last, owed=owed)


def _work_on(work: UnitOfWork, supplier: Supplier, day: date, earnings_pence: int | None) -> Work:
    """By the orders that ran on that day; what is agreed with a person is the wage, the pool says what it pays."""
    orders: list[Order] = [each for each in work.all(WORK, supplier.supplier_id) if each.ran_on(day)]
    weekdays = frozenset(slot.weekday for order in orders for slot in order.line.pattern)
    if earnings_pence is not None:
        return Work(weekdays, earnings_pence)
    if supplier.employer in PRIVATE:
        return Work(weekdays, sum(order.weekly_pence for order in orders))
    rows: list[PayOfWorkers] = work.all(PAY, supplier.supplier_id)
    paid = pay_on([row.as_pay() for row in rows], day)
    minutes = sum(order.weekly_minutes for order in orders)
    return Work(weekdays, price_of(minutes, paid.hourly_pence) if paid else None)


def _terms(council: str, day: date) -> Terms:
    """Raises NoPolicyInForce: a year of which nobody gave the figures is never guessed."""
    policy = in_force("sick_pay", council, day)
    named = {each.name: policy.figure(each.name) for each in fields(Terms) if each.name != "source"}
    return Terms(**named, source=policy.figures["flat_pence"].source)
