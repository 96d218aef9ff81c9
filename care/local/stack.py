"""How does all of Caremarket run on this machine? Servers, databases, topics, issuer, services: in that order."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from asyncpg import PostgresError

from care.local import processes, ready
from care.local.place import ROOT, SERVICES, Place
from care.local.program import Program
from care.local.progress import Teller
from care.local.servers import Servers
from care.local.trouble import Trouble
from shared.db_admin import KINDS, ensure_databases, url_of

OPS_PATIENCE = 120  # seconds for one service to migrate, or to make its topics


@dataclass(frozen=True)
class Status:
    """One line of `care status`."""

    name: str
    state: str  # supervisor's word (RUNNING, STOPPED, FATAL …), or GIVEN for a server that is not ours
    pid: int | None
    uptime_seconds: int | None
    memory_bytes: int | None
    address: str
    ready: bool


class Stack(Servers):
    """Everything `care up` runs. `serve` and `ops` are the commands of a service; tests put stand-ins there."""

    def __init__(
        self,
        place: Place | None = None,
        teller: Teller | None = None,
        serve: Sequence[str] = (sys.executable, "-m", "shared.serve"),
        ops: Sequence[str] = (sys.executable, "-m", "shared.ops"),
    ) -> None:
        super().__init__(place, teller)
        self.serve, self.ops = tuple(serve), tuple(ops)

    def programs(self) -> list[Program]:
        services = (Program(name, self.serve, self.environment_of(name), ports=(name,)) for name in SERVICES)
        return [*super().programs(), self._issuer(), *services]

    def _issuer(self) -> Program:
        here = {"CARE_HOME": str(self.place.home), "CARE_PORT_SHIFT": str(self.place.shift), "CARE_MODE": "sandbox"}
        return Program("issuer", (sys.executable, "-m", "care.local.issuer"), here, ports=("issuer",))

    def environment_of(self, service: str) -> dict[str, str]:
        """What a service process is told; each of its parts connects with the role it needs and no other."""
        urls = {f"CARE_{kind.upper()}_DATABASE_URL": self.database_url(service, kind) for kind in KINDS}
        return {
            "CARE_SERVICE": service,
            "CARE_MODE": "sandbox",
            "CARE_PORT": str(self.place.port(service)),
            "CARE_KAFKA_BOOTSTRAP": self.bootstrap,
            "CARE_JWKS_URL": f"{self.place.url('issuer')}/.well-known/jwks.json",
            "CARE_ISSUER": self.place.url("issuer"),
            **urls,
        }

    def database_url(self, service: str, kind: str) -> str:
        """A service's database, as one of its roles: owner, http, worker or ops."""
        return url_of(self.admin_dsn, service, f"{service}_{kind}")

    def addresses(self) -> dict[str, str]:
        """Where everything is, by name."""
        urls = {name: self.place.url(name) for name in (*SERVICES, "issuer")}
        return {**urls, "postgres": self.admin_dsn, "kafka": self.bootstrap}

    def checks(self) -> dict[str, Callable[[], bool]]:
        http = {name: partial(ready.http, f"{self.place.url(name)}/health/ready") for name in (*SERVICES, "issuer")}
        return {**super().checks(), **http}

    def status(self) -> list[Status]:
        """Each program: state, pid, uptime, memory, address and whether it is ready. Takes at most a few seconds."""
        states, checks = self.supervisor.states(), self.checks()
        with ThreadPoolExecutor(len(checks)) as threads:
            answers = dict(zip(checks, threads.map(lambda check: check(), checks.values()), strict=True))
        return [self._status(name, states.get(name, {}), answers[name]) for name in checks]

    def _status(self, name: str, info: dict[str, Any], answered: bool) -> Status:
        given = (name == "postgres" and self.place.database_url) or (name == "kafka" and self.place.kafka_bootstrap)
        pid = info.get("pid") or None
        return Status(
            name=name,
            state="GIVEN" if given else str(info.get("statename", "STOPPED")),
            pid=pid,
            uptime_seconds=int(time.time()) - int(info["start"]) if pid else None,
            memory_bytes=processes.memory(pid) if pid else None,
            address=without_password(self.addresses()[name]),
            ready=answered and bool(given or pid),
        )

    def _start_all(self) -> None:
        self._look_before()
        self._prepare()
        self.supervisor.launch(self.programs())
        self.supervisor.start(
            program.name for program in self.programs() if program.name in ("postgres", "kafka", "issuer")
        )
        self._await_postgres()
        self._make_databases()
        self._for_each_service("migrate", "migrations")
        self._await_kafka()
        self._for_each_service("topics", "topics")
        self._start_services()

    def _make_databases(self) -> None:
        with self.teller.step("databases", f"{len(SERVICES)} databases, {len(KINDS)} roles each"):
            try:
                ready.in_own_loop(ensure_databases(self.admin_dsn, SERVICES))
            except (PostgresError, OSError) as error:
                raise Trouble(
                    f"The databases could not be made: {error}. The user of CARE_DATABASE_URL must be "
                    "allowed to create roles and databases."
                ) from None

    def _for_each_service(self, verb: str, title: str) -> None:
        """`ops <verb>` in every service, two at a time: each spends most of its time importing."""
        with self.teller.step(title, ", ".join(SERVICES)), ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda service: self.run_ops(service, verb), SERVICES))

    def run_ops(self, service: str, *arguments: str) -> str:
        """Run `python -m shared.ops …` as one service and return what it printed; Trouble where it fails."""
        environment = {**os.environ, **self.environment_of(service)}
        try:
            ran = self._run(arguments, environment)
        except subprocess.TimeoutExpired:
            raise Trouble(
                f"`{arguments[0]}` in {service} did not end within {OPS_PATIENCE} s; it was stopped."
            ) from None
        (self.place.logs / f"{service}-{arguments[0]}.log").write_text(ran.stdout)
        if ran.returncode:
            last = "\n".join(ran.stdout.strip().splitlines()[-8:])
            raise Trouble(f"`{arguments[0]}` failed in {service}, see {self.place.logs}:\n\n{last}")
        return ran.stdout

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.ops, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=OPS_PATIENCE,
        )  # fmt: skip

    def _start_services(self) -> None:
        began = time.monotonic()
        self.supervisor.start(SERVICES)
        for name in ("issuer", *SERVICES):
            with self.teller.step(name, self.place.url(name)) as step:
                step.began = began
                self.wait_ready(name)


def without_password(url: str) -> str:
    """An address fit for a screen."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.split(':')[0]}{at}{tail}"
