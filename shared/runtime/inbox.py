"""What has been heard already? For each reader, source, council and subject: the last place, and what is queued behind.

`last` is the highest place heard, applied or parked. `held` means a parked fact stands at or before it: later facts of
that subject queue. `gaps` counts facts parked beyond `last`, waiting for a missing place. `open_at` is the last place
if it was heard only as an unknown type: a known version of the same fact may still be applied there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.db import Statement, Tx
from shared.runtime.crash import crash_point
from shared.runtime.records import Parked, Record

Line = tuple[str, str, str]
"""(source, council, subject)"""


class Verdict(StrEnum):
    """What to do with a fact."""

    APPLY = "apply"
    DROP = "drop"
    QUEUE = "queue"
    GAP = "gap"


@dataclass(slots=True)
class Standing:
    """One inbox row, as this batch has moved it."""

    last: int
    open_at: int
    held: bool
    gaps: int

    def verdict(self, place: int) -> Verdict:
        if place == self.last and place == self.open_at:
            return Verdict.QUEUE if self.held else Verdict.APPLY
        if place <= self.last:
            return Verdict.DROP
        if place > self.last + 1:
            return Verdict.GAP
        return Verdict.QUEUE if self.held else Verdict.APPLY

    def heard(self, place: int) -> None:
        self.last, self.open_at = place, 0

    def heard_unknown(self, place: int) -> None:
        if place == self.last + 1:
            self.last = self.open_at = place


# The missing rows are inserted first, then those that were there are locked: locking only what exists lets two readers
# both apply a first fact (seen in experiment). Never take the insert away.
_MAKE = """
insert into inbox (reader, source, council_id, subject)
select $1, * from unnest($2::text[], $3::text[], $4::text[]) order by 2, 3, 4 on conflict do nothing
returning source, council_id, subject, last, open_at, held, gaps
"""
_LOCK = """
select t.source, t.council_id, t.subject, t.last, t.open_at, t.held, t.gaps
from (select * from unnest($2::text[], $3::text[], $4::text[]) as k(source, council_id, subject) order by 1, 2, 3) k
cross join lateral (select * from inbox t where t.reader = $1 and t.source = k.source and t.council_id = k.council_id
  and t.subject = k.subject for no key update) t
"""
_ADVANCE = """
update inbox t set last = k.last, open_at = k.open_at, held = k.held, gaps = k.gaps
from unnest(array_fill($1::text, array[cardinality($2::text[])]), $2::text[], $3::text[], $4::text[], $5::bigint[],
     $6::bigint[], $7::boolean[], $8::bigint[]) as k(reader, source, council_id, subject, last, open_at, held, gaps)
where t.reader = k.reader and t.source = k.source and t.council_id = k.council_id and t.subject = k.subject
"""
# A record parked beyond a gap may be heard again, at its place: then its row waits there, too. Left as it is, it would
# look like the repeat of a place that was heard, and be thrown away when the subject drains.
_PARK = """
insert into parked (reader, source, council_id, subject, place, type, code, detail, headers, payload, topic, partition,
    "offset")
select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::bytea[], $11::text[], $12::bigint[], $13::bigint[])
on conflict (reader, source, council_id, subject, place, type, topic, partition, "offset") do update
set code = excluded.code, detail = excluded.detail where parked.code = 'gap' and excluded.code <> 'gap'
returning source, council_id, subject, code
"""
_OFFSETS = """
insert into reader_offset (reader, topic, partition, next)
select $1, * from unnest($2::text[], $3::bigint[], $4::bigint[]) order by 2, 3
on conflict (reader, topic, partition) do update set next = greatest(reader_offset.next, excluded.next)
"""
_UNKNOWN = """
insert into unknown_type (reader, type, heard) select $1, * from unnest($2::text[], $3::bigint[]) order by 2
on conflict (reader, type) do update set heard = unknown_type.heard + excluded.heard
"""


class Inbox:
    """The inbox rows of one batch, locked until its transaction ends."""

    def __init__(self, tx: Tx, reader: str) -> None:
        self.tx, self.reader = tx, reader
        self.standings: dict[Line, Standing] = {}
        self.parked: list[Parked] = []
        self.unknown: dict[str, int] = {}

    async def lock(self, lines: Iterable[Line]) -> None:
        """Make what is missing and lock all, on one way to the database: what this one made it does not see, and what another
        made meanwhile it waited for and does not see either, so that is locked by itself."""
        wanted = sorted(set(lines))
        if not wanted:
            return
        made, there = await self.tx.together([self._rows(_MAKE, wanted), self._rows(_LOCK, wanted)])
        self._take([*made, *there])
        if meanwhile := [line for line in wanted if line not in self.standings]:
            (there,) = await self.tx.together([self._rows(_LOCK, meanwhile)])
            self._take(there)

    def _rows(self, sql: str, lines: Sequence[Line]) -> Statement:
        return Statement(sql, (self.reader, *map(list, zip(*lines, strict=True))), gives_rows=True)

    def _take(self, rows: Sequence[Any]) -> None:
        for source, council, subject, *standing in rows:
            self.standings[source, council, subject] = Standing(*standing)

    def of(self, record: Record) -> Standing:
        return self.standings[record.line]

    def park(self, record: Record, code: str, detail: str = "") -> None:
        """Set a record aside whole. At its own place it holds its subject; beyond a gap it waits for the gap to close."""
        self.parked.append(Parked(record, code, detail))

    def count_unknown(self, type_name: str) -> None:
        self.unknown[type_name] = self.unknown.get(type_name, 0) + 1

    async def write_parked(self) -> None:
        """Set aside what is to be set aside: how many wait beyond a gap is known only then."""
        if self.parked:
            await self._park()
            crash_point("park.written")

    def moves(self, offsets: dict[tuple[str, int], int]) -> list[Statement]:
        """What writes the standings, the offsets and the unknown types that were passed over."""
        lines, rows = list(self.standings), list(self.standings.values())
        columns = [(*line, row.last, row.open_at, row.held, row.gaps) for line, row in zip(lines, rows, strict=True)]
        written: list[tuple[str, list[tuple[Any, ...]]]] = [
            (_UNKNOWN, list(self.unknown.items())),
            (_ADVANCE, columns),
            (_OFFSETS, [(*partition, following) for partition, following in offsets.items()]),
        ]
        return [Statement(sql, (self.reader, *map(list, zip(*many, strict=True)))) for sql, many in written if many]

    async def finish(self, offsets: dict[tuple[str, int], int]) -> None:
        """Write all of it. Number of statements: at most four."""
        await self.write_parked()
        await self.tx.together(self.moves(offsets))

    async def _park(self) -> None:
        rows = [one.as_row() for one in self.parked]
        written = await self.tx.rows(_PARK, self.reader, *map(list, zip(*rows, strict=True)))
        for row in written:
            line = (row[0], row[1], row[2])
            if row[3] == Verdict.GAP and line in self.standings:
                self.standings[line].gaps += 1


async def offsets_of(tx: Tx, reader: str, partitions: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Where a reader reads on: the offsets in its own database, in the transaction of what they led to."""
    rows = await tx.rows("select topic, partition, next from reader_offset where reader = $1", reader)
    known = {(topic, partition): following for topic, partition, following in rows}
    return {partition: known[partition] for partition in partitions if partition in known}
