"""`python -m tests.chaos.torture --kills 1000 --seed 7`: kill for as long as it takes, then say whether the books are exact."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from care.local.place import ROOT, Place
from care.local.servers import free_shift
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.plan import draw
from tests.chaos.torture.proof import write_proof
from tests.chaos.torture.run import Outcome, Torture, folder_of

MEASURED = 40.0
"""Seconds of calm, and of a kill every five, that are compared."""
AWAY = 600.0
"""Seconds without Kafka, last."""
STRANGE = 1_000_000
"""Reads of every table, as councils that have nothing there."""


def main(
    kills: Annotated[int, typer.Option(help="acts of violence")] = 1000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same plan")] = 7,
    proof: Annotated[Path | None, typer.Option(help="where the report goes")] = ROOT / "docs" / "proof" / "torture.md",
    fresh: Annotated[bool, typer.Option(help="forget an earlier run of this plan")] = False,
    measured: Annotated[float, typer.Option(help="seconds of each throughput measured first")] = MEASURED,
    away: Annotated[float, typer.Option(help="seconds without Kafka, last")] = AWAY,
) -> None:
    """Torture the whole stack. Stopped half way, the same command goes on."""
    home = folder_of(ROOT, seed, kills)
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    cache = Path(os.environ.get("CARE_CACHE") or ROOT / ".care" / "cache")
    ground = Ground(Place(home, cache=cache, shift=free_shift(int(os.environ.get("CARE_TEST_PORT_SHIFT", "3500")))))
    ground.down()
    outcome = _tortured(ground, seed, kills, measured, away)
    if proof:
        write_proof(proof, ground, outcome, f"make torture KILLS={kills} SEED={seed}")
    for line in outcome.wrong:
        typer.echo(line)
    counted = ", ".join(f"{n} {what}" for what, n in sorted(outcome.report.counted.items()))
    word = "FAIL" if outcome.wrong else "PASS"
    typer.echo(f"{word} {len(outcome.acts)} acts, seed {seed}: {len(outcome.wrong)} things wrong; {counted}")
    sys.exit(bool(outcome.wrong))


def _tortured(ground: Ground, seed: int, kills: int, measured: float, away: float) -> Outcome:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    ground.up()
    try:
        torture = Torture(ground, seed, draw(seed, kills))
        with Progress(*columns) as progress:
            bar = progress.add_task("torture", total=kills, completed=len(torture.done))
            return asyncio.run(torture.go(lambda done: progress.update(bar, completed=done), measured, away, STRANGE))
    finally:
        ground.down()


if __name__ == "__main__":
    typer.run(main)
