"""How is one run played, and what is its end? From a seed, to a state that can be compared."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from services.assessment import app as assessment_app
from services.budget import app as budget_app
from services.marketplace import app as marketplace_app
from services.safeguarding import app as safeguarding_app
from shared.runtime import relay
from shared.runtime.rows import Kind, Row
from shared.runtime.service import Service
from shared.testing.simulation.past import Past, begin_with, past_of
from shared.testing.simulation.world import CALM, Trouble, World
from tests.simulation.journeys import Chapter, Journey
from tests.simulation.play.cast import OPENS
from tests.simulation.states import digest_of, state_of

TROUBLED = Trouble()
SERVICES = [app.service() for app in (assessment_app, budget_app, marketplace_app, safeguarding_app)]


def kinds_of(service: str) -> list[Kind]:
    """All tables of a service."""
    own = [
        row
        for row in Row.__subclasses__()
        if row.__module__.startswith(f"services.{service}.models") and "kind" in vars(row)
    ]
    return sorted((row.kind for row in own), key=lambda kind: kind.order)


PARTS: Sequence[tuple[Service, Sequence[Kind]]] = [(one, kinds_of(one.name)) for one in SERVICES]


@dataclass
class Played:
    """A run that came to its end."""

    world: World
    journey: Journey

    @property
    def trace(self) -> str:
        return self.world.trace.hexdigest()

    @property
    def hops(self) -> int:
        """Facts taken off the log, summed over the services that read them."""
        return sum(sum(home.database.rows("reader_offset").values()) for home in self.world.homes.values())


@contextmanager
def quiet() -> Iterator[None]:
    """Trouble is made on purpose here: nobody wants to read of it."""
    before, batch = structlog.get_config(), relay.BATCH
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
        relay.BATCH = batch


@dataclass(frozen=True)
class Stop:
    """A journey between two chapters, settled, when all was calm: what the world and the clients have come to."""

    past: Past
    known: bytes
    digest: str


def play(journey: int, schedule: int | None = None, trouble: Trouble = TROUBLED) -> Played:
    """One run of a journey from its first chapter to its last, settled: calmly, or as this schedule has it."""
    played = begin(journey, schedule, trouble)
    with played.world.running():
        for chapter in played.journey.chapters():
            turn_to(played, chapter)
        played.world.settle()
    return played


def play_calmly(journey: int) -> tuple[Played, list[Stop]]:
    """The calm run, and where it stood before each chapter, and at its end."""
    played = begin(journey, None)
    with played.world.running():
        stops = [stop_at(played)]
        for chapter in played.journey.chapters():
            turn_to(played, chapter)
            played.world.settle()
            stops.append(stop_at(played))
    return played, stops


def play_part(journey: int, schedule: int, chapters: range, before: Stop, trouble: Trouble = TROUBLED) -> Played:
    """These chapters as this schedule has it, going on from where the calm run stood."""
    played = begin(journey, schedule, trouble)
    begin_with(played.world, before.past)
    played.journey.recall(before.known)
    with played.world.running():
        for chapter in played.journey.chapters()[chapters.start : chapters.stop]:
            turn_to(played, chapter)
        played.world.settle()
    return played


def begin(journey: int, schedule: int | None, trouble: Trouble = TROUBLED) -> Played:
    seed = f"{journey}/{schedule}"
    random.seed(seed)
    world = World(seed, PARTS, OPENS, CALM if schedule is None else trouble)
    return Played(world, Journey(str(journey), world))


def turn_to(played: Played, chapter: Chapter) -> None:
    """What the chapter before has left to be heard is heard first, or meanwhile."""
    world, (clock, scripts) = played.world, chapter
    if not world.wild or world.chance.random() < 0.5:
        world.settle()
    world.now = clock
    world.play({name: script() for name, script in scripts.items()})


def stop_at(played: Played) -> Stop:
    return Stop(past_of(played.world), played.journey.known(), digest_of(state_of(played.world)))
