"""What after a backup was restored? Nothing said is said again, no place is used twice, what is missing is named."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contracts.base import topic_of
from shared.db import Tx, transaction
from shared.operations.parked import worker
from shared.runtime.envelope import Envelope, Unreadable, read_envelope
from shared.runtime.relay import PARTITIONS
from shared.settings import Settings

_LIFT = """
insert into place as p (council_id, subject, last)
select * from unnest($1::text[], $2::text[], $3::bigint[]) order by 1, 2
on conflict (council_id, subject) do update set last = greatest(p.last, excluded.last)
"""


async def restored(settings: Settings) -> dict[str, Any]:
    """Read this service's own topic to the end and compare it with its (older) database. Run it before starting parts."""
    async with worker(settings) as engine:
        async with transaction(engine) as tx:
            rows = await tx.rows("select council_id, subject, last from place")
        known = {(council, subject): last for council, subject, last in rows}
        beyond = [one for one in await _own_log(settings) if one.place > known.get((one.council, one.subject), 0)]
        async with transaction(engine) as tx:
            await _note(tx, beyond)
    return {"said_after_the_backup": len(beyond), "without_a_row_any_more": [_named(one) for one in beyond]}


async def _own_log(settings: Settings) -> list[Envelope]:
    topic = settings.topic_prefix + topic_of(settings.service)
    kafka = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap, enable_auto_commit=False)
    await kafka.start()
    try:
        partitions = [TopicPartition(topic, n) for n in range(PARTITIONS)]
        kafka.assign(partitions)
        await kafka.seek_to_beginning(*partitions)
        ends = await kafka.end_offsets(partitions)
        said: list[Envelope] = []
        while any([await kafka.position(tp) < end for tp, end in ends.items()]):
            for records in (await kafka.getmany(timeout_ms=500)).values():
                said += _envelopes(records)
        return said
    finally:
        await kafka.stop()


def _envelopes(records: list[Any]) -> list[Envelope]:
    read = []
    for record in records:
        try:
            read.append(read_envelope(record.headers))
        except Unreadable:
            continue
    return read


async def _note(tx: Tx, beyond: list[Envelope]) -> None:
    """Lift the counters and remember the ids; the unpublished rows of the backup were published long ago."""
    highest: dict[tuple[str, str], int] = {}
    for one in beyond:
        subject = (one.council, one.subject)
        highest[subject] = max(highest.get(subject, 0), one.place)
    ordered = sorted(highest)
    await tx.run(_LIFT, [c for c, _ in ordered], [s for _, s in ordered], [highest[key] for key in ordered])
    ids: list[UUID] = [one.id for one in beyond]
    await tx.run("insert into already_said (id) select distinct unnest($1::uuid[]) on conflict do nothing", ids)


def _named(one: Envelope) -> dict[str, Any]:
    return {
        "council": one.council,
        "subject": one.subject,
        "place": one.place,
        "type": one.type,
        "id": str(one.id),
        "cause": str(one.causation),
    }
