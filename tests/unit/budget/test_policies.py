"""A policy is read whole and strictly, is known by its bytes, and the right one is found for a council and a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files

import pytest

from services.budget.policy import POLICIES, in_force
from services.budget.policy.reading import PolicyUnsound, parse
from services.budget.rules.employment import wage_floor
from services.budget.rules.policies import NoPolicyInForce, PolicyHasNoRow, choose, choose_again

DEMO, RBKC, NORFOLK, SHROPSHIRE, HACKNEY = "E99999999", "E09000020", "E10000020", "E06000051", "E09000012"
TODAY = date(2026, 11, 23)

HEAD = """
name: allocation
version: v1
councils: [E99999999]
valid_from: 2024-04-01
valid_to: null
rows:
"""
ROW = """
  - rule_id: points
    jurisdiction: ENG
    unit: minutes_a_week
    table: {0: 0, 10: 60}
    valid_from: 2024-04-01
    valid_to: null
    source_title: A test
    source_url: null
    source_para: null
    verified: false
    local_override_allowed: false
"""
SMALL = HEAD + ROW


def changed(old: str, new: str) -> bytes:
    assert old in SMALL
    return SMALL.replace(old, new).encode()


def test_a_policy_is_known_by_the_bytes_of_its_file() -> None:
    assert parse(SMALL.encode()).digest == sha256(SMALL.encode()).hexdigest()
    assert parse(SMALL.encode() + b"\n").digest != parse(SMALL.encode()).digest


TABLE = "table: {0: 0, 10: 60}"
UNSOUND = {
    "a list": b"- just a list",
    "broken yaml": b"name: [",
    "a key is missing": changed("    verified: false\n", ""),
    "a key is unknown": changed("verified: false", "verified: false\n    surprise: 1"),
    "a table that falls": changed(TABLE, "table: {0: 60, 10: 0}"),
    "points that do not rise": changed(TABLE, "table: {10: 0, 0: 60}"),
    "a table below zero": changed(TABLE, "table: {0: -1, 10: 60}"),
    "both a value and a table": changed(TABLE, TABLE + "\n    value: 1"),
    "a float": changed(TABLE, "value: 12.07"),
    "a word and a value": changed(TABLE, "value: 1\n    choice: never"),
    "a choice that is no word": changed(TABLE, "choice: not so"),
    "not a number": changed(TABLE, "value: twelve"),
    "an unknown jurisdiction": changed("jurisdiction: ENG", "jurisdiction: FRA"),
    "no source": changed("source_title: A test", 'source_title: ""'),
    "synthetic yet verified": changed("verified: false", "provenance: synthetic\n    verified: true"),
    "two rows for one day": (SMALL + ROW).encode(),
    "a local row that is not allowed": (SMALL + ROW.replace("unit:", "council: E99999999\n    unit:")).encode(),
}


@pytest.mark.parametrize("raw", UNSOUND.values(), ids=UNSOUND.keys())
def test_an_unsound_policy_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(PolicyUnsound):
        parse(raw)


def test_every_shipped_file_is_read() -> None:
    shipped = [file for file in files("services.budget.policy").iterdir() if file.name.endswith(".yaml")]
    assert {sha256(file.read_bytes()).hexdigest() for file in shipped} == {policy.digest for policy in POLICIES}
    assert {policy.name for policy in POLICIES} == {
        "allocation",
        "charging",
        "direct_payments",
        "employment",
        "prices",
    }


def test_a_policy_is_chosen_by_council_and_day() -> None:
    assert in_force("allocation", DEMO, TODAY).ref.version == "demo-2024-25"
    assert in_force("allocation", RBKC, date(2009, 6, 1)).ref.version == "rbkc-2009"


@pytest.mark.parametrize(
    ("name", "council", "on"),
    [("allocation", DEMO, date(2024, 3, 31)), ("allocation", RBKC, TODAY), ("allocation", NORFOLK, TODAY)],
)
def test_where_no_policy_holds_none_is_made_up(name: str, council: str, on: date) -> None:
    with pytest.raises(NoPolicyInForce):
        in_force(name, council, on)


def test_of_two_versions_the_later_one_holds_and_the_older_can_be_found_by_digest() -> None:
    older = parse(SMALL.encode())
    newer = parse((HEAD.replace("v1", "v2").replace("2024", "2025") + ROW).encode())
    assert choose([newer, older], "allocation", DEMO, TODAY).ref.version == "v2"
    assert choose([newer, older], "allocation", DEMO, date(2024, 5, 1)).ref.version == "v1"
    assert choose_again([newer, older], older.digest, DEMO, TODAY).ref.version == "v1"
    with pytest.raises(NoPolicyInForce):
        choose_again([newer], older.digest, DEMO, TODAY)


def test_a_policy_with_one_unverified_figure_is_not_verified() -> None:
    assert not in_force("allocation", DEMO, TODAY).ref.verified
    assert in_force("allocation", RBKC, date(2009, 6, 1)).ref.verified


def test_a_local_figure_is_its_own_council_s_alone() -> None:
    on = date(2024, 6, 1)
    assert in_force("prices", SHROPSHIRE, on).row("direct_payment_rate").figure == 1375
    assert in_force("prices", NORFOLK, on).find("direct_payment_rate") is None


def test_a_council_s_own_row_goes_before_the_national_one() -> None:
    on = date(2013, 6, 1)
    assert in_force("prices", HACKNEY, on).row("home_care_own").figure == 3400
    assert in_force("prices", SHROPSHIRE, on).row("home_care_own").figure == 3910


@pytest.mark.parametrize(
    ("on", "age", "pence"),
    [
        (date(2026, 3, 31), 21, 1221),
        (date(2026, 4, 1), 21, 1271),
        (date(2026, 4, 1), 20, 1085),
        (date(2026, 4, 1), 17, 800),
        (date(2023, 6, 1), 23, 1042),
        (date(2018, 6, 1), 25, 783),
    ],
)
def test_the_wage_floor_goes_by_day_and_age(on: date, age: int, pence: int) -> None:
    """RULES §9 case 23 and §4.1 (National Minimum Wage Regulations, by date and age)."""
    assert wage_floor(in_force("employment", DEMO, on), age).figure == pence


@pytest.mark.parametrize(("on", "age"), [(date(2023, 6, 1), 21), (date(2026, 6, 1), 15), (date(2016, 4, 1), 21)])
def test_a_wage_floor_nobody_has_sourced_is_an_error_not_a_guess(on: date, age: int) -> None:
    with pytest.raises(PolicyHasNoRow):
        wage_floor(in_force("employment", DEMO, on), age)


def test_figures_from_memory_stay_unverified() -> None:
    on_2023, on_2026 = (in_force("employment", DEMO, day) for day in (date(2023, 6, 1), TODAY))
    assert not on_2023.row("wage_floor", 18).verified
    assert not on_2026.row("pension_employer_percent").verified
    assert on_2026.row("wage_floor", 21).verified
    assert on_2026.row("holiday_percent").figure == Decimal("12.07")
