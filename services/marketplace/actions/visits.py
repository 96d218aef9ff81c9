"""What may be asked about an order's support: to start it, to record a visit."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.sight import theirs
from services.marketplace.common.blocking import ready_for
from services.marketplace.common.ending import REPLACED, end_covers, free_room, stand_alone
from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.models import Listing, Order, Requirement, Supplier, Visit
from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.orders import start_on_a_day_that_came
from services.marketplace.rules.states import ORDERS, REQUIREMENTS, OrderState
from services.marketplace.rules.uploads import in_the_future, nonsense, say_the_same
from services.marketplace.rules.visits import MatchedVisit, Outcome, Record, find_planned, match_record
from services.marketplace.rules.words import ROW_WORDS, WORDS
from shared.contracts.base import Basis, Code, Fact, Reason
from shared.explain import because
from shared.fields import Day, Instant
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

RECORD_WORDS = {**ROW_WORDS, **WORDS}


class SupportNotStarted(Refused):
    """Support on this order has not started: there are no visits to record and none to claim."""

    title = "Support on this order has not started"


class EvidenceMissing(Refused):
    """Support cannot start: `missing` names the evidence that does not hold on that day. Support that runs is not stopped."""

    title = "Evidence is missing"


class VisitNotTaken(NotSo):
    """The visit does not make sense, or was not planned."""

    title = "This visit cannot be recorded"
    words = RECORD_WORDS


class AlreadyRecorded(Refused):
    """Another record of this visit exists: nothing is overwritten."""

    title = "Another record of this visit exists"


class StartSupport(Command):
    started_on: Day


def _its_supplier(asked: Asked[StartSupport], work: UnitOfWork) -> UUID:
    return work.one(Order, asked.target).supplier_id


ITS_SUPPLIER = by_key(Supplier, _its_supplier, hold=Hold.GLANCE)
SHOWN = EvidenceLoads(lambda asked, work: [work.one(Supplier, _its_supplier(asked, work))], 1)


def _old_order(asked: Asked[StartSupport], work: UnitOfWork) -> UUID | None:
    return work.one(Order, asked.target).replaces_order_id


def _old(asked: Asked[StartSupport], work: UnitOfWork) -> Order | None:
    old = _old_order(asked, work)
    return work.get(Order, old) if old else None


def _requirements(asked: Asked[StartSupport], work: UnitOfWork) -> list[UUID]:
    old, order = _old(asked, work), work.one(Order, asked.target)
    return [order.requirement_id, old.requirement_id] if old else []


def _old_listing(asked: Asked[StartSupport], work: UnitOfWork) -> UUID | None:
    old = _old(asked, work)
    return old.listing_id if old else None


# Of the order that this one takes the place of; only looked at: what changed meanwhile makes the save start again.
OLD_ORDER = by_key(Order, _old_order, hold=Hold.GLANCE)
OLD_LISTING = by_key(Listing, _old_listing, hold=Hold.GLANCE, stage=2)
BOTH_REQUIREMENTS = by_key(Requirement, _requirements, hold=Hold.GLANCE, stage=2)
REPLACING = (OLD_ORDER, OLD_LISTING, BOTH_REQUIREMENTS)


@command(wants=(by_key(Order), ITS_SUPPLIER, *SHOWN.wants, *REPLACING))
def start_support(asked: Asked[StartSupport], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """Only an order whose funds are committed starts, with the evidence that the policy asks for; what cannot wait for a plan
    does not wait for money either. An order that it takes the place of ran until now, and ends the day before."""
    order = theirs(asked.caller, work.one(Order, asked.target))
    match_version(asked, order.version)
    at_once = order.state is OrderState.PLACED and order.basis is not Basis.PLAN
    state = ORDERS.move(order.state, "start_at_once" if at_once else "start")
    start_on_a_day_that_came(order.starts_on, asked.body.started_on, asked.today)
    supplier = work.one(Supplier, order.supplier_id)
    missing = ready_for(order, supplier, SHOWN.of(work, supplier), asked.body.started_on).missing
    refuse_unless(not missing, EvidenceMissing(missing=[each.value for each in missing]))
    yield from _end_old(asked, work, order)
    yield order.as_started(asked.body.started_on)
    order = work.one(Order, order.order_id)
    return work.put(replace(order, state=state, started_on=asked.body.started_on, missing=()))


def _end_old(asked: Asked[StartSupport], work: UnitOfWork, order: Order) -> Iterator[Fact]:
    """Its need goes on in the order that starts now."""
    old = _old(asked, work)
    if old is None or old.state is not OrderState.STARTED or old.last_day is not None:
        return
    last_day = max(asked.body.started_on - timedelta(days=1), old.started_on or old.starts_on)
    ended = work.put(replace(old, state=ORDERS.move(old.state, "end"), last_day=last_day))
    yield ended.as_ended(last_day, REPLACED, need_remains=False)
    end_covers(work, ended, last_day)
    before = work.one(Requirement, old.requirement_id)
    work.put(replace(before, state=REQUIREMENTS.move(before.state, "withdraw")))
    stand_alone(work, [work.one(Requirement, order.requirement_id)])
    yield from free_room(work, old, [order])


class RecordVisit(Command):
    """What became of a planned visit. `planned_at` may be a quarter of an hour off the plan. Who came started and, if
    support was given, for how many minutes; nobody came: neither. `because` is a code, never free text;
    `worker` is who came, under a pseudonym of the supplier's."""

    planned_at: Instant
    outcome: Outcome
    started_at: Instant | None = None
    minutes: Annotated[int, Field(ge=0, le=24 * 60, strict=True)] = 0
    because: Code = "not_said"
    worker: Code | None = None

    def as_record(self, order_id: UUID) -> Record:
        return Record(
            str(order_id), self.planned_at, self.started_at, self.minutes, self.outcome, self.because, self.worker
        )


