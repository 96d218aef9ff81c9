"""Which databases and roles does a service have, and who makes them? Run by the administrator, any number of times.

One database per service, owned by `<service>_owner`; `_http`, `_worker` and `_ops` may connect and see the schema, and
get what else they need from the service's own migrations. No role of another service may connect at all.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import asyncpg

KINDS = ("owner", "http", "worker", "ops")
LOCK = 5_417_002_218  # any number, the same in all copies: CREATE ROLE knows no IF NOT EXISTS


def roles_of(service: str) -> tuple[str, ...]:
    """('budget_owner', 'budget_http', 'budget_worker', 'budget_ops')"""
    return tuple(f"{service}_{kind}" for kind in KINDS)


def url_of(admin_dsn: str, database: str, role: str) -> str:
    """The administrator's address with another database and role; a password, where there is one, is shared."""
    parts = urlsplit(admin_dsn)
    secret = f":{parts.password}" if parts.password else ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, f"{role}{secret}@{host}", f"/{database}", parts.query, ""))


async def ensure_databases(admin_dsn: str, services: Sequence[str]) -> None:
    """Make the roles and the database of each service, where they are missing. Safe to call from many at once.

    Raises asyncpg.PostgresError where the administrator may not do so, OSError where the server is away.
    """
    admin = await asyncpg.connect(admin_dsn)
    try:
        await admin.execute("SELECT pg_advisory_lock($1)", LOCK)
        for service in services:
            await ensure_roles(admin, service, urlsplit(admin_dsn).password)
            await ensure_database(admin, service, service)
            await own_schema(url_of(admin_dsn, service, urlsplit(admin_dsn).username or "postgres"), service)
    finally:
        await admin.close()


async def ensure_roles(admin: asyncpg.Connection, service: str, password: str | None = None) -> None:
    """The four roles, able to log in and nothing more."""
    for role in roles_of(service):
        if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await admin.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        if password is not None:
            await admin.execute(
                f"ALTER ROLE {role} PASSWORD {await admin.fetchval('SELECT quote_literal($1)', password)}"
            )


async def ensure_database(admin: asyncpg.Connection, name: str, service: str) -> None:
    """A database that only the service's own roles may connect to; its name may differ, as it does in tests."""
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await admin.execute(f"CREATE DATABASE {name} OWNER {service}_owner")
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await admin.execute(f"GRANT CONNECT ON DATABASE {name} TO {', '.join(roles_of(service))}")


async def own_schema(dsn: str, service: str) -> None:
    """Give the schema of one database, as its administrator, to the service's owner."""
    _, *others = roles_of(service)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"ALTER SCHEMA public OWNER TO {service}_owner")
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await connection.execute(f"GRANT USAGE ON SCHEMA public TO {', '.join(others)}")
    finally:
        await connection.close()
