"""Which check catches a planted fault, and at which seed?"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from tests.simulation.planted import Change, changed
from tests.simulation.seeds import SCHEDULES, Verdict, calmly, run_seed

JOURNEYS, EACH = 40, 6


def caught_by(fault: Callable[[], list[Change]], first: int = 0, by: Container[str] | None = None) -> Verdict | None:
    """The first seed, of a few of each of forty journeys, whose run does not hold: for any reason, or by one of these
    checks. What is calm is known from before."""
    for seed in _seeds(first):
        calmly(seed // SCHEDULES)
        with changed(*fault()):
            verdict = run_seed(seed)
        if any(by is None or name in by for name, _ in verdict.wrong):
            return verdict
    return None


def _seeds(first: int) -> Iterator[int]:
    """A whole journey, and a few parts of it; then the next one."""
    for journey in range(first // SCHEDULES, first // SCHEDULES + JOURNEYS):
        yield from range(journey * SCHEDULES, journey * SCHEDULES + EACH)
