"""How are tables that follow from facts alone made anew? By hearing the whole log again, into an empty database, in silence.

Nothing is said: it was said already. Timers are set, because what is not yet due must still fall due. Inbox and offsets
are written as a reader writes them, so the service reads on from there. What people decided by command is in no fact
that is heard, and does not come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import transaction
from shared.runtime.batches import run_batch
from shared.runtime.hearing import Condemned, Hearing
from shared.runtime.log import read_batches
from shared.runtime.parking import Drain
from shared.runtime.records import Record
from shared.runtime.service import Service

BATCH = 2_000
"""Records a transaction: many times what a reader takes, because nobody waits for any one of them."""
AHEAD = 2
"""Batches that are read and taken apart while one is being decided."""

_BEGUN = """select exists (select 1 from inbox) or exists (select 1 from place) or exists (select 1 from due)"""


class NotEmpty(Exception):
    """The database has heard or said something already: a rebuild would do that twice."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many facts were read."""

    facts: int


class Rebuild:
    """One service's tables, from the topics it hears."""

    def __init__(self, engine: AsyncEngine, service: Service, bootstrap: str, *, prefix: str = "") -> None:
        self.engine, self.service, self.bootstrap, self.prefix = engine, service, bootstrap, prefix
        self.drain = Drain(engine, service, service.name, silent=True)

    async def run(self) -> Rebuilt:
        """To the end of the log as it stood at the beginning. Raises NotEmpty. What cannot be applied is parked, as ever."""
        await self._refuse_what_has_begun()
        facts = 0
        async with _read_ahead(self.bootstrap, self.service, self.prefix) as batches:
            async for records in batches:
                await run_batch(records, self._attempt)
                facts += len(records)
        await self.drain.drain_closed_gaps()
        return Rebuilt(facts)

    async def _attempt(self, records: Sequence[Record], condemned: Condemned | None = None) -> None:
        async with transaction(self.engine) as tx:
            hearing = Hearing(tx, self.service, self.service.name, condemned, silent=True)
            await hearing.hear(records)
        await self.drain.drain_closed_gaps(hearing.drainable())

    async def _refuse_what_has_begun(self) -> None:
        async with transaction(self.engine) as tx:
            if (await tx.rows(_BEGUN))[0][0]:
                raise NotEmpty


@asynccontextmanager
async def _read_ahead(bootstrap: str, service: Service, prefix: str) -> AsyncIterator[AsyncIterator[Sequence[Record]]]:
    """The next batches are fetched and taken apart while the database works on this one."""
    waiting: asyncio.Queue[Sequence[Record] | None] = asyncio.Queue(AHEAD)

    async def fetch() -> None:
        topics = [topic_of(source) for source in service.hears]
        async for records in read_batches(bootstrap, topics, prefix=prefix, most=BATCH):
            await waiting.put(records)
        await waiting.put(None)

    async def batches() -> AsyncIterator[Sequence[Record]]:
        while (records := await waiting.get()) is not None:
            yield records

    async with asyncio.TaskGroup() as reading:
        reading.create_task(fetch())
        yield batches()
