"""How are tables that follow from facts alone made anew? By hearing the whole log again, into an empty database, in silence.

Nothing is said: it was said already. Timers are set, because what is not yet due must still fall due. Inbox and offsets
are written as a reader writes them, so the service reads on from there; what a killed rebuild left is as consistent, only not
all. What people decided by command is in no fact that is heard, and does not come back.

The partitions are divided among workers, each a process of its own (docs/adr/0025). A partition number is one worker's in
every topic, so all that is said about a subject comes to one worker, whoever said it; workers are to one another what
two live readers are, and a row that facts about several subjects meet in is raced for in the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import transaction
from shared.runtime.batches import Fault, run_batch
from shared.runtime.hearing import Condemned, Hearing
from shared.runtime.log import Ends, ends_of, read_to
from shared.runtime.parking import Drain
from shared.runtime.part import where
from shared.runtime.records import Record
from shared.runtime.service import Service
from shared.workers import Tell

BATCH = 2_000
"""Records a transaction: many times what a reader takes, because nobody waits for any one of them."""
AHEAD = 2
"""Batches that are read and taken apart while one is being decided."""

_BEGUN = """select exists (select 1 from inbox) or exists (select 1 from place) or exists (select 1 from due)"""


class NotEmpty(Exception):
    """The database has heard or said something already: a rebuild would do that twice."""


class Unheard(Exception):
    """Trouble of a rebuild, Kafka's or the database's included: nothing of it is tried again. It is told by class and place
    alone, because an error's own words may hold what was heard."""


class Rebuild:
    """One service's tables, from the topics it hears: `begin` once, `hear` each share of the log, `end` once."""

    def __init__(self, engine: AsyncEngine, service: Service, bootstrap: str, *, prefix: str = "") -> None:
        self.engine, self.service, self.bootstrap, self.prefix = engine, service, bootstrap, prefix
        self.drain = Drain(engine, service, service.name, silent=True)

    async def begin(self) -> Ends:
        """Where the log ends now: every worker hears up to there and no further. Raises NotEmpty."""
        async with transaction(self.engine) as tx:
            if (await tx.rows(_BEGUN))[0][0]:
                raise NotEmpty
        return await ends_of(self.bootstrap, [topic_of(source) for source in self.service.hears], prefix=self.prefix)

    async def hear(self, share: Ends, tell: Tell) -> None:
        """All of a share; tells how many facts each batch held. What cannot be applied is parked, as ever. Raises Unheard."""
        with _content_untold():
            async with _read_ahead(self.bootstrap, share, self.prefix) as batches:
                async for records in batches:
                    await run_batch(records, self._attempt)
                    tell(len(records))

    async def end(self) -> None:
        """What is left behind a gap that has closed is drained by one, when all have heard their share. Raises Unheard."""
        with _content_untold():
            await self.drain.drain_closed_gaps()

    async def _attempt(self, records: Sequence[Record], condemned: Condemned | None = None) -> None:
        async with transaction(self.engine) as tx:
            hearing = Hearing(tx, self.service, self.service.name, condemned, silent=True)
            await hearing.hear(records)
        await self.drain.drain_closed_gaps(hearing.drainable())


@contextmanager
def _content_untold() -> Iterator[None]:
    trouble: list[str] = []
    try:
        yield
    except* Exception as several:
        trouble += map(_told, several.exceptions)
    if trouble:
        raise Unheard("; ".join(trouble))  # here, where it is chained to nothing that has words of its own


def _told(error: Exception) -> str:
    return f"{error if isinstance(error, Fault) else type(error).__name__} at {where(error.__cause__ or error)}"


def shares_of(ends: Ends, workers: int) -> list[Ends]:
    """The log divided by partition number; who would have nothing to hear is left out."""
    shares = [{of: end for of, end in ends.items() if of[1] % workers == n} for n in range(workers)]
    return [share for share in shares if any(share.values())]


@asynccontextmanager
async def _read_ahead(bootstrap: str, share: Ends, prefix: str) -> AsyncIterator[AsyncIterator[Sequence[Record]]]:
    """The next batches are fetched and taken apart while the database works on this one."""
    waiting: asyncio.Queue[Sequence[Record] | None] = asyncio.Queue(AHEAD)

    async def fetch() -> None:
        async for records in read_to(bootstrap, share, prefix=prefix, most=BATCH):
            await waiting.put(records)
        await waiting.put(None)

    async def batches() -> AsyncIterator[Sequence[Record]]:
        while (records := await waiting.get()) is not None:
            yield records

    async with asyncio.TaskGroup() as reading:
        reading.create_task(fetch())
        yield batches()
