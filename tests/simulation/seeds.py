"""What does a seed stand for, and did its run hold? A seed is one schedule of one journey; ten schedules share a journey."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shared.testing.simulation.world import Trouble
from tests.simulation.invariants import broken
from tests.simulation.runs import TROUBLED, play, quiet
from tests.simulation.states import digest_of, state_of

SCHEDULES = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a seed. `wrong` is (invariant, what is wrong), empty where all held; `hops` counts facts heard."""

    seed: int
    wrong: tuple[tuple[str, str], ...]
    trace: str = ""
    steps: int = 0
    hops: int = 0

    @property
    def holds(self) -> bool:
        return not self.wrong


@lru_cache(maxsize=64)
def calm_end(journey: int) -> str:
    """The state in which this journey ends when nothing goes wrong. The calm run must hold, too."""
    played = play(journey)
    if wrong := broken(played):
        raise AssertionError(f"journey {journey} does not hold even when it is calm: {wrong}")
    return digest_of(state_of(played.world))


def run_seed(seed: int, trouble: Trouble = TROUBLED) -> Verdict:
    """Play it and look at its end. What is raised on the way (stuck, paused, answered wrongly) is wrong, too."""
    journey = seed // SCHEDULES
    try:
        calm = calm_end(journey)
        played = play(journey, seed, trouble)
    except Exception as error:
        return Verdict(seed, ((type(error).__name__.lower(), str(error)[:500]),))
    wrong = tuple(broken(played, calm))
    return Verdict(seed, wrong, played.trace, played.world.steps, played.hops)


def spread(first: int, seeds: int) -> range:
    """So many seeds, each of another journey."""
    return range(first, first + seeds * (SCHEDULES + 1), SCHEDULES + 1)


def run_quietly(seed: int) -> Verdict:
    """As in a worker of its own."""
    with quiet():
        return run_seed(seed)
