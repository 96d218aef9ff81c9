"""The published directory: what is kept, what is reported, and that nothing is made up."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from services.marketplace.importers.directory import Found, Import, Listed, read_directory

ROOT = Path(__file__).parents[3]
EXTRACT = ROOT / "services/marketplace/importers/data/trafford-care-homes-extract.csv"
FULL = ROOT.parent / "shared/data/trafford-care-homes.csv"
HEADER = "name,cqc_id,type,postcode,provider,inspection_date,area_name,area_code"
ROW = "A Home,1-123456789,Nursing homes,M33 1AA,A Company Limited,2024-01-31,Trafford,E08000009"


def extract() -> Import:
    return read_directory(EXTRACT.read_bytes(), {})


def one(row: str, known: dict[str, Listed] | None = None) -> Import:
    return read_directory(f"{HEADER}\n{row}\n".encode(), known or {})


def test_a_row_is_kept_as_published() -> None:
    found = {entry.location_id: entry for entry in extract().new}
    assert found["1-9397179795"] == Listed(
        location_id="1-9397179795",
        name="Away Day Care",
        types=("Residential homes", "Homecare agencies", "Supported living"),
        provider="Away Day Care Limited",
        postcode_district="M41",
        area_name="Trafford",
        area_code=None,
        inspected_on=date(2022, 12, 3),
    )


def test_only_one_of_the_listed_services_offers_care_at_home() -> None:
    assert [entry.name for entry in extract().new if entry.offers_care_at_home] == ["Away Day Care"]


def test_commas_inside_quotes_do_not_shift_the_fields() -> None:
    found = {entry.name: entry for entry in extract().new}
    assert found["Urmston Manor"].postcode_district == "M41"  # its address has three commas
    assert found["Ashton Lane"].provider == "Stockdales Of Sale, Altrincham & District Ltd"


def test_the_known_defects_are_reported_and_the_rows_kept() -> None:
    report = extract()
    counts = Counter((defect.field, defect.rule) for defect in report.defects)
    assert (report.read, len(report.new), report.rejected) == (13, 13, [])
    assert counts["area_code", "not_nine_characters"] == 13
    assert counts["inspection_date", "empty_written_as_na"] == 2
    assert counts["name", "same_place_again"] == 1


def test_an_area_code_that_is_a_digit_short_is_not_guessed() -> None:
    assert {entry.area_code for entry in extract().new} == {None}
    assert one(ROW).new[0].area_code == "E08000009"


def test_no_price_and_no_rating_is_invented() -> None:
    names = {field.name for field in fields(Listed)}
    assert not {name for name in names if "price" in name or "pence" in name or "rating" in name}


def test_the_same_file_again_changes_nothing_and_a_changed_row_is_an_update() -> None:
    known = {entry.location_id: entry for entry in extract().new}
    again = read_directory(EXTRACT.read_bytes(), known)
    assert (again.unchanged, again.new, again.updated) == (13, [], [])
    known["1-9397179795"] = replace(known["1-9397179795"], provider="Somebody before")
    changed = read_directory(EXTRACT.read_bytes(), known)
    assert ([entry.name for entry in changed.updated], changed.unchanged) == (["Away Day Care"], 12)


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        (ROW.replace("1-123456789", "RTG54"), "cqc_id", "not_a_location_id"),
        (ROW.replace("1-123456789", "NA"), "cqc_id", "not_a_location_id"),
        (ROW.replace("A Home", ""), "name", "missing"),
        (ROW.replace("Nursing homes", "NA"), "type", "missing"),
        (ROW.replace("A Company", "A, Company"), "row", "not_as_many_fields_as_columns"),
        ("A Home,1-123456789", "row", "not_as_many_fields_as_columns"),
    ],
)
def test_a_row_that_nobody_can_use_is_rejected_with_its_reason(row: str, field: str, rule: str) -> None:
    report = one(row)
    assert report.rejected == [Found(2, field, rule)]
    assert (report.read, report.new) == (1, [])


def test_a_location_that_comes_twice_is_taken_once() -> None:
    report = one(f"{ROW}\n{ROW}")
    assert report.rejected == [Found(3, "cqc_id", "repeated_in_the_file")]
    assert len(report.new) == 1


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        (ROW.replace("M33 1AA", "M331"), "postcode", "not_a_postcode"),
        (ROW.replace("2024-01-31", "31/01/2024"), "inspection_date", "not_a_date"),
        (ROW.replace("A Company Limited", "Mr A Person & Mrs B Person"), "provider", "names_people"),
        (ROW.replace("A Company Limited", "NA"), "provider", "empty_written_as_na"),
    ],
)
def test_a_field_that_cannot_be_trusted_is_left_empty_and_reported(row: str, field: str, rule: str) -> None:
    report = one(row)
    kept = {"postcode": "postcode_district", "inspection_date": "inspected_on", "provider": "provider"}[field]
    assert report.defects == [Found(2, field, rule)]
    assert getattr(report.new[0], kept) is None


def test_a_company_with_a_persons_title_in_its_midst_is_kept() -> None:
    assert one(ROW.replace("A Company Limited", "Sisters Of St Joseph CIO")).new[0].provider is not None


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"name,type\nx,y\n", "column_missing"), (b"\xff\xfe\x00", "not_utf8_csv"), (b"", "column_missing")],
)
def test_a_file_of_another_form_is_refused_as_a_whole(data: bytes, rule: str) -> None:
    report = read_directory(data, {})
    assert {found.rule for found in report.rejected} == {rule}
    assert (report.read, report.new) == (0, [])


@pytest.mark.skipif(not FULL.exists(), reason="the full published file is not at ../shared/data")
def test_the_full_published_file_is_read_with_every_defect_reported() -> None:
    report = read_directory(FULL.read_bytes(), {})
    counts = Counter((defect.field, defect.rule) for defect in report.defects)
    assert (report.read, len(report.new), report.rejected) == (56, 56, [])
    assert [entry.name for entry in report.new if entry.offers_care_at_home] == ["Away Day Care"]
    assert counts["area_code", "not_nine_characters"] == 56
    assert counts["provider", "names_people"] == 1
    assert counts["name", "same_place_again"] == 2


@pytest.mark.skipif(not FULL.exists(), reason="the full published file is not at ../shared/data")
def test_the_extract_is_lines_of_the_full_file_unchanged() -> None:
    assert set(EXTRACT.read_bytes().splitlines()) <= set(FULL.read_bytes().splitlines())
