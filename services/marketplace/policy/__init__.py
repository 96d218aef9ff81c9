"""Which policies are shipped? Every YAML file beside this one, read once when the service starts."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from services.marketplace.policy.reading import parse
from services.marketplace.rules.policies import Policy, choose

POLICIES: tuple[Policy, ...] = tuple(
    parse(file.read_bytes())
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name)
    if file.name.endswith(".yaml")
)


def in_force(name: str, council: str, on: date) -> Policy:
    """`in_force("readiness", council, day)`. Raises NoPolicyInForce: what is needed is never guessed."""
    return choose(POLICIES, name, council, on)
