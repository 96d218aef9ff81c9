"""What is done to whom, and in which order? Drawn from a seed: the same seed always gives the same plan."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.runtime.crash import POINTS

SERVICES = ("assessment", "budget", "marketplace", "safeguarding")
APART = "budget-apart"
"""Budget's relay and timers, in a process of their own."""
VICTIMS = (*SERVICES, APART)
NOT_WHILE_SERVING = ("migrate.", "topics.", "restored.", "drop.", "drain.", "park.", "batch.", "timers.")
"""Points that a service under this load reaches seldom or never: the short form reaches them one by one."""
SERVING = tuple(sorted(point for point in POINTS if not point.startswith(NOT_WHILE_SERVING)))
OF_A_PART = {APART: ("relay.", "watermark."), "budget": ("consume.", "hear.", "fold.", "perform.")}
"""What the two processes of budget reach."""
ONCE = ("consume.assigned", "consume.sought", "relay.locked")
"""Points a process passes when it starts."""
SPEAKERS = ("assessment", "budget", "marketplace")

# Of a hundred acts. One in twenty is against a server.
KINDS = {"kill": 55, "kill-keeper": 6, "crash": 14, "backends": 9, "duplicate": 4, "poison": 2, "guest": 2, "freeze": 2}
SERVERS = {"kill-postgres": 3, "stop-postgres": 1, "kill-kafka": 1}
CUTS = {"cut-postgres": 0.5, "cut-kafka": 0.5}
SHORT = ("fill-postgres",)
"""Done in the short form only, on a disk that is made for it."""


@dataclass(frozen=True)
class Act:
    """One deed: `kind`, its victim, and for a crash the order (point:n) the victim is given."""

    number: int
    kind: str
    victim: str
    order: str = ""


def draw(seed: int, kills: int) -> list[Act]:
    lots = random.Random(f"torture/{seed}")
    kinds: dict[str, float] = {**KINDS, **SERVERS, **CUTS}
    acts: list[Act] = []
    for number in range(kills):
        kind = lots.choices(list(kinds), list(kinds.values()))[0]
        acts.append(_act(lots, number, kind))
    return acts


def one_of_each(seed: int) -> list[Act]:
    """The short form: each kind of violence once, the victims by lot."""
    lots = random.Random(f"torture/{seed}")
    every = [*KINDS, *SERVERS, *CUTS, *SHORT]
    kinds = lots.sample(every, len(every))
    return [_act(lots, number, kind) for number, kind in enumerate(kinds)]


def _act(lots: random.Random, number: int, kind: str) -> Act:
    if kind == "crash":
        victim = lots.choice(VICTIMS)
        mine = [point for point in SERVING if point.startswith(OF_A_PART.get(victim, ("",)))]
        point, times = lots.choice(mine), lots.randint(1, 3)
        return Act(number, kind, victim, f"{point}:{1 if point in ONCE else times}")
    if kind in ("kill", "kill-keeper"):
        return Act(number, kind, lots.choice(VICTIMS))
    if kind in (*SERVERS, *CUTS, *SHORT):
        return Act(number, kind, kind.partition("-")[2])
    return Act(number, kind, lots.choice(SPEAKERS))


def kept(path: Path, fresh: Sequence[Act]) -> Sequence[Act]:
    """The plan as it was written at the start of the run, or this one, written down."""
    if not path.exists():
        path.write_text("\n".join(json.dumps(asdict(act)) for act in fresh))
    return [Act(**json.loads(line)) for line in path.read_text().splitlines()]
