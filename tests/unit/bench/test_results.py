"""What a run says of itself: ratios of the same round, gates that bind, a page with every figure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.__main__ import verdict
from tests.bench.ground import ROOT
from tests.bench.measure import cpu_of, percentile, tree
from tests.bench.report import PLACE, show_headline, write_report
from tests.bench.results import Gate, Result


def a_result(**more: object) -> Result:
    rates = {"product": [100.0, 400.0, 90.0], "bare": [200.0, 1000.0, 100.0]}
    cpu = {"product": {"ours": 30.0, "kafka": 10.0}, "bare": {"ours": 10.0, "kafka": 10.0}}
    return Result("B1", "whole chain", "journeys a second", rates, cpu, **more)  # type: ignore[arg-type]


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    assert a_result().ratio("product", "bare") == 0.5
    assert a_result().cpu_ratio("product", "bare") == 2.0


@pytest.mark.parametrize(
    ("result", "status", "word"),
    [
        (a_result(gates=[Gate("by bare", 0.5, 0.35, at_least=True)]), 0, "PASS"),
        (a_result(gates=[Gate("by bare", 0.3, 0.35, at_least=True)]), 1, "FAIL"),
        (a_result(gates=[Gate("p99", 500, 300, at_least=False, binding=False)]), 0, "PASS"),
        (a_result(faults=["product: a penny"]), 1, "FAIL"),
    ],
)
def test_gates_and_books_decide_and_the_last_line_says_so(
    result: Result, status: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict([result]) == status
    assert capsys.readouterr().out.splitlines()[-1].startswith(word)


def test_where_only_books_count_a_missed_goal_fails_nothing_and_wrong_books_do() -> None:
    assert verdict([a_result(gates=[Gate("by bare", 0.3, 0.35, at_least=True)])], only_books=True) == 0
    assert verdict([a_result(faults=["product: a penny"])], only_books=True) == 1


def test_the_page_has_every_figure_and_a_drawing(tmp_path: Path) -> None:
    page = write_report(
        [a_result(gates=[Gate("by bare", 0.3, 0.35, at_least=True)])], tmp_path, "make bench"
    ).read_text()
    assert "| product | 100 / 400 / 90 | 100 | ours 30, kafka 10 |" in page
    assert "by bare: 0.3 (goal ≥ 0.35): MISSED" in page
    assert "product's is 2 × bare's" in page
    assert (tmp_path / "b1.svg").read_text().startswith("<svg")


def test_a_missed_goal_says_how_far_away_it_is() -> None:
    assert str(Gate("by bare", 0.07, 0.35, at_least=True)).endswith("MISSED, 5 times away")
    assert str(Gate("p99", 600, 300, at_least=False)).endswith("MISSED, 2 times away")


def test_the_headline_draws_every_ratio_and_the_readme_shows_it_once(tmp_path: Path) -> None:
    result = a_result(gates=[Gate("product by bare", 0.5, 0.35, at_least=True)])
    write_report([result], tmp_path, "make bench")
    assert "B1 bare" in (tmp_path / "headline.svg").read_text()
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{PLACE}\nafter\n")
    for _ in range(2):
        show_headline(readme)
    assert readme.read_text().count("docs/proof/headline.svg") == 1
    assert PLACE in (ROOT / "README.md").read_text()


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile(list(map(float, range(1, 101))), 0.99) == 100.0
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0


def test_the_cpu_of_a_process_tree_grows_with_work() -> None:

    before = cpu_of(tree(os.getpid()))
    while cpu_of(tree(os.getpid())) <= before:
        sum(range(100_000))
