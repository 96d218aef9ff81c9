"""What stands in a column that a frozen baseline does not know? The default of the product's own model.

The product's tables grow; the baselines stay as they were frozen, and write the columns they know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from enum import Enum
from importlib import import_module
from typing import Any

import asyncpg
import sqlalchemy as sa

from shared.runtime.rows import Kind, Row


def defaults_of(kind: Kind) -> dict[str, Any]:
    """Each column with a default other than null, and that default as it is stored."""
    return dict(_defaults(kind))


def _defaults(kind: Kind) -> Iterator[tuple[str, Any]]:
    for field in fields(kind.row):
        value = field.default if field.default_factory is MISSING else field.default_factory()
        if value is not MISSING and value is not None:
            to_sql = kind.column(field.name).to_sql
            stored = to_sql(value) if to_sql else value
            yield field.name, stored.value if isinstance(stored, Enum) else stored


def kinds_of(service: str) -> list[Kind]:
    """Every table a service's models declare."""
    models = vars(import_module(f"services.{service}.models")).values()
    return [each.kind for each in models if isinstance(each, type) and issubclass(each, Row) and hasattr(each, "kind")]


async def give_defaults(owner: asyncpg.Connection, service: str) -> None:
    """To the database's own columns, for who writes plain SQL."""
    for kind in kinds_of(service):
        for name, value in defaults_of(kind).items():
            literal = await owner.fetchval("select quote_literal($1::text)", _text(value))
            await owner.execute(f'alter table "{kind.name}" alter column "{name}" set default {literal}')


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def learn_defaults(service: str) -> None:
    """To the mapped columns, for who writes through an ORM."""
    for kind in kinds_of(service):
        for name, value in defaults_of(kind).items():
            column = kind.table.c[name]
            column.default = sa.ColumnDefault(value)
            column.default._set_parent(column)
