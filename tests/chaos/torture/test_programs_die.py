"""A program that is run by hand dies at each of its named points: run again, it ends as if it had never died."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from care.local.place import ROOT
from care.local.servers import Servers
from shared.db_admin import ensure_database, ensure_roles, own_schema, url_of
from shared.heads import head_of
from shared.runtime.crash import KILLED, POINTS
from shared.runtime.relay import make_producer
from shared.runtime.topics import all_topics, missing_topics
from tests.integration.runtime.log import topics
from tests.integration.runtime.test_restored import PEOPLE, Life, until_the_backup, until_the_loss
from tests.integration.runtime.toy import Toy, a_toy

PATIENCE = 120.0
_TABLES = """
select table_name, column_name, data_type, is_nullable, column_default
from information_schema.columns where table_schema = 'public' order by 1, 2
"""
_INDEXES = "select indexdef from pg_indexes where schemaname = 'public' order by 1"
_ALLOWED = """
select table_name, grantee, privilege_type from information_schema.role_table_grants
where table_schema = 'public' order by 1, 2, 3
"""
_REMEMBERED = (
    "select council_id, subject, last from place order by 1, 2", "select id from already_said order by 1",
    "select seq from outbox order by 1",
)  # fmt: skip


def points_of(program: str) -> list[str]:
    return sorted(point for point in POINTS if point.startswith(f"{program}."))


async def ops(program: str, env: Mapping[str, str], crash: str = "") -> tuple[int, str]:
    """Run `python -m shared.ops`; gives how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.ops", program,
        cwd=ROOT, env={**os.environ, **env, "CARE_CRASH": crash}, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    said, complained = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode in (0, KILLED), complained.decode()[-2000:]
    return process.returncode, said.decode()


async def looked_at(url: str, *questions: str) -> list[list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(url)
    try:
        return [[tuple(row) for row in await connection.fetch(sql)] for sql in questions]
    finally:
        await connection.close()


@asynccontextmanager
async def empty_database(admin_dsn: str, service: str) -> AsyncIterator[str]:
    """A database of a service without a table; gives its name."""
    name = f"{service}_{uuid4().hex[:12]}"
    admin = await asyncpg.connect(admin_dsn)
    try:
        await ensure_roles(admin, service)
        await ensure_database(admin, name, service)
        await own_schema(url_of(admin_dsn, name, "postgres"), service)
        yield name
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


@pytest.mark.parametrize("point", points_of("migrate"))
async def test_a_migration_that_dies_leaves_nothing_half_done_and_is_done_by_the_next(
    real_servers: Servers, templates: dict[str, str], point: str
) -> None:
    async with empty_database(real_servers.admin_dsn, "budget") as name:
        owner = url_of(real_servers.admin_dsn, name, "budget_owner")
        env = {"CARE_SERVICE": "budget", "CARE_OWNER_DATABASE_URL": owner}
        assert (await ops("migrate", env, point))[0] == KILLED
        (found,) = await looked_at(owner, "select count(*) from pg_tables where tablename in ('budget', 'outbox')")
        assert found in ([(0,)], [(2,)])
        assert (await ops("migrate", env))[0] == 0
        made = await looked_at(owner, _TABLES, _INDEXES, _ALLOWED, "select version_num from alembic_version")
        whole = url_of(real_servers.admin_dsn, templates["budget"], "budget_owner")
        assert made[:3] == await looked_at(whole, _TABLES, _INDEXES, _ALLOWED)
        assert made[3] == [(head_of("budget"),)]


@pytest.mark.parametrize("point", points_of("topics"))
async def test_topics_whose_making_dies_are_made_by_the_next(real_servers: Servers, point: str) -> None:
    prefix = f"t{uuid4().hex[:10]}-"
    env = {
        "CARE_SERVICE": "budget", "CARE_KAFKA_BOOTSTRAP": real_servers.bootstrap, "CARE_TOPIC_PREFIX": prefix,
    }  # fmt: skip
    try:
        assert (await ops("topics", env, point))[0] == KILLED
        assert (await ops("topics", env))[0] == 0
        assert await missing_topics(real_servers.bootstrap, prefix) == []
    finally:
        await forget(real_servers.bootstrap, prefix)


async def forget(bootstrap: str, prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.delete_topics([topic.name for topic in all_topics(prefix, 1)])
    await admin.close()


@pytest.fixture
async def toy(real_servers: Servers) -> AsyncIterator[Toy]:
    async with a_toy(real_servers.admin_dsn, real_servers.bootstrap) as made:
        yield made


async def test_taking_up_after_a_backup_dies_without_a_trace_and_names_the_same_when_run_again(toy: Toy) -> None:
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        life = Life(toy, prefix, producer)
        await until_the_backup(life)
        await until_the_loss(life)
        await producer.stop()
        settings = life.settings()
        env = {
            "CARE_SERVICE": "toy", "CARE_WORKER_DATABASE_URL": settings.worker_database_url,
            "CARE_KAFKA_BOOTSTRAP": toy.bootstrap, "CARE_TOPIC_PREFIX": prefix,
        }  # fmt: skip
        before = await looked_at(toy.admin_url, *_REMEMBERED)
        for point in points_of("restored"):
            assert (await ops("restored", env, point))[0] == KILLED
            assert await looked_at(toy.admin_url, *_REMEMBERED) == before
        first, again = [json.loads((await ops("restored", env))[1]) for _ in range(2)]
        assert first == again
        assert first["said_after_the_backup"] == PEOPLE + 1
        places, said, outbox = await looked_at(toy.admin_url, *_REMEMBERED)
    assert sorted(place for *_, place in places) == [2, *[3] * PEOPLE]
    assert len(said) == PEOPLE + 1
    assert outbox == []
