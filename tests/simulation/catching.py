"""Which check catches a planted fault, and at which seed?"""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.planted import Change, changed
from tests.simulation.seeds import SCHEDULES, Verdict, calm_end, run_seed, spread

SEEDS = 20


def caught_by(fault: Callable[[], list[Change]], first: int = 0, seeds: int = SEEDS) -> Verdict | None:
    """The first of so many seeds whose run does not hold. What a calm end is, is known from before the fault."""
    for seed in spread(first, seeds):
        calm_end(seed // SCHEDULES)
        with changed(*fault()):
            verdict = run_seed(seed)
        if not verdict.holds:
            return verdict
    return None
