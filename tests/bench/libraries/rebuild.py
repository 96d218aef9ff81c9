"""A rebuild by the eventsourcing library: its notification log, a thousand notifications a page, through the same rules.

What is known is kept in memory; what a page changed is written with the page's position in one transaction, so that a
rebuild which was killed goes on. The rules are the product's own.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import asyncpg
from eventsourcing.application import Application, LocalNotificationLog
from eventsourcing.domain import DomainEvent
from eventsourcing.system import NotificationLogReader

from services.safeguarding.models import Alert, Delivered, Miss, WelfareCheck
from services.safeguarding.reminders import LookAtSupplier
from services.safeguarding.rules import missed_visits, spending, states
from services.safeguarding.rules.alerts import Finding, Owner, week_of
from shared.clock import civil_date
from shared.contracts.base import FACTS
from shared.contracts.marketplace import VisitMissed, VisitRecorded
from shared.runtime.rows import Row

PAGE = 1000
DUE = """insert into due (name, key, council_id, subject, at, body, cause, correlation)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (name, key, council_id) do update
    set at = excluded.at, body = excluded.body, cause = excluded.cause, correlation = excluded.correlation"""
POSITION = """insert into library_position (one, last) values (true, $1) on conflict (one) do update
    set last = excluded.last"""
MADE = """create table library_position (one boolean primary key, last bigint not null);
    grant all on library_position to safeguarding_worker"""


class FactSaid(DomainEvent):
    """One fact, as it stands in the library's log."""

    council: str
    said_at: datetime
    correlation: UUID
    type: str
    payload: str


def make_app(path: str) -> Application[UUID]:
    return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": path})


class View:
    """All that is known, and what the page in hand changed."""

    def __init__(self) -> None:
        self.delivered: dict[tuple[UUID, date], Delivered] = {}
        self.misses: dict[UUID, dict[UUID, Miss]] = {}
        self.alerts: dict[UUID, Alert] = {}
        self.checks: dict[UUID, WelfareCheck] = {}
        self.changed: dict[tuple[type[Row], Any], Row] = {}
        self.due: dict[tuple[str, str, str], tuple[Any, ...]] = {}

    def apply(self, event: FactSaid) -> None:
        fact = FACTS[event.type].model_validate_json(event.payload)
        if isinstance(fact, VisitRecorded):
            self._recorded(event, fact)
        elif isinstance(fact, VisitMissed):
            self._missed(event, fact)

    def _recorded(self, event: FactSaid, fact: VisitRecorded) -> None:
        day = civil_date(fact.started_at)
        key, bit = (fact.order_id, week_of(day)), spending.bit_of(day)
        known = self.delivered.get(key) or Delivered(council_id=event.council, order_id=key[0], week=key[1])
        if not known.days & bit:
            self._put(self.delivered, key, replace(known, days=known.days | bit))

    def _missed(self, event: FactSaid, fact: VisitMissed) -> None:
        of_person = self.misses.setdefault(fact.person_id, {})
        if fact.visit_id in of_person:
            return
        miss = _miss(event, fact)
        self._put(of_person, fact.visit_id, miss)
        weeks = missed_visits.weeks_to_load(miss.week)
        known = {one.visit_id: one for one in of_person.values() if one.week in weeks}
        for finding in missed_visits.detect_of_person(event.council, miss, known.values(), civil_date(event.said_at)):
            self._keep(event.council, finding, known)
        look = LookAtSupplier(supplier_id=miss.supplier_id, week=miss.week)
        key, cause = f"{miss.supplier_id}/{miss.week}", event.originator_id
        named = ("LookAtSupplier", key, event.council)
        due_cause = uuid5(cause, f"due/LookAtSupplier/{key}")
        said = (str(miss.supplier_id), event.said_at, look.model_dump_json(), due_cause, event.correlation)
        self.due[named] = (*named, *said)

    def _keep(self, council: str, finding: Finding, known: dict[UUID, Miss]) -> None:
        as_of = max(known[visit_id].said_at for visit_id in finding.evidence)
        alert = self.alerts.get(finding.alert_id)
        if alert is None:
            self._put(self.alerts, finding.alert_id, _alert(council, finding, as_of))
        elif not set(finding.evidence) <= set(alert.evidence):
            state = states.ALERTS.move(alert.state, "extend")
            more = replace(alert, state=state, because=finding.because, evidence=finding.evidence, as_of=as_of)
            self._put(self.alerts, finding.alert_id, more)
        for check in finding.checks:
            if check.check_id not in self.checks:
                asked = WelfareCheck(
                    council_id=council, check_id=check.check_id, person_id=check.person_id, because=check.because,
                    by=check.by,
                )  # fmt: skip
                self._put(self.checks, check.check_id, asked)

    def _put(self, known: dict[Any, Any], key: Any, row: Row) -> None:
        known[key] = row
        self.changed[type(row), key] = row


