"""Are the books right? Plain SQL over every build's tables, which are the same; a fast run with wrong books counts as 0."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from services.budget.rules.commitments import commitment_pence, commitment_period
from tests.bench.builds import OUTBOX, PRODUCT
from tests.bench.ground import Site
from tests.bench.world import COUNCILS, MINUTES, ROOM, SUPPLIERS


async def value(site: Site, service: str, sql: str, *params: Any) -> Any:
    async with site.admin(service) as connection:
        return await connection.fetchval(sql, *params)


async def await_all(site: Site, wanted: dict[str, tuple[str, int]], patience: float) -> None:
    """Until each count is reached: {service: (sql, at least)}. Raises TimeoutError with what is missing."""
    deadline = time.monotonic() + patience
    for service, (sql, least) in wanted.items():
        async with site.admin(service) as connection:
            while (seen := await connection.fetchval(sql)) < least:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{site.build}: {service} came to {seen} of {least}")
                await asyncio.sleep(0.05)


async def chain_faults(site: Site, journeys: int) -> list[str]:
    """What is wrong after `journeys` plans were agreed and nothing else happened; empty if nothing is."""
    found = [*await _market(site, journeys), *await _budget(site, journeys), *await _safeguarding(site, journeys)]
    for service in ("marketplace", "budget", "safeguarding"):
        table = OUTBOX[site.build]
        found += _unless(
            await value(site, service, f"select count(*) from {table}") == 0, f"{service}: outbox not empty"
        )
        if site.build == PRODUCT:
            parked = await value(site, service, "select count(*) from parked")
            found += _unless(parked == 0, f"{service}: {parked} parked")
    return found


async def _market(site: Site, journeys: int) -> list[str]:
    async with site.admin("marketplace") as db:
        confirmed = await db.fetchval(
            """select count(distinct requirement_id) from "order" where state = 'confirmed'"""
        )
        orders = await db.fetchval("""select count(*) from "order" """)
        filled = await db.fetchval("select count(*) from requirement where state = 'filled'")
        awards = await db.fetchval("select count(*) from award where order_id is not null")
        room = await db.fetchval("select sum(room_minutes) from listing")
    return [
        *_unless(
            (orders, confirmed, filled, awards) == (journeys,) * 4, f"orders {(orders, confirmed, filled, awards)}"
        ),
        *_unless(room == len(COUNCILS) * SUPPLIERS * ROOM - journeys * MINUTES, f"room {room}"),
    ]


async def _budget(site: Site, journeys: int) -> list[str]:
    async with site.admin("marketplace") as db:
        placed = await db.fetch("""select weekly_pence, starts_on, count(*) as many from "order" group by 1, 2""")
    owed = sum(commitment_pence(row[0], commitment_period(row[1])) * row[2] for row in placed)
    async with site.admin("budget") as db:
        committed = await db.fetchval("select count(*) from commitment where state = 'committed'")
        purses = await db.fetchrow("select count(*), sum(committed), sum(journals) from purse")
        positions = await db.fetchrow("select count(*), sum(committed) from position")
        journals = await db.fetchrow("""select count(*), sum(committed), sum(allocated + contribution + available + committed
            + delivered + disputed + paid + accounted_for + reserved + returned) from journal""")
        room = await db.fetchval("select sum(room_minutes) from listing_copy")
    return [
        *_unless(
            (committed, purses[0], positions[0]) == (journeys,) * 3, f"commitments {committed} {purses} {positions}"
        ),
        *_unless(
            (purses[1], positions[1], journals[1]) == (owed,) * 3, f"pence {owed} {purses} {positions} {journals}"
        ),
        *_unless((journals[0], journals[2]) == (purses[2], 0), f"journals {journals} {purses}"),
        *_unless(room == len(COUNCILS) * SUPPLIERS * ROOM - journeys * MINUTES, f"room copied {room}"),
    ]


async def _safeguarding(site: Site, journeys: int) -> list[str]:
    watched = await value(site, "safeguarding", "select count(*) from watch where agreed_on is not null")
    reminders = await value(site, "safeguarding", "select count(*) from due where name = 'LookWhetherStarted'")
    return _unless((watched, reminders) == (journeys, journeys), f"watched {watched}, reminders {reminders}")


def _unless(holds: bool, wrong: str) -> Sequence[str]:
    return [] if holds else [wrong]
