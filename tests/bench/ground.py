"""On which servers and databases does a benchmark run? PostgreSQL (fsync on) and Kafka of its own, databases per run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from care.local import ready
from care.local.place import Place
from care.local.servers import Servers, free_shift
from shared.contracts import SERVICES
from shared.db_admin import ensure_database, ensure_roles, own_schema, url_of
from shared.migrate import migrate
from shared.runtime.topics import create_topics
from tests.bench.defaults import give_defaults
from tests.bench.measure import cpu_of, tree

ROOT = Path(__file__).parents[2]
HOME = Path(os.environ.get("CARE_BENCH_HOME") or ROOT / ".care" / "bench")
CACHE = Path(os.environ.get("CARE_CACHE") or ROOT / ".care" / "cache")
SHIFT = int(os.environ.get("CARE_TEST_PORT_SHIFT", "3000")) + 40
EXTRA = {
    # what the textbook and the bare build keep besides the product's own tables, in every database
    "inbox": "create table book_inbox (event_id uuid primary key)",
    "outbox": """create table book_outbox (id bigserial primary key, topic text not null, key text not null,
        headers text not null, payload text not null)""",
}


@contextmanager
def servers() -> Iterator[Servers]:
    """Started anew; commit times are kept, by which latencies are measured."""
    made = Servers(Place(HOME, cache=CACHE, shift=free_shift(SHIFT)))
    made.down()
    made.up()
    try:
        asyncio.run(_keep_commit_times(made.admin_dsn))
        made.restart("postgres")
        asyncio.run(_make_templates(made.admin_dsn))
        yield made
    finally:
        made.down()


async def _keep_commit_times(dsn: str) -> None:
    admin = await asyncpg.connect(dsn)
    for name, value in {"track_commit_timestamp": "on", "shared_buffers": "1GB", "fsync": "on"}.items():
        await admin.execute(f"alter system set {name} = '{value}'")
    await admin.close()


async def _make_templates(dsn: str) -> None:
    """One migrated database a service, which runs clone."""
    admin = await asyncpg.connect(dsn)
    for service in SERVICES:
        name = f"{service}_bench"
        await admin.execute(f"drop database if exists {name} with (force)")
        await ensure_roles(admin, service)
        await ensure_database(admin, name, service)
        await own_schema(url_of(dsn, name, "postgres"), service)
        await migrate(service, url_of(dsn, name, f"{service}_owner"))
        owner = await asyncpg.connect(url_of(dsn, name, f"{service}_owner"))
        for statement in EXTRA.values():
            await owner.execute(statement)
        await give_defaults(owner, service)
        await owner.execute(
            f"grant all on book_inbox, book_outbox, book_outbox_id_seq to {service}_worker, {service}_http"
        )
        await owner.close()
    await admin.close()


@dataclass
class Site:
    """Where one build runs, once: its databases, its topics, its processes."""

    servers: Servers
    build: str
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:10])
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return f"{self.build}-{self.mark}-"

    def database(self, service: str) -> str:
        return f"{service}_{self.mark}"

    def url(self, service: str, role: str = "worker") -> str:
        return url_of(self.servers.admin_dsn, self.database(service), f"{service}_{role}")

    @asynccontextmanager
    async def admin(self, service: str) -> AsyncIterator[asyncpg.Connection]:
        """The superuser in a service's database: whoever keeps the books sees everything."""
        connection = await asyncpg.connect(url_of(self.servers.admin_dsn, self.database(service), "postgres"))
        try:
            yield connection
        finally:
            await connection.close()

    def launch(self, name: str, command: Sequence[str], environment: Mapping[str, str], cpu: str = "") -> None:
        log = (HOME / "logs" / f"{self.build}-{name}.log").open("wb")
        pinned = ["taskset", "-c", cpu] if cpu else []
        self.processes[name] = subprocess.Popen(
            [*pinned, sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def cpu(self) -> dict[str, float]:
        """CPU seconds used so far: ours, PostgreSQL's and Kafka's."""
        states = self.servers.supervisor.states()
        ours = sum(cpu_of(tree(process.pid)) for process in self.processes.values())
        return {"ours": ours, **{name: cpu_of(tree(int(states[name]["pid"]))) for name in ("postgres", "kafka")}}

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)
        self.processes.clear()


@asynccontextmanager
async def site(servers: Servers, build: str, services: Sequence[str]) -> AsyncIterator[Site]:
    """Fresh databases and topics; gone afterwards."""
    made = Site(servers, build)
    admin = await asyncpg.connect(servers.admin_dsn)
    try:
        for service in services:
            await admin.execute(
                f"create database {made.database(service)} template {service}_bench owner {service}_owner"
            )
            await ensure_database(admin, made.database(service), service)
        await create_topics(servers.bootstrap, prefix=made.prefix)
        await admin.execute("checkpoint")
        yield made
    finally:
        made.stop()
        for service in services:
            await admin.execute(f"drop database if exists {made.database(service)} with (force)")
        await admin.close()


async def await_ready(urls: Sequence[str], patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    for url in urls:
        while not await asyncio.to_thread(ready.http, url):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{url} is not ready")
            await asyncio.sleep(0.1)
