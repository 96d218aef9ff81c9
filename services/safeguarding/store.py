"""What does safeguarding ask its database, besides plain fetches by key? The only place with SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.safeguarding.models import Alert, Concern, Miss, Restriction, Told
from services.safeguarding.rules import states
from services.safeguarding.rules.alerts import Kind, Owner
from shared.db import Tx
from shared.runtime.reading import select, select_one

# Row-level security shows one council; `owners` narrows alerts to those whose alerts the caller may see.
_SEEN = "t.owner = any($2::text[])"
_FILTERS = """t.alert_id > $1 and t.owner = any($2::text[]) and ($3::text is null or t.state = $3)
and ($4::text is null or t.alert_kind = $4) and ($5::uuid is null or t.supplier_id = $5) order by t.alert_id limit $6"""


async def alerts(
    tx: Tx,
    after: UUID,
    owners: Sequence[Owner],
    state: states.Alert | None,
    kind: Kind | None,
    supplier_id: UUID | None,
    limit: int,
) -> Sequence[Alert]:
    return await select(tx, Alert, _FILTERS, after, list(owners), state, kind, supplier_id, limit)


async def alert(tx: Tx, alert_id: UUID, owners: Sequence[Owner]) -> Alert | None:
    return await select_one(tx, Alert, f"t.alert_id = $1 and {_SEEN}", alert_id, list(owners))


async def misses(tx: Tx, visit_ids: Sequence[UUID]) -> Sequence[Miss]:
    """Those of an alert's evidence that are missed visits, in the order of time."""
    return await select(tx, Miss, "t.visit_id = any($1::uuid[]) order by t.planned_at, t.visit_id", list(visit_ids))


async def concerns(tx: Tx, after: UUID, state: states.Concern | None, limit: int) -> Sequence[Concern]:
    where = "t.concern_id > $1 and ($2::text is null or t.state = $2) order by t.concern_id limit $3"
    return await select(tx, Concern, where, after, state, limit)


async def concern(tx: Tx, concern_id: UUID) -> Concern | None:
    return await select_one(tx, Concern, "t.concern_id = $1", concern_id)


async def concluded(tx: Tx, first: date, last: date) -> Sequence[Concern]:
    """Concerns whose enquiry was concluded on one of these days, both included."""
    return await select(tx, Concern, "t.concluded_on between $1 and $2 order by t.concern_id", first, last)


async def restrictions(
    tx: Tx, after: UUID, state: states.Restriction | None, supplier_id: UUID | None, limit: int
) -> Sequence[Restriction]:
    where = """t.restriction_id > $1 and ($2::text is null or t.state = $2)
    and ($3::uuid is null or t.supplier_id = $3) order by t.restriction_id limit $4"""
    return await select(tx, Restriction, where, after, state, supplier_id, limit)


async def restriction(tx: Tx, restriction_id: UUID) -> Restriction | None:
    return await select_one(tx, Restriction, "t.restriction_id = $1", restriction_id)


async def told(tx: Tx, after: UUID, supplier_id: UUID | None, limit: int) -> Sequence[Told]:
    """What other councils told this one."""
    where = "t.told_id > $1 and ($2::uuid is null or t.supplier_id = $2) order by t.told_id limit $3"
    return await select(tx, Told, where, after, supplier_id, limit)
