"""How is a run reported? Machine, date, command, what was done, what was reached, how long it took to come back."""

from __future__ import annotations

import os
import platform
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import psutil

from shared.runtime.crash import POINTS
from tests.chaos.torture.away import Outage
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.plan import CUTS
from tests.chaos.torture.run import Outcome

GOALS = {"consumer": 3.0, "relay": 3.0, "http": 5.0, "postgres": 10.0, "kafka": 12.0}
SERVERS = ("postgres", "kafka")
WHO = {"kill": "a service", "kill-keeper": "a service and its keeper"}
KILLED = (*WHO, "kill-postgres", "stop-postgres", "kill-kafka")


def write_proof(path: Path, ground: Ground, outcome: Outcome, command: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(_sections(ground, outcome, command)) + "\n")


def _sections(ground: Ground, outcome: Outcome, command: str) -> list[str]:
    verdict = "FAIL" if outcome.wrong else "PASS"
    return [
        "<!-- Written by `python -m tests.chaos.torture`; run it again instead of editing. -->",
        "# Torture",
        f"**{verdict}**: {len(outcome.acts)} acts of violence under load, {len(outcome.wrong)} things wrong in the books.",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_goes(outcome)}, on {machine()}, {_others()}.",
        "## The books",
        table(("looked at", "how many"), sorted(outcome.report.counted.items())),
        _list(outcome.wrong) or "Nothing was wrong.",
        f"{outcome.strange} reads of whole tables, without a `where`, by councils that have nothing there: no row was shown.",
        f"{outcome.journeys} journeys ended; {len(outcome.odd)} answers of 500 or above other than 503"
        + (f" ({'; '.join(sorted(set(outcome.odd))[:10])})." if outcome.odd else "."),
        "## What was done",
        table(("act", "victim", "times"), _by_kind(outcome)),
        _unreached(outcome),
        _uncut(outcome),
        "## How long until it worked again",
        "Seconds from the blow to the first new effect of the part: an answer, an offset, a fact gone from the outbox. "
        "Under load; a part that had nothing to do for a while counts that while.",
        table(("victim", "part", "n", "p50", "p99", "goal, p99", "met"), _recoveries(outcome)),
        "## Throughput",
        _throughput(outcome),
        "## Without Kafka",
        _outage(outcome.outage),
        "## Crash points",
        "Hits and deaths of all processes. Points that this load does not reach are reached one by one by "
        "`tests/chaos/torture/test_crash_points.py`.",
        table(("point", "hits", "deaths"), _points(ground)),
    ]


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    system, python = f"{platform.system()} {platform.release()}", platform.python_version()
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {system}, Python {python}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _by_kind(outcome: Outcome) -> list[tuple[object, ...]]:
    counts = Counter((act["kind"], act["victim"]) for act in outcome.acts)
    return [(kind, victim, n) for (kind, victim), n in sorted(counts.items())]


def _unreached(outcome: Outcome) -> str:
    ordered = [act for act in outcome.acts if act["kind"] == "crash"]
    missed = [f"{act['victim']} {act['order']}" for act in ordered if not act["reached"]]
    return f"{len(ordered) - len(missed)} of {len(ordered)} crashes were at the point ordered" + (
        f"; not reached in time, and killed instead: {', '.join(missed)}." if missed else "."
    )


def _uncut(outcome: Outcome) -> str:
    cuts = [act for act in outcome.acts if act["kind"] in CUTS]
    missed = sum(not act["reached"] for act in cuts)
    return f"{len(cuts) - missed} of {len(cuts)} cuts of the network were made" + (
        "; this machine does not let us drop packets." if missed else "."
    )


def _recoveries(outcome: Outcome) -> list[tuple[object, ...]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for act in outcome.acts:
        if act["kind"] in KILLED:
            who = act["victim"] if act["victim"] in SERVERS else WHO[act["kind"]]
            for part, seconds in act["recovered"].items():
                found[who, part].append(seconds)
    return [_recovery(who, part, several) for (who, part), several in sorted(found.items())]


def _recovery(who: str, part: str, several: list[float]) -> tuple[object, ...]:
    goal = GOALS.get(who, GOALS[part])
    p50, p99 = percentiles(several)
    return who, part, len(several), f"{p50:.2f}", f"{p99:.2f}", f"{goal:g}", "yes" if p99 <= goal else "no"


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """p50 and p99; with few values the largest stands for p99."""
    if len(values) < 2:
        return values[0], values[0]
    cuts = quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[98]


def _throughput(outcome: Outcome) -> str:
    if len(outcome.throughput) < 2:
        return "Not measured in this run."
    calm, killed = outcome.throughput.values()
    rows = [(name, f"{rate:g}") for name, rate in outcome.throughput.items()]
    share = f"{killed / calm:.0%} of calm" if calm else "nothing was answered"
    return table(("", "commands answered a second"), rows) + f"\n\n{share}; the goal is 40 %."


def _goes(outcome: Outcome) -> str:
    return "in one go" if outcome.starts == 1 else f"in {outcome.starts} goes"


def _others() -> str:
    """A figure of time means little without it."""
    return f"load average of the last quarter of an hour {os.getloadavg()[2]:.1f}"


def _outage(found: Outage | None) -> str:
    if found is None:
        return "Not measured in this run."
    rows = [
        ("seconds away", f"{found.seconds:.1f}"),
        ("commands", found.commands),
        ("a second", f"{found.commands / found.seconds:.0f}"),
        ("not answered well at once", found.repeated),
        ("facts waiting at its end", found.waiting),
        ("seconds from Kafka's start to the first of them published", f"{found.back:.1f}"),
        ("seconds from then until all were", f"{found.drained:.2f}"),
        ("facts a second", f"{found.waiting / found.drained:.0f}" if found.drained else ""),
    ]
    return table(("Kafka is killed and kept away under commands", ""), rows)


def _points(ground: Ground) -> list[tuple[object, ...]]:
    hits, deaths = ground.hits(), ground.deaths()
    return [(point, hits[point], deaths[point]) for point in sorted(POINTS)]
