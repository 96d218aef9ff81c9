"""B9: `care up`, warm, until everything is ready; the memory of the whole stack, shared pages counted once."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg

from care.local.place import Place
from care.local.servers import Servers, free_shift
from care.local.stack import Stack
from shared.db_admin import url_of
from shared.runtime.relay import make_producer, publish
from tests.bench.ground import CACHE, HOME, SHIFT
from tests.bench.measure import middle, tree
from tests.bench.rebuilding import CHUNK, said
from tests.bench.results import Gate, Plan, Result
from tests.bench.world import headers_of

EVENTS = {True: 20_000, False: 100_000}
"""Heard before memory is looked at, in the quick and in the full form."""
READING = ("budget", "safeguarding")


def memory_of(pids: Sequence[int]) -> float:
    """Mebibytes, each shared page divided among those who share it (PSS)."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


async def _hear(stack: Stack, events: int) -> None:
    """Visits of orders that nobody placed: budget keeps them, safeguarding looks at them."""
    heard = {service: await _heard(stack, service) for service in READING}
    producer = make_producer(stack.bootstrap)
    await producer.start()
    many = list(said(events, about=uuid4().hex))
    for begun in range(0, events, CHUNK):
        rows = [
            (0, "marketplace.events", e.subject, headers_of(e), fact.model_dump_json())
            for e, fact in many[begun : begun + CHUNK]
        ]
        await publish(producer, "", rows)
    await producer.stop()
    async with asyncio.timeout(400):
        for service in READING:
            while await _heard(stack, service) < heard[service] + events:  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.2)


async def _heard(stack: Stack, service: str) -> int:
    db = await asyncpg.connect(url_of(stack.admin_dsn, service, "postgres"))
    heard: int = await db.fetchval("select coalesce(sum(last), 0)::bigint from inbox where source = 'marketplace'")
    await db.close()
    return heard


@contextmanager
def cold_then_down(stack: Stack) -> Iterator[None]:
    """Started once, so that all files are made; stopped again at the end."""
    stack.up()
    stack.down()
    try:
        yield
    finally:
        stack.down()


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> Sequence[Result]:
    """Beside the servers of the other benchmarks, which idle meanwhile; from nothing, because the people whose visits the
    last run made up are nobody's, and assessment still waits with what it was asked about them."""
    shutil.rmtree(HOME / "stack", ignore_errors=True)
    place = replace(Place(HOME / "stack", cache=CACHE), shift=free_shift(SHIFT + 100))
    rounds = 1 if plan.quick else plan.rounds
    seconds, mebibytes = await asyncio.to_thread(_rounds, Stack(place), rounds, EVENTS[plan.quick], tell)
    result = Result("B9", "`care up`, warm, until ready", "seconds", rates={"product": seconds})
    result.gates = [
        Gate("seconds to ready", middle(seconds), 15, at_least=False, binding=False),
        Gate("memory of the whole stack, GiB", middle(mebibytes) / 1024, 1.5, at_least=False, binding=False),
    ]
    result.notes = [f"memory is proportional (PSS), of all processes, after {EVENTS[plan.quick]:,} events were heard"]
    return [result]


def _rounds(stack: Stack, rounds: int, events: int, tell: Callable[[str], None]) -> tuple[list[float], list[float]]:
    """The last start hears the events, before memory is looked at."""
    seconds, mebibytes = [], []
    with cold_then_down(stack):
        for number in range(rounds):
            began = time.monotonic()
            stack.up()
            seconds.append(time.monotonic() - began)
            if number == rounds - 1:
                asyncio.run(_hear(stack, events))
                mebibytes.clear()
            pids = {int(info["pid"]) for info in stack.supervisor.states().values() if info.get("pid")}
            mebibytes.append(memory_of([one for pid in pids for one in tree(pid)]))
            tell(f"round {number + 1}: {seconds[-1]:.1f} s, {mebibytes[-1]:.0f} MiB")
            stack.down()
    return seconds, mebibytes
