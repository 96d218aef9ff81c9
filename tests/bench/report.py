"""What is written of a run? A page with machine, date and command, a drawing for each benchmark, nothing by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from care.demo.svg import bars, stacked
from tests.bench.measure import machine, middle
from tests.bench.results import Result, shown

HEADLINE, BY = "headline.svg", "product by "
PLACE = "<!-- here stands the picture of the last full `make bench` -->"
HEAD = """# Benchmarks

Written by `{command}` on {day}, on {machine}. Each benchmark runs the product and what it is compared with by turns, in one
run; the books are checked after every round, and a run with wrong books counts as nothing. Absolute rates are this
machine's, at that hour; what carries over is the ratios. The builds compared with stand in `tests/bench/textbook`
and `tests/bench/bare`. Why a goal is missed, where one is, stands in [limits.md](limits.md).
"""


def write_report(results: Sequence[Result], folder: Path, command: str) -> Path:
    """Write the page and its drawings; gives the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        (folder / f"{result.key.lower()}.svg").write_text(drawing(result) + "\n")
    (folder / HEADLINE).write_text(headline(results) + "\n")
    page = folder / "benchmarks.md"
    head = HEAD.format(command=command, day=f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC", machine=machine())
    page.write_text("\n".join([head, *map(section, results)]))
    return page


def headline(results: Sequence[Result]) -> str:
    """How many times as much the product does as each it is compared with, best first."""
    ratios = [
        (f"{result.key} {gate.name.removeprefix(BY)}", gate.value)
        for result in results
        for gate in result.gates
        if gate.name.startswith(BY)
    ]
    rows = [(name, ratio, shown(ratio)) for name, ratio in sorted(ratios, key=lambda one: -one[1])]
    return bars(rows, "How many times as much the product does", unit=" ×")


def show_headline(readme: Path) -> None:
    """Put the picture where the README keeps its place."""
    text = readme.read_text()
    picture = f"![How many times as much the product does](docs/proof/{HEADLINE})"
    if picture not in text:
        readme.write_text(text.replace(PLACE, f"{PLACE}\n\n{picture}"))


def drawing(result: Result) -> str:
    rows = [(build, middle(rates), shown(middle(rates))) for build, rates in result.rates.items()]
    return bars(rows, f"{result.key} {result.title}", unit=f" {result.unit}")


def cpu_drawing(result: Result) -> str:
    """Who uses the processor, for one unit of work."""
    names = sorted({name for used in result.cpu.values() for name in used})
    columns = [(build, [used.get(name, 0.0) for name in names]) for build, used in result.cpu.items()]
    return stacked(columns, names, f"{result.key}: CPU microseconds for one")


def section(result: Result) -> str:
    lines = [f"## {result.key} · {result.title}", "", f"![{result.title}]({result.key.lower()}.svg)", ""]
    lines += [f"| build | {result.unit}, by round | median | CPU µs each |", "|---|---|---|---|"]
    for build, rates in result.rates.items():
        used = ", ".join(f"{name} {shown(value)}" for name, value in result.cpu.get(build, {}).items()) or "–"
        lines.append(f"| {build} | {' / '.join(map(shown, rates))} | {shown(middle(rates))} | {used} |")
    if len(result.cpu) > 1:
        first, *others = result.cpu
        said = ", ".join(f"{shown(result.cpu_ratio(first, other))} × {other}'s" for other in others)
        lines += ["", f"* CPU of one, all processes together: {first}'s is {said}"]
    lines += ["", *(f"* {gate}" for gate in result.gates), *(f"* {note}" for note in result.notes)]
    lines += [f"* **wrong books: {fault}**" for fault in result.faults]
    return "\n".join([*lines, ""])
