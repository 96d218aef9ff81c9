"""The rules of the house, each with its reason: what they find would otherwise be found in an outage."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[3]
CODE = sorted(path for top in ("care", "services", "shared") for path in (ROOT / top).rglob("*.py"))
PURE = ("rules", "common", "actions", "reactions")
LONGEST_FUNCTION, LONGEST_FILE, MEDIAN_FUNCTION = 40, 400, 9


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_pure(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] == "services" and len(parts) > 2 and parts[2] in PURE


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text()))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_files_and_functions_stay_short(path: Path) -> None:
    """One reads a function at a glance and a file in one sitting; what is longer hides a second thing."""
    if path.parts[-2] == "versions":  # drafted: a line a column
        return
    lines = path.read_text().count("\n")
    assert lines <= LONGEST_FILE, f"{name_of(path)} has {lines} lines: split it by the question each part answers"
    for node in functions(path):
        assert length(node) <= LONGEST_FUNCTION, f"{name_of(path)}:{node.lineno} {node.name} has {length(node)} lines"


def test_functions_are_short_as_a_rule() -> None:
    assert median(length(node) for path in CODE for node in functions(path)) <= MEDIAN_FUNCTION


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_module_opens_with_the_question_it_answers(path: Path) -> None:
    """A newcomer finds the place by reading first lines."""
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{name_of(path)} does not say what it is for"


@pytest.mark.parametrize("path", [path for path in CODE if path.parts[-2] != "versions"], ids=name_of)
def test_only_shared_commits(path: Path) -> None:
    """A commit in the middle splits effect from inbox, outbox and answer: half of it is lost in a crash."""
    if not name_of(path).startswith("shared/"):
        assert "commit" not in {called(node) for node in nodes(path)}, f"{name_of(path)} commits by itself"


SQL = ("select ", "insert into", "update ", "delete from")


@pytest.mark.parametrize("path", [path for path in CODE if name_of(path).startswith("services/")], ids=name_of)
def test_sql_stands_in_store_alone(path: Path) -> None:
    """There the councils are kept apart and the questions are plural; elsewhere nobody looks for it."""
    if path.name == "store.py" or "store" in path.parts or "migrations" in path.parts:
        return
    texts = [node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = [
        text for text in texts if text.lower().lstrip().startswith(SQL) and " from " in text.lower().replace("\n", " ")
    ]
    assert not found, f"{name_of(path)} speaks SQL: move it to store.py"


@pytest.mark.parametrize("path", [path for path in CODE if is_pure(path)], ids=name_of)
def test_pure_rooms_read_no_clock_and_draw_no_lots(path: Path) -> None:
    """The same message must always decide the same: `now` is passed in, ids come from `work.new_id()`."""
    forbidden = {"now", "utcnow", "today", "uuid4", "uuid1", "random", "machine_now", "time", "monotonic"}
    used = {called(node) for node in nodes(path)} & forbidden
    assert not used, f"{name_of(path)} calls {used}: pass it in"


MAY_CATCH_ALL = (
    "shared/runtime/",
    "shared/testing/simulation/",
    "shared/health.py",
    "shared/operations/lag.py",
    "care/",
)


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_only_the_runtime_catches_everything(path: Path) -> None:
    """`except Exception` elsewhere swallows the error that would have been parked, retried or shown."""
    if name_of(path).startswith(MAY_CATCH_ALL):
        return
    for node in nodes(path):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
            assert not broad, f"{name_of(path)}:{node.lineno} catches everything: name what can happen"
