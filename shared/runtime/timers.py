"""When is nothing itself an event? A reminder that is due speaks once everything said before it has been heard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import Tx, transaction
from shared.runtime.batches import run_batch
from shared.runtime.crash import crash_point
from shared.runtime.fold import Fold
from shared.runtime.messages import Due, Message
from shared.runtime.part import CALL_SECONDS, Part, close
from shared.runtime.service import Decision, Service
from shared.runtime.watermarks import Tide, Watermark

log = structlog.get_logger()

BATCH = 500
IDLE_SECONDS = 0.2
HELD_UP = timedelta(hours=1)
"""A timer held up for longer than this shows in `care lag`."""

# Each name with the instant up to which all it depends on has been heard. What may not speak is left out here, not
# after the limit: or a batch of timers that wait would keep those behind them from ever being looked at.
_DUE = """
select d.name, d.key, d.council_id, d.subject, d.at, d.body, d.cause, d.correlation
from unnest($1::text[], $2::timestamptz[]) as k(name, until) cross join lateral (
    select * from due d where d.name = k.name and d.at <= k.until and d.parked_code is null and not exists (
        select 1 from parked p where p.reader = $3 and p.council_id = d.council_id and p.subject = d.subject offset 0)
    order by d.at, d.key limit $4) d
order by d.at, d.name, d.key limit $4
"""
_LOCK = """
select t.name, t.key, t.council_id
from (select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[])
      as k(name, key, council_id, at, cause) order by 1, 2, 3) k
cross join lateral (select * from due t where t.name = k.name and t.key = k.key and t.council_id = k.council_id
    and t.at = k.at and t.cause = k.cause and t.parked_code is null for update) t
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
Id = tuple[str, str, str]
"""(name, key, council)"""
Trouble = tuple[str, str]
"""(code, detail) to park a timer with"""


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
            async with asyncio.timeout(CALL_SECONDS):
                await self.tide.start()
            while not self.stopping:
                self.beat()
                async with asyncio.timeout(CALL_SECONDS):
                    await self.tide.read()
                spoke = await self.sweep()
                self.well()
                if not spoke:
                    await self.sleep(IDLE_SECONDS)
        finally:
            self.ready = False
            await close(self.tide)

    async def sweep(self) -> int:
        """Let every timer speak that may; gives how many did."""
        self.sweeps += 1
        async with transaction(self.engine) as tx:
            until = await self._heard_until(tx)
            rows = await tx.rows(_DUE, list(until), list(until.values()), self.service.name, BATCH) if until else []
        timers = [Timer(*row) for row in rows]
        if timers:
            crash_point("timers.claimed")
            await run_batch(timers, self._attempt)
            self.said()
        return len(timers)

    async def _heard_until(self, tx: Tx) -> dict[str, datetime]:
        """For each timer's name, until when nothing can come any more from the sources it depends on."""
        rows = await tx.rows("select topic, partition, next from reader_offset where reader = $1", self.service.name)
        read = {(topic, partition): following for topic, partition, following in rows}
        marks = {name: [self._mark(source, read) for source in one.after] for name, one in self.service.timers.items()}
        return {
            name: min([tx.now, *(mark.at for mark in several if mark)])
            for name, several in marks.items()
            if all(several)
        }

    def _mark(self, source: str, read: dict[tuple[str, int], int]) -> Watermark | None:
        """The watermark of a source up to which this service has read, if there is one."""

        def is_passed(mark: Watermark) -> bool:
            return all(read.get((topic_of(source), partition), 0) >= end for partition, end in mark.ends.items())

        return self.tide.passed_of(source, is_passed)

    async def _attempt(self, timers: Sequence[Timer], condemned: Trouble | None) -> None:
        async with transaction(self.engine) as tx:
            fold = Fold(tx, self.service.name, self._decisions)
            read = {timer.id: due for timer in timers if (due := self._as_message(timer))}
            await fold.load(list(read.values()))
            done: list[Timer] = []
            failed: list[tuple[Timer, Trouble]] = []
            settled: set[Id] = set()
            for timer in await self._standing(tx, timers):
                if timer.id in settled:
                    continue  # one before it in this batch moved it or took it back
                trouble = condemned or await self._decide(fold, read.get(timer.id), settled)
                if trouble:
                    failed.append((timer, trouble))
                else:
                    done.append(timer)
            crash_point("timers.decided")
            await self._clear(done, tx)
            crash_point("timers.cleared")
            await fold.finish()
            await self._park(failed, tx)
            crash_point("timers.finished")
        crash_point("timers.committed")

    async def _standing(self, tx: Tx, timers: Sequence[Timer]) -> list[Timer]:
        """Those nobody moved or took back since they were seen; theirs until the end. After the loads, because whoever
        sets a timer holds its rows first."""
        wanted = [(*timer.id, timer.at, timer.cause) for timer in timers]
        rows = {tuple(row) for row in await tx.rows(_LOCK, *map(list, zip(*wanted, strict=True)))}
        crash_point("timers.locked")
        return [timer for timer in timers if timer.id in rows]

    async def _decide(self, fold: Fold, due: Due[Any] | None, settled: set[Id]) -> Trouble | None:
        """Gives the trouble it has, if any, and adds the timers it moved or took back."""
        if due is None:
            return "undecodable", ""
        before = len(fold.work.wishes)
        error = (await fold.decide(due)).error
        settled.update((wish.name, wish.key, wish.council) for wish in fold.work.wishes[before:])
        return ("rule_raised", type(error).__name__) if error else None

    async def _clear(self, done: Sequence[Timer], tx: Tx) -> None:
        """Before `finish`: a decision may set the same timer anew."""
        if done:
            await tx.run(_DONE, *map(list, zip(*[(*timer.id, timer.cause) for timer in done], strict=True)))

    async def _park(self, failed: Sequence[tuple[Timer, Trouble]], tx: Tx) -> None:
        if failed:
            rows = [(*timer.id, *trouble) for timer, trouble in failed]
            await tx.run(_PARK, *map(list, zip(*rows, strict=True)))

    def _as_message(self, timer: Timer) -> Due[Any] | None:
        """None for a row that is no longer what this reminder carries."""
        try:
            body = self.service.reminders[timer.name].model_validate_json(timer.body)
        except ValueError:
            return None
        return Due(
            body=body,
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
