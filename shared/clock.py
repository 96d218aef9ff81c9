"""Which instant and which civil day is it? Instants are UTC, civil days are Europe/London.

Nothing here reads a clock for a rule: `now` is always passed in. The two clocks themselves (ARCHITECTURE §3)
are the database's (business) and the machine's, and are read by the runtime alone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def civil_date(instant: datetime) -> date:
    """The London day an instant falls on."""
    return instant.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The instant a London day begins, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def after(instant: datetime, **spell: float) -> datetime:
    """`after(now, days=28)`."""
    return instant + timedelta(**spell)


def machine_now() -> datetime:
    """The machine clock: for tokens, back-off, watermarks and Kafka's own timestamps, never for a rule."""
    return datetime.now(UTC)
