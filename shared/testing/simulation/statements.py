"""What do the runtime's own statements do? Each by the text the runtime sends, as a function of a transaction.

A statement that is not known here is an error: whoever changes one in `shared/runtime` says here what it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from shared import access_log, db
from shared.runtime import answers, inbox, parking, relay, speaking, timers
from shared.runtime.rows import Kind
from shared.testing.simulation.database import Transaction
from shared.testing.simulation.rows import Does, Kinds

Rows = list[Any]


class Unknown(Exception):
    """The runtime sent a statement that nobody has said the meaning of."""


# ── beginning, clocks ─────────────────────────────────────────────────────────────────────────────────────────────
def begin(tx: Transaction, council: str) -> Rows:
    tx.council = council
    return [(tx.xid, tx.database.clock(), council, bool(tx.database.rows("already_said")))]


# ── inbox ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _lines(reader: str, *columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [(reader, *line) for line in zip(*columns, strict=True)]


def make_inbox(tx: Transaction, reader: str, *columns: Any) -> Rows:
    missing = [key for key in sorted(_lines(reader, *columns)) if tx.get("inbox", key) is None]
    tx.hold("inbox", missing)
    missing = [key for key in missing if tx.get("inbox", key) is None]
    for key in missing:
        tx.put("inbox", key, (0, 0, False, 0))
    return [(*key[1:], *tx.get("inbox", key)) for key in missing]


def lock_inbox(tx: Transaction, reader: str, *columns: Any) -> Rows:
    keys = [key for key in sorted(_lines(reader, *columns)) if tx.get("inbox", key) is not None]
    tx.hold("inbox", keys)
    return [(*key[1:], *tx.get("inbox", key)) for key in keys]


def advance_inbox(tx: Transaction, reader: str, *columns: Any) -> int:
    keys = _lines(reader, *columns[:3])
    tx.hold("inbox", keys)
    for key, row in zip(keys, zip(*columns[3:], strict=True), strict=True):
        tx.put("inbox", key, row)
    return len(keys)


PARKED = ("reader", "source", "council_id", "subject", "place", "type", "code", "detail", "headers", "payload", "topic",
          "partition", "offset")  # fmt: skip
_SAME = (0, 1, 2, 3, 4, 5, 10, 11, 12)


def park(tx: Transaction, reader: str, *columns: Any) -> Rows:
    written = []
    for row in _lines(reader, *columns):
        ident = tuple(row[n] for n in _SAME)
        tx.hold("parked_once", [ident])
        known = tx.get("parked_once", ident)
        number = known or tx.database.next("parked")
        if known is None or (tx.get("parked", (known,))["code"] == "gap" and row[6] != "gap"):
            tx.put("parked_once", ident, number)
            tx.put("parked", (number,), dict(zip(PARKED, row, strict=True)) | {"id": number})
            written.append((*row[1:4], row[6]))
    return written


def write_offsets(tx: Transaction, reader: str, *columns: Any) -> int:
    wanted = {(reader, topic, part): following for topic, part, following in sorted(zip(*columns, strict=True))}
    tx.hold("reader_offset", wanted)
    for key, following in wanted.items():
        tx.put("reader_offset", key, max(tx.get("reader_offset", key) or 0, following))
    return len(wanted)


def read_offsets(tx: Transaction, reader: str) -> Rows:
    return [(key[1], key[2], following) for key, following in tx.scan("reader_offset") if key[0] == reader]


def count_unknown(tx: Transaction, reader: str, *columns: Any) -> int:
    counted = {(reader, name): heard for name, heard in zip(*columns, strict=True)}
    tx.hold("unknown_type", sorted(counted))
    for key, heard in counted.items():
        tx.put("unknown_type", key, (tx.get("unknown_type", key) or 0) + heard)
    return len(counted)


# ── what the reader counts ────────────────────────────────────────────────────────────────────────────────────────
def count_parked(tx: Transaction, reader: str, more: int, afresh: bool) -> Rows:
    tx.hold("reader_state", [(reader,)])
    before = 0 if afresh else tx.get("reader_state", (reader,)) or 0
    tx.put("reader_state", (reader,), before + more)
    return [(before + more,)]


def reset_parked(tx: Transaction, reader: str) -> int:
    tx.hold("reader_state", [(reader,)])
    tx.put("reader_state", (reader,), 0)
    return 1


def read_parked(tx: Transaction, reader: str) -> Rows:
    counted = tx.get("reader_state", (reader,))
    return [] if counted is None else [(counted,)]


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _whose(row: dict[str, Any]) -> tuple[str, ...]:
    return row["reader"], row["source"], row["council_id"], row["subject"]


def _of_line(tx: Transaction, reader: str, *line: str) -> list[dict[str, Any]]:
    found = (row for _, row in tx.scan("parked") if _whose(row) == (reader, *line))
    return sorted(found, key=lambda row: (row["place"], row["id"]))


def parked_page(tx: Transaction, reader: str, source: str, council: str, subject: str, limit: int) -> Rows:
    names = ("id", "topic", "partition", "offset", "headers", "payload", "place", "code")
    return [tuple(row[name] for name in names) for row in _of_line(tx, reader, source, council, subject)[:limit]]


def drainable(tx: Transaction, reader: str) -> Rows:
    lines = sorted({_whose(row)[1:] for _, row in tx.scan("parked") if row["reader"] == reader})
    found = []
    for line in lines:
        head, standing = _of_line(tx, reader, *line)[0], tx.get("inbox", (reader, *line))
        if standing is not None and head["code"] in ("queue", "gap") and head["place"] <= standing[0] + 1:
            found.append(line)
    return found


def recode(tx: Transaction, number: int, code: str, detail: str) -> int:
    tx.hold("parked", [(number,)])
    row = tx.get("parked", (number,))
    if row is not None:
        tx.put("parked", (number,), row | {"code": code, "detail": detail})
    return int(row is not None)


def unpark(tx: Transaction, numbers: Sequence[int]) -> int:
    keys = [(number,) for number in sorted(numbers)]
    tx.hold("parked", keys)
    for key in keys:
        if (row := tx.get("parked", key)) is not None:
            ident = tuple(row[PARKED[n]] for n in _SAME)
            tx.put("parked_once", ident, None)
            tx.put("parked", key, None)
    return len(keys)


def count_standing(tx: Transaction, reader: str, source: str, council: str, subject: str, last: int) -> Rows:
    places = [row["place"] for row in _of_line(tx, reader, source, council, subject)]
    return [(sum(place <= last for place in places), sum(place > last for place in places))]


# ── saying ────────────────────────────────────────────────────────────────────────────────────────────────────────
def said_before(tx: Transaction, ids: Sequence[Any]) -> Rows:
    return [(one,) for one in ids if tx.get("already_said", (one,)) is not None]


def draw_places(tx: Transaction, councils: Any, subjects: Any, more: Any) -> Rows:
    wanted = sorted(zip(councils, subjects, more, strict=True))
    tx.hold("place", [(council, subject) for council, subject, _ in wanted])
    made = []
    for council, subject, count in wanted:
        last = (tx.get("place", (council, subject)) or 0) + count
        tx.put("place", (council, subject), last)
        made.append((council, subject, last))
    return made


def fill_outbox(tx: Transaction, *columns: Any) -> int:
    for row in zip(*columns, strict=True):
        seq = tx.database.next("outbox_seq")
        tx.hold("outbox", [(seq,)])
        tx.put("outbox", (seq,), row)
    return len(columns[0])


def unpublished(tx: Transaction, limit: int) -> Rows:
    return [(key[0], *row[1:5]) for key, row in sorted(tx.scan("outbox"))[:limit]]


def delete_published(tx: Transaction, seqs: Sequence[int]) -> int:
    keys = [(seq,) for seq in seqs if tx.get("outbox", (seq,)) is not None]
    tx.hold("outbox", keys)
    for key in keys:
        tx.put("outbox", key, None)
    return len(keys)


def snapshot(tx: Transaction) -> Rows:
    return [(min(tx.database.running), max((key[0] for key, _ in tx.scan("outbox")), default=0))]


def not_gone(tx: Transaction, upto: int) -> Rows:
    return [(1,) for key, _ in tx.scan("outbox") if key[0] <= upto][:1]


# ── timers ────────────────────────────────────────────────────────────────────────────────────────────────────────
DUE = ("name", "key", "council_id", "subject", "at", "body", "cause", "correlation")


def remind(tx: Transaction, *columns: Any) -> int:
    rows = sorted(zip(*columns, strict=True), key=lambda row: row[:3])
    tx.hold("due", [row[:3] for row in rows])
    for row in rows:
        before = tx.get("due", row[:3])
        subject = before["subject"] if before else row[3]
        tx.put("due", row[:3], dict(zip(DUE, row, strict=True)) | {"subject": subject, "code": None})
    return len(rows)


def forget(tx: Transaction, *columns: Any) -> int:
    keys = [key for key in zip(*columns, strict=True) if tx.get("due", key) is not None]
    tx.hold("due", keys)
    for key in keys:
        tx.put("due", key, None)
    return len(keys)


def fallen_due(tx: Transaction, names: Any, until: Sequence[datetime], reader: str, limit: int) -> Rows:
    latest = dict(zip(names, until, strict=True))
    queued = {(row["council_id"], row["subject"]) for _, row in tx.scan("parked") if row["reader"] == reader}
    rows = [row for _, row in tx.scan("due") if row["name"] in latest and row["at"] <= latest[row["name"]]]
    free = [row for row in rows if row["code"] is None and (row["council_id"], row["subject"]) not in queued]
    free.sort(key=lambda row: (row["at"], row["name"], row["key"]))
    return [tuple(row[name] for name in DUE) for row in free[:limit]]


def lock_due(tx: Transaction, *columns: Any) -> Rows:
    wanted = sorted(zip(*columns, strict=True))
    tx.hold("due", [row[:3] for row in wanted if tx.get("due", row[:3]) is not None])
    return [row[:3] for row in wanted if _is_same(tx.get("due", row[:3]), row[3], row[4])]


def _is_same(row: dict[str, Any] | None, at: datetime, cause: Any) -> bool:
    return row is not None and row["code"] is None and (row["at"], row["cause"]) == (at, cause)


def timers_done(tx: Transaction, *columns: Any) -> int:
    keys = [row[:3] for row in zip(*columns, strict=True) if (tx.get("due", row[:3]) or {}).get("cause") == row[3]]
    tx.hold("due", keys)
    for key in keys:
        tx.put("due", key, None)
    return len(keys)


def park_timers(tx: Transaction, *columns: Any) -> int:
    rows = list(zip(*columns, strict=True))
    tx.hold("due", [row[:3] for row in rows])
    for row in rows:
        tx.put("due", row[:3], tx.get("due", row[:3]) | {"code": row[3]})
    return len(rows)


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────
def try_locks(tx: Transaction, *columns: Any) -> Rows:
    return [(n, tx.try_advisory(ident)) for n, ident in enumerate(zip(*columns, strict=True), 1)]


def find_answers(tx: Transaction, *columns: Any) -> Rows:
    idents = zip(*columns, strict=True)
    return [(ident[0], ident[1], *row) for ident in idents if (row := tx.get("answer", ident)) is not None]


def store_answers(tx: Transaction, *columns: Any) -> int:
    for row in zip(*columns, strict=True):
        tx.hold("answer", [row[:3]])
        tx.put("answer", row[:3], row[3:])
    return len(columns[0])


def write_looks(tx: Transaction, *columns: Any) -> int:
    for row in zip(*columns[:6], strict=True):
        tx.put("access_log", (tx.database.next("access_log"),), row)
    return len(columns[0])


BY_TEXT: dict[str, tuple[str, Does]] = {
    db._BEGIN: ("begin", begin),
    inbox._MAKE: ("make inbox", make_inbox),
    inbox._LOCK: ("lock inbox", lock_inbox),
    inbox._ADVANCE: ("advance inbox", advance_inbox),
    inbox._PARK: ("park", park),
    inbox._OFFSETS: ("write offsets", write_offsets),
    inbox._UNKNOWN: ("count unknown", count_unknown),
    parking._PAGE: ("parked page", parked_page),
    parking._DRAINABLE: ("drainable", drainable),
    parking._RECODE: ("recode", recode),
    speaking._PLACES: ("draw places", draw_places),
    speaking._OUTBOX: ("fill outbox", fill_outbox),
    speaking._REMIND: ("remind", remind),
    speaking._FORGET: ("forget", forget),
    timers._DUE: ("fallen due", fallen_due),
    timers._LOCK: ("lock due", lock_due),
    timers._DONE: ("timers done", timers_done),
    timers._PARK: ("park timers", park_timers),
    relay._UNPUBLISHED: ("unpublished", unpublished),
    answers._TRY_LOCKS: ("try locks", try_locks),
    answers._FIND: ("find answers", find_answers),
    answers._STORE: ("store answers", store_answers),
    access_log._WRITE: ("write looks", write_looks),
}
# Statements written out where they are sent, by what sets them apart.
BY_WORDS: tuple[tuple[str, str, Does], ...] = (
    (r"from already_said where id = any", "said before", said_before),
    (r"select topic, partition, next from reader_offset where reader = \$1$", "read offsets", read_offsets),
    (r"^insert into reader_state as s .* returning parked_in_a_row$", "count parked", count_parked),
    (r"^update reader_state set parked_in_a_row = 0 where reader = \$1$", "reset parked", reset_parked),
    (r"^select parked_in_a_row from reader_state where reader = \$1$", "read parked", read_parked),
    (r"^select count\(\*\) filter \(where place <= \$5\)", "count standing", count_standing),
    (r"^delete from parked where id = any\(\$1::bigint\[\]\)$", "unpark", unpark),
    (r"^delete from outbox where seq = any\(\$1::bigint\[\]\)$", "delete published", delete_published),
    (r"^select pg_snapshot_xmin\(pg_current_snapshot\(\)\)", "snapshot", snapshot),
    (r"^select 1 from outbox where seq <= \$1 limit 1$", "not gone", not_gone),
)


@lru_cache
def _compiled(kinds: tuple[Kind, ...]) -> tuple[Kinds, dict[str, tuple[str, Does]]]:
    """A service's tables, and what was read of its statements so far: they say the same in every run."""
    return Kinds(kinds), {}


class Statements:
    """All that may be said to the database of one service."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds, self.known = _compiled(tuple(kinds))

    def find(self, sql: str) -> tuple[str, Does]:
        known = BY_TEXT.get(sql) or self.known.get(sql)
        if known is None:
            known = self.known[sql] = self._compile(sql)
        return known

    def _compile(self, sql: str) -> tuple[str, Does]:
        text = " ".join(sql.split())
        for pattern, name, does in BY_WORDS:
            if re.search(pattern, text):
                return name, does
        made = self.kinds.compile(text)
        if made is None:
            raise Unknown(text)
        return made
