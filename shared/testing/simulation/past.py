"""What has a world come to, so that others may go on from there? A settled one is taken down once and begun with often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.testing.simulation.clients import Actor
from shared.testing.simulation.database import Table
from shared.testing.simulation.log import Partition, Stored
from shared.testing.simulation.world import World


@dataclass(frozen=True)
class Past:
    """What its databases and its log hold, and what clients have done. Rows and records are shared: none ever changes."""

    now: datetime
    databases: dict[str, tuple[dict[str, Table], dict[str, int]]]
    stored: dict[Partition, list[Stored]]
    everybody: tuple[Actor, ...]


def past_of(world: World) -> Past:
    databases = {name: home.database.past() for name, home in world.homes.items()}
    return Past(world.now, databases, world.log.past(), tuple(world.everybody))


def begin_with(world: World, past: Past) -> None:
    """As it was then, with processes that have just started."""
    world.now, world.everybody = past.now, list(past.everybody)
    world.log.begin_with(past.stored)
    for name, home in world.homes.items():
        home.database.begin_with(*past.databases[name])
