"""What did councils say that a unit of support cost them, their own beside bought in?

Reads PSS-EX1 (Personal Social Services: Expenditure and Unit Costs, England; Health and Social Care Information
Centre): 2013-14 is wide, a council a row; 2014-15 is long, a council a column. What a council spent on a unit is not
what a supplier asks, so these figures check a price book and are never a listing's price.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from shared.money import to_pence

ENGLAND = "ENG"
NOT_PUBLISHED = frozenset({"", ".", "..", ":"})
COUNCIL = re.compile(r"(\d{3}) - (.+)")
MEASURE = re.compile(r"2\.\d+A?")
PARTS = ("Numerator", "Denominator", "Unit Cost")
LONG_HEAD = (
    "Support type",
    "Age category",
    "Primary support reason",
    "Service delivery mechanism",
    "Unit cost category",
    "Unit cost provision",
)
WIDE_NOTES = (
    "cost_in_thousands",
    "people_rounded_to_5",
    "england_includes_estimates",
    "own_and_external_not_like_for_like",
)
LONG_NOTES = (
    "cost_in_thousands",
    "not_comparable_with_earlier_years",
    "outliers_flagged_by_the_publisher",
    "own_and_external_not_like_for_like",
)


class Provision(StrEnum):
    """Who provided it. `council_supported` is the cost without what others paid towards it; it is no provider."""

    OWN = "own"
    EXTERNAL = "external"
    ALL = "all"
    COUNCIL_SUPPORTED = "council_supported"


class Unit(StrEnum):
    HOUR = "hour"
    WEEK = "week"
    PERSON_WEEK = "person_week"
    MEAL = "meal"


@dataclass(frozen=True, slots=True)
class Measure:
    """One published unit cost: for what support, for whom, provided by whom, per what."""

    code: str
    support: str
    group: str
    provision: Provision
    unit: Unit

    @property
    def not_like_for_like(self) -> bool:
        """Own and bought-in support differ in whom they serve and what the cost includes: never compare them bare."""
        return self.provision in (Provision.OWN, Provision.EXTERNAL)


@dataclass(frozen=True, slots=True)
class UnitCost:
    """A published figure: pence a unit, and its parts as published. `council` is the return's number, or ENGLAND."""

    council: str
    name: str
    year: str
    measure: Measure
    pence: int
    cost_thousands: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong with a figure: the row of the file (from 1), the measure or council, and the rule."""

    row: int
    field: str
    rule: str


@dataclass(slots=True)
class Import:
    """What became of a file; `not_published` counts figures withheld or impossible, `left_out` measures not read."""

    year: str = ""
    read: int = 0
    costs: list[UnitCost] = field(default_factory=list)
    not_published: int = 0
    left_out: int = 0
    notes: tuple[str, ...] = ()
    rejected: list[Found] = field(default_factory=list)
    defects: list[Found] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Figure:
    row: int
    field: str
    council: str
    name: str
    measure: Measure
    parts: tuple[str, str, str]


def _split(support: str, group: str, unit: Unit, codes: str) -> Iterator[tuple[str, Measure]]:
    for code, provision in zip(codes.split(), (Provision.ALL, Provision.OWN, Provision.EXTERNAL), strict=False):
        yield code, Measure(code, support, group, provision, unit)


MEASURES: dict[str, Measure] = dict(
    pair
    for support, group, unit, codes in (
        ("residential", "older_people", Unit.WEEK, "2.4 2.5 2.6"),
        ("residential", "learning_disability", Unit.WEEK, "2.9 2.10 2.11"),
        ("residential", "mental_health", Unit.WEEK, "2.14 2.15 2.16"),
        ("residential", "physical_disability", Unit.WEEK, "2.19 2.20 2.21"),
        ("home_care", "all", Unit.HOUR, "2.22A 2.23A 2.24A"),
        ("direct_payment", "all", Unit.PERSON_WEEK, "2.30"),
        ("direct_payment", "older_people", Unit.PERSON_WEEK, "2.31"),
        ("direct_payment", "learning_disability", Unit.PERSON_WEEK, "2.32"),
        ("direct_payment", "mental_health", Unit.PERSON_WEEK, "2.33"),
        ("direct_payment", "physical_disability", Unit.PERSON_WEEK, "2.34"),
        ("day_service", "older_people", Unit.PERSON_WEEK, "2.34A 2.35 2.36"),
        ("day_service", "learning_disability", Unit.PERSON_WEEK, "2.36A 2.37 2.38"),
        ("day_service", "mental_health", Unit.PERSON_WEEK, "2.38A 2.39 2.40"),
        ("day_service", "physical_disability", Unit.PERSON_WEEK, "2.40A 2.41 2.42"),
        ("meals", "all", Unit.MEAL, "2.52A 2.53 2.54"),
    )
    for pair in _split(support, group, unit, codes)
)
"""The measures of 2013-14 that tell own from bought in, and direct payments, by the publication's own numbers."""

