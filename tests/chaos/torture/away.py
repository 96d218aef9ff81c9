"""The broker is away while commands keep coming: how many fail, what waits, and how fast is it published afterwards?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import asyncpg

from tests.chaos.torture.clients import Client
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.journeys import register

RATE = 200
"""Commands a second that are begun, whatever becomes of those before them; at most AT_ONCE are under way."""
AT_ONCE = 100
PATIENCE = 180.0
SERVICE = "marketplace"


@dataclass(frozen=True)
class Outage:
    """`seconds` without Kafka; `repeated` commands were not answered well at once; `waiting` facts stood in the outbox.

    `back`: seconds from its start order to the first fact published; `drained`: from then until none was left.
    """

    seconds: float
    commands: int
    repeated: int
    waiting: int
    back: float
    drained: float


async def kafka_away(ground: Ground, clients: Sequence[Client], seconds: float) -> Outage:
    """Kill Kafka, command for so long, start it again, and wait until all that was said is on the log."""
    journal = clients[0].journal
    repeated = len(journal.repeated)
    await asyncio.to_thread(ground.kill9, "kafka", stay_down=True)
    began = time.monotonic()
    commands = await _command(clients, seconds)
    away, waiting = time.monotonic() - began, await _outbox(ground)
    began = time.monotonic()
    await asyncio.to_thread(ground.supervisor.start, ["kafka"])
    await _falls_below(ground, waiting)
    back = time.monotonic() - began
    await _falls_below(ground, 1)
    drained = time.monotonic() - began - back
    return Outage(away, commands, len(journal.repeated) - repeated, waiting, back, drained)


async def _command(clients: Sequence[Client], seconds: float) -> int:
    """Suppliers are registered, RATE a second; gives how many."""
    free, began, tasks = asyncio.Semaphore(AT_ONCE), time.monotonic(), []
    for n, client in zip(range(round(seconds * RATE)), cycle(clients), strict=False):
        await asyncio.sleep(max(0.0, began + n / RATE - time.monotonic()))  # the rate, not a wait for anything
        if time.monotonic() - began > seconds:
            break
        await free.acquire()
        tasks.append(asyncio.create_task(register(client, f"away/{n}")))
        tasks[-1].add_done_callback(lambda _: free.release())
    await asyncio.gather(*tasks)
    return len(tasks)


async def _falls_below(ground: Ground, rows: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await _outbox(ground) >= rows:  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.02)


async def _outbox(ground: Ground) -> int:
    connection = await asyncpg.connect(f"{ground.admin_dsn.rpartition('/')[0]}/{SERVICE}")
    try:
        return int(await connection.fetchval("select count(*) from outbox"))
    finally:
        await connection.close()
