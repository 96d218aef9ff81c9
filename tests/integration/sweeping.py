"""How does a test let timers speak on a day of its choice? The business clock is moved, then those due are swept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from shared.clock import start_of
from shared.runtime.timers import Timers
from shared.runtime.watermarks import Watermark
from shared.testing.harness import Running

SERVICES = ("assessment", "budget", "marketplace", "safeguarding")


async def sweep_at(service: Running, day: date) -> int:
    """Noon of that day: as if everything said by others had been heard; gives how many timers spoke."""
    ahead = int((start_of(day) + timedelta(hours=12) - datetime.now(UTC)).total_seconds() * 1_000_000)
    await service.rows("update business_clock set ahead_us = $1 returning 1", ahead)
    timers = Timers(service.worker, service.app.state.service, service.settings.kafka_bootstrap)
    heard = datetime(2100, 1, 1, tzinfo=UTC)
    timers.tide.latest = {name: Watermark(service=name, at=heard, ends={}) for name in SERVICES}
    return await timers.sweep()
