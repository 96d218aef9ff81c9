"""The consumer loop, the inbox, the outbox and its relay, as the textbook has them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.clock import civil_date
from shared.contracts.base import FACTS, Fact, topic_of


class Base(DeclarativeBase):
    pass


class Inbox(Base):
    __tablename__ = "book_inbox"
    event_id: Mapped[UUID] = mapped_column(primary_key=True)


class Outbox(Base):
    __tablename__ = "book_outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    key: Mapped[str]
    headers: Mapped[str]
    payload: Mapped[str]


@dataclass(frozen=True)
class Meta:
    """Whose event it is, and when it was said."""

    event_id: UUID
    council: str
    time: datetime

    @property
    def today(self) -> date:
        return civil_date(self.time)


Handler = Callable[[AsyncSession, Fact, Meta], Awaitable[Sequence[Fact]]]
Sessions = async_sessionmaker[AsyncSession]


def make_sessions(url: str) -> Sessions:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    return async_sessionmaker(engine, expire_on_commit=False)


def say(session: AsyncSession, fact: Fact, council: str, time: datetime) -> None:
    """Write an event to the outbox, in the transaction of the change."""
    headers = {
        "ce_id": str(uuid4()),
        "ce_type": fact.type_name(),
        "ce_source": fact.service,
        "ce_council": council,
        "ce_time": time.isoformat(),
        "ce_subject": fact.subject,
    }
    session.add(
        Outbox(
            topic=topic_of(fact.service),
            key=fact.subject,
            headers=json.dumps(headers),
            payload=fact.model_dump_json(),
        )
    )


async def handle(sessions: Sessions, handlers: Mapping[str, Handler], message: object) -> None:
    """One event, one session, one transaction."""
    headers = {name: value.decode() for name, value in message.headers}  # type: ignore[attr-defined]
    handler = handlers.get(headers["ce_type"])
    if handler is None:
        return
    meta = Meta(UUID(headers["ce_id"]), headers["ce_council"], datetime.fromisoformat(headers["ce_time"]))
    fact = FACTS[headers["ce_type"]].model_validate_json(message.value)  # type: ignore[attr-defined]
    async with sessions() as session, session.begin():
        if await session.get(Inbox, meta.event_id):
            return
        session.add(Inbox(event_id=meta.event_id))
        for said in await handler(session, fact, meta):
            say(session, said, meta.council, meta.time)


async def consume(
    sessions: Sessions, bootstrap: str, prefix: str, service: str, hears: Sequence[str], handlers: Mapping[str, Handler]
) -> None:
    consumer = AIOKafkaConsumer(
        *(prefix + topic_of(name) for name in hears),
        bootstrap_servers=bootstrap,
        group_id=prefix + service,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async for message in consumer:
            await handle(sessions, handlers, message)
            await consumer.commit()
    finally:
        await consumer.stop()


async def relay(sessions: Sessions, bootstrap: str, prefix: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        while True:
            async with sessions() as session, session.begin():
                rows = (await session.scalars(select(Outbox).order_by(Outbox.id).limit(100))).all()
                for row in rows:
                    headers = [(name, value.encode()) for name, value in json.loads(row.headers).items()]
                    await producer.send_and_wait(
                        prefix + row.topic, row.payload.encode(), key=row.key.encode(), headers=headers
                    )
                    await session.delete(row)
            if not rows:
                await asyncio.sleep(0.02)
    finally:
        await producer.stop()
