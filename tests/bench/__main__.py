"""Run the benchmarks: `python -m tests.bench [--quick] [--only B1,B2] [--facts N] [--books]`; its last line is its verdict."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from care.local.servers import Servers
from tests.bench import chain, commands, matching, padding, rebuilding, relaying, warm_start
from tests.bench.ground import ROOT, servers
from tests.bench.report import section, show_headline, write_report
from tests.bench.results import FULL, QUICK, Plan, Result

Tell = Callable[[str], None]
Measure = Callable[[Servers, Plan, set[str], Tell], Awaitable[Sequence[Result]]]
MEASURES: dict[tuple[str, ...], Measure] = {
    ("B1", "B2", "B5"): chain.measure,
    ("B3",): relaying.measure,
    ("B4",): commands.measure,
    ("B6",): rebuilding.measure,
    ("B7",): matching.measure,
    ("B8",): padding.measure,
    ("B9",): warm_start.measure,
}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--only", default="")
    asked.add_argument("--facts", type=_tens, default=0, help="how many B6 hears, in tens")
    asked.add_argument(
        "--books", action="store_true", help="only wrong books fail: how fast a busy machine is proves nothing"
    )
    asked.add_argument("--write", type=Path, default=ROOT / "docs" / "proof")
    said = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is taken down
    every = {key for keys in MEASURES for key in keys}
    wanted = set(filter(None, said.only.split(","))) or every
    if wanted - every:
        print(f"FAIL there is no {', '.join(sorted(wanted - every))}; there are {', '.join(sorted(every))}")
        return 2
    results = run(replace(QUICK if said.quick else FULL, facts=said.facts), wanted)
    options = {"QUICK": int(said.quick), "ONLY": said.only, "FACTS": said.facts}
    command = " ".join(["make bench", *(f"{name}={value}" for name, value in options.items() if value)])
    if not said.quick:
        print(f"written: {write_report(results, said.write, command)}")
        if wanted == every:
            show_headline(ROOT / "README.md")
    return verdict(results, said.books)


def _tens(asked: str) -> int:
    """Whole orders: ten facts each."""
    if int(asked) % rebuilding.EACH:
        raise ValueError
    return int(asked)


def run(plan: Plan, wanted: set[str]) -> list[Result]:
    console, results = Console(stderr=True), list[Result]()
    chosen = [(keys, measure) for keys, measure in MEASURES.items() if wanted & set(keys)]
    with servers() as ground, Progress(console=console) as progress:
        bar = progress.add_task("servers are up", total=len(chosen))
        for keys, measure in chosen:
            tell = _teller(progress, bar, "/".join(keys))
            results += asyncio.run(measure(ground, plan, wanted, tell))
            progress.advance(bar)
    return results


def _teller(progress: Progress, bar: object, name: str) -> Tell:
    def tell(what: str) -> None:
        progress.update(bar, description=f"{name}: {what}")  # type: ignore[arg-type]
        progress.console.print(f"{name}: {what}")

    return tell


def verdict(results: Sequence[Result], only_books: bool = False) -> int:
    """Everything found, then one line."""
    for result in results:
        print(section(result))
    failed = [f"{result.key} wrong books: {fault}" for result in results for fault in result.faults]
    if not only_books:
        failed += [
            f"{result.key} {gate}" for result in results for gate in result.gates if gate.binding and not gate.holds
        ]
    print(f"FAIL {'; '.join(failed)}" if failed else f"PASS {len(results)} benchmarks, books right in all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
