"""Safeguarding, as the textbook has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.safeguarding import models
from services.safeguarding.rules import missed_visits, not_started, states
from services.safeguarding.rules.alerts import Finding, Owner, week_of
from shared.clock import civil_date, start_of
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitMissed
from shared.contracts.safeguarding import WelfareCheckAsked
from tests.bench.textbook.events import Base, Meta
from tests.bench.textbook.timers import Timer

IDS: TypeAdapter[tuple[object, ...]] = TypeAdapter(tuple)


class Watch(Base):
    __table__ = models.Watch.kind.table


class Miss(Base):
    __table__ = models.Miss.kind.table


class Alert(Base):
    __table__ = models.Alert.kind.table


class WelfareCheck(Base):
    __table__ = models.WelfareCheck.kind.table


async def watch_plan(session: AsyncSession, plan: PlanAgreed, meta: Meta) -> Sequence[Fact]:
    for line in plan.lines:
        watch = await session.get(Watch, (plan.plan_id, line.line_id, meta.council), with_for_update=True)
        if watch is None:
            watch = Watch(
                council_id=meta.council, plan_id=plan.plan_id, line_id=line.line_id, person_id=plan.person_id, version=0
            )
            session.add(watch)
        watch.agreed_on, watch.starts_on = plan.agreed_on, plan.starts_on
    agreed = not_started.Agreed(plan.plan_id, plan.person_id, plan.agreed_on, plan.starts_on, started=False)
    at = start_of(not_started.look_on(agreed))
    await session.merge(Timer.of("LookWhetherStarted", str(plan.plan_id), meta, plan.person_id, at, plan.plan_id))
    return []


async def note_miss(session: AsyncSession, visit: VisitMissed, meta: Meta) -> Sequence[Fact]:
    if await session.get(Miss, (visit.visit_id, meta.council)):
        return []
    missed = _miss(visit, meta)
    session.add(missed)
    weeks = missed_visits.weeks_to_load(missed.week)
    others = await session.scalars(
        select(Miss).where(Miss.person_id == visit.person_id, Miss.week.in_(weeks), Miss.council_id == meta.council)
    )
    known = {one.visit_id: one for one in [*others, missed]}
    said: list[Fact] = []
    for finding in missed_visits.detect_of_person(meta.council, missed, known.values(), meta.today):
        await _keep(session, finding, known, meta)
        said += await _checks(session, finding, meta)
    key = f"{missed.supplier_id}/{missed.week}"
    await session.merge(Timer.of("LookAtSupplier", key, meta, visit.supplier_id, meta.time, visit.supplier_id))
    return said


def _miss(visit: VisitMissed, meta: Meta) -> Miss:
    day: date = civil_date(visit.planned_at)
    return Miss(
        council_id=meta.council,
        visit_id=visit.visit_id,
        order_id=visit.order_id,
        person_id=visit.person_id,
        supplier_id=visit.supplier_id,
        planned_at=visit.planned_at,
        day=day,
        week=week_of(day),
        time_critical=visit.time_critical,
        said_at=meta.time,
        version=0,
    )


async def _keep(session: AsyncSession, finding: Finding, known: dict[object, Miss], meta: Meta) -> None:
    alert = await session.get(Alert, (finding.alert_id, meta.council), with_for_update=True)
    evidence = IDS.dump_json(finding.evidence).decode()
    as_of = max(known[one].said_at for one in finding.evidence)
    if alert is None:
        of_supplier = finding.owner is Owner.COMMISSIONER
        session.add(
            Alert(
                council_id=meta.council,
                alert_id=finding.alert_id,
                alert_kind=finding.kind.value,
                owner=finding.owner.value,
                rule=finding.because.code,
                state=states.Alert.OPEN.value,
                person_id=None if of_supplier else finding.subject,
                supplier_id=finding.subject if of_supplier else None,
                because=finding.because.model_dump_json(),
                evidence=evidence,
                as_of=as_of,
                version=0,
                **{column.name: "[]" for column in Alert.__table__.columns if column.name == "history"},
            )
        )
    elif alert.evidence != evidence:
        alert.state = states.ALERTS.move(states.Alert(alert.state), "extend").value
        alert.because, alert.evidence, alert.as_of = finding.because.model_dump_json(), evidence, as_of
        alert.version += 1


async def _checks(session: AsyncSession, finding: Finding, meta: Meta) -> list[Fact]:
    said: list[Fact] = []
    for check in finding.checks:
        if await session.get(WelfareCheck, (check.check_id, meta.council)):
            continue
        session.add(
            WelfareCheck(
                council_id=meta.council,
                check_id=check.check_id,
                person_id=check.person_id,
                because=check.because.model_dump_json(),
                by=check.by,
                version=0,
            )
        )
        said.append(
            WelfareCheckAsked(check_id=check.check_id, person_id=check.person_id, because=check.because, by=check.by)
        )
    return said


async def sweep(session: AsyncSession) -> int:
    """Look at each supplier whose reminder fell due; gives how many."""
    fell = (
        await session.scalars(
            select(Timer)
            .where(Timer.name == "LookAtSupplier", Timer.at <= datetime.now(UTC))
            .limit(100)
            .with_for_update()
        )
    ).all()
    for timer in fell:
        await _look_at_supplier(session, timer)
        await session.delete(timer)
    return len(fell)


async def _look_at_supplier(session: AsyncSession, timer: Timer) -> None:
    supplier, day = timer.key.split("/")
    week = date.fromisoformat(day)
    meta = Meta(timer.cause, timer.council_id, timer.at)
    misses = await session.scalars(
        select(Miss).where(
            Miss.supplier_id == UUID(supplier),
            Miss.week.in_(missed_visits.weeks_to_load(week)),
            Miss.council_id == timer.council_id,
        )
    )
    known = {one.visit_id: one for one in misses}
    for finding in missed_visits.detect_of_supplier(meta.council, UUID(supplier), week, known.values()):
        await _keep(session, finding, known, meta)


HEARS = ("assessment", "marketplace")
HANDLERS = {PlanAgreed.type_name(): watch_plan, VisitMissed.type_name(): note_miss}
