"""Which visits do the demo's people have? Ada 40 hours a week, some of them not to be missed. Synthetic."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.clock import LONDON
from shared.money import price_of

FULL = (("07:30", 120, True), ("12:30", 90, False), ("17:00", 60, False), ("20:30", 60, False))
"""Every day; the morning visit is time-critical. With an outing on Tuesdays this comes to 40 hours."""
SHORT = (("09:00", 60, False),)
NEXT = (("10:30", 60, False),)
"""Half an hour after a short one: for somebody the same care worker goes on to."""
DAYS_OUT = tuple({"weekday": day, "starts": "10:00", "minutes": 240, "time_critical": False} for day in (1, 3))
"""Two days a week at the day centre."""


def week_of(daily: Sequence[tuple[str, int, bool]], outing: bool = False) -> list[dict[str, Any]]:
    slots = [
        {"weekday": day, "starts": starts, "minutes": minutes, "time_critical": critical}
        for day in range(7)
        for starts, minutes, critical in daily
    ]
    return slots + ([{"weekday": 1, "starts": "10:00", "minutes": 90, "time_critical": False}] if outing else [])


def line_of(
    pattern: list[dict[str, Any]],
    hourly_pence: int,
    support: str = "home_care",
    kind: str = "provider",
    route: str = "council_managed",
) -> dict[str, Any]:
    """A line of a plan: its hours are its visits, its price its hours."""
    minutes = sum(slot["minutes"] for slot in pattern)
    return {
        "line_id": str(uuid4()),
        "support": support,
        "kind_wanted": kind,
        "route": route,
        "pattern": pattern,
        "weekly_minutes": minutes,
        "hourly_pence": hourly_pence,
        "weekly_pence": price_of(minutes, hourly_pence),
    }


def plan_of(lines: Sequence[dict[str, Any]], starts_on: date) -> dict[str, Any]:
    weekly = sum(line["weekly_pence"] for line in lines)
    return {"lines": list(lines), "weekly_pence": weekly, "starts_on": starts_on.isoformat()}


def visits(pattern: Iterable[dict[str, Any]], monday: date, weeks: int) -> list[tuple[datetime, int]]:
    """When each planned visit starts (UTC) and how long it is, in order."""
    planned = []
    for week in range(weeks):
        for slot in pattern:
            day = monday + timedelta(days=7 * week + slot["weekday"])
            at = datetime.fromisoformat(f"{day}T{slot['starts']}").replace(tzinfo=LONDON).astimezone(UTC)
            planned.append((at, int(slot["minutes"])))
    return sorted(planned)


def visit_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A supplier's upload, as CSV."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue().encode()
