"""When is nothing itself an event? A reminder that is due speaks once everything said before it has been heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import Tx, transaction
from shared.runtime.batches import run_batch
from shared.runtime.fold import Fold, Folded
from shared.runtime.messages import Due, Message
from shared.runtime.part import Part, close
from shared.runtime.service import Decision, Service
from shared.runtime.watermarks import Tide

log = structlog.get_logger()

BATCH = 500
IDLE_SECONDS = 0.2
HELD_UP = timedelta(hours=1)
"""A timer held up for longer than this shows in `care lag`."""

_DUE = """
select name, key, council_id, subject, at, body, cause, correlation from due
where at <= $1 and parked_code is null and name = any($2::text[]) order by at, name, key limit $3
"""
_LOCK = """
select t.name, t.key, t.council_id, t.subject, t.at, t.body, t.cause, t.correlation
from due t join unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as k(name, key, council_id, at)
  on t.name = k.name and t.key = k.key and t.council_id = k.council_id and t.at = k.at and t.parked_code is null
order by t.at, t.name, t.key for update of t
"""
_DONE = """
delete from due t using unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) as k(name, key, council_id, cause)
where t.name = k.name and t.key = k.key and t.council_id = k.council_id and t.cause = k.cause
"""
_PARK = """
update due t set parked_code = k.code, parked_detail = k.detail
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as k(name, key, council_id, code, detail)
where t.name = k.name and t.key = k.key and t.council_id = k.council_id
"""
_TROUBLED = """
select distinct subject from inbox where reader = $1 and (held or gaps > 0) and subject = any($2::text[])
"""

Id = tuple[str, str, str]
"""(name, key, council)"""


@dataclass(frozen=True, slots=True)
class Timer:
    """A row of `due`."""

    name: str
    key: str
    council: str
    subject: str
    at: datetime
    body: str
    cause: UUID
    correlation: UUID

    @property
    def id(self) -> Id:
        return self.name, self.key, self.council


class Timers(Part):
    """Sweeps what is due. Which of it may speak already is decided from watermarks and this reader's own offsets."""

    name = "timers"

    def __init__(self, engine: AsyncEngine, service: Service, bootstrap: str, *, prefix: str = "") -> None:
        super().__init__()
        self.engine, self.service, self.bootstrap, self.prefix = engine, service, bootstrap, prefix
        self.tide = Tide(bootstrap, prefix)
        self.sweeps = 0

    async def run(self) -> None:
        while not self.stopping:
            await self.guarded(self._sweep_on)

    async def _sweep_on(self) -> None:
        self.tide = Tide(self.bootstrap, self.prefix)
        try:
            await self.tide.start()
            self.ready = True
            while not self.stopping:
                self.beat()
                await self.tide.read()
                if not await self.sweep():
                    await self.sleep(IDLE_SECONDS)
        finally:
            self.ready = False
            await close(self.tide)

    async def sweep(self) -> int:
        """Let every timer speak that may; gives how many did."""
        self.sweeps += 1
        async with transaction(self.engine) as tx:
            rows = await tx.rows(_DUE, tx.now, list(self.service.timers), BATCH)
            timers = await self._that_may_speak(tx, [Timer(*row) for row in rows]) if rows else []
        if timers:
            await run_batch(timers, self._attempt)
            self.said()
        return len(timers)

    async def _that_may_speak(self, tx: Tx, timers: Sequence[Timer]) -> list[Timer]:
        """Those whose sources are heard to after their time, with nothing queued for their subject."""
        rows = await tx.rows("select topic, partition, next from reader_offset where reader = $1", self.service.name)
        read = {(topic, partition): following for topic, partition, following in rows}
        subjects = sorted({timer.subject for timer in timers})
        troubled = {row[0] for row in await tx.rows(_TROUBLED, self.service.name, subjects)}
        heard = partial(self._is_heard, read)
        return [timer for timer in timers if timer.subject not in troubled and heard(timer)]

    def _is_heard(self, read: dict[tuple[str, int], int], timer: Timer) -> bool:
        for source in self.service.timers[timer.name].after:
            mark = self.tide.latest.get(source)
            if mark is None or mark.at < timer.at:
                return False
            if any(read.get((topic_of(source), partition), 0) < end for partition, end in mark.ends.items()):
                return False
        return True

    async def _attempt(self, timers: Sequence[Timer], condemned: tuple[str, str] | None) -> None:
        async with transaction(self.engine) as tx:
            fold = Fold(tx, self.service.name, self._decisions)
            rows = await tx.rows(_LOCK, *map(list, zip(*[(*timer.id, timer.at) for timer in timers], strict=True)))
            due = [self._as_message(Timer(*row)) for row in rows]
            await fold.load(due)
            folded = [Folded(one, error=_Condemned()) if condemned else await fold.decide(one) for one in due]
            await self._clear([one.message for one in folded if one.error is None], tx)
            await fold.finish()
            await self._park([one for one in folded if one.error is not None], condemned, tx)

    async def _clear(self, done: Sequence[Message[Any]], tx: Tx) -> None:
        """Before `finish`: a decision may set the same timer anew."""
        rows = [(one.name, one.key, one.council, one.cause) for one in done if isinstance(one, Due)]
        if rows:
            await tx.run(_DONE, *map(list, zip(*rows, strict=True)))

    async def _park(self, folded: Sequence[Folded], condemned: tuple[str, str] | None, tx: Tx) -> None:
        rows = []
        for one in folded:
            assert isinstance(one.message, Due)
            code, detail = condemned or ("rule_raised", type(one.error).__name__)
            rows.append((one.message.name, one.message.key, one.message.council, code, detail))
        if rows:
            await tx.run(_PARK, *map(list, zip(*rows, strict=True)))

    def _as_message(self, timer: Timer) -> Due[Any]:
        return Due(
            body=self.service.reminders[timer.name].model_validate_json(timer.body),
            council=timer.council,
            now=timer.at,
            cause=timer.cause,
            correlation=timer.correlation,
            subject=timer.subject,
            name=timer.name,
            key=timer.key,
        )

    def _decisions(self, message: Message[Any]) -> Sequence[Decision]:
        assert isinstance(message, Due)
        return (self.service.timers[message.name],)


class _Condemned(Exception):
    """The database refused this timer's changes."""
