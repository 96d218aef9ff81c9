"""Whatever a worker asks for or saves is found by an index, by more than its council: on tables that PostgreSQL has not counted
yet, and on tables that it counted while they held a few rows (docs/adr/0027)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from care.local.place import SERVICES
from shared.db_admin import url_of
from shared.runtime import answers, inbox, parking, saving, speaking, timers
from shared.runtime.loads import Declared
from shared.runtime.rows import Kind
from shared.testing.decisions import decisions_of
from shared.testing.harness import Ground, Running

OF_THE_RUNTIME = (
    *(inbox._LOCK, inbox._ADVANCE, parking._PAGE, parking._NEXT_WAITING, answers._FIND),
    *(timers._DUE, timers._LOCK, timers._DONE, timers._PARK, speaking._FORGET),
)


def statements_of(service: str) -> set[str]:
    """All that its workers say of rows that may be many."""
    loads = [load for decision in decisions_of(service) for load in decision.wants if isinstance(load, Declared)]
    kinds: set[Kind] = {load.kind for load in loads}
    saves = {sql for kind in kinds for sql in (saving._updating(kind), saving._deleting(kind))}
    return {*(load.sql for load in loads), *saves, *OF_THE_RUNTIME}


async def plans_of(running: Running, statements: set[str]) -> dict[str, Any]:
    """The plan that a worker makes once and keeps, whatever the values."""
    plans = {}
    async with running.worker.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        for sql in sorted(statements):
            asked = await driver.prepare(sql)
            await driver.execute(f"prepare asked as {sql}")
            values = ", ".join(["null"] * len(asked.get_parameters()))
            told = await driver.fetchval(f"explain (format json) execute asked({values})")
            plans[sql] = told[0]["Plan"]
            await driver.execute("deallocate asked")
    return plans


def nodes_of(plan: Any) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


def columns_in(condition: str) -> set[str]:
    """Those on the left of each comparison of an index condition."""
    return set(re.findall(r"\(\"?(\w+)\"?(?:\)::\w+)? [=<>]", condition))


def reads_too_much(node: dict[str, Any]) -> bool:
    """A table read from one end to the other, or all that a council has in it."""
    if "Relation Name" not in node or node["Node Type"] in ("ModifyTable", "LockRows", "Bitmap Heap Scan"):
        return False
    return not columns_in(node.get("Index Cond", "")) - {"council_id", "reader"}


FEW = 60
"""Rows at which PostgreSQL counts a table by itself for the first time, about."""
SAMPLES = {
    "uuid": "gen_random_uuid()", "text": "n::text", "character varying": "n::text", "bigint": "n", "integer": "n",
    "boolean": "false", "date": "current_date + n", "timestamp with time zone": "now()", "bytea": "''",
}  # fmt: skip
UNCHECK = """
select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint
where contype = 'c' and connamespace = $1::regnamespace
"""
COLUMNS = """
select table_name, array_agg(column_name::text), array_agg(data_type::text) from information_schema.columns
where table_schema = $1 and is_generated = 'NEVER' and is_identity = 'NO' group by 1
"""
SCHEMA = "select schemaname from pg_tables where tablename = 'inbox'"


async def count_a_few(ground: Ground, service: str) -> None:
    """A few rows of nonsense in every table, and PostgreSQL's count of them."""
    admin = await asyncpg.connect(url_of(ground.admin_dsn, ground.databases[service], "postgres"))
    schema = await admin.fetchval(SCHEMA)
    await admin.execute("set session_replication_role = replica")  # no foreign key is looked after
    for (uncheck,) in await admin.fetch(UNCHECK, schema):
        await admin.execute(uncheck)
    for table, names, types in await admin.fetch(COLUMNS, schema):
        await admin.execute(nonsense(table, dict(zip(names, types, strict=True))))
    await admin.execute("analyze")
    await admin.close()


def nonsense(table: str, columns: dict[str, str]) -> str:
    values = ("'E99999999'" if name == "council_id" else SAMPLES[sql_type] for name, sql_type in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    rows = f"select {', '.join(values)} from generate_series(1, {FEW}) n"
    return f'insert into "{table}" ({names}) {rows} on conflict do nothing'


@pytest.mark.parametrize("counted", [False, True], ids=["not counted", "counted while few"])
@pytest.mark.parametrize("service", SERVICES)
async def test_all_that_a_worker_says_goes_by_an_index(ground: Ground, service: str, counted: bool) -> None:
    async with ground.run(service) as running:
        if counted:
            await count_a_few(ground, service)
        plans = await plans_of(running, statements_of(service))
    read = [node for plan in plans.values() for node in nodes_of(plan) if "Relation Name" in node]
    assert len(read) >= len(plans), "every statement reads a table"
    assert [sql for sql, plan in plans.items() if any(map(reads_too_much, nodes_of(plan)))] == []
