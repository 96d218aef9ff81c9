"""What does a supplier's file of visits say, row by row, and what becomes of each row?

A CSV with the columns COLUMNS (and, if wanted, `because` and `worker`). Times are ISO 8601; without an offset they are
London time. The report names row, field and rule and never repeats what stood there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from services.marketplace.rules.visits import CAME, MatchedVisit, OrderTerms, Outcome, Record, match_record
from shared.clock import LONDON
from shared.contracts.base import Reason

COLUMNS = ("order_reference", "planned_start", "actual_start", "minutes", "outcome")
LONGEST_MINUTES = 24 * 60
MOST_ROWS = 5_000
FIRST_YEAR, LAST_YEAR = 1900, 2100
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")
TOO_MANY = "more fields than columns"
T = TypeVar("T")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be taken: `row` is its line in the file, the header being 1."""

    row: int
    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row kept although it belongs to no planned visit, and why."""

    row: int
    record: Record
    because: Reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: each row a record or why it could not be read; `refused` is what is wrong with it as a whole."""

    rows: tuple[tuple[int, Record | Rejected], ...] = ()
    refused: tuple[Rejected, ...] = ()

    @property
    def records(self) -> Iterator[Record]:
        return (read for _, read in self.rows if isinstance(read, Record))


@dataclass(slots=True)
class Upload:
    """What became of a file: every row read is new, repeated, unmatched or rejected; a file without a needed
    column, or that is not CSV, is refused as a whole."""

    read: int = 0
    new: list[MatchedVisit] = field(default_factory=list)
    repeated: int = 0
    unmatched: list[Unmatched] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class _Unreadable(Exception):
    def __init__(self, column: str, rule: str) -> None:
        super().__init__(f"{column}: {rule}")
        self.column, self.rule = column, rule


def read_sheet(data: bytes) -> Sheet:
    """Read a file (UTF-8) row by row, before anything is known of the orders it speaks of."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restkey=TOO_MANY)
        missing = [Rejected(1, name, "column_missing") for name in COLUMNS if name not in (reader.fieldnames or ())]
        rows = [] if missing else [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        return Sheet(refused=(Rejected(1, "file", "not_utf8_csv"),))
    if len(rows) > MOST_ROWS:
        return Sheet(refused=(Rejected(MOST_ROWS + 2, "file", "too_many_rows"),))
    return Sheet(tuple((number, _read(number, row)) for number, row in rows), tuple(missing))


def take_in(sheet: Sheet, orders: Mapping[str, OrderTerms], recorded: Iterable[MatchedVisit], now: datetime) -> Upload:
    """Put a sheet beside the orders it may speak of and the visits already recorded.

    The same row again is a repeat; another content for the same visit is `already_recorded`: correcting is a verb of
    its own, so that nothing is overwritten by an upload (our own rule).
    """
    upload, seen = Upload(rejected=list(sheet.refused)), {visit.plan.visit_id: visit for visit in recorded}
    for number, read in sheet.rows:
        upload.read += 1
        if isinstance(read, Record):
            _take_record(number, read, orders, seen, now, upload)
        else:
            upload.rejected.append(read)
    return upload


def _read(number: int, row: Row) -> Record | Rejected:
    try:
        return read_row(row)
    except _Unreadable as trouble:
        return Rejected(number, trouble.column, trouble.rule)


def unmatched_id(supplier_id: UUID, record: Record) -> UUID:
    """Never change this: the same row of the same supplier must always be the same, or a file sent twice is kept twice."""
    started = record.started_at.isoformat() if record.started_at else ""
    said = (
        record.reference,
        record.planned_at.isoformat(),
        started,
        str(record.minutes),
        record.outcome,
        record.because,
        *([record.worker] if record.worker else []),
    )
    return uuid5(supplier_id, "/".join(("unmatched", *said)))


def _take_record(
    number: int,
    record: Record,
    orders: Mapping[str, OrderTerms],
    seen: dict[UUID, MatchedVisit],
    now: datetime,
    upload: Upload,
) -> None:
    if column := in_the_future(record, now):
        upload.rejected.append(Rejected(number, column, "not_yet_happened"))
        return
    found = match_record(record, orders)
    if isinstance(found, Reason):
        upload.unmatched.append(Unmatched(number, record, found))
    else:
        _keep(number, found, seen, upload)


def in_the_future(record: Record, now: datetime) -> str | None:
    """Which time of a record lies ahead? Nothing has happened tomorrow; only calling off may be said ahead (own rule)."""
    if record.started_at is not None and record.started_at > now:
        return "actual_start"
    ahead = record.planned_at > now and record.outcome is not Outcome.CANCELLED
    return "planned_start" if ahead else None


def _keep(number: int, visit: MatchedVisit, seen: dict[UUID, MatchedVisit], upload: Upload) -> None:
    earlier = seen.setdefault(visit.plan.visit_id, visit)
    if earlier is visit:
        upload.new.append(visit)
    elif say_the_same(earlier, visit):
        upload.repeated += 1
    else:
        upload.rejected.append(Rejected(number, "planned_start", "already_recorded"))


def say_the_same(one: MatchedVisit, other: MatchedVisit) -> bool:
    """Whether two records of a visit are one said twice. The pence do not count: a price that changed since does not
    make a repeat a correction."""
    return _said(one) == _said(other)


def _said(visit: MatchedVisit) -> tuple[object, ...]:
    return (visit.outcome, visit.started_at, visit.minutes, visit.because, visit.worker)


def read_row(row: Row) -> Record:
    """One row as a record, or the first column that does not make sense, with the rule it breaks."""
    if TOO_MANY in row:
        raise _Unreadable("row", "too_many_fields")
    outcome = _cell(row, "outcome", Outcome, "not_an_outcome")
    record = Record(
        reference=_cell(row, "order_reference", _code, "not_a_code"),
        planned_at=_cell(row, "planned_start", _instant, "not_a_time"),
        started_at=_cell(row, "actual_start", _instant, "not_a_time") if _text(row, "actual_start") else None,
        minutes=_cell(row, "minutes", _minutes, "not_whole_minutes") if _text(row, "minutes") else 0,
        outcome=outcome,
        because=_cell(row, "because", _code, "not_a_code") if _text(row, "because") else "not_said",
        worker=_cell(row, "worker", _code, "not_a_code") if _text(row, "worker") else None,
    )
    for column, rule in nonsense(record):
        raise _Unreadable(column, rule)
    return record


def nonsense(record: Record) -> Iterator[tuple[str, str]]:
    """What was delivered has a start and minutes; what was not has neither (own rules): column and rule broken."""
    came, delivered = record.outcome in CAME, record.outcome is Outcome.RECORDED
    checks = (
        (came and record.started_at is None, "actual_start", "missing"),
        (not came and record.started_at is not None, "actual_start", "start_without_visit"),
        (delivered and record.minutes == 0, "minutes", "missing"),
        (not came and record.minutes > 0, "minutes", "minutes_without_visit"),
        (not came and record.worker is not None, "worker", "worker_without_visit"),
    )
    return ((column, rule) for wrong, column, rule in checks if wrong)


def _cell(row: Row, column: str, parse: Callable[[str], T], rule: str) -> T:
    value = _text(row, column)
    if not value:
        raise _Unreadable(column, "missing")
    try:
        return parse(value)
    except (ValueError, OverflowError):
        raise _Unreadable(column, rule) from None


def _text(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()


def _instant(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    instant = (read if read.tzinfo else read.replace(tzinfo=LONDON)).astimezone(UTC)
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(text)
    return instant


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= LONGEST_MINUTES):
        raise ValueError(text)
    return int(text)


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError(text)
    return text
