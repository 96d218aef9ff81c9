"""Crash points: each is called somewhere, each call is one of them, and they are free where nobody wants to die."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from shared.runtime import crash

ROOT = Path(__file__).parents[3]


def named_in_code() -> Counter[str]:
    """Each name a `crash_point(…)` in the product is called with. A name that is not written out counts as empty."""
    names: Counter[str] = Counter()
    for top in ("shared", "services", "care"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "crash_point":
                    names[getattr(node.args[0], "value", "")] += 1
    return names


def run(env: dict[str, str], *hits: str) -> int:
    """A process that reaches these points; gives its exit status."""
    code = f"from shared.runtime.crash import crash_point\nfor name in {hits!r}:\n    crash_point(name)"
    return subprocess.run([sys.executable, "-c", code], env={**os.environ, **env}, cwd=ROOT, check=False).returncode


def test_every_point_is_called_once_and_every_call_is_a_point() -> None:
    assert named_in_code() == Counter(crash.POINTS)


def test_a_process_dies_at_the_hit_it_was_told_and_its_hits_outlive_it(tmp_path: Path) -> None:
    hits = tmp_path / "hits"
    env = {"CARE_CRASH": "relay.published:3,relay.deleted:2", "CARE_CRASH_HITS": str(hits)}
    assert run(env, *["relay.deleted", *["relay.published"] * 5]) == crash.KILLED
    assert hits.read_text().splitlines() == ["hit relay.deleted", *["hit relay.published"] * 2, "died relay.published"]


def test_with_a_probability_the_same_seed_dies_at_the_same_hit(tmp_path: Path) -> None:
    def died_at(seed: str) -> int:
        hits = tmp_path / f"hits{seed}"
        hits.unlink(missing_ok=True)
        env = {"CARE_CRASH": "fold.saved:p0.1", "CARE_CRASH_SEED": seed, "CARE_CRASH_HITS": str(hits)}
        assert run(env, *["fold.saved"] * 500) == crash.KILLED
        return len(hits.read_text().splitlines())

    assert died_at("7") == died_at("7")
    assert len({died_at(seed) for seed in "12345"}) > 1


@pytest.mark.parametrize("order", ["relay.publish:1", "nothing"])
def test_an_unknown_point_is_refused(order: str) -> None:
    with pytest.raises(ValueError, match="no crash point"):
        crash.Crashing(order)
    with pytest.raises(ValueError, match="no crash point"):
        crash.Crashing("").hit(order)


def test_nothing_is_counted_where_nothing_was_ordered() -> None:
    assert crash.from_environment({}) is crash._pass