PROVISIONS = {
    "All": Provision.ALL,
    "LA supported only": Provision.COUNCIL_SUPPORTED,
    "Own provision": Provision.OWN,
    "Provision by others": Provision.EXTERNAL,
}


LARGEST = Decimal(10**12)
"""No published figure comes near it; a number above it is a slip, or an attack on arithmetic."""


def read(data: bytes, year: str | None) -> Import:
    """Either form, told by its head. The long one does not say its year: without `year` it is refused whole."""
    if not any(tuple(row[:6]) == LONG_HEAD for row in _rows(data)):
        return read_wide(data)
    return read_long(data, year) if year else Import(rejected=[Found(1, "year", "year_needed")])


def read_wide(data: bytes) -> Import:
    """The form of 2013-14: three columns a measure, one row a council, its year in the title."""
    rows = _rows(data)
    year = re.search(r"England - (\d{4}-\d{2})", rows[0][0]) if rows and rows[0] else None
    head = next((number for number, row in enumerate(rows) if any(map(MEASURE.fullmatch, row))), None)
    if year is None or head is None or head + 1 >= len(rows):
        return Import(rejected=[Found(1, "file", "not_pss_ex1_wide")])
    report = Import(year[1], notes=WIDE_NOTES)
    columns = _columns(rows[head], rows[head + 1], report)
    for number, row in enumerate(rows[head + 2 :], start=head + 3):
        _take_council(number, row, columns, report)
    return report


def read_long(data: bytes, year: str) -> Import:
    """The form of 2014-15: three rows a measure, one column a council; the file does not say its year."""
    rows = _rows(data)
    head = next((number for number, row in enumerate(rows) if tuple(row[:6]) == LONG_HEAD), None)
    if head is None:
        return Import(rejected=[Found(1, "file", "not_pss_ex1_long")])
    report, councils = Import(year, notes=LONG_NOTES), _councils(rows[head])
    numbered = [(number, row) for number, row in enumerate(rows[head + 1 :], start=head + 2) if len(row) > 5 and row[4]]
    report.read = len(numbered)
    for start in range(0, len(numbered), 3):
        _take_measure(numbered[start : start + 3], councils, report)
    return report


def _rows(data: bytes) -> list[list[str]]:
    """Latin-1 decodes any byte, as published; a file that is not CSV, or holds a NUL, gives no rows."""
    if b"\x00" in data:
        return []
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(data.decode("latin-1"), newline=""))]
    except csv.Error:
        return []


def _columns(codes: Sequence[str], labels: Sequence[str], report: Import) -> dict[int, Measure]:
    """The first column of each measure that is read."""
    found: dict[int, Measure] = {}
    for column in range(1, len(codes) - 2, 3):
        if codes[column] not in MEASURES:
            report.left_out += 1
        elif tuple(labels[column : column + 3]) == PARTS:
            found[column] = MEASURES[codes[column]]
        else:
            report.rejected.append(Found(1, codes[column], "columns_not_as_expected"))
    return found


