"""A service dies at every named point, and a hundred times in all, under load: nothing is lost, nothing done twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from care.local.servers import Servers
from shared.runtime.crash import POINTS
from shared.runtime.relay import make_producer
from tests.chaos.torture.keeper import Keeper
from tests.chaos.torture.toy_books import audit
from tests.chaos.torture.toy_load import Load
from tests.integration.runtime.log import topics
from tests.integration.runtime.toy import a_toy

ONE_SHOT = ("migrate.", "topics.", "restored.")
"""Points of programs that are run by hand: `test_programs_die.py`."""
RUNNING = sorted(point for point in POINTS if not point.startswith(ONE_SHOT))
DEATHS, PATIENCE, BEHIND = 100, 60.0, 40
ALMOST_EVERYWHERE = ",".join(f"{point}:p0.03" for point in RUNNING if not point.startswith(("watermark", "consume.a")))

pytestmark = pytest.mark.xdist_group("mortal")


@asynccontextmanager
async def database(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@dataclass
class Stage:
    keeper: Keeper
    load: Load
    url: str
    bootstrap: str
    prefix: str
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    stopped: bool = False

    def begin(self) -> None:
        self.tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._drop())]

    async def _tell(self) -> None:
        """As fast as it is heard: what dies all the time must not fall behind for ever."""
        while not self.stopped:
            await self.load.round()
            while not self.stopped and await self._unread() > BEHIND:  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.02)

    async def _unread(self) -> int:
        async with database(self.url) as connection:
            read = await connection.fetchval("select coalesce(sum(next), 0)::bigint from reader_offset")
        return sum(map(sum, self.load.ends.values())) - int(read)

    async def _drop(self) -> None:
        """Whoever is to be dropped is, once parked, by number; asked again until it is gone."""
        gone: set[int] = set()
        while not (self.stopped and not await self._waiting(gone)):
            for number in await self._waiting(gone):
                if (await self.load.ask({"drop": number}))["status"] in (200, 404):
                    gone.add(number)
            await asyncio.sleep(0.05)

    async def _waiting(self, gone: set[int]) -> list[int]:
        wanted = [str(who) for who in self.load.wanted.dropped]
        async with database(self.url) as connection:
            sql = "select id from parked where subject = any($1) and place = 1 and id <> all($2::bigint[])"
            dropped = await connection.fetchval("select count(*) from dropped")
            found = [row[0] for row in await connection.fetch(sql, wanted, list(gone))]
        return found or ([-1] if self.stopped and dropped < len(wanted) else [])

    async def finish(self) -> list[str]:
        """No more load and nobody dies any more; gives what is wrong in the books."""
        self.stopped = True
        await self.keeper.kill()
        await self.keeper.start()
        async with asyncio.timeout(120):
            await asyncio.gather(*self.tasks)
        return await audit(self.url, self.bootstrap, self.prefix, self.load)


@pytest.fixture
async def stage(real_servers: Servers, tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_toy(real_servers.admin_dsn, real_servers.bootstrap) as toy, topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        keeper = Keeper(toy, prefix, tmp_path)
        made = Stage(keeper, Load(producer, prefix, keeper.port), toy.admin_url, toy.bootstrap, prefix)
        made.begin()
        try:
            yield made
        finally:
            for task in made.tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*made.tasks, return_exceptions=True)
            await keeper.end()
            await producer.stop()


async def test_a_service_that_dies_at_every_point_and_a_hundred_times_loses_nothing(stage: Stage) -> None:
    began, missed = time.monotonic(), []
    order = random.Random(7).sample(RUNNING, len(RUNNING))
    for point in order:
        print(f"{time.monotonic() - began:6.1f} s {stage.load.rounds} rounds: {point}", flush=True)
        await stage.keeper.start(f"{point}:1")
        if not await stage.keeper.died(PATIENCE):
            missed.append(point)
            await stage.keeper.kill()
    assert not missed, f"never reached: {missed}; {stage.keeper.last_words()}"
    while stage.keeper.deaths < DEATHS:
        await stage.keeper.start(ALMOST_EVERYWHERE, seed=stage.keeper.deaths)
        assert await stage.keeper.died(PATIENCE), stage.keeper.last_words()
    wrong = await stage.finish()
    said(stage, time.monotonic() - began)
    assert wrong == []
    assert set(RUNNING) <= set(stage.keeper.hits("died"))


def said(stage: Stage, seconds: float) -> None:
    """The figures of this run, for `-s`."""
    died: dict[str, Any] = dict(stage.keeper.hits("died"))
    print(f"\n{stage.keeper.deaths} deaths, {stage.load.rounds} rounds in {seconds:.0f} s; deaths by point: {died}")
