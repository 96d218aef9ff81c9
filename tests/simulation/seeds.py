"""What does a seed stand for, and did its run hold? A seed is one schedule of one journey; forty schedules share a
journey: the first plays the whole of it, each other one a chapter or two, going on from where the calm run stood."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from random import Random

from shared.testing.simulation.world import Trouble
from tests.simulation.invariants import broken
from tests.simulation.journeys import is_long
from tests.simulation.runs import TROUBLED, Stop, play_calmly, play_part, quiet

SCHEDULES = 40


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


@lru_cache(maxsize=8)
def calmly(journey: int) -> list[Stop]:
    """Where this journey stands, chapter by chapter, when nothing goes wrong. The calm run must hold, too."""
    played, stops = play_calmly(journey)
    if wrong := broken(played):
        raise AssertionError(f"journey {journey} does not hold even when it is calm: {wrong}")
    return stops


def run_seed(seed: int, trouble: Trouble = TROUBLED) -> Verdict:
    """Play it and look at its end. What is raised on the way (stuck, paused, answered wrongly) is wrong, too."""
    journey = seed // SCHEDULES
    try:
        stops = calmly(journey)
        chapters = part_of(seed, len(stops) - 1)
        played = play_part(journey, seed, chapters, stops[chapters.start], trouble)
    except Exception as error:
        return Verdict(seed, ((type(error).__name__.lower(), str(error)[:500]),))
    calm = None if played.journey.ends_by_schedule else stops[chapters.stop].digest
    wrong = tuple(broken(played, calm))
    return Verdict(seed, wrong, played.trace, played.world.steps, played.hops)


def part_of(seed: int, chapters: int) -> range:
    """The first schedule of a journey plays the whole of it; the others a chapter or two, drawn for each: the market, which
    is the first chapter, opens calmly for them."""
    if seed % SCHEDULES == 0:
        return range(chapters)
    chance = Random(f"part {seed}")
    first = chance.randrange(1, chapters)
    return range(first, min(first + chance.choice((1, 1, 2)), chapters))


def seeds_from(first: int, runs: int, long: bool = False) -> list[int]:
    """So many, in their order: of all journeys, or of the long ones alone."""
    return list(islice((seed for seed in count(first) if not long or is_long(seed // SCHEDULES)), runs))


def run_quietly(seed: int) -> Verdict:
    """As in a worker of its own."""
    with quiet():
        return run_seed(seed)


def seldom_collect() -> None:
    """A worker makes much that lives shortly, and little that goes in circles: it is looked for seldom."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