def _take_council(number: int, row: Sequence[str], columns: dict[int, Measure], report: Import) -> None:
    who = _council(row[0]) if row else None
    if who is None:
        return  # titles and notes: WIDE_NOTES says what they say
    report.read += 1
    if len(row) < max(columns, default=0) + 3:
        report.rejected.append(Found(number, "row", "too_few_fields"))
        return
    for column, measure in columns.items():
        parts = (row[column], row[column + 1], row[column + 2])
        _take_figure(_Figure(number, measure.code, *who, measure, parts), report, _WIDE)


def _take_measure(rows: Sequence[tuple[int, list[str]]], councils: dict[int, tuple[str, str]], report: Import) -> None:
    number, first = rows[0]
    measure = _measure(first)
    complete = [row[4] for _, row in rows] == ["Numerator", "Denominator", "Unit costs"]
    if measure is None or not complete or len({(*row[:4], row[5]) for _, row in rows}) != 1:
        report.rejected.append(Found(number, "row", "not_three_rows_of_one_measure"))
        return
    for column, who in councils.items():
        cells = [row[column] if column < len(row) else "" for _, row in rows]
        _take_figure(_Figure(number, who[0], *who, measure, (cells[0], cells[1], cells[2])), report, _LONG)


def _measure(row: Sequence[str]) -> Measure | None:
    length, age, reason, service, _, provision = (cell.lower().replace(" ", "_") for cell in row[:6])
    known = PROVISIONS.get(row[5])
    group = f"{age}/{reason or 'all'}"
    code = f"{length}/{service}/{group}/{provision}"
    return Measure(code, service, group, known, Unit.WEEK) if known else None


def _councils(head: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Councils and England by column; regions are left out, they are sums of councils."""
    return {column: who for column, name in enumerate(head) if column > 5 and (who := _council(name))}


def _council(text: str) -> tuple[str, str] | None:
    if text in ("TOTAL England", "England"):
        return ENGLAND, "England"
    found = COUNCIL.fullmatch(text)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class _Rounding:
    """Half of the last digit that is published: thousands, things, people, pounds a unit."""

    thousands: Decimal
    things: Decimal
    people: Decimal
    pounds: Decimal


_WIDE = _Rounding(Decimal("0.5"), Decimal("0.5"), Decimal("2.5"), Decimal("0.05"))
_LONG = _Rounding(Decimal("0.005"), Decimal("0.005"), Decimal("0.005"), Decimal("0.005"))


def _take_figure(figure: _Figure, report: Import, rounding: _Rounding) -> None:
    if figure.parts[2] in NOT_PUBLISHED:
        report.not_published += 1
        return
    try:
        cost, quantity, pounds = (_number(part) for part in figure.parts)
    except InvalidOperation:
        report.rejected.append(Found(figure.row, figure.field, "not_a_number"))
        return
    if min(cost, quantity, pounds) < 0:
        report.rejected.append(Found(figure.row, figure.field, "below_nothing"))
        return
    pence = to_pence(pounds * 100)
    report.costs.append(
        UnitCost(figure.council, figure.name, report.year, figure.measure, pence, cost, quantity),
    )
    rule = _defect(figure.measure.unit, cost, quantity, pounds, rounding)
    if rule:
        report.defects.append(Found(figure.row, figure.field, rule))


def _number(text: str) -> Decimal:
    """A figure as published; NaN, infinity and what no council could spend are none."""
    number = Decimal(text.replace(",", ""))
    if not number.is_finite() or abs(number) > LARGEST:
        raise InvalidOperation
    return number


def _defect(unit: Unit, cost: Decimal, quantity: Decimal, pounds: Decimal, rounding: _Rounding) -> str | None:
    """Does the figure follow from its parts, given how they were rounded? People and meals are of a week: 52 a year."""
    if not quantity:
        return "quantity_rounded_to_none"
    weekly = unit in (Unit.PERSON_WEEK, Unit.MEAL)
    half = rounding.people if weekly else rounding.things
    weeks = 52 if weekly else 1
    least = (cost - rounding.thousands) * 1000 / (quantity + half) / weeks - rounding.pounds
    most = (cost + rounding.thousands) * 1000 / max(quantity - half, half) / weeks + rounding.pounds
    return None if least <= pounds <= most else "does_not_follow_from_its_parts"
