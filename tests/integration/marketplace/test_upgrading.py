"""PAs who were there before a migration have the employer that the rules name, and nothing they showed is lost."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine

from care.local.servers import Servers
from services.marketplace.rules.suppliers import employer_id
from shared.contracts.base import Employer
from shared.db_admin import ensure_database, ensure_roles, own_schema, url_of
from shared.heads import folder_of
from shared.migrate import migrate
from tests.integration.marketplace.journey import EMPLOYER

BEFORE = "0001"
SUPPLIER = """insert into supplier (supplier_id, council_id, name, supplier_kind, arms_length, synthetic, imported, terms,
    close_family, close_family_in_household, age, version, employer, for_person_id)
    values ($1, 'E99999999', 'Synthetic', 'pa', false, true, false, '[]', false, false, '{}', 0, $2, $3)"""
EVIDENCE = """insert into evidence (evidence_id, council_id, supplier_id, evidence_kind, holds_from, recorded_by, version)
    values ($1, 'E99999999', $1, 'contract', '2026-01-01', 'cora', 0)"""


@pytest.fixture
async def old(real_servers: Servers) -> AsyncIterator[str]:
    """The owner's address of a database as the first release made it."""
    name, service, dsn = f"marketplace_{uuid.uuid4().hex[:12]}", "marketplace", real_servers.admin_dsn
    admin = await asyncpg.connect(dsn)
    await ensure_roles(admin, service)
    await ensure_database(admin, name, service)
    await own_schema(url_of(dsn, name, "postgres"), service)
    owner = url_of(dsn, name, "marketplace_owner")
    engine = create_async_engine(owner.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade_to, BEFORE)
        await connection.commit()
    await engine.dispose()
    yield owner
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


def _upgrade_to(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder_of("marketplace")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_employers_are_named_as_the_rules_name_them(old: str) -> None:
    asked = [(Employer.PERSON, EMPLOYER), (Employer.NOMINEE, EMPLOYER), (Employer.POOL, None), (Employer.NONE, None)]
    them = {uuid.uuid4(): each for each in asked}
    owner = await asyncpg.connect(old)
    for one, (employer, person) in them.items():
        await owner.execute(SUPPLIER, one, employer.value, person)
        await owner.execute(EVIDENCE, one)
    await migrate("marketplace", old)
    rows = await owner.fetch("select supplier_id, employer_id from supplier")
    assert dict(rows) == {one: employer_id(*each) for one, each in them.items()}
    assert len({row["employer_id"] for row in rows if row["employer_id"]}) == 3
    assert await owner.fetchval("select count(*) from evidence where employer_id is null") == len(them)
    await owner.close()
