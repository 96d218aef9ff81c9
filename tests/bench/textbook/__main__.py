"""Run one service of the textbook build: `python -m tests.bench.textbook marketplace`."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib import import_module

import uvloop

from tests.bench.defaults import learn_defaults
from tests.bench.textbook.events import consume, make_sessions, relay
from tests.bench.textbook.timers import keep_sweeping


async def main(service: str) -> None:
    rooms = import_module(f"tests.bench.textbook.{service}")
    learn_defaults(service)
    bootstrap, prefix = os.environ["BENCH_KAFKA"], os.environ["BENCH_PREFIX"]
    sessions = make_sessions(os.environ["BENCH_DATABASE_URL"])
    parts = [keep_sweeping(sessions, rooms.sweep)] if hasattr(rooms, "sweep") else []
    await asyncio.gather(
        *parts,
        consume(sessions, bootstrap, prefix, service, rooms.HEARS, rooms.HANDLERS),
        relay(sessions, bootstrap, prefix),
    )


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
