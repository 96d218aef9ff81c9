"""Who of a team takes a request on? Whoever has least and room; over the limit nobody, unless it is urgent.

Source: PEERS.md 14: a caseload over its limit stops automatic allocation, never urgent work. Limits are the council's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Caseload(Protocol):
    """A practitioner's open cases, and how many are the most."""

    @property
    def sub(self) -> str: ...
    @property
    def open_cases(self) -> int: ...
    @property
    def most(self) -> int: ...


C = TypeVar("C", bound=Caseload)


def allocate(team: Iterable[C], urgent: bool) -> C | None:
    """The practitioner with the fewest open cases and room for one more; for urgent work room is not asked (PEERS 14)."""
    able = [one for one in team if one.most and (urgent or one.open_cases < one.most)]
    return min(able, key=lambda one: (one.open_cases, one.sub), default=None)
