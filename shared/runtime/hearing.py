"""What happens to a batch of records? Each is applied, dropped as a repeat, queued behind trouble, or parked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from shared.db import Tx
from shared.runtime.crash import crash_point
from shared.runtime.fold import Fold
from shared.runtime.inbox import Inbox, Line, Verdict
from shared.runtime.messages import Heard, Message
from shared.runtime.records import NOBODY, Record, decode
from shared.runtime.service import Decision, Service

Condemned = tuple[str, str]
"""(code, detail) to park a record with that the database refused."""


class Hearing:
    """One batch of records in one transaction. `condemned` parks its (only) record without deciding it; `silent` says
    nothing of what is decided."""

    def __init__(
        self, tx: Tx, service: Service, reader: str, condemned: Condemned | None = None, *, silent: bool = False
    ) -> None:
        self.tx, self.service, self.condemned = tx, service, condemned
        self.inbox = Inbox(tx, reader)
        # never a method of this hearing: it and its fold would hold each other, and all that a batch made would wait for a
        # look for cycles instead of dying with it (docs/adr/0025)
        self.fold = Fold(tx, service.name, partial(_decisions, service), silent=silent)
        self.read: dict[int, Heard[Any]] = {}
        self.applied: set[Line] = set()
        self.good = self.bad = self.bad_in_a_row = 0

    async def hear(self, records: Sequence[Record]) -> None:
        """Decide the batch and write everything, offsets included. The caller commits."""
        await self.inbox.lock(record.line for record in records if record.line != NOBODY)
        crash_point("hear.claimed")
        await self.decide(records)
        crash_point("hear.decided")
        await self.inbox.write_parked()
        offsets = {(record.topic, record.partition): record.offset + 1 for record in records}
        await self.fold.finish(also=self.inbox.moves(offsets))
        crash_point("hear.written")

    async def decide(self, records: Sequence[Record]) -> None:
        """In the order of the log. Loads come first, for all."""
        await self.prepare([record for record in records if self._is_wanted(record)])
        for record in records:
            await self._hear_one(record)

    async def prepare(self, records: Sequence[Record]) -> None:
        """Decode what can be decoded and load what it wants."""
        await self.fold.load([heard for record in records if (heard := self._decoded(record))])

    async def again(self, record: Record) -> Condemned | None:
        """Decide a record that was parked; gives the code of its trouble, if it still has any."""
        if record.envelope is None:
            return "envelope_unreadable", ""
        if not record.is_known(self.service.reactions):
            return None
        heard = self.read.get(id(record))
        if heard is None:
            return "undecodable", ""
        error = (await self.fold.decide(heard)).error
        return ("rule_raised", type(error).__name__) if error else None

    def drainable(self) -> list[Line]:
        """Subjects whose gap this batch may have closed."""
        standing = self.inbox.standings
        return sorted(line for line in self.applied if standing[line].gaps and not standing[line].held)

    def _is_wanted(self, record: Record) -> bool:
        """Of a type this reader takes, and not heard before."""
        if self.condemned or not record.is_known(self.service.reactions):
            return False
        return self.inbox.of(record).verdict(record.place) is not Verdict.DROP

    def _decoded(self, record: Record) -> Heard[Any] | None:
        try:
            heard = self.read[id(record)] = decode(record)
        except Exception:  # whatever a contract's own checks raise, it is this message's trouble alone
            return None
        return heard

    async def _hear_one(self, record: Record) -> None:
        if record.envelope is None:
            self._count_bad()
            self.inbox.park(record, "envelope_unreadable")
        elif not record.is_known(self.service.reactions):
            self._skip(record)
        else:
            await self._take(record)

    async def _take(self, record: Record) -> None:
        standing = self.inbox.of(record)
        verdict = standing.verdict(record.place)
        if verdict in (Verdict.APPLY, Verdict.QUEUE):
            standing.heard(record.place)
        if verdict is Verdict.APPLY:
            await self._apply(record)
        elif verdict is not Verdict.DROP:
            self.inbox.park(record, verdict.value)

    async def _apply(self, record: Record) -> None:
        trouble = self.condemned or await self.again(record)
        if trouble:
            self._hold(record, *trouble)
        else:
            self.good, self.bad_in_a_row = self.good + 1, 0
            self.applied.add(record.line)

    def _skip(self, record: Record) -> None:
        """A type this reader does not take: its place counts as heard, but stays open to a known version."""
        assert record.envelope is not None
        standing = self.inbox.of(record)
        if record.place > standing.last + 1:
            self.inbox.park(record, Verdict.GAP.value)
        elif record.place == standing.last + 1:
            self.inbox.count_unknown(record.envelope.type)
            standing.heard_unknown(record.place)
            self.applied.add(record.line)

    def _hold(self, record: Record, code: str, detail: str = "") -> None:
        """Park a record at its own place: later facts of its subject queue behind it."""
        self._count_bad()
        self.inbox.park(record, code, detail)
        self.inbox.of(record).held = True

    def _count_bad(self) -> None:
        self.bad, self.bad_in_a_row = self.bad + 1, self.bad_in_a_row + 1


def _decisions(service: Service, message: Message[Any]) -> Sequence[Decision]:
    assert isinstance(message, Heard)
    return service.reactions[message.fact.type_name()]