def _miss(event: FactSaid, fact: VisitMissed) -> Miss:
    day = civil_date(fact.planned_at)
    return Miss(
        council_id=event.council, visit_id=fact.visit_id, order_id=fact.order_id, person_id=fact.person_id,
        supplier_id=fact.supplier_id, planned_at=fact.planned_at, day=day, week=week_of(day),
        time_critical=fact.time_critical, said_at=event.said_at,
    )  # fmt: skip


def _alert(council: str, finding: Finding, as_of: datetime) -> Alert:
    of_supplier = finding.of_supplier or finding.owner is Owner.COMMISSIONER
    return Alert(
        council_id=council, alert_id=finding.alert_id, alert_kind=finding.kind, owner=finding.owner,
        rule=finding.because.code, state=states.Alert.OPEN, person_id=None if of_supplier else finding.subject,
        supplier_id=finding.subject if of_supplier else None, because=finding.because, evidence=finding.evidence,
        as_of=as_of,
    )  # fmt: skip


async def write(db: asyncpg.Connection, view: View, last: int) -> None:
    """What a page changed, and how far the page goes, in one transaction."""
    by_kind: dict[type[Row], list[Row]] = {}
    for (kind, _), row in view.changed.items():
        by_kind.setdefault(kind, []).append(row)
    async with db.transaction():
        for kind, rows in by_kind.items():
            await db.executemany(_upsert(kind), _values(kind, rows))
        await db.executemany(DUE, list(view.due.values()))
        await db.execute(POSITION, last)
    view.changed.clear()
    view.due.clear()


def _upsert(row: type[Row]) -> str:
    names = [column.name for column in row.kind.columns]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(f"${n}" for n in range(1, len(names) + 1))
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in row.kind.key)
    keys = ", ".join(f'"{name}"' for name in row.kind.key)
    return f'insert into "{row.kind.name}" ({columns}) values ({marks}) on conflict ({keys}) do update set {sets}'


def _values(row: type[Row], rows: Sequence[Row]) -> Iterable[tuple[Any, ...]]:
    return list(zip(*row.kind.arrays(rows, row.kind.columns), strict=True))


async def rebuild(path: str, url: str) -> int:
    """Gives how many facts were read."""
    app, view, facts = make_app(path), View(), 0
    reader = NotificationLogReader(LocalNotificationLog(app.recorder, section_size=PAGE), section_size=PAGE)
    db = await asyncpg.connect(url)
    for page in reader.select(start=1):
        for notification in page:
            event: Any = app.mapper.to_domain_event(notification)
            view.apply(event)
        await write(db, view, page[-1].id)
        facts += len(page)
    await db.close()
    return facts


if __name__ == "__main__":
    import json

    began = time.monotonic()
    read = asyncio.run(rebuild(os.environ["BENCH_LOG"], os.environ["BENCH_DATABASE_URL"]))
    print(json.dumps({"facts_heard": read, "seconds": time.monotonic() - began}))
