"""How does a database get its tables? One Alembic a service, numbered, forward only, one at a time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine

from shared.heads import folder_of
from shared.runtime.crash import crash_point

LOCK = 0x0CA2E5
LOCK_TIMEOUT = "5s"


async def migrate(service: str, owner_url: str) -> None:
    """Bring one database to head, as its owner."""
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, service)
            await connection.commit()
    finally:
        await engine.dispose()


def _upgrade(connection: sa.Connection, service: str) -> None:
    connection.execute(sa.text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(sa.text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    crash_point("migrate.locked")
    config = Config()
    config.set_main_option("script_location", str(folder_of(service)))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
        crash_point("migrate.done")
    finally:
        connection.execute(sa.text("select pg_advisory_unlock(:lock)"), {"lock": LOCK})


def _stepped(*_: Any, **__: Any) -> None:
    """A migration is written, and not yet committed."""
    crash_point("migrate.stepped")


def run_env() -> None:
    """What every service's `migrations/env.py` calls."""
    connection: sa.Connection = context.config.attributes["connection"]
    context.configure(connection=connection, transaction_per_migration=True, on_version_apply=_stepped)
    with context.begin_transaction():
        context.run_migrations()
