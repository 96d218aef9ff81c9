"""What readers of the log rely on: schemas as committed, nothing breaking, an example of every fact that both sides read."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from care.generated import files
from care.generated.asyncapi import asyncapi
from shared.contracts.base import FACTS
from shared.contracts.schema import all_schemas, breaking_changes, schema_of

FOLDER = Path(files.CONTRACTS)


def example(name: str) -> Any:
    return json.loads((FOLDER / "examples" / f"{name}.json").read_text())


def test_everything_generated_is_as_committed() -> None:
    assert files.out_of_date() == []


def test_nothing_breaks_what_was_released() -> None:
    assert files.RELEASED.exists()
    assert files.breaking() == []


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_example_is_what_sender_and_readers_understand(name: str) -> None:
    fact = FACTS[name].model_validate_json(json.dumps(example(name)))
    assert json.loads(fact.model_dump_json()) == example(name)
    jsonschema.validate(example(name), schema_of(FACTS[name]))
    assert fact.subject


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_field_nobody_knows_is_ignored(name: str) -> None:
    body = {**example(name), "something_new": {"of": "a later version"}}
    assert FACTS[name].model_validate(body) == FACTS[name].model_validate(example(name))


NAME = "budget.finalised.v1"


def changed(**how: Any) -> list[str]:
    """What the gate says of the released schemas after a change to one of them."""
    released = all_schemas()
    now = copy.deepcopy(released)
    schema = now[NAME]
    for key in how.get("without", ()):
        del schema["properties"][key]
        schema["required"].remove(key)
    schema["properties"] |= how.get("with_", {})
    schema["required"] += how.get("required", [])
    if how.get("gone"):
        del now[NAME]
    return breaking_changes(released, now)


def test_the_gate_lets_a_new_optional_field_through() -> None:
    assert changed(with_={"note": {"type": "string"}}) == []


@pytest.mark.parametrize(
    "how",
    [
        {"gone": True},
        {"without": ["weekly_pence"]},
        {"with_": {"note": {"type": "string"}}, "required": ["note"]},
        {"with_": {"weekly_pence": {"type": "string"}}},
        {"with_": {"weekly_pence": {"type": "integer", "minimum": 5}}},
    ],
)
def test_the_gate_refuses_whatever_a_reader_could_stumble_over(how: dict[str, Any]) -> None:
    assert changed(**how)


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi(files.all_services())
    for reference in _references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for one in part for found in _references(one)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [found for value in part.values() for found in _references(value)]
