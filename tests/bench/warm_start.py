"""B9: `care up`, warm, until everything is ready; the memory of the whole stack, shared pages counted once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from care.local.place import Place
from care.local.servers import Servers, free_shift
from care.local.stack import Stack
from tests.bench.ground import CACHE, HOME, SHIFT
from tests.bench.measure import middle, tree
from tests.bench.results import Gate, Plan, Result


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
    """Beside the servers of the other benchmarks, which idle meanwhile."""
    place = replace(Place(HOME / "stack", cache=CACHE), shift=free_shift(SHIFT + 100))
    seconds, mebibytes = await asyncio.to_thread(_rounds, Stack(place), 1 if plan.quick else plan.rounds, tell)
    result = Result("B9", "`care up`, warm, until ready", "seconds", rates={"product": seconds})
    result.gates = [
        Gate("seconds to ready", middle(seconds), 15, at_least=False, binding=False),
        Gate("memory of the whole stack, GiB", middle(mebibytes) / 1024, 1.5, at_least=False, binding=False),
    ]
    result.notes = ["memory is proportional (PSS), of all processes, just started"]
    return [result]


def _rounds(stack: Stack, rounds: int, tell: Callable[[str], None]) -> tuple[list[float], list[float]]:
    seconds, mebibytes = [], []
    with cold_then_down(stack):
        for number in range(rounds):
            began = time.monotonic()
            stack.up()
            seconds.append(time.monotonic() - began)
            pids = {int(info["pid"]) for info in stack.supervisor.states().values() if info.get("pid")}
            mebibytes.append(memory_of([one for pid in pids for one in tree(pid)]))
            tell(f"round {number + 1}: {seconds[-1]:.1f} s, {mebibytes[-1]:.0f} MiB")
            stack.down()
    return seconds, mebibytes
