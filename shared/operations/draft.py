"""How is a migration drafted? Alembic compares the models with the database; the first one also lays the runtime's tables."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from shared.migrate import folder_of, head_of
from shared.runtime.rows import metadata_of
from shared.runtime.tables import RUNTIME_TABLES

_FILE = '''"""{title}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.runtime import tables

revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
{body}
'''


async def draft_migration(service: str, owner_url: str, name: str) -> dict[str, str]:
    """Write `versions/NNNN_name.py` and move `head.txt`. The draft is read and mended by a person before it is committed."""
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            body = await connection.run_sync(_body, service)
    finally:
        await engine.dispose()
    return _write(service, name, body)


def differences(connection: sa.Connection, service: str) -> Any:
    """What the models say and the database does not have, or the other way round."""
    import_module(f"services.{service}.models")
    context = MigrationContext.configure(
        connection, opts={"include_object": _of_the_service, "compare_type": True, "include_schemas": False}
    )
    return produce_migrations(context, metadata_of(f"services.{service}.models"))


def _of_the_service(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    return not (kind == "table" and name in RUNTIME_TABLES)


def _body(connection: sa.Connection, service: str) -> str:
    made = differences(connection, service)
    assert made.upgrade_ops is not None
    new = [op.table_name for op in made.upgrade_ops.ops if type(op).__name__ == "CreateTableOp"]
    code = render_python_code(made.upgrade_ops)
    first = "    tables.install(op)\n" if not (folder_of(service) / "head.txt").exists() else ""
    names = ", ".join(f'"{name}"' for name in new)
    wall = f'    tables.protect(op, "{service}", ({names},), first={bool(first)})\n' if new else ""
    return f"{first}    {code.strip()}\n{wall}"


def _write(service: str, name: str, body: str) -> dict[str, str]:
    folder = folder_of(service)
    before = head_of(service) if (folder / "head.txt").exists() else None
    revision = f"{int(before[:4]) + 1 if before else 1:04d}"
    path = folder / "versions" / f"{revision}_{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_FILE.format(title=name.replace("_", " "), revision=revision, down=repr(before), body=body))
    (folder / "head.txt").write_text(revision + "\n")
    return {"written": path.name, "head": revision}
