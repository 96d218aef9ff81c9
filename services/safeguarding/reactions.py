"""What does safeguarding do about what it hears, and when time passes?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.safeguarding.models import Alert, Miss, Restriction, Supplier, Watch, WelfareCheck
from services.safeguarding.reminders import LookAtSupplier, LookWhetherStarted, RestrictionReviewDue
from services.safeguarding.rules import missed_visits, not_started, restriction_reviews, states
from services.safeguarding.rules.alerts import Finding, Owner, week_of
from services.safeguarding.rules.missed_visits import weeks_to_load
from shared.clock import civil_date, start_of
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact
from shared.contracts.marketplace import SupplierRegistered, SupportStarted, VisitMissed
from shared.contracts.safeguarding import WelfareCheckAsked
from shared.runtime.loads import ByMatch, Hold, by_key, by_match
from shared.runtime.messages import Due, Heard, Message
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork


@on(SupplierRegistered, wants=(by_key(Supplier, "supplier_id"),))
def know_supplier(heard: Heard[SupplierRegistered], work: UnitOfWork) -> None:
    """Only a supplier that exists can be restricted."""
    fact = heard.fact
    if work.get(Supplier, fact.supplier_id) is None:
        work.put(Supplier(council_id=heard.council, supplier_id=fact.supplier_id, supplier_kind=fact.kind))


# Two misses that make a pattern together must not both be decided without the other.
#
# Of one person: all are about one subject, whose inbox row the reader holds before it loads anything, until it commits
# (ARCHITECTURE §3, the fold). So there is no second reader; the next one's loads see what this one saved.
#
# Of one supplier: they are about many people and come from many partitions, so that two readers do hear them at once.
# Neither looks at the supplier; both set one and the same timer, whose row the second waits for. It speaks after they
# have committed, and loads what both saved; a miss that is heard while it looks waits for it, and sets it again.
# One look serves all misses heard since the last: looking anew for each, when a supplier fails everybody at once, took
# longer than a transaction may.
MISS = by_key(Miss, "visit_id")
OF_PERSON = by_match(
    Miss,
    "person_id",
    "week",
    of=lambda heard, work: [(heard.fact.person_id, week) for week in weeks_to_load(_row(heard).week)],
    hold=Hold.GLANCE,
)
ABOUT_PERSON = by_key(Alert, lambda heard, work: missed_visits.alerts_of_person(heard.council, _row(heard)))
CHECKS = by_key(WelfareCheck, lambda heard, work: missed_visits.checks_of_person(heard.council, _row(heard)))


@on(VisitMissed, wants=(MISS, OF_PERSON, ABOUT_PERSON, CHECKS))
def look_at_person(heard: Heard[VisitMissed], work: UnitOfWork) -> Iterator[Fact]:
    """Keep the miss; see what it is evidence of with the person's others; look at the supplier in a moment."""
    if work.get(Miss, heard.fact.visit_id) is not None:
        return
    missed = work.put(_row(heard))
    known = _by_visit(work, OF_PERSON, missed.person_id, missed.week)
    for finding in missed_visits.detect_of_person(heard.council, missed, known.values(), heard.today):
        _keep(work, finding, _latest(finding, known))
        yield from _ask_for_checks(work, finding)
    key = f"{missed.supplier_id}/{missed.week}"
    look = LookAtSupplier(supplier_id=missed.supplier_id, week=missed.week)
    work.remind(look, heard.now, key=key, subject=missed.supplier_id)


# Stage 2, after the alerts: of two looks at neighbouring weeks the one that waited for the alert must not have looked
# before it waited.
OF_SUPPLIER = by_match(
    Miss,
    "supplier_id",
    "week",
    of=lambda fell, work: [(fell.reminder.supplier_id, week) for week in weeks_to_load(fell.reminder.week)],
    hold=Hold.GLANCE,
    stage=2,
)
ABOUT_SUPPLIER = by_key(
    Alert,
    lambda fell, work: missed_visits.alerts_of_supplier(fell.council, fell.reminder.supplier_id, fell.reminder.week),
)


@due(LookAtSupplier, wants=(OF_SUPPLIER, ABOUT_SUPPLIER))
def look_at_supplier(fell: Due[LookAtSupplier], work: UnitOfWork) -> None:
    """Raise the alert, or add to it, where the pattern is there with enough people."""
    supplier_id, week = fell.reminder.supplier_id, fell.reminder.week
    known = _by_visit(work, OF_SUPPLIER, supplier_id, week)
    for finding in missed_visits.detect_of_supplier(fell.council, supplier_id, week, known.values()):
        _keep(work, finding, _latest(finding, known))


PLAN_LINES = by_key(Watch, lambda heard, work: [(heard.fact.plan_id, line.line_id) for line in heard.fact.lines])


@on(PlanAgreed, wants=(PLAN_LINES,))
def watch_plan(heard: Heard[PlanAgreed], work: UnitOfWork) -> None:
    """Some of it should start; look when it is time."""
    fact = heard.fact
    for line in fact.lines:
        watch = _watch(work, fact.plan_id, line.line_id, fact.person_id)
        work.put(replace(watch, agreed_on=fact.agreed_on, starts_on=fact.starts_on))
    agreed = not_started.Agreed(fact.plan_id, fact.person_id, fact.agreed_on, fact.starts_on, started=False)
    at = start_of(not_started.look_on(agreed))
    work.remind(LookWhetherStarted(plan_id=fact.plan_id), at, key=fact.plan_id, subject=fact.person_id)


