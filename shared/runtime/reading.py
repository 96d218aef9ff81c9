"""How does a read find rows? By a WHERE written in `store.py`; rows come back as the dataclasses they are."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from shared.db import Tx
from shared.runtime.rows import Row

R = TypeVar("R", bound=Row)


async def select(tx: Tx, row: type[R], where: str, *params: Any) -> list[R]:
    """Rows of one kind. `where` may go on with `order by` and `limit`; columns are those of `t`."""
    kind = row.kind
    found = await tx.rows(f'select {kind.select_list} from "{kind.name}" t where {where}', *params)
    return [cast("R", kind.read(values)) for values in found]


async def select_one(tx: Tx, row: type[R], where: str, *params: Any) -> R | None:
    rows = await select(tx, row, where, *params)
    return rows[0] if rows else None
