"""A caseload over its limit stops automatic allocation, never urgent work (PEERS.md 14)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.assessment.rules.caseloads import allocate


@dataclass(frozen=True)
class Has:
    sub: str
    open_cases: int
    most: int


@pytest.mark.parametrize(
    ("team", "urgent", "taken_by"),
    [
        ([Has("ann", 3, 10), Has("ben", 2, 10)], False, "ben"),
        ([Has("ben", 2, 10), Has("ann", 2, 10)], False, "ann"),
        ([Has("ann", 3, 10), Has("ben", 2, 2)], False, "ann"),
        ([Has("ann", 10, 10), Has("ben", 2, 2)], False, None),
        ([Has("ann", 10, 10), Has("ben", 2, 2)], True, "ben"),
        ([Has("ann", 9, 10)], False, "ann"),
        ([Has("ann", 0, 0)], True, None),
        ([], True, None),
    ],
)
def test_who_has_least_and_room_takes_it_and_urgent_work_is_taken_without_room(
    team: list[Has], urgent: bool, taken_by: str | None
) -> None:
    taken = allocate(team, urgent)
    assert (taken.sub if taken else None) == taken_by
