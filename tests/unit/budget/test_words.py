"""Every reason code the rules use has words, and the words use only what the reason carries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from services.budget import rules
from services.budget.rules.words import WORDS


def reasons_given() -> Iterator[tuple[str, set[str]]]:
    """Each `because("code", name=…)` in the room, read from its source."""
    for path in Path(rules.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because":
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{path.name}:{node.lineno} gives a code that is not a literal"
                yield str(code.value), {keyword.arg or "" for keyword in node.keywords}


REASONS = list(reasons_given())


@pytest.mark.parametrize(("code", "params"), REASONS, ids=[code for code, _ in REASONS])
def test_a_reason_that_is_given_has_words_made_of_its_parameters(code: str, params: set[str]) -> None:
    assert {name for _, name, _, _ in Formatter().parse(WORDS[code]) if name} <= params


def test_no_words_are_kept_for_a_reason_nobody_gives() -> None:
    assert set(WORDS) == {code for code, _ in REASONS}
