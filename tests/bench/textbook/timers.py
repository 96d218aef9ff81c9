"""Reminders to come back to, as the textbook has them: a row in a table."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime

from tests.bench.textbook.events import Base, Meta, Sessions


class Timer(Base):
    __tablename__ = "due"
    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    council_id: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    body: Mapped[str]
    cause: Mapped[UUID]
    correlation: Mapped[UUID]

    @classmethod
    def of(cls, name: str, key: str, meta: Meta, subject: UUID, at: datetime, about: UUID) -> Timer:
        body = json.dumps({"about": str(about)})
        return cls(
            name=name, key=key, council_id=meta.council, subject=str(subject), at=at, body=body, cause=meta.event_id,
            correlation=uuid4(),
        )  # fmt: skip


async def keep_sweeping(sessions: Sessions, sweep: Callable[[AsyncSession], Awaitable[int]]) -> None:
    while True:
        async with sessions() as session, session.begin():
            fell = await sweep(session)
        if not fell:
            await asyncio.sleep(0.5)
