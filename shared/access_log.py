"""Who looked at, or acted on, whose record? One row a look, in the transaction of the look."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.db import Statement, Tx
from shared.runtime.messages import Caller

_WRITE = """
insert into access_log (council_id, sub, client_id, role, purpose, subject, at)
select k.*, $7::timestamptz from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as k
"""


Look = tuple[Caller, str, UUID | None]
"""(who, for what purpose: the verb or the read, whose id: the thing's or the person's)"""


async def write_access_log(tx: Tx, looks: Sequence[Look]) -> None:
    await tx.together(log_looks(tx, looks))


def log_looks(tx: Tx, looks: Sequence[Look]) -> list[Statement]:
    """To be written with others, in the transaction of the look."""
    rows = [
        (caller.council, caller.sub, caller.client_id, caller.role, purpose, str(subject or ""))
        for caller, purpose, subject in looks
    ]
    return [Statement(_WRITE, (*map(list, zip(*rows, strict=True)), tx.now))] if rows else []
