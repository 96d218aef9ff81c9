"""What does a supplier's file of visits say, row by row, and what becomes of each row?

A CSV with the columns COLUMNS (and, if wanted, `because`). Times are ISO 8601; without an offset they are London time.
The report names row, field and rule and never repeats what stood there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from services.marketplace.rules.visits import CAME, OrderTerms, Outcome, Record, Visit, match_record
from shared.clock import LONDON
from shared.contracts.base import Reason

COLUMNS = ("order_reference", "planned_start", "actual_start", "minutes", "outcome")
LONGEST_MINUTES = 24 * 60
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


@dataclass(slots=True)
class Upload:
    """What became of a file: every row read is new, repeated, unmatched or rejected; a file without a needed
    column, or that is not CSV, is refused as a whole."""

    read: int = 0
    new: list[Visit] = field(default_factory=list)
    repeated: int = 0
    unmatched: list[Unmatched] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class _Unreadable(Exception):
    def __init__(self, column: str, rule: str) -> None:
        super().__init__(f"{column}: {rule}")
        self.column, self.rule = column, rule


def take_in(text: str, orders: Mapping[str, OrderTerms], recorded: Iterable[Visit], now: datetime) -> Upload:
    """Read a file against the orders it may speak of and the visits already recorded.

    The same row again is a repeat; another content for the same visit is `already_recorded`: correcting is a verb of
    its own, so that nothing is overwritten by an upload (our own rule).
    """
    upload, seen = Upload(), {visit.plan.visit_id: visit for visit in recorded}
    rows, refused = _rows(text)
    if refused:
        return Upload(rejected=refused)
    for number, row in rows:
        upload.read += 1
        _take_row(number, row, orders, seen, now, upload)
    return upload


def _rows(text: str) -> tuple[list[tuple[int, Row]], list[Rejected]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restkey=TOO_MANY)
    try:
        missing = [Rejected(1, name, "column_missing") for name in COLUMNS if name not in (reader.fieldnames or ())]
        return [(reader.line_num, row) for row in reader], missing
    except csv.Error:
        return [], [Rejected(reader.line_num + 1, "row", "not_csv")]


def _take_row(
    number: int,
    row: Row,
    orders: Mapping[str, OrderTerms],
    seen: dict[UUID, Visit],
    now: datetime,
    upload: Upload,
) -> None:
    try:
        record = read_row(row, now)
    except _Unreadable as trouble:
        upload.rejected.append(Rejected(number, trouble.column, trouble.rule))
        return
    found = match_record(record, orders)
    if isinstance(found, Reason):
        upload.unmatched.append(Unmatched(number, record, found))
    else:
        _keep(number, found, seen, upload)


def _keep(number: int, visit: Visit, seen: dict[UUID, Visit], upload: Upload) -> None:
    earlier = seen.setdefault(visit.plan.visit_id, visit)
    if earlier is visit:
        upload.new.append(visit)
    elif _said(earlier) == _said(visit):
        upload.repeated += 1
    else:
        upload.rejected.append(Rejected(number, "planned_start", "already_recorded"))


def _said(visit: Visit) -> tuple[object, ...]:
    """What the supplier said. Not the pence: a price that changed since does not make a repeat a correction."""
    return (visit.outcome, visit.started_at, visit.minutes, visit.because)


def read_row(row: Row, now: datetime) -> Record:
    """One row as a record, or the first column that does not make sense, with the rule it breaks."""
    if TOO_MANY in row:
        raise _Unreadable("row", "too_many_fields")
    outcome = _cell(row, "outcome", Outcome, "not_an_outcome")
    record = Record(
        reference=_cell(row, "order_reference", str, "missing"),
        planned_at=_cell(row, "planned_start", _instant, "not_a_time"),
        started_at=_cell(row, "actual_start", _instant, "not_a_time") if _text(row, "actual_start") else None,
        minutes=_cell(row, "minutes", _minutes, "not_whole_minutes") if _text(row, "minutes") else 0,
        outcome=outcome,
        because=_cell(row, "because", _code, "not_a_code") if _text(row, "because") else "not_said",
    )
    _refuse_nonsense(record, now)
    return record


def _refuse_nonsense(record: Record, now: datetime) -> None:
    """What was delivered has a start and minutes; what was not has neither; nobody has come tomorrow (own rules)."""
    came, delivered = record.outcome in CAME, record.outcome is Outcome.DELIVERED
    checks = (
        (came and record.started_at is None, "actual_start", "missing"),
        (not came and record.started_at is not None, "actual_start", "start_without_visit"),
        (delivered and record.minutes == 0, "minutes", "missing"),
        (not came and record.minutes > 0, "minutes", "minutes_without_visit"),
        (record.started_at is not None and record.started_at > now, "actual_start", "not_yet_happened"),
        (record.outcome is Outcome.MISSED and record.planned_at > now, "planned_start", "not_yet_happened"),
    )
    for wrong, column, rule in checks:
        if wrong:
            raise _Unreadable(column, rule)


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
    return (read if read.tzinfo else read.replace(tzinfo=LONDON)).astimezone(UTC)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= LONGEST_MINUTES):
        raise ValueError(text)
    return int(text)


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError(text)
    return text
