"""On what is it done? The stack as `care up` runs it, counting hits; one service's parts apart; guests that may join."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from care.local.place import SERVICES
from care.local.program import Program
from care.local.stack import Stack
from tests.chaos.torture.plan import APART
from tests.chaos.torture.severing import mend


class Ground(Stack):
    """Every process appends the crash points it reaches to a file of its own."""

    def _start_all(self) -> None:
        for server in ("postgres", "kafka"):
            mend(self.place.port(server))
        super()._start_all()

    def programs(self) -> list[Program]:
        apart = Program(APART, self.serve, self._more("budget", APART, CARE_PARTS="relay,timers"))
        guests = [
            Program(
                f"{name}-guest", self.serve, self._more(name, f"{name}-guest", CARE_PARTS="consumer", CARE_ORDINAL="1")
            )
            for name in SERVICES
        ]
        return [*super().programs(), apart, *guests]

    def environment_of(self, service: str) -> dict[str, str]:
        parts = {"CARE_PARTS": "http,consumer"} if service == "budget" else {}
        return {**super().environment_of(service), **parts, "CARE_CRASH_HITS": str(self.hits_of(service))}

    def _more(self, service: str, name: str, **more: str) -> dict[str, str]:
        env = {**super().environment_of(service), "CARE_PORT": "0"}
        return {**env, "CARE_CRASH_HITS": str(self.hits_of(name)), **more}

    def _start_services(self) -> None:
        self.supervisor.start([APART])
        super()._start_services()

    def hits_of(self, name: str) -> Path:
        return self.place.run / f"{name}.hits"

    def hits(self) -> Counter[str]:
        """How often each point was reached, by all processes since the beginning."""
        found: Counter[str] = Counter()
        for path in self.place.run.glob("*.hits"):
            found.update(line.partition(" ")[2] for line in path.read_text().splitlines())
        return found

    def deaths(self, name: str = "*") -> Counter[str]:
        """How often somebody died at each point."""
        found: Counter[str] = Counter()
        for path in self.place.run.glob(f"{name}.hits"):
            said = [line.partition(" ") for line in path.read_text().splitlines()]
            found.update(point for word, _, point in said if word == "died")
        return found

    def order(self, name: str, crash: str) -> None:
        """What a process is told from its next start on: where to die, or (empty) nowhere."""
        path = self.place.run / f"{name}.json"
        said = json.loads(path.read_text())
        said["environment"]["CARE_CRASH"] = crash
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(said, indent=1))
        fresh.replace(path)
