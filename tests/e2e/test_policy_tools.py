"""Is a new allocation policy tried on what really happened? The history of a running council, out and decided again."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from care.commands.playing import council_of
from care.demo.people import Staff
from care.local.stack import Stack
from care.local.trouble import Trouble
from care.sandbox import Sandbox
from tests.e2e.asking import ID
from tests.e2e.test_commands import said

pytestmark = pytest.mark.xdist_group("stack")

OLD = (files("services.budget.policy") / "allocation-demo-2024.yaml").read_text("utf-8")
NEW = OLD.replace("value: 1375", "value: 1475").replace("demo-2024-25", "demo-2025-26")
"""A pound more an hour."""
SMALLEST, THREE_NEEDS, POINTS = 5, "abc", 30
FAR, LONE = "far-south", ("lone-east", "lone-west")
HOURS = 8
"""Thirty points are half way between four hours and twelve in the council's table."""


def assess(staff: Staff, area: str) -> str:
    """Somebody made up, whose three needs are assessed and approved; gives the assessment's id."""
    practitioner = staff.practitioner
    identity = {"team": staff.team, "given_name": "Synthetic", "family_name": "Synthetic", "address": "Nowhere"}
    identity |= {"date_of_birth": "1941-05-02", "contact": "made up"}
    person = practitioner.post("assessment", "/v1/people", identity)["person_id"]
    asked = {"route_of_access": "community", "presenting_need": "Synthetic: help at home."}
    request = practitioner.post("assessment", f"/v1/people/{person}/requests", asked)["request_id"]
    begun = practitioner.post("assessment", f"/v1/requests/{request}/assessment", {"area": area})
    where = f"/v1/assessments/{begun['assessment_id']}"
    needs = [{"outcome": code, "able": False, "grounds": ["needs_assistance"]} for code in THREE_NEEDS]
    found = {"impairment": True, "wellbeing_impact": True, "findings": needs, "estimated_minutes": HOURS * 60}
    practitioner.post("assessment", f"{where}/amend", found | {"reasons": "Synthetic: three outcomes."})
    practitioner.post("assessment", f"{where}/submit")
    staff.approver.post("assessment", f"{where}/approve")
    return str(begun["assessment_id"])


@pytest.fixture(scope="module")
def history(stack: Stack) -> list[str]:
    """Six people in one area, and one each in two others, until each has an indicative budget."""
    staff = Staff.of(council_of(Sandbox.here(stack)))
    assessments = [assess(staff, area) for area in (*[FAR] * 6, *LONE)]
    for each in assessments:
        staff.budget_officer.eventually("budget", "/v1/budgets", lambda page: page["items"], assessment_id=each)
    return assessments


@pytest.fixture
def written(care: CliRunner, history: list[str], tmp_path: Path) -> Path:
    """The history, and beside it the new policy."""
    (tmp_path / "new.yaml").write_text(NEW)
    told = said(care, "policy", "history", str(tmp_path / "old.jsonl"))
    assert told.startswith(f"{len(lines_of(tmp_path))} indicative budgets in ")
    return tmp_path


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "old.jsonl").read_text().splitlines()]


def backtest(care: CliRunner, folder: Path, *more: str) -> str:
    return said(care, "policy", "backtest", str(folder / "new.yaml"), "--against", str(folder / "old.jsonl"), *more)


def test_the_history_is_needs_and_pence_of_everybody_and_nobody_s_id(written: Path) -> None:
    ours = [line for line in lines_of(written) if line["needs"]["area"] == FAR]
    assert {(line["needs"]["points"], line["indicated_pence"], line["policy"]) for line in ours} == {
        (POINTS, HOURS * 1375, "demo-2024-25")
    }
    assert len(ours) == 6
    assert not ID.search((written / "old.jsonl").read_text())


def test_a_pound_more_an_hour_shows_who_gains_and_by_how_much(care: CliRunner, written: Path) -> None:
    groups = {(one["by"], one["name"]): one for one in json.loads(backtest(care, written, "--json"))}
    far, whole = groups["area", FAR], groups["all", "all"]
    assert (far["people"], far["gain"], far["lose"], far["gained_pence"]) == (6, 6, 0, 6 * HOURS * 100)
    assert whole["people"] == len(lines_of(written))
    assert whole["people"] == whole["gain"] + whole["lose"] + whole["same"] + whole["no_figure"]
    assert whole["gained_pence"] >= far["gained_pence"] + 2 * HOURS * 100


def test_a_policy_that_gives_less_shows_who_loses(care: CliRunner, written: Path) -> None:
    (written / "new.yaml").write_text(NEW.replace("value: 1475", "value: 1275"))
    groups = {(one["by"], one["name"]): one for one in json.loads(backtest(care, written, "--json"))}
    assert (groups["area", FAR]["lose"], groups["area", FAR]["lost_pence"]) == (6, 6 * HOURS * 100)


def test_no_group_under_five_is_shown_nor_told_from_the_others_sum(care: CliRunner, written: Path) -> None:
    groups = json.loads(backtest(care, written, "--json"))
    sizes = Counter(line["needs"]["area"] for line in lines_of(written))
    shown = {one["name"]: one["people"] for one in groups if one["by"] == "area"}
    assert set(shown) == set(sizes) >= {FAR, *LONE}
    assert all(shown[area] is None for area, size in sizes.items() if size < SMALLEST)
    for by in ("area", "points_band"):
        assert sum(one["people"] is None for one in groups if one["by"] == by) != 1
    hidden = [one for one in groups if one["people"] is None]
    assert all(value is None for one in hidden for name, value in one.items() if name not in ("by", "name"))


def test_the_table_for_people_is_eighty_columns_wide_and_says_why_a_dash_stands(care: CliRunner, written: Path) -> None:
    told = backtest(care, written)
    assert max(map(len, told.splitlines())) <= 80
    (lone,) = (line for line in told.splitlines() if LONE[0] in line)
    assert lone.split().count("-") == 7
    assert "fewer than 5 people" in told
    assert f"£{6 * HOURS}" in next(line for line in told.splitlines() if FAR in line)


def test_the_policy_of_one_council_is_not_tried_on_the_history_of_another(care: CliRunner, written: Path) -> None:
    with pytest.raises(Trouble, match="is a policy of E99999999"):
        backtest(care, written, "--council", "E09000012")
    with pytest.raises(Trouble, match="is no council's code"):
        said(care, "policy", "history", str(written / "none.jsonl"), "--council", "hackney")
    assert said(care, "policy", "history", str(written / "none.jsonl"), "--council", "E09000012").startswith("0 ")


@pytest.mark.parametrize("words", [("policy",), ("policy", "history"), ("policy", "backtest")])
def test_help_says_what_goes_in_and_what_comes_out_on_eighty_columns(care: CliRunner, words: tuple[str, ...]) -> None:
    told = said(care, *words, "--help")
    assert max(map(len, told.splitlines())) <= 80
    assert {"policy": "backtest new.yaml", "history": "indicated_pence", "backtest": "fewer than five"}[words[-1]] in (
        " ".join(told.replace("│", " ").split())
    )
