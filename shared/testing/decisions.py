"""All that a service decides, for tests that hold for every decision there is."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from shared.runtime.service import Decision


def decisions_of(service: str) -> Iterator[Decision]:
    """What it hears, its timers, its commands."""
    made = import_module(f"services.{service}.app").service()
    for several in made.reactions.values():
        yield from several
    yield from made.timers.values()
    actions = import_module(f"services.{service}.actions")
    for module in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}."):
        yield from (one for one in vars(import_module(module.name)).values() if isinstance(one, Decision))
