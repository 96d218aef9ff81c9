"""What does safeguarding do about missed visits, of a person and of a supplier?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from services.safeguarding.common.keeping import ask_for_checks, keep
from services.safeguarding.models import Alert, Miss, StandIn, WelfareCheck
from services.safeguarding.reminders import LookAtSupplier
from services.safeguarding.rules import missed_visits
from services.safeguarding.rules.alerts import Finding, week_of
from services.safeguarding.rules.missed_visits import is_covered, weeks_to_load
from shared.clock import civil_date
from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitMissed
from shared.runtime.loads import ByMatch, Hold, by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

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
COVERED = by_match(StandIn, "covers_order_id", of="order_id", hold=Hold.GLANCE)
OF_PERSON = by_match(
    Miss,
    "person_id",
    "week",
    of=lambda heard, work: [(heard.fact.person_id, week) for week in weeks_to_load(_week(heard))],
    hold=Hold.GLANCE,
)
ABOUT_PERSON = by_key(Alert, lambda heard, work: missed_visits.alerts_of_person(*_evidence(heard)))
CHECKS = by_key(WelfareCheck, lambda heard, work: missed_visits.checks_of_person(*_evidence(heard)))


@on(VisitMissed, wants=(MISS, COVERED, OF_PERSON, ABOUT_PERSON, CHECKS))
def look_at_person(heard: Heard[VisitMissed], work: UnitOfWork) -> Iterator[Fact]:
    """Keep the miss; see what it is evidence of with the person's others; look at the supplier in a moment. Of a PA for whom
    somebody else comes that day nobody is missed: whether those came is said of their own order."""
    if work.get(Miss, heard.fact.visit_id) is not None or _is_covered(heard, work):
        return
    missed = work.put(_row(heard))
    known = _by_visit(work, OF_PERSON, missed.person_id, missed.week)
    for finding in missed_visits.detect_of_person(heard.council, missed, known.values(), heard.today):
        keep(work, finding, _latest(finding, known))
        yield from ask_for_checks(work, finding)
    key = f"{missed.supplier_id}/{missed.week}"
    look = LookAtSupplier(supplier_id=missed.supplier_id, week=missed.week)
    work.remind(look, heard.now, key=key, subject=missed.supplier_id)


def _is_covered(heard: Heard[VisitMissed], work: UnitOfWork) -> bool:
    stand_ins: list[StandIn] = work.all(COVERED, heard.fact.order_id)
    return is_covered(civil_date(heard.fact.planned_at), [(each.first, each.last) for each in stand_ins])


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
        keep(work, finding, _latest(finding, known))


def _by_visit(work: UnitOfWork, load: ByMatch, of: UUID, week: date) -> dict[UUID, Miss]:
    """The misses of a person, or of a supplier, that decide with those of a week."""
    return {miss.visit_id: miss for one in weeks_to_load(week) for miss in work.all(load, of, one)}


def _latest(finding: Finding, known: Mapping[UUID, Miss]) -> datetime:
    return max(known[visit_id].said_at for visit_id in finding.evidence)


def _week(heard: Heard[VisitMissed]) -> date:
    return week_of(civil_date(heard.fact.planned_at))


def _evidence(heard: Heard[VisitMissed]) -> tuple[str, UUID, UUID, date]:
    return heard.council, heard.fact.person_id, heard.fact.visit_id, _week(heard)


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