@on(SupportStarted, wants=(by_key(Watch, lambda heard, work: (heard.fact.plan_id, heard.fact.line_id)),))
def note_start(heard: Heard[SupportStarted], work: UnitOfWork) -> None:
    """The line started: also when its agreement has not been heard yet."""
    fact = heard.fact
    watch = _watch(work, fact.plan_id, fact.line_id, fact.person_id)
    work.put(replace(watch, started_on=min(watch.started_on or fact.started_on, fact.started_on)))


WATCHES = by_match(Watch, "plan_id", of="plan_id", hold=Hold.RELY)
NOT_STARTED = by_key(Alert, lambda fell, work: not_started.alert_id(fell.council, fell.reminder.plan_id))


@due(LookWhetherStarted, wants=(WATCHES, NOT_STARTED), after=("assessment", "marketplace"))
def look_whether_started(fell: Due[LookWhetherStarted], work: UnitOfWork) -> None:
    """Nothing of the plan has started, and everything said until now was heard: somebody must ask why."""
    lines: Sequence[Watch] = work.all(WATCHES, fell.reminder.plan_id)
    agreed = next((line for line in lines if line.agreed_on and line.starts_on), None)
    if agreed is None:
        return
    assert agreed.agreed_on is not None
    assert agreed.starts_on is not None
    started = any(line.started_on for line in lines)
    plan = not_started.Agreed(agreed.plan_id, agreed.person_id, agreed.agreed_on, agreed.starts_on, started)
    finding = not_started.nothing_started(fell.council, plan, fell.today)
    if finding is not None:
        _keep(work, finding, fell.now)


RESTRICTION = by_key(Restriction, "restriction_id")
REVIEW_ALERT = by_key(
    Alert,
    lambda fell, work: restriction_reviews.alert_id(
        fell.council, fell.reminder.restriction_id, fell.reminder.review_on
    ),
)


@due(RestrictionReviewDue, wants=(RESTRICTION, REVIEW_ALERT))
def call_for_review(fell: Due[RestrictionReviewDue], work: UnitOfWork) -> None:
    """The commissioner is to keep or lift it. Until then it holds."""
    restriction = work.one(Restriction, fell.reminder.restriction_id)
    if restriction.state not in states.IN_FORCE or restriction.review_on != fell.reminder.review_on:
        return
    supplier_id, review_on = restriction.supplier_id, restriction.review_on
    _keep(
        work, restriction_reviews.review_due(fell.council, restriction.restriction_id, supplier_id, review_on), fell.now
    )


def _keep(work: UnitOfWork, finding: Finding, as_of: datetime) -> None:
    """Raise the alert, or add what is new to it; what adds nothing changes nothing."""
    alert = work.get(Alert, finding.alert_id)
    if alert is None:
        work.put(_raised(work.message, finding, as_of))
    elif not set(finding.evidence) <= set(alert.evidence):
        work.put(
            replace(
                alert,
                state=states.ALERTS.move(alert.state, "extend"),
                because=finding.because,
                evidence=finding.evidence,
                as_of=as_of,
                acknowledged_by=None,
                closed_by=None,
            )
        )


def _raised(message: Message[Any], finding: Finding, as_of: datetime) -> Alert:
    of_supplier = finding.owner is Owner.COMMISSIONER
    return Alert(
        council_id=message.council,
        alert_id=finding.alert_id,
        alert_kind=finding.kind,
        owner=finding.owner,
        rule=finding.because.code,
        state=states.Alert.OPEN,
        person_id=None if of_supplier else finding.subject,
        supplier_id=finding.subject if of_supplier else None,
        because=finding.because,
        evidence=finding.evidence,
        as_of=as_of,
    )


def _ask_for_checks(work: UnitOfWork, finding: Finding) -> Iterator[Fact]:
    """Once each, whichever rules call for it."""
    for check in finding.checks:
        if work.get(WelfareCheck, check.check_id) is None:
            asked = WelfareCheckAsked(
                check_id=check.check_id, person_id=check.person_id, because=check.because, by=check.by
            )
            work.put(WelfareCheck(council_id=work.message.council, **dict(asked)))
            yield asked


def _by_visit(work: UnitOfWork, load: ByMatch, of: UUID, week: date) -> dict[UUID, Miss]:
    """The misses of a person, or of a supplier, that decide with those of a week."""
    return {miss.visit_id: miss for one in weeks_to_load(week) for miss in work.all(load, of, one)}


def _latest(finding: Finding, known: Mapping[UUID, Miss]) -> datetime:
    return max(known[visit_id].said_at for visit_id in finding.evidence)


def _row(heard: Heard[VisitMissed]) -> Miss:
    fact, day = heard.fact, civil_date(heard.fact.planned_at)
    return Miss(
        council_id=heard.council,
        visit_id=fact.visit_id,
        order_id=fact.order_id,
        person_id=fact.person_id,
        supplier_id=fact.supplier_id,
        planned_at=fact.planned_at,
        day=day,
        week=week_of(day),
        time_critical=fact.time_critical,
        said_at=heard.now,
    )


def _watch(work: UnitOfWork, plan_id: UUID, line_id: UUID, person_id: UUID) -> Watch:
    """The row of this line, or a new one."""
    found = work.get(Watch, plan_id, line_id)
    return found or Watch(council_id=work.message.council, plan_id=plan_id, line_id=line_id, person_id=person_id)
