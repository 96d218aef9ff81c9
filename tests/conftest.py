"""The real servers every test stands on: PostgreSQL and Kafka, started once for all workers, databases per test."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from hypothesis import settings

from care.local.locks import only_one
from care.local.place import Place
from care.local.servers import Servers, free_shift, servers, shared
from care.local.stack import Stack
from shared.contracts import SERVICES
from shared.db_admin import ensure_database, ensure_roles, own_schema, url_of
from shared.heads import folder_of
from shared.migrate import migrate
from shared.runtime.tables import VERSION_1
from shared.runtime.topics import all_topics, create_topics
from shared.testing.harness import Ground

ROOT = Path(__file__).parents[1]
HOME = ROOT / ".care" / "test"
CACHE = Path(os.environ.get("CARE_CACHE") or ROOT / ".care" / "cache")
settings.register_profile("untimed", deadline=None)  # how long an example takes says nothing on a busy machine
settings.load_profile("untimed")
SHIFT = int(os.environ.get("CARE_TEST_PORT_SHIFT", "3000"))


@contextmanager
def fresh_stack(home: Path, *, first_shift: int) -> Iterator[Stack]:
    """Everything `care up` runs, empty, in a folder and on ports of its own."""
    made = Stack(Place(home, cache=CACHE, shift=free_shift(first_shift)))
    made.down()
    shutil.rmtree(home, ignore_errors=True)
    made.up()
    try:
        yield made
    finally:
        made.down()


@pytest.fixture(scope="session")
def real_servers() -> Iterator[Servers]:
    """PostgreSQL and Kafka; the first worker starts them, the last one stops them."""
    with shared(servers(HOME, cache=CACHE, shift=_agreed_shift())) as running:
        asyncio.run(_let_the_disk_rest(running.admin_dsn))
        yield running


async def _let_the_disk_rest(admin_dsn: str) -> None:
    """A database is made and dropped a test. Nobody cuts the power here; where servers are killed, they have their own."""
    admin = await asyncpg.connect(admin_dsn)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await admin.execute(f"alter system set {setting} = off")
    await admin.execute("select pg_reload_conf()")
    await admin.close()


def _agreed_shift() -> int:
    """Ports that all workers of this run use: those of servers that run already, or free ones the first worker found."""
    HOME.mkdir(parents=True, exist_ok=True)
    kept, run = HOME / "shift", os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with only_one(HOME / "shift.lock"):
        of_run, shift = ["", "0", *(kept.read_text().split() if kept.exists() else ())][-2:]
        if of_run != run and not servers(HOME, cache=CACHE, shift=int(shift)).is_up():
            shift = str(free_shift(SHIFT))
        kept.write_text(f"{run} {shift}")
        return int(shift)


@pytest.fixture(scope="session")
def templates(real_servers: Servers) -> dict[str, str]:
    """One migrated database a service, which tests clone. Named by what its migrations say: kept while they do."""
    made = {
        name: f"{name}_template_{_migrations_of(name)}" for name in SERVICES if (folder_of(name) / "head.txt").exists()
    }
    with only_one(HOME / "templates.lock"):
        asyncio.run(_make_templates(real_servers.admin_dsn, made))
    return made


def _migrations_of(service: str) -> str:
    texts = [path.read_bytes() for path in sorted((folder_of(service) / "versions").glob("*.py"))]
    return hashlib.sha256(b"".join([*texts, VERSION_1.encode()])).hexdigest()[:12]


async def _make_templates(admin_dsn: str, made: dict[str, str]) -> None:
    admin = await asyncpg.connect(admin_dsn)
    try:
        for service, name in made.items():
            await ensure_roles(admin, service)
            await ensure_database(admin, name, service)
            await own_schema(url_of(admin_dsn, name, "postgres"), service)
            await migrate(service, url_of(admin_dsn, name, f"{service}_owner"))
    finally:
        await admin.close()


@pytest.fixture
async def ground(real_servers: Servers, templates: dict[str, str]) -> AsyncIterator[Ground]:
    """Fresh databases, cloned from the templates when a service first runs; gone after the test. Topics: `log_ground`."""
    mark = uuid.uuid4().hex[:12]
    ground = Ground(real_servers.admin_dsn, real_servers.bootstrap, prefix=f"t{mark}-")
    admin = await asyncpg.connect(real_servers.admin_dsn)

    async def make(service: str) -> str:
        name = f"{service}_{mark}"
        await admin.execute(f"create database {name} template {templates[service]} owner {service}_owner")
        await ensure_database(admin, name, service)
        return name

    ground.make = make
    try:
        yield ground
    finally:
        for name in ground.databases.values():
            await admin.execute(f"drop database if exists {name} with (force)")
        await admin.close()


@pytest.fixture
async def log_ground(ground: Ground) -> AsyncIterator[Ground]:
    """As `ground`, with topics of its own on the real log."""
    await create_topics(ground.bootstrap, prefix=ground.prefix)
    yield ground
    admin = AIOKafkaAdminClient(bootstrap_servers=ground.bootstrap)
    await admin.start()
    await admin.delete_topics([topic.name for topic in all_topics(ground.prefix, 1)])
    await admin.close()
