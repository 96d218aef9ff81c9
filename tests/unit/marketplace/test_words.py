"""Every reason marketplace gives, and every rule a row of a file can break, can be read; no words are left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from services.marketplace import importers, rules
from services.marketplace.importers import directory
from services.marketplace.rules import uploads
from services.marketplace.rules.words import ROW_WORDS, WORDS
from shared.explain import because, in_words

RULES = Path(str(rules.__file__)).parent
FILES = (RULES / "uploads.py", Path(str(importers.__file__)).parent / "directory.py")
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")
NO_RULES = {*uploads.COLUMNS, *directory.COLUMNS, "not_said"}


def codes_used() -> set[str]:
    trees = [ast.parse(path.read_text()) for path in RULES.glob("*.py")]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {code for function in functions for call in calls(function) for code in codes(call, function)}


def calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because":
            yield node


def codes(call: ast.Call, function: ast.FunctionDef) -> set[str]:
    """The code a call gives: a plain string, or the strings its name is given in the same function."""
    if isinstance(call.args[0], ast.Constant):
        return {str(call.args[0].value)}
    name = ast.unparse(call.args[0])
    given = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and name in re.findall(r"\w+", ast.unparse(node.targets[0]))
    ]
    found = strings(*given)
    assert found, f"{function.name} gives a code this test cannot read"
    return found


def strings(*trees: ast.AST) -> set[str]:
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_reason_has_words_and_all_words_a_reason() -> None:
    assert codes_used() == set(WORDS)


def test_every_rule_of_a_row_has_words_and_all_words_a_rule() -> None:
    written = strings(*(ast.parse(path.read_text()) for path in FILES))
    rules_of_rows = {text for text in written if CODE.fullmatch(text) or text == "missing"} - NO_RULES
    assert rules_of_rows == set(ROW_WORDS)


def test_a_reason_reads_as_a_sentence_with_pounds_and_hours() -> None:
    priced = because("price_above_planned", hourly_pence=2350, planned_pence=2200)
    assert in_words(priced, WORDS) == "£23.50 an hour is above the planned £22.00."
    roomy = because("no_room", room_minutes=90, weekly_minutes=600)
    assert in_words(roomy, WORDS) == "There is room for 1.5 hours a week; 10 hours are needed."
