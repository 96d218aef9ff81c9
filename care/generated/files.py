"""Which files are generated, and are they up to date? Writing them and checking them is one list."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from care.generated.asyncapi import asyncapi
from care.generated.examples import draft
from care.generated.pages import catalogue, problem_pages, state_diagrams
from care.local.place import ROOT
from shared.contracts import SERVICES
from shared.contracts.base import FACTS
from shared.contracts.schema import all_schemas, breaking_changes
from shared.runtime.service import Service

CONTRACTS = ROOT / "shared" / "contracts"
RELEASED = CONTRACTS / "released.json"


def generated() -> dict[str, str]:
    """Every generated file, by its path from the root."""
    services = all_services()
    examples = {name: example_of(name) for name in sorted(FACTS)}
    files = {f"shared/contracts/schemas/{name}.json": _json(schema) for name, schema in all_schemas().items()}
    files |= {f"shared/contracts/examples/{name}.json": _json(example) for name, example in examples.items()}
    files["shared/contracts/asyncapi.json"] = _json(asyncapi(services))
    files["docs/events.md"] = catalogue(services, examples)
    files["docs/states.md"] = state_diagrams()
    return files | {f"docs/problems/{name}": page for name, page in problem_pages().items()}


def write() -> list[str]:
    """Write what differs, take away what is no longer generated; gives the paths."""
    wanted, changed = generated(), []
    for path in stale(wanted):
        (ROOT / path).unlink()
        changed.append(path)
    for path, text in wanted.items():
        if differs(path, text):
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text)
            changed.append(path)
    return changed


def out_of_date() -> list[str]:
    """Paths whose committed text is not what the code gives."""
    wanted = generated()
    return stale(wanted) + [path for path, text in wanted.items() if differs(path, text)]


def differs(path: str, text: str) -> bool:
    file = ROOT / path
    return not file.exists() or file.read_text() != text


def stale(wanted: dict[str, str]) -> list[str]:
    folders = ("shared/contracts/schemas", "shared/contracts/examples", "docs/problems")
    found = [path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).glob("*")]
    return [path for path in found if path not in wanted]


def breaking() -> list[str]:
    """What the released contracts promised and the code no longer keeps."""
    released: dict[str, Any] = json.loads(RELEASED.read_text()) if RELEASED.exists() else {}
    return breaking_changes(released, all_schemas())


def release() -> None:
    """Promise the present schemas. Refused by the caller while anything is breaking."""
    RELEASED.write_text(_json(all_schemas()))


def example_of(name: str) -> Any:
    """The committed example, or a draft."""
    file = CONTRACTS / "examples" / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else draft(FACTS[name])


def all_services() -> dict[str, Service]:
    return {name: import_module(f"services.{name}.app").service() for name in SERVICES}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
