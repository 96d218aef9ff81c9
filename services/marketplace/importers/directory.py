"""Which services does a published directory list, what is wrong with its rows, and who offers care at home?

Reads the Care Quality Commission's directory as republished (`trafford-care-homes.csv`). Kept are public facts of
registered services; never a price, a rating or an area code that the file does not give; never a provider's name where
that is a private person's. Defects are reported, not hidden.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.marketplace.rules.suppliers import LOCATION

COLUMNS = ("name", "cqc_id", "type", "postcode", "provider", "inspection_date", "area_name", "area_code")
EMPTY = "NA"
LONGEST = 500
MOST_ROWS = 5_000
CARE_AT_HOME = "Homecare agencies"
ONS_CODE = re.compile(r"[ENSW]\d{8}")
DISTRICT = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) \d[A-Z]{2}")
PEOPLE = re.compile(r"(^|& |and )(Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Rev)\.? ")
TOO_MANY = "more fields than columns"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A registered service as published. `None` is what the file leaves empty or what could not be trusted."""

    location_id: str
    name: str
    types: tuple[str, ...]
    provider: str | None
    postcode_district: str | None
    area_name: str | None
    area_code: str | None
    inspected_on: date | None

    @property
    def offers_care_at_home(self) -> bool:
        return CARE_AT_HOME in self.types


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong with a row (its line in the file, the header being 1): field and rule, not the content."""

    row: int
    field: str
    rule: str


@dataclass(slots=True)
class Import:
    """What became of a file: every row read is new, updated, unchanged or rejected; a row with defects is kept."""

    read: int = 0
    new: list[Listed] = field(default_factory=list)
    updated: list[Listed] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Found] = field(default_factory=list)
    defects: list[Found] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: its rows with their lines in the file, or what is wrong with it as a whole."""

    rows: tuple[tuple[int, Row], ...] = ()
    refused: tuple[Found, ...] = ()

    @property
    def location_ids(self) -> list[str]:
        """Which registered locations it speaks of, sorted, each once."""
        ids = {_text(row, "cqc_id") or "" for _, row in self.rows}
        return sorted(each for each in ids if LOCATION.fullmatch(each))


def read_sheet(data: bytes) -> Sheet:
    """A directory file (UTF-8) as rows; nothing in them is looked at yet."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restkey=TOO_MANY)
        missing = [Found(1, name, "column_missing") for name in COLUMNS if name not in (reader.fieldnames or ())]
        rows = [] if missing else [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        return Sheet(refused=(Found(1, "file", "not_utf8_csv"),))
    if len(rows) > MOST_ROWS:
        return Sheet(refused=(Found(MOST_ROWS + 2, "file", "too_many_rows"),))
    return Sheet(tuple(rows), tuple(missing))


def read_directory(data: bytes, known: Mapping[str, Listed]) -> Import:
    """Read a directory file beside the entries already `known`, by location id."""
    return compare(read_sheet(data), known)


def compare(sheet: Sheet, known: Mapping[str, Listed]) -> Import:
    """Put a sheet's rows beside the entries already `known`, by location id."""
    report, places, taken = Import(rejected=list(sheet.refused)), set[tuple[str, str]](), set[str]()
    for number, row in sheet.rows:
        report.read += 1
        _take(number, row, known, report, places, taken)
    return report


def _take(
    number: int,
    row: Row,
    known: Mapping[str, Listed],
    report: Import,
    places: set[tuple[str, str]],
    taken: set[str],
) -> None:
    trouble = _why_rejected(row, taken)
    if trouble:
        report.rejected.append(Found(number, *trouble))
        return
    entry = _listed(row)
    report.defects += (Found(number, *defect) for defect in _defects(row, places))
    taken.add(entry.location_id)
    places.add(_place(row))
    _sort(entry, known.get(entry.location_id), report)


def _sort(entry: Listed, before: Listed | None, report: Import) -> None:
    if before is None:
        report.new.append(entry)
    elif before != entry:
        report.updated.append(entry)
    else:
        report.unchanged += 1


def _why_rejected(row: Row, taken: set[str]) -> tuple[str, str] | None:
    """What nobody can use: no identity, no name, no type, or fields that have slipped into one another."""
    kept = [_text(row, column) or "" for column in COLUMNS]
    checks = (
        (any("\x00" in text for text in kept), "row", "not_text"),
        (any(len(text) > LONGEST for text in kept), "row", "too_long"),
        (TOO_MANY in row or None in row.values(), "row", "not_as_many_fields_as_columns"),
        (not LOCATION.fullmatch(_text(row, "cqc_id") or ""), "cqc_id", "not_a_location_id"),
        (_text(row, "cqc_id") in taken, "cqc_id", "repeated_in_the_file"),
        (not _text(row, "name"), "name", "missing"),
        (not _text(row, "type"), "type", "missing"),
    )
    return next(((column, rule) for wrong, column, rule in checks if wrong), None)


def _defects(row: Row, places: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is wrong with a row that is kept all the same."""
    found = [(column, "empty_written_as_na") for column in row if str(row[column]).strip() == EMPTY]
    checks: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("area_code", "not_nine_characters", ONS_CODE.fullmatch),
        ("postcode", "not_a_postcode", DISTRICT.fullmatch),
        ("inspection_date", "not_a_date", _date),
        ("provider", "names_people", lambda text: not PEOPLE.search(text)),
    )
    found += ((name, rule) for name, rule, good in checks if (text := _text(row, name)) and not good(text))
    return found + ([("name", "same_place_again")] if _place(row) in places else [])


def _listed(row: Row) -> Listed:
    code, provider = _text(row, "area_code") or "", _text(row, "provider")
    district = DISTRICT.fullmatch(_text(row, "postcode") or "")
    return Listed(
        location_id=_text(row, "cqc_id") or "",
        name=_text(row, "name") or "",
        types=tuple(part.strip() for part in (_text(row, "type") or "").split("|")),
        provider=None if provider and PEOPLE.search(provider) else provider,
        postcode_district=district[1] if district else None,
        area_name=_text(row, "area_name"),
        area_code=code if ONS_CODE.fullmatch(code) else None,
        inspected_on=_date(_text(row, "inspection_date") or ""),
    )


def _place(row: Row) -> tuple[str, str]:
    return (_text(row, "name") or "").casefold(), _text(row, "postcode") or ""


def _text(row: Row, column: str) -> str | None:
    text = str(row.get(column) or "").strip()
    return None if text in ("", EMPTY) else text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
