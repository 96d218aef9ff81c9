"""A new policy on old needs: who gains, who loses, by how much, and no group small enough to be somebody."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from care.cli import app
from care.commands.policies import table_of
from services.budget.policy import in_force
from services.budget.policy.reading import parse
from services.budget.rules.backtest import SMALLEST, Case, Change, by_group, decide_again, too_small
from services.budget.rules.policies import InForce
from shared.contracts.assessment import Needs

COUNCIL = "E99999999"
SHIPPED = (files("services.budget.policy") / "allocation-demo-2024.yaml").read_text()
DEARER = SHIPPED.replace("value: 1375", "value: 1475").replace("demo-2024-25", "demo-2025-26")
NEW = InForce(parse(DEARER.encode()), COUNCIL, parse(DEARER.encode()).valid_from)


def case(points: int, area: str = "north", old_pence: int | None = None) -> Case:
    needs = Needs(points=points, weekly_minutes=0, area=area)
    if old_pence is None:
        old = in_force("allocation", COUNCIL, NEW.on)
        old_pence = decide_again(Case(needs, 0), old).new_pence or 0
    return Case(needs, old_pence)


def told(*cases: Case) -> dict[tuple[str, str], Any]:
    return {(group.by, group.name): group for group in by_group(decide_again(each, NEW) for each in cases)}


def test_a_pound_more_an_hour_is_forty_pounds_more_for_forty_hours() -> None:
    group = told(*[case(80)] * 6)["all", "all"]
    assert (group.people, group.gain, group.lose, group.gained_pence) == (6, 6, 0, 6 * 4000)


def test_who_loses_and_who_gets_no_figure_are_counted_apart() -> None:
    group = told(*[case(80, old_pence=99999)] * 5, case(1000, old_pence=1), case(0))["all", "all"]
    assert (group.lose, group.lost_pence, group.gain, group.same) == (5, 5 * 40999, 1, 1)
    refusing = InForce(parse(DEARER.replace("1000: 10080", "300: 10080").encode()), COUNCIL, NEW.on)
    assert decide_again(case(1000, old_pence=1), refusing).new_pence is None


def test_groups_are_by_points_and_by_area() -> None:
    found = told(*[case(80)] * 5, *[case(30, "south")] * 5)
    assert set(found) == {
        ("all", "all"), ("points_band", "020-039"), ("points_band", "080-099"), ("area", "north"), ("area", "south"),
    }  # fmt: skip


def test_a_group_under_five_is_not_shown_nor_the_one_that_could_be_told_from_the_sum() -> None:
    found = told(*[case(80)] * 4, *[case(80, "south")] * 6, *[case(80, "west")] * 9)
    assert found["area", "north"].suppressed
    assert found["area", "south"].suppressed
    assert found["area", "west"].people == 9


def test_fewer_than_five_in_all_are_not_shown_at_all() -> None:
    assert all(group.suppressed for group in told(*[case(80)] * 4).values())


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 30), min_size=1, max_size=8))
def test_what_is_hidden_can_never_be_told_by_taking_the_shown_from_the_sum(sizes: dict[str, int]) -> None:
    hidden = too_small(sizes)
    assert all(name in hidden for name, size in sizes.items() if size < SMALLEST)
    assert len(hidden) != 1 or len(sizes) == 1


def test_the_table_fits_eighty_columns() -> None:
    console = Console(width=80, record=True)
    long = "a-town-whose-name-is-far-longer-than-a-column-of-this-table"
    groups = by_group(Change(case(80, long, old_pence=0), 10**5) for _ in range(2000))
    console.print(table_of(groups, "allocation demo-2025-26, 2000 budgets, a week"))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert "£2,000,000" in text


def lines(tmp_path: Path, *several: str) -> tuple[str, str]:
    new, past = tmp_path / "new.yaml", tmp_path / "history.jsonl"
    new.write_text(DEARER)
    past.write_text("\n".join(several))
    return str(new), str(past)


LINE = json.dumps({"needs": {"points": 80, "weekly_minutes": 2400, "area": "north"}, "indicated_pence": 55000})


def test_the_command_tells_as_json_what_the_rule_found(tmp_path: Path) -> None:
    new, past = lines(tmp_path, *[LINE] * 6)
    done = CliRunner().invoke(app, ["policy", "backtest", new, "--against", past, "--json"])
    assert done.exit_code == 0, done.output
    whole = json.loads(done.stdout)[0]
    assert (whole["gain"], whole["gained_pence"]) == (6, 24000)


@pytest.mark.parametrize("bad", ["{", "[]", '{"needs": {}}', LINE.replace("80", '"many"', 1)])
def test_a_line_that_is_no_history_is_named(tmp_path: Path, bad: str) -> None:
    new, past = lines(tmp_path, LINE, bad)
    done = CliRunner().invoke(app, ["policy", "backtest", new, "--against", past])
    assert "line 2 is not a line of a history" in str(done.exception.__dict__ if done.exception else done.output)
