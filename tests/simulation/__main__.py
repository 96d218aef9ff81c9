"""`python -m tests.simulation --runs 20000 [--seed S] [--workers 2]`: many schedules of many journeys, then a verdict.

`--runs 1 --seed N` (or `--only N`) plays one seed again, bit for bit, and says what broke. `--planted` shows which check
catches which planted fault.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.simulation.catching import caught_by
from tests.simulation.planted import PLANTED
from tests.simulation.runs import quiet
from tests.simulation.seeds import SCHEDULES, Verdict, run_quietly, seeds_from, seldom_collect

CHUNK = SCHEDULES
"""These seeds share a journey: they go to one worker, which plays its calm run once."""


def main() -> int:
    given = _arguments()
    if given.planted:
        return _show_planted(given.seed)
    return _run(seeds_from(given.seed, given.runs, given.long), given.workers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--long", action="store_true", help="seeds of long journeys alone")
    parser.add_argument("--planted", action="store_true", help="catch planted faults instead")
    return parser.parse_args()


def _run(seeds: list[int], workers: int) -> int:
    began, hops, held = time.monotonic(), 0, 0
    for verdict in _verdicts(seeds, workers):
        if not verdict.holds:
            return _fail(verdict)
        hops, held = hops + verdict.hops, held + 1
        if len(seeds) == 1:
            print(f"trace {verdict.trace} after {verdict.steps} steps")
    seconds = time.monotonic() - began
    print(
        f"PASS {held} runs, seeds {seeds[0]} to {seeds[-1]}, {hops} hops in {seconds:.0f} s"
        f" ({hops / seconds:.0f} a second)"
    )
    return 0


def _verdicts(seeds: list[int], workers: int) -> Iterator[Verdict]:
    """In the order of the seeds, so that the first failure is always the same one."""
    bar = Progress(
        TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )
    with bar, ProcessPoolExecutor(workers, get_context("spawn"), seldom_collect) as pool:
        task = bar.add_task("runs", total=len(seeds))
        played = map(run_quietly, seeds) if len(seeds) <= CHUNK else pool.map(run_quietly, seeds, chunksize=CHUNK)
        try:
            for verdict in played:
                yield verdict
                bar.advance(task)
        finally:  # after a failure nobody asks for the rest
            pool.shutdown(wait=False, cancel_futures=True)


def _fail(verdict: Verdict) -> int:
    for invariant, wrong in verdict.wrong:
        print(f"{invariant}: {wrong}")
    print(f"replay with: python -m tests.simulation --runs 1 --seed {verdict.seed}   (at commit {_commit()})")
    print(f"FAIL seed {verdict.seed}: {', '.join(dict.fromkeys(name for name, _ in verdict.wrong))}")
    return 1


def _commit() -> str:
    said = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def _show_planted(first: int) -> int:
    table, missed = Table("planted fault", "caught at seed", "by"), 0
    with quiet():
        for fault in PLANTED:
            found = caught_by(fault, first)
            missed += found is None
            table.add_row(fault.__name__, *((str(found.seed), found.wrong[0][0]) if found else ("-", "nothing")))
    Console().print(table)
    print("PASS every planted fault was caught" if not missed else f"FAIL {missed} planted faults were not caught")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
