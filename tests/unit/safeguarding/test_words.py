"""Every reason safeguarding gives can be read, and no words are left over."""

from __future__ import annotations

import ast
from pathlib import Path

from services.safeguarding import rules
from services.safeguarding.rules.words import WORDS
from shared.explain import because, in_words


def codes_used() -> set[str]:
    """The first argument of every call of `because` in the rules; one that is no plain string fails here."""
    found = set()
    for path in Path(str(rules.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because":
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{path.name}:{node.lineno} gives a code this test cannot read"
                found.add(str(code.value))
    return found


def test_every_reason_has_words_and_all_words_a_reason() -> None:
    assert codes_used() == set(WORDS)


def test_a_reason_reads_as_a_sentence() -> None:
    reason = because("visits_missed_by_supplier", visits=6, people=3, first_day="2026-03-02", last_day="2026-03-04")
    assert in_words(reason, WORDS) == (
        "6 visits of this supplier to 3 people were missed between 2026-03-02 and 2026-03-04."
    )
