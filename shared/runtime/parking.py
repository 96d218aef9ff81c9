"""What becomes of parked facts? A closed gap drains by itself; trouble is replayed or dropped by a named person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db import Tx, transaction
from shared.runtime.batches import run_batch
from shared.runtime.crash import crash_point
from shared.runtime.hearing import Condemned, Hearing
from shared.runtime.inbox import Line, Standing, Verdict
from shared.runtime.records import Record, unpark
from shared.runtime.service import Service

PAGE = 200

_PAGE = """
select id, topic, partition, "offset", headers, payload, place, code from parked
where reader = $1 and source = $2 and council_id = $3 and subject = $4 order by place, id limit $5
"""
# Subjects at whose head stands nothing guilty: the missing place has come, or a replay or drop died half way.
_DRAINABLE = """
select t.source, t.council_id, t.subject
from (select distinct on (source, council_id, subject) source, council_id, subject, place, code from parked
      where reader = $1 order by source, council_id, subject, place, id) head
join inbox t on t.reader = $1 and t.source = head.source and t.council_id = head.council_id and t.subject = head.subject
where head.code in ('queue', 'gap') and head.place <= t.last + 1
"""
_RECODE = "update parked set code = $2, detail = $3 where id = $1"
_DROP = """
with gone as (delete from parked where id = $1 returning *)
insert into dropped (id, reader, source, council_id, subject, place, type, code, reason, dropped_by)
select id, reader, source, council_id, subject, place, type, code, $2, $3 from gone
"""
_NEXT_WAITING = """
select min(place) from parked
where reader = $1 and source = $2 and council_id = $3 and subject = $4 and place > $5
"""
_PASS_OVER = """
insert into dropped (id, reader, source, council_id, subject, place, type, code, reason, dropped_by)
select nextval(pg_get_serial_sequence('parked', 'id')), $1, $2, $3, $4, missing, '', 'missing', $7, $8
from generate_series($5::bigint, $6::bigint) missing
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked row, with the record it holds."""

    id: int
    place: int
    code: str
    record: Record


@dataclass(slots=True)
class Progress:
    """How a drain is going: `stopped` once a fact failed or the database refused it."""

    applied: int = 0
    stopped: bool = False


class Drain:
    """Takes parked facts of one subject in order, a page a transaction, until one fails or a place is missing; `silent`
    says nothing of what is decided."""

    def __init__(self, engine: AsyncEngine, service: Service, reader: str, *, silent: bool = False) -> None:
        self.engine, self.service, self.reader, self.silent = engine, service, reader, silent

    async def drain(self, line: Line) -> int:
        """Apply what can be applied; gives how many were. A held subject is tried again from its head."""
        progress, before = Progress(), -1
        while not progress.stopped and progress.applied > before:
            before = progress.applied
            await run_batch(range(PAGE), partial(self._page, line, progress))
        return progress.applied

    async def drain_closed_gaps(self, lines: Sequence[Line] | None = None) -> None:
        """All subjects whose missing place has come, or just these."""
        if lines is None:
            async with transaction(self.engine) as tx:
                lines = [(row[0], row[1], row[2]) for row in await tx.rows(_DRAINABLE, self.reader)]
        for line in lines:
            await self.drain(line)

    async def drop(self, parked_id: int, reason: str, by: str) -> int:
        """Take one parked fact out, with a reason, then drain what queued behind it. Gives how many were applied."""
        async with transaction(self.engine) as tx:
            line = await self.line_of(tx, parked_id)
            hearing = Hearing(tx, self.service, self.reader)
            await hearing.inbox.lock([line])
            await tx.run(_DROP, parked_id, reason, by)
            crash_point("drop.dropped")
            await self._restand(hearing, line)
            await hearing.inbox.finish({})
        crash_point("drop.committed")
        return await self.drain(line)

    async def pass_over(self, parked_id: int, reason: str, by: str) -> int:
        """Give up the places a parked fact's subject waits for, with a reason, then drain. Gives how many were applied.
        Should a fact come for such a place after all, it is dropped as heard. Raises LookupError if none is missing."""
        async with transaction(self.engine) as tx:
            line = await self.line_of(tx, parked_id)
            hearing = Hearing(tx, self.service, self.reader)
            await hearing.inbox.lock([line])
            standing = hearing.inbox.standings[line]
            first, following = (
                standing.last + 1,
                (await tx.rows(_NEXT_WAITING, self.reader, *line, standing.last))[0][0],
            )
            if following is None or following == first:
                raise LookupError("no place is missing before what is parked there")
            await tx.run(_PASS_OVER, self.reader, *line, first, following - 1, reason, by)
            standing.heard(following - 1)
            await self._restand(hearing, line)
            await hearing.inbox.finish({})
        return await self.drain(line)

    async def line_of(self, tx: Tx, parked_id: int) -> Line:
        rows = await tx.rows("select source, council_id, subject from parked where id = $1", parked_id)
        if not rows:
            raise LookupError(f"nothing is parked under number {parked_id}")
        return rows[0][0], rows[0][1], rows[0][2]

    async def _page(self, line: Line, progress: Progress, turns: Sequence[int], condemned: Condemned | None) -> None:
        """As many facts as there are turns, in one transaction. What the database refuses is halved down to."""
        if progress.stopped:
            return
        async with transaction(self.engine) as tx:
            hearing = Hearing(tx, self.service, self.reader, silent=self.silent)
            await hearing.inbox.lock([line])
            page = [_waiting(row) for row in await tx.rows(_PAGE, self.reader, *line, len(turns))]
            crash_point("drain.claimed")
            ready = _contiguous(page, hearing.inbox.standings[line].last)
            gone = await self._take(hearing, ready, condemned)
            await self._restand(hearing, line)
            await hearing.inbox.finish({})
            crash_point("drain.finished")
        crash_point("drain.committed")
        progress.applied += gone
        progress.stopped = gone < len(ready)

    async def _take(self, hearing: Hearing, ready: Sequence[Waiting], condemned: Condemned | None) -> int:
        """Decide in order up to the first that fails; that one stays, with its code. Gives how many are done."""
        await hearing.prepare([one.record for one in ready if one.record.is_known(self.service.reactions)])
        gone: list[int] = []
        for one in ready:
            if _is_left_over(one, hearing.inbox.of(one.record)):
                gone.append(one.id)
                continue
            self._stand_at(one, hearing.inbox.of(one.record))
            trouble = condemned or await hearing.again(one.record)
            if trouble:
                await hearing.tx.run(_RECODE, one.id, *trouble)
                break
            gone.append(one.id)
        crash_point("drain.decided")
        await hearing.fold.finish()
        await hearing.tx.run("delete from parked where id = any($1::bigint[])", gone)
        crash_point("drain.deleted")
        return len(gone)

    def _stand_at(self, one: Waiting, standing: Standing) -> None:
        """As it is heard off the log: a type nobody here takes leaves its place open to a known version."""
        if not one.record.is_known(self.service.reactions):
            standing.heard_unknown(one.place)
        elif one.place >= standing.last:
            standing.heard(one.place)

    async def _restand(self, hearing: Hearing, line: Line) -> None:
        """Count again what is held and what waits beyond a gap."""
        standing = hearing.inbox.standings[line]
        counted = await hearing.tx.rows(
            """select count(*) filter (where place <= $5), count(*) filter (where place > $5) from parked
            where reader = $1 and source = $2 and council_id = $3 and subject = $4""",
            self.reader, *line, standing.last,
        )  # fmt: skip
        standing.held, standing.gaps = counted[0][0] > 0, counted[0][1]


def _is_left_over(one: Waiting, standing: Standing) -> bool:
    """Parked beyond a gap, and heard at its place since: another version of it, or its repeat at another offset."""
    return one.code == Verdict.GAP and one.place <= standing.last and one.place != standing.open_at


def _waiting(row: Any) -> Waiting:
    return Waiting(row[0], row[6], row[7], unpark(row[1], row[2], row[3], row[4], row[5]))


def _contiguous(page: Sequence[Waiting], last: int) -> list[Waiting]:
    """The page up to the first place that is missing."""
    ready: list[Waiting] = []
    for one in page:
        if one.place > last + 1:
            break
        last = max(last, one.place)
        ready.append(one)
    return ready
