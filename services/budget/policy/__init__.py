"""Which policies are shipped? Every YAML file beside this one, read once when the service starts.

The figures and their sources are RULES.md's; a local council's figure is a row of that council alone.
"""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from services.budget.policy.reading import parse
from services.budget.rules.policies import InForce, Policy, choose

POLICIES: tuple[Policy, ...] = tuple(
    parse(file.read_bytes())
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name)
    if file.name.endswith(".yaml")
)


def in_force(name: str, council: str, on: date) -> InForce:
    """`in_force("allocation", council, day)`; names shipped: allocation, charging, direct_payments,
    employment, prices."""
    return choose(POLICIES, name, council, on)
