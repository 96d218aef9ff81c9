"""Where would dying hurt? Named points; a test says in the environment at which of them this process is to die.

`CARE_CRASH=relay.published:3` dies at the third time that point is reached, `relay.published:p0.1` each time with that
probability (seeded by CARE_CRASH_SEED); several are separated by commas. CARE_CRASH_HITS names a file to which each hit
is appended, so that what was reached outlives whoever reached it. Set neither, and a point costs an empty call.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NoReturn

POINTS = frozenset(
    {
        "batch.halved",
        "consume.assigned",
        "consume.sought",
        "consume.fetched",
        "hear.claimed",
        "hear.decided",
        "hear.written",
        "park.written",
        "consume.committed",
        "consume.drained",
        "consume.shown",
        "fold.loaded",
        "fold.saved",
        "fold.placed",
        "fold.said",
        "drain.claimed",
        "drain.decided",
        "drain.deleted",
        "drain.finished",
        "drain.committed",
        "drop.dropped",
        "drop.committed",
        "perform.claimed",
        "perform.decided",
        "perform.answered",
        "perform.finished",
        "perform.committed",
        "relay.locked",
        "relay.claimed",
        "relay.sent",
        "relay.acknowledged",
        "relay.published",
        "relay.deleted",
        "watermark.begun",
        "watermark.ended",
        "watermark.measured",
        "watermark.said",
        "timers.claimed",
        "timers.locked",
        "timers.decided",
        "timers.cleared",
        "timers.finished",
        "timers.committed",
        "migrate.locked",
        "migrate.stepped",
        "migrate.done",
        "topics.listed",
        "topics.created",
        "restored.read",
        "restored.noted",
    }
)
"""All there are. A test holds this set and the calls in the code together."""

KILLED = 137
"""The exit status of a process killed by SIGKILL, as a shell tells it."""

Rule = Callable[[int], bool]
"""Whether to die at the n-th hit."""


class Crashing:
    """Counts hits and dies where it was told to. Raises ValueError for a point that does not exist."""

    def __init__(self, orders: str, hits: str = "", seed: str = "0") -> None:
        self.order(orders, seed)
        self.file = os.open(hits, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if hits else None
        self.counts: Counter[str] = Counter()

    def order(self, orders: str, seed: str = "0") -> None:
        """Where to die from now on."""
        self.rules = dict(_rule(order, seed) for order in orders.split(",") if order)

    def carried_out(self) -> None:
        """It died as it was told. Who takes its place dies only where chance decides."""
        self.rules = {name: rule for name, rule in self.rules.items() if isinstance(rule, Chance)}

    def hit(self, name: str) -> None:
        """This point is reached."""
        self.counts[_known(name)] += 1
        dies = name in self.rules and self.rules[name](self.counts[name])
        self._write(f"{'died' if dies else 'hit'} {name}\n")
        if dies:
            die()

    def _write(self, line: str) -> None:
        """In one call of the system, which neither a death nor another writer cuts in two."""
        if self.file is not None:
            os.write(self.file, line.encode())


def die() -> NoReturn:
    """As by kill -9: nothing is flushed, closed or said."""
    os._exit(KILLED)


class Chance:
    """Dies at each hit with this probability."""

    def __init__(self, chance: float, lots: random.Random) -> None:
        self.chance, self.lots = chance, lots

    def __call__(self, n: int) -> bool:
        return self.lots.random() < self.chance


def _rule(order: str, seed: str) -> tuple[str, Rule]:
    name, _, when = order.partition(":")
    if when.startswith("p"):
        return _known(name), Chance(float(when[1:]), random.Random(f"{seed}/{name}"))
    wanted = int(when or "1")
    return _known(name), lambda n: n == wanted


def _known(name: str) -> str:
    if name not in POINTS:
        raise ValueError(f"there is no crash point named {name}")
    return name


def _pass(name: str) -> None:
    """Nobody wants to die here."""


def from_environment(env: Mapping[str, str]) -> Callable[[str], None]:
    orders, hits = env.get("CARE_CRASH", ""), env.get("CARE_CRASH_HITS", "")
    return Crashing(orders, hits, env.get("CARE_CRASH_SEED", "0")).hit if orders or hits else _pass


def carried_out() -> None:
    """This process takes the place of one that died as it was told."""
    crashing = getattr(crash_point, "__self__", None)
    if isinstance(crashing, Crashing):
        crashing.carried_out()


crash_point = from_environment(os.environ)
"""`crash_point("relay.published")`: never leave the name out of POINTS."""
