"""Run one service of the bare build: `python -m tests.bench.bare marketplace`."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib import import_module

import asyncpg
import uvloop

from tests.bench.bare.events import consume, relay


async def main(service: str) -> None:
    rooms = import_module(f"tests.bench.bare.{service}")
    bootstrap, prefix = os.environ["BENCH_KAFKA"], os.environ["BENCH_PREFIX"]
    async with asyncpg.create_pool(os.environ["BENCH_DATABASE_URL"], min_size=1, max_size=4) as pool:
        decide = await rooms.prepare(pool)
        await asyncio.gather(
            consume(pool, bootstrap, prefix, service, rooms.HEARS, decide), relay(pool, bootstrap, prefix)
        )


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
