"""One torture, from the first request to the verdict: load, violence by plan, quiet, accountant."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.torture.accountant import Accountant, Given, Report
from tests.chaos.torture.away import Outage, kafka_away
from tests.chaos.torture.clients import Client, Journal
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.journeys import COUNCILS, Load
from tests.chaos.torture.plan import Act, kept
from tests.chaos.torture.strangers import look_as_strangers
from tests.chaos.torture.violence import Violence

Told = Callable[[int], None]
"""Is told how many acts are done."""


@dataclass
class Outcome:
    """What came of it."""

    report: Report
    acts: list[dict[str, Any]] = field(default_factory=list)
    broke: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    journeys: int = 0
    throughput: dict[str, float] = field(default_factory=dict)
    outage: Outage | None = None
    starts: int = 1
    """In how many goes it was run"""
    strange: int = 0
    """Reads by councils that have nothing there; none was shown a row"""

    @property
    def wrong(self) -> list[str]:
        return self.report.wrong + [f"a journey broke: {one}" for one in self.broke[:5]]


class Torture:
    """A run in one folder; begun again there, it goes on where it was."""

    def __init__(self, ground: Ground, seed: int, plan: Sequence[Act], writers: int = 6) -> None:
        self.ground, self.seed = ground, seed
        self.folder = ground.place.home / "torture"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.plan = kept(self.folder / "plan.jsonl", plan)
        self.journal = Journal(self.folder / "journal.jsonl")
        clients = self._clients()
        self.violence = Violence(ground, clients[0], seed)
        self.load = Load(clients, writers, self.folder / "journeys.txt")
        self.starts = _counted_up(self.folder / "starts")

    def _clients(self) -> list[Client]:
        return [Client(self.ground, council, self.journal, self.seed) for council in COUNCILS]

    @property
    def done(self) -> list[dict[str, Any]]:
        path = self.folder / "acts.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    async def go(
        self, told: Told = lambda done: None, measured: float = 0.0, away: float = 0.0, strange: int = 0
    ) -> Outcome:
        """All of it. `measured`: seconds of calm, and then of a kill every 5 s, whose throughputs are compared first;
        `strange`: reads by councils that have nothing there, when the tables are full; `away`: seconds without Kafka, last.
        What an earlier go has measured is not measured again."""
        self.violence.poisoned = {subject: tuple(readers) for one in self.done for subject, readers in one["poisoned"]}
        await self.load.begin()
        if measured and not self._noted("throughput"):
            self._write("throughput", await self._compare(measured))
        for act in self.plan[len(self.done) :]:
            self._note(act, await self.violence.do(act))
            told(act.number + 1)
        await self.load.finish()
        if strange and not self._noted("strange"):
            self._write("strange", {"reads": await look_as_strangers(self.ground, strange, self.seed)})
        if away and not self._noted("outage"):
            self._write("outage", asdict(await kafka_away(self.ground, self._clients(), away)))
        return await self.audit()

    def given(self) -> Given:
        return Given(self.journal.lines(), self.violence.poisoned, frozenset(self.journal.unanswered()))

    def accountant(self, given: Given | None = None) -> Accountant:
        """One who has looked at nothing yet."""
        server = self.ground.admin_dsn.rpartition("/")[0]
        return Accountant(lambda name: f"{server}/{name}", self.ground.bootstrap, given or self.given())

    async def audit(self) -> Outcome:
        report = await self.accountant().audit()
        (self.folder / "wrong.txt").write_text("\n".join(report.wrong))
        return Outcome(
            report, self.done, self.load.broke, self.journal.odd, self.violence.unreached, self.load.journeys,
            self._noted("throughput"), Outage(**outage) if (outage := self._noted("outage")) else None, self.starts,
            int(self._noted("strange").get("reads", 0)),
        )  # fmt: skip

    def _note(self, act: Act, line: dict[str, Any]) -> None:
        known = {subject for one in self.done for subject, _ in one["poisoned"]}
        line["poisoned"] = [[one, readers] for one, readers in self.violence.poisoned.items() if one not in known]
        with (self.folder / "acts.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def _write(self, name: str, found: dict[str, Any]) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(found))

    def _noted(self, name: str) -> dict[str, Any]:
        path = self.folder / f"{name}.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    async def _compare(self, seconds: float) -> dict[str, float]:
        """Commands answered a second, calm, and while a service is killed every five seconds."""
        calm = await self._rate(asyncio.sleep(seconds))
        return {"calm": calm, "a kill every 5 s": await self._rate(self._kill_on(seconds))}

    async def _rate(self, meanwhile: Any) -> float:
        began, before = time.monotonic(), len(self.journal.answered)
        await meanwhile
        return round((len(self.journal.answered) - before) / (time.monotonic() - began), 2)

    async def _kill_on(self, seconds: float) -> None:
        names: Sequence[str] = ("budget", "marketplace", "assessment", "safeguarding")
        for n in range(int(seconds // 5)):
            await asyncio.gather(self.violence._strike(names[n % len(names)]), asyncio.sleep(5))


def _counted_up(path: Path) -> int:
    before = int(path.read_text()) if path.exists() else 0
    path.write_text(str(before + 1))
    return before + 1


def folder_of(root: Path, seed: int, kills: int) -> Path:
    return root / ".care" / f"torture-{seed}-{kills}"