def _planned(asked: Asked[RecordVisit], work: UnitOfWork) -> UUID | None:
    planned = find_planned(work.one(Order, asked.target).as_terms(), asked.body.planned_at)
    return planned.visit_id if planned else None


@command(wants=(by_key(Order, hold=Hold.RELY), by_key(Visit, _planned)))
def record_visit(asked: Asked[RecordVisit], work: UnitOfWork) -> Generator[Fact, None, Visit]:
    """Recorded once: the same again changes nothing, another content is refused."""
    order = theirs(asked.caller, work.one(Order, asked.target))
    refuse_unless(order.started_on, SupportNotStarted())
    record = asked.body.as_record(order.order_id)
    refuse_nonsense(record, asked.now)
    found = match_record(record, {record.reference: order.as_terms()})
    if isinstance(found, Reason):
        raise VisitNotTaken((Failure("planned_at", "VISIT-PLAN", found),))
    known = work.get(Visit, found.plan.visit_id)
    if known is not None:
        refuse_unless(say_the_same(known.as_matched(), found), AlreadyRecorded(visit_id=str(known.visit_id)))
        return known
    visit = work.put(visit_of(order, found))
    yield visit.as_said()
    return visit


def visit_of(order: Order, found: MatchedVisit) -> Visit:
    """A visit as it is remembered."""
    return Visit(
        council_id=order.council_id,
        visit_id=found.plan.visit_id,
        order_id=order.order_id,
        budget_id=order.budget_id,
        person_id=order.person_id,
        supplier_id=order.supplier_id,
        planned_at=found.plan.planned_at,
        planned_minutes=found.plan.minutes,
        time_critical=found.plan.time_critical,
        outcome=found.outcome,
        started_at=found.started_at,
        minutes=found.minutes,
        pence=found.pence,
        because=found.because,
        worker=found.worker,
    )


_FIELDS = {"planned_start": "planned_at", "actual_start": "started_at"}
"""A file's columns as the fields of a request."""


def refuse_nonsense(record: Record, now: datetime) -> None:
    if found := tuple(_wrong(record, now)):
        raise VisitNotTaken(found)


def _wrong(record: Record, now: datetime) -> Iterator[Failure]:
    ahead = in_the_future(record, now)
    broken: list[Any] = [*nonsense(record), *([(ahead, "not_yet_happened")] if ahead else [])]
    for column, rule in broken:
        yield Failure(_FIELDS.get(column, column), "VISIT-RECORD", because(rule))
