"""How far behind is a service, in seconds and in numbers? And does it have what it needs?"""

from __future__ import annotations

from typing import Any

from shared.db import transaction
from shared.heads import head_of
from shared.operations.parked import worker
from shared.runtime.relay import outbox_age
from shared.runtime.timers import HELD_UP
from shared.runtime.topics import missing_topics
from shared.settings import Settings

_LAG = """
select (select count(*) from outbox) as unpublished, (select count(*) from parked) as parked,
       (select count(*) from due where parked_code is null and at <= $1) as timers_due,
       (select count(*) from due where parked_code is null and at <= $2) as timers_held_up,
       (select count(*) from due where parked_code is not null) as timers_parked,
       (select coalesce(max(parked_in_a_row), 0) from reader_state) as parked_in_a_row
"""


async def lag(settings: Settings) -> dict[str, Any]:
    """Ages count more than numbers: the oldest unpublished fact in seconds, timers held up for over an hour."""
    async with worker(settings) as engine, transaction(engine) as tx:
        numbers = dict((await tx.rows(_LAG, tx.now, tx.now - HELD_UP))[0])
        read = {
            f"{topic}/{n}": at for topic, n, at in await tx.rows("select topic, partition, next from reader_offset")
        }
        return {
            "service": settings.service,
            "oldest_unpublished_s": round(await outbox_age(tx), 3),
            **numbers,
            "read": read,
        }


async def doctor(settings: Settings) -> dict[str, Any]:
    """Database, migrations, broker, topics: what is wrong, in words."""
    report: dict[str, Any] = {"service": settings.service}
    try:
        async with worker(settings) as engine, transaction(engine) as tx:
            version = (await tx.rows("select version_num from alembic_version"))[0][0]
        head = head_of(settings.service)
        report["database"] = "ok" if version == head else f"at migration {version}, newest is {head}: run migrate"
    except Exception as error:  # a doctor names what is wrong, it does not fall ill of it
        report["database"] = f"cannot be reached or read: {type(error).__name__}"
    try:
        missing = await missing_topics(settings.kafka_bootstrap, settings.topic_prefix)
        report["kafka"] = f"topics missing: {', '.join(missing)}" if missing else "ok"
    except Exception as error:  # as above
        report["kafka"] = f"cannot be reached: {type(error).__name__}"
    return report
