"""What a service's models say is what its migrations made: nobody adds a column and forgets the migration."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from care.local.servers import Servers
from shared.contracts import SERVICES
from shared.db_admin import url_of
from shared.operations.draft import differences


def _changes(connection: sa.Connection, service: str) -> list[Any]:
    return list(differences(connection, service).upgrade_ops.as_diffs())


@pytest.mark.parametrize("service", SERVICES)
async def test_a_migrated_database_has_the_tables_of_the_models(
    service: str, real_servers: Servers, templates: dict[str, str]
) -> None:
    """Looked at in a copy: nobody may be connected to a template while it is cloned."""
    admin = create_async_engine(real_servers.admin_dsn.replace("postgresql://", "postgresql+asyncpg://", 1))
    copy = f"{templates[service]}_looked_at"
    async with admin.connect() as connection:
        raw = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await raw.execute(sa.text(f"drop database if exists {copy} with (force)"))
        await raw.execute(sa.text(f"create database {copy} template {templates[service]} owner {service}_owner"))
        url = url_of(real_servers.admin_dsn, copy, f"{service}_owner").replace(
            "postgresql://", "postgresql+asyncpg://", 1
        )
        engine = create_async_engine(url)
        try:
            async with engine.connect() as theirs:
                assert await theirs.run_sync(_changes, service) == []
        finally:
            await engine.dispose()
            await raw.execute(sa.text(f"drop database {copy} with (force)"))
    await admin.dispose()
