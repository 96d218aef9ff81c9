"""How does all of Caremarket run on this machine? Servers, databases, topics, issuer, services: in that order."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from alembic.util.exc import CommandError
from asyncpg import PostgresError
from sqlalchemy.exc import SQLAlchemyError

from care.local import processes, ready
from care.local.place import DEMO, SERVICES, Place
from care.local.program import Program
from care.local.progress import Teller
from care.local.servers import Servers
from care.local.trouble import Trouble
from shared.db_admin import KINDS, ensure_databases, url_of
from shared.migrate import migrate
from shared.runtime.topics import create_topics


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
    """Everything `care up` runs. `serve` is the command of a service; tests put a stand-in there."""

    def __init__(
        self,
        place: Place | None = None,
        teller: Teller | None = None,
        serve: Sequence[str] = (sys.executable, "-m", "shared.serve"),
    ) -> None:
        super().__init__(place, teller)
        self.serve = tuple(serve)

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
        self._migrate()
        self._await_kafka()
        self._make_topics()
        self._start_services()

    def prepare_all(self) -> None:
        """Databases, roles, tables and topics on servers that answer; any number of times."""
        self._make_databases()
        self._migrate()
        self._make_topics()

    def _make_databases(self) -> None:
        with self.teller.step("databases", f"{len(SERVICES)} databases, {len(KINDS)} roles each"):
            try:
                ready.in_own_loop(ensure_databases(self.admin_dsn, SERVICES))
            except (PostgresError, OSError) as error:
                raise Trouble(
                    f"The databases could not be made: {error}. The user of CARE_DATABASE_URL must be "
                    "allowed to create roles and databases."
                ) from None

    def _migrate(self) -> None:
        """In this process: four more would spend their time importing."""
        with self.teller.step("migrations", ", ".join(SERVICES)):
            for service in SERVICES:
                self._migrate_one(service)

    def _migrate_one(self, service: str) -> None:
        try:
            ready.in_own_loop(migrate(service, self.database_url(service, "owner")))
        except (SQLAlchemyError, PostgresError, OSError, CommandError) as error:
            last = str(error).strip().splitlines()[0]
            raise Trouble(f"The tables of {service} could not be made: {last}") from None

    def _make_topics(self) -> None:
        with self.teller.step("topics", "one a service, and one for watermarks"):
            ready.in_own_loop(create_topics(self.bootstrap))

    def _start_services(self) -> None:
        began = time.monotonic()
        self.supervisor.start(SERVICES)
        for name in ("issuer", *SERVICES):
            with self.teller.step(name, self.place.url(name)) as step:
                step.began = began
                self.wait_ready(name)


def stack_here(teller: Teller | None = None) -> Stack:
    """The stack a command means: the one of CARE_HOME or of this checkout, or else the demo's, where that was left
    running (`make demo KEEP=1`)."""
    usual = Stack(teller=teller)
    if os.environ.get("CARE_HOME") or usual.is_up():
        return usual
    kept = Stack(replace(usual.place, home=DEMO / "stack"), teller)
    return kept if kept.is_up() else usual


def without_password(url: str) -> str:
    """An address fit for a screen."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.split(':')[0]}{at}{tail}"
