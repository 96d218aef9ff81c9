"""What does a nation publish beside the lanes' own prices? Each figure with its year, its source, and why it is no match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from care.demo.market import unit_costs
from care.demo.measures import Measured
from care.demo.stage import Stage
from care.demo.tables import table
from shared.money import pounds

ENGLAND = "ENG"
THEN = "2024-06-17"
OLD = (
    "eleven years before, and what councils spent divided by hours: it is no price, and each counts other things in it"
)
OWN_OLD = f"own and bought-in are not like for like; {OLD}"
AVERAGE = "what councils spent on average, all areas and packages, nights and weekends with the rest: no agency's price"
MINIMUM = "what a trade body reckons an hour costs at the least: an opinion, no statistic"
A_WEEK = "a week of one person's payments, of all ages and needs, eleven years before: nobody's hour, and no wage"
A_DAY_OUT = "a week of one person's day care, however many days they come, eleven years before"


@dataclass(frozen=True)
class Beside:
    """One published figure beside one lane's own: pence, by `unit`. `why_not` says what makes it no match."""

    lane: str
    here: str
    pence: int
    unit: str
    what: str
    year: str
    source: str
    verified: bool
    why_not: str

    @property
    def row(self) -> tuple[str, ...]:
        mark = "" if self.verified else " (not verified)"
        figure = f"{pounds(self.pence)} {self.unit}"
        return (self.lane, self.here, figure, f"{self.what}, {self.year}", self.source + mark, self.why_not)


def published_beside(stage: Stage) -> list[Beside]:
    """What was imported of PSS-EX1, and what the price book has for England on the day support started: over the APIs."""
    costs = [one for one in unit_costs(stage.staff) if one["authority"] == ENGLAND]
    policies = stage.staff.budget_officer.get("budget", "/v1/policies")["items"]
    (prices,) = (one["rows"] for one in policies if one["name"] == "prices")
    book = [one for one in prices if one["jurisdiction"] == ENGLAND and one["council"] is None and _holds(one)]
    return [row for lane in stage.found["measures"] for row in _of_lane(lane, costs, book)]


def _holds(row: dict[str, Any]) -> bool:
    return bool(row["valid_from"] <= THEN and (row["valid_to"] is None or row["valid_to"] >= THEN))


def _of_lane(lane: Measured, costs: Sequence[dict[str, Any]], book: Sequence[dict[str, Any]]) -> Iterator[Beside]:
    kind = {"Elif": "own", "Gita": "payment", "Iris": "day"}.get(lane.name, "external")
    if kind == "external":
        yield _of_book(lane, book, "homecare_external", "home care bought by councils, on average", AVERAGE)
        yield _of_book(lane, book, "homecare_minimum_price", "least price of an hour, by the trade body", MINIMUM)
        yield from _imported(lane, costs, ("home_care", "all", "external"), "home care, external", OLD)
    elif kind == "own":
        yield from _imported(lane, costs, ("home_care", "all", "own"), "home care, councils' own", OWN_OLD)
    elif kind == "payment":
        yield from _imported(lane, costs, ("direct_payment", "all", "all"), "direct payments", A_WEEK)
    else:
        day = ("day_service", "older_people", "own")
        yield from _imported(lane, costs, day, "day care of older people, councils' own", A_DAY_OUT)


UNITS = {"hour": "an hour", "week": "a week", "person_week": "a person and week"}


def _imported(
    lane: Measured, costs: Sequence[dict[str, Any]], which: tuple[str, str, str], what: str, why_not: str
) -> Iterator[Beside]:
    """The figure of this support, group and provision; nothing where the file that was imported has none."""
    for one in costs:
        if (one["support"], one["group"], one["provision"]) == which:
            source = "PSS-EX1, HSCIC, as imported"
            unit, year = UNITS[one["unit"]], one["year"]
            yield Beside(lane.name, _here(lane), one["pence"], unit, what, year, source, True, why_not)


def _of_book(lane: Measured, book: Sequence[dict[str, Any]], rule: str, what: str, why_not: str) -> Beside:
    row = next(one for one in book if one["rule_id"] == rule)
    pence, year = int(Decimal(str(row["value"]))), f"{row['valid_from'][:4]}-{row['valid_to'][2:4]}"
    secondary = " (a secondary source)" if "summarised" in row["source_title"] else ""
    source = row["source_title"] + secondary
    return Beside(lane.name, _here(lane), pence, "an hour", what, year, source, row["verified"], why_not)


def _here(lane: Measured) -> str:
    hours = " and ".join(pounds(price) for price in lane.prices)
    return f"{hours} an hour"


COLUMNS = ("lane", "here, 2024-25", "published", "what, and of when", "source", "why it is no match")


def show(stage: Stage) -> str:
    """Beside each other, never of one measure: each row says why."""
    rows: list[Beside] = stage.found["national"]
    return (
        "<h2>What a nation publishes, beside the lanes' own prices</h2>"
        "<p>Where figures exist, with their year and source. <b>None of them is like for like with the lane it stands "
        "beside</b>: the last column says why. PSS-EX1 is what was imported through the API, the others are dated rows of the "
        "price book. No figure is used for anything.</p>" + table(COLUMNS, [one.row for one in rows])
    )
