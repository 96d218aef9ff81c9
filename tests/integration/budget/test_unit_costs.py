"""Published unit costs are taken in row by row, and shown with what they may not be compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.budget.importers import unit_costs
from shared.testing.harness import Caller, Running
from shared.testing.tokens import OTHER_COUNCIL

DATA = Path(str(unit_costs.__file__)).parent / "data"
WIDE, LONG = ((DATA / f"pss-ex1-{year}-extract.csv").read_bytes() for year in ("2013-14", "2014-15"))
CSV = {"Content-Type": "text/csv"}
WHERE = "/v1/unit-costs"


@pytest.fixture
def officer(budget: Running) -> Caller:
    return budget.as_("budget_officer")


async def test_a_file_is_taken_in_once_and_again_only_where_a_figure_changed(officer: Caller) -> None:
    first = await officer.done(WHERE, content=WIDE, headers=CSV)
    assert (first["year"], first["read"], first["updated"], first["rejected"]) == ("2013-14", 8, 0, [])
    assert first["new"] > 100
    again = await officer.done(WHERE, content=WIDE, headers=CSV)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, first["new"])
    changed = await officer.done(WHERE, content=WIDE.replace(b",39.1,", b",39.2,", 1), headers=CSV)
    assert (changed["new"], changed["updated"]) == (0, 1)


async def test_own_and_bought_in_home_care_are_shown_as_not_like_for_like_with_the_publisher_s_notes(
    officer: Caller,
) -> None:
    await officer.done(WHERE, files={"file": ("pss.csv", WIDE, "text/csv")})
    shown = (await officer.read(WHERE, year="2013-14", support="home_care", limit=200))["items"]
    england = {each["provision"]: each for each in shown if each["authority"] == "ENG"}
    assert {name: each["pence"] for name, each in england.items()} == {"all": 1720, "own": 3910, "external": 1530}
    assert [england[name]["not_like_for_like"] for name in ("own", "external", "all")] == [True, True, False]
    assert "own_and_external_not_like_for_like" in england["own"]["notes"]


async def test_the_long_form_needs_its_year_and_is_kept_beside_the_other(officer: Caller) -> None:
    refused = await officer.done(WHERE, content=LONG, headers=CSV)
    assert refused["rejected"] == [{"row": 1, "field": "year", "rule": "year_needed"}]
    taken = await officer.done(f"{WHERE}?year=2014-15", content=LONG, headers=CSV)
    assert taken["new"] > 50
    await officer.done(WHERE, content=WIDE, headers=CSV)
    years = {each["year"] for each in (await officer.read(WHERE, limit=200))["items"]}
    assert years == {"2013-14", "2014-15"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"not,a,file\n", b"\x00\x01\x02", b'"' + b"x" * 200_000, "Ÿ€".encode()],
    ids=["empty", "another CSV", "binary", "one long field", "utf-8"],
)
async def test_what_is_not_the_file_is_rejected_in_the_report(officer: Caller, raw: bytes) -> None:
    report = await officer.done(WHERE, content=raw, headers=CSV)
    assert [each["rule"] for each in report["rejected"]] == ["not_pss_ex1_wide"]
    assert report["new"] == 0


@pytest.mark.parametrize("figure", [b"-39.1", b"abc", b"NaN", b"1e400000", b"9e99"])
async def test_a_figure_that_is_none_is_rejected_by_row_and_field_and_the_rest_is_kept(
    officer: Caller, figure: bytes
) -> None:
    report = await officer.done(WHERE, content=WIDE.replace(b",39.1,", b"," + figure + b",", 1), headers=CSV)
    (rejected,) = report["rejected"]
    assert rejected["field"] == "2.23A"
    assert rejected["rule"] in ("not_a_number", "below_nothing")
    assert report["new"] > 100


async def test_what_is_not_csv_is_refused_before_it_is_read(officer: Caller) -> None:
    assert (await officer.post(WHERE, {"a": 1})).status_code == 415
    assert (await officer.post(WHERE, files={"other": ("x.csv", WIDE, "text/csv")})).status_code == 422
    broken = await officer.post(WHERE, content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=y"})
    assert broken.status_code in (400, 422)
    assert (await officer.post(f"{WHERE}?year=14", content=LONG, headers=CSV)).status_code == 422


async def test_a_council_s_import_is_its_own_and_a_reader_may_not_import(budget: Running, officer: Caller) -> None:
    await officer.done(WHERE, content=WIDE, headers=CSV)
    assert (await budget.as_("practitioner", council=OTHER_COUNCIL).read(WHERE))["items"] == []
    assert (await budget.as_("practitioner").post(WHERE, content=WIDE, headers=CSV)).status_code == 403
