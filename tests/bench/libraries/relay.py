"""A relay by faststream-outbox, as its tutorial has it: 16 workers hand one row each on to Kafka.

The library claims rows with `for update skip locked` and promises no order between workers. Key and headers are handed on
as they were stored.
"""

from __future__ import annotations

import os
from typing import Any

from faststream import FastStream
from faststream.kafka import KafkaBroker, KafkaResponse
from faststream_outbox import OutboxBroker, make_outbox_table
from faststream_outbox.annotations import OutboxMessage
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

TABLE, QUEUE, TOPIC, WORKERS = "library_outbox", "events", "marketplace.events", 16
TO = make_outbox_table(MetaData(), table_name=TABLE)


def statements() -> list[str]:
    """The library's own table and indexes, as SQL."""
    made = [CreateTable(TO), *(CreateIndex(index) for index in TO.indexes)]
    return [str(statement.compile(dialect=postgresql.dialect())) for statement in made]


def kafka_of(bootstrap: str) -> KafkaBroker:
    return KafkaBroker(bootstrap, acks="all", enable_idempotence=True, logger=None)


def make_app(url: str, bootstrap: str, prefix: str) -> FastStream:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=WORKERS + 4)
    outbox, kafka = OutboxBroker(engine, outbox_table=TO, logger=None), kafka_of(bootstrap)

    @kafka.publisher(prefix + TOPIC)
    @outbox.subscriber(
        QUEUE, max_workers=WORKERS, fetch_batch_size=100, min_fetch_interval=0.01, max_fetch_interval=0.05
    )
    async def relay(body: dict[str, Any], message: OutboxMessage) -> KafkaResponse:
        headers = {name: value for name, value in message.headers.items() if name.startswith("ce_")}
        return KafkaResponse(body, key=headers["ce_subject"].encode(), headers=headers)

    return FastStream(outbox, on_startup=[kafka.connect])


if __name__ == "__main__":
    import uvloop

    uvloop.run(make_app(os.environ["BENCH_DATABASE_URL"], os.environ["BENCH_KAFKA"], os.environ["BENCH_PREFIX"]).run())
