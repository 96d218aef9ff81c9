"""Published unit costs, checked against the figures of RULES.md §7, on the extracts and on the full files."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from services.budget.importers.unit_costs import (
    ENGLAND,
    LONG_HEAD,
    Found,
    Import,
    Provision,
    Unit,
    UnitCost,
    read_long,
    read_wide,
)

ROOT = Path(__file__).parents[3]
EXTRACTS = ROOT / "services/budget/importers/data"
PUBLISHED = ROOT.parent / "shared/data"
FULL = pytest.mark.skipif(
    not (PUBLISHED / "pss-ex1-2013-14.csv").exists(), reason="the full published files are not at ../shared/data"
)
WIDE = [EXTRACTS / "pss-ex1-2013-14-extract.csv", pytest.param(PUBLISHED / "pss-ex1-2013-14.csv", marks=FULL)]
LONG = [EXTRACTS / "pss-ex1-2014-15-extract.csv", pytest.param(PUBLISHED / "pss-ex1-2014-15.csv", marks=FULL)]

HOME_CARE = {  # pounds an hour: all, own, external (R§7)
    ENGLAND: (1720, 3910, 1530),
    "102": (1440, 2480, 1290),
    "107": (1630, 4990, 1490),
    "406": (1350, 4230, 1150),
    "704": (2140, 3400, 1390),
    "820": (1790, 4240, 1540),
}
ENGLAND_2013 = {  # pounds a week or a meal: own, external, all (R§7)
    ("residential", "older_people"): (95290, 50310, 53820),
    ("residential", "learning_disability"): (175960, 131160, 134010),
    ("day_service", "older_people"): (14850, 8890, 11750),
    ("day_service", "learning_disability"): (32440, 26110, 29450),
    ("meals", "all"): (620, 580, 590),
}


def wide(path: Path) -> Import:
    return read_wide(path.read_bytes())


def long(path: Path) -> Import:
    return read_long(path.read_bytes(), "2014-15")


def cost(report: Import, council: str, support: str, group: str, provision: Provision) -> UnitCost:
    wanted = (council, support, group, provision)
    (found,) = (
        one
        for one in report.costs
        if (one.council, one.measure.support, one.measure.group, one.measure.provision) == wanted
    )
    return found


@pytest.mark.parametrize("path", WIDE)
@pytest.mark.parametrize("council", HOME_CARE)
def test_an_hour_of_home_care_costs_what_was_published(path: Path, council: str) -> None:
    order = (Provision.ALL, Provision.OWN, Provision.EXTERNAL)
    found = [cost(wide(path), council, "home_care", "all", provision) for provision in order]
    assert tuple(one.pence for one in found) == HOME_CARE[council]
    assert {one.measure.unit for one in found} == {Unit.HOUR}


@pytest.mark.parametrize("path", WIDE)
@pytest.mark.parametrize("what", ENGLAND_2013)
def test_england_as_published_own_external_and_all(path: Path, what: tuple[str, str]) -> None:
    order = (Provision.OWN, Provision.EXTERNAL, Provision.ALL)
    found = tuple(cost(wide(path), ENGLAND, *what, provision).pence for provision in order)
    assert found == ENGLAND_2013[what]


@pytest.mark.parametrize("path", WIDE)
def test_direct_payments_and_their_parts_as_published(path: Path) -> None:
    england = cost(wide(path), ENGLAND, "direct_payment", "all", Provision.ALL)
    assert (england.pence, england.cost_thousands, england.quantity) == (22530, Decimal(1433583), Decimal(122380))
    groups = ("older_people", "learning_disability", "mental_health")
    pence = [cost(wide(path), ENGLAND, "direct_payment", group, Provision.ALL).pence for group in groups]
    assert pence == [18750, 28880, 10570]
    assert cost(wide(path), "102", "direct_payment", "all", Provision.ALL).pence == 6350
    assert cost(wide(path), "107", "direct_payment", "all", Provision.ALL).pence == 23130


@pytest.mark.parametrize("path", LONG)
def test_2014_15_as_published(path: Path) -> None:
    report, all_care = long(path), ("residential_and_nursing_care", "age_18_and_over/all", Provision.ALL)
    cumbria = cost(report, "102", *all_care)
    assert (cumbria.pence, cumbria.name) == (60449, "Cumbria")
    assert (cumbria.cost_thousands, cumbria.quantity) == (Decimal("83907.13"), Decimal("138806.14"))
    assert cost(report, ENGLAND, *all_care).pence == 66637
    learning = ("residential", "age_18_to_64/learning_disability_support")
    older = ("residential", "age_65_and_over/physical_support")
    split = [cost(report, ENGLAND, *what, by).pence for what in (learning, older) for by in ("own", "external")]  # type: ignore[arg-type]
    assert split == [173809, 132062, 89296, 51318]


@pytest.mark.parametrize("path", [*WIDE, *LONG])
def test_own_and_bought_in_are_marked_as_not_like_for_like(path: Path) -> None:
    report = wide(path) if "2013" in path.name else long(path)
    marked = {one.measure.provision: one.measure.not_like_for_like for one in report.costs}
    assert (marked[Provision.OWN], marked[Provision.EXTERNAL], marked[Provision.ALL]) == (True, True, False)
    assert {"own_and_external_not_like_for_like", "cost_in_thousands"} <= set(report.notes)


@pytest.mark.parametrize("path", WIDE)
def test_every_figure_of_2013_14_follows_from_its_parts_or_the_people_were_rounded_to_none(path: Path) -> None:
    assert {defect.rule for defect in wide(path).defects} == {"quantity_rounded_to_none"}


@pytest.mark.parametrize("path", LONG)
def test_every_figure_of_2014_15_follows_from_its_parts(path: Path) -> None:
    assert long(path).defects == []


def test_nothing_is_lost_in_the_extracts() -> None:
    first, second = wide(WIDE[0]), long(LONG[0])  # type: ignore[arg-type]
    assert (first.year, first.read, len(first.costs), first.not_published, first.left_out) == ("2013-14", 8, 153, 23, 2)
    assert (second.year, second.read, len(second.costs), second.not_published) == ("2014-15", 66, 132, 22)
    assert first.rejected == second.rejected == []


@FULL
def test_nothing_is_lost_in_the_full_files() -> None:
    first, second = wide(PUBLISHED / "pss-ex1-2013-14.csv"), long(PUBLISHED / "pss-ex1-2014-15.csv")
    assert (first.read, len(first.costs) + first.not_published) == (153, 153 * 35)
    assert len(second.costs) + second.not_published + len(second.rejected) == 72 * 153
    assert (first.rejected, Counter(found.rule for found in second.rejected)) == ([], {"below_nothing": 2})


def altered(old: bytes, new: bytes) -> Import:
    data = EXTRACTS.joinpath("pss-ex1-2013-14-extract.csv").read_bytes()
    assert old in data
    return read_wide(data.replace(old, new))


@pytest.mark.parametrize(
    ("new", "rule"), [(b"twenty", "not_a_number"), (b"NaN", "not_a_number"), (b"-21.4", "below_nothing")]
)
def test_a_figure_that_is_none_is_rejected_by_row_and_measure(new: bytes, rule: str) -> None:
    report = altered(b'"908,850",21.4', b'"908,850",' + new)
    assert [(found.field, found.rule) for found in report.rejected] == [("2.22A", rule)]
    assert len(report.costs) == 152


def test_a_figure_that_does_not_follow_from_its_parts_is_reported_and_kept() -> None:
    report = altered(b'"908,850",21.4', b'"908,850",24.1')
    assert [(one.field, one.rule) for one in report.defects if one.rule != "quantity_rounded_to_none"] == [
        ("2.22A", "does_not_follow_from_its_parts")
    ]
    assert cost(report, "704", "home_care", "all", Provision.ALL).pence == 2410


def test_columns_in_another_order_are_refused_measure_by_measure() -> None:
    report = altered(b"Numerator,Denominator,Unit Cost", b"Denominator,Numerator,Unit Cost")
    assert {found.rule for found in report.rejected} == {"columns_not_as_expected"}
    assert report.costs == []


def test_three_rows_that_are_not_one_measure_are_rejected_together() -> None:
    head = ",".join((*LONG_HEAD, "102 - Cumbria"))
    rows = [
        f"Long term,Age 18 and over,,Residential,{part},All,1" for part in ("Numerator", "Unit costs", "Denominator")
    ]
    report = read_long("\n".join((head, *rows)).encode("latin-1"), "2014-15")
    assert report.rejected == [Found(2, "row", "not_three_rows_of_one_measure")]


@pytest.mark.parametrize("data", [b"", b"name,price\nA,1\n", b"\xff\xfe"])
def test_a_file_of_another_form_is_refused_as_a_whole(data: bytes) -> None:
    assert [found.rule for found in read_wide(data).rejected] == ["not_pss_ex1_wide"]
    assert [found.rule for found in read_long(data, "2014-15").rejected] == ["not_pss_ex1_long"]
