"""How are facts published to those who read them? JSON Schemas, one a fact; and may a schema change like this?

Allowed: a new optional field. All else is a new class with the next major version, said with the same place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.contracts.base import FACTS, Fact

BASE = "https://caremarket.example/schemas"

Schema = dict[str, Any]


def schema_of(fact: type[Fact]) -> Schema:
    """The JSON Schema of one fact's body."""
    made = fact.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{BASE}/{fact.type_name()}.json", **made}


def all_schemas() -> dict[str, Schema]:
    """By type name, in order."""
    return {name: schema_of(FACTS[name]) for name in sorted(FACTS)}


def breaking_changes(released: dict[str, Schema], now: dict[str, Schema]) -> list[str]:
    """What a reader of the released schemas could no longer rely on, one sentence each."""
    gone = [f"{name} is no longer said" for name in released if name not in now]
    return gone + [
        f"{name}: {change}"
        for name, old in released.items()
        if name in now
        for change in _changes(old, now[name], old, now[name], "")
    ]


def _changes(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    yield from _own_changes(old, new, path)
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, inner in before.items():
        where = f"{path}.{name}".lstrip(".")
        if name not in after:
            yield f"{where} was taken away"
        else:
            yield from _changes(inner, after[name], old_root, new_root, where)
    for name in set(new.get("required", ())) & (set(after) - set(before)):
        yield f"{path}.{name}".lstrip(".") + " is new and required"
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            yield from _changes(old[key], new[key], old_root, new_root, f"{path}[]")


_FIXED = ("type", "format", "pattern", "enum", "const", "minimum", "maximum", "anyOf")


def _own_changes(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for key in _FIXED:
        if old.get(key) != new.get(key):
            yield f"{path or 'the fact'} changed its {key}"
    for name in set(old.get("required", ())) - set(new.get("required", ())):
        yield f"{path}.{name}".lstrip(".") + " may now be missing"


def _resolved(schema: Schema, root: Schema) -> Schema:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    inner: Schema = root.get("$defs", {}).get(name, {}) if name else {}
    return inner or schema
