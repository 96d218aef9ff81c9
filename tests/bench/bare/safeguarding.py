"""Safeguarding's rows, without its rules: it watches plans and keeps misses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.safeguarding.rules.alerts import week_of
from tests.bench.bare.events import Event, Said, columns

HEARS = ("assessment", "marketplace")
SQL = """,
watched as (insert into watch (plan_id, line_id, council_id, person_id, agreed_on, starts_on, version)
    select plan_id, line_id, council_id, person_id, agreed_on, starts_on, 0 from unnest($15::uuid[], $16::uuid[],
    $17::text[], $18::uuid[], $19::date[], $20::date[], $21::timestamptz[]) as k(plan_id, line_id, council_id, person_id,
    agreed_on, starts_on, at)),
timed as (insert into due (name, key, council_id, subject, at, body, cause, correlation) select 'LookWhetherStarted',
    plan_id::text, council_id, person_id::text, at, '{}', plan_id, plan_id from unnest($15::uuid[], $16::uuid[],
    $17::text[], $18::uuid[], $19::date[], $20::date[], $21::timestamptz[]) as k(plan_id, line_id, council_id, person_id,
    agreed_on, starts_on, at))
insert into miss (visit_id, council_id, order_id, person_id, supplier_id, planned_at, day, week, time_critical, said_at,
    version) select visit_id, council_id, order_id, person_id, supplier_id, planned_at, day, week, time_critical, now(), 0
    from unnest($22::uuid[], $23::text[], $24::uuid[], $25::uuid[], $26::uuid[], $27::timestamptz[], $28::date[],
    $29::date[], $30::boolean[]) as k(visit_id, council_id, order_id, person_id, supplier_id, planned_at, day, week,
    time_critical)
"""


def decide(events: Sequence[Event]) -> tuple[str, list[Any], Said]:
    watched, missed = [], []
    for kind, _, council, subject, body in events:
        if kind == "assessment.plan_agreed.v1":
            agreed = date.fromisoformat(body["agreed_on"])
            at = datetime.combine(agreed, datetime.min.time(), UTC) + timedelta(days=28)
            line = UUID(body["lines"][0]["line_id"])
            starts = date.fromisoformat(body["starts_on"])
            watched.append((UUID(body["plan_id"]), line, council, UUID(subject), agreed, starts, at))
        elif kind == "marketplace.visit_missed.v1":
            missed.append(_miss(council, subject, body))
    return SQL, [*columns(watched, 7), *columns(missed, 9)], []


def _miss(council: str, subject: str, body: Any) -> tuple[Any, ...]:
    planned = datetime.fromisoformat(body["planned_at"])
    day = planned.date()
    return (
        UUID(body["visit_id"]), council, UUID(body["order_id"]), UUID(subject), UUID(body["supplier_id"]), planned, day,
        week_of(day), body["time_critical"],
    )  # fmt: skip


async def prepare(pool: asyncpg.Pool) -> Any:
    return decide
