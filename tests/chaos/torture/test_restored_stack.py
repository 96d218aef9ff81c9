"""Budget's database is lost and an older backup put in its place, on the whole stack: nothing is said or made twice."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import asyncpg
import pytest

from care.local.place import ROOT, Place
from care.local.servers import free_shift
from tests.chaos.torture.clients import Client
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.journeys import COUNCILS, Journey, Journeys, Market
from tests.chaos.torture.plan import APART
from tests.chaos.torture.run import Torture
from tests.conftest import CACHE, HOME

SEED = 5
LOST = ("lost-1", "lost-2", "lost-3")
"""People whose budgets were indicated after the backup; what comes after that is asked for once it is restored."""

pytestmark = pytest.mark.xdist_group("mortal-stack")


@pytest.fixture
def mortal_ground() -> Iterator[Ground]:
    home = HOME.parent / "restored"
    shutil.rmtree(home, ignore_errors=True)
    made = Ground(Place(home, cache=CACHE, shift=free_shift(5400)))
    made.up()
    yield made
    made.down()


async def copy(ground: Ground, source: str, target: str) -> None:
    """A database as it stands, under another name, in place of what was there."""
    admin = await asyncpg.connect(ground.admin_dsn)
    await admin.execute(f"drop database if exists {target} with (force)")
    await admin.execute(f"create database {target} template {source} owner budget_owner")
    await admin.execute(f"revoke all on database {target} from public")
    await admin.execute(f"grant connect on database {target} to budget_owner, budget_http, budget_worker, budget_ops")
    await admin.close()


async def without_budget(ground: Ground, work: list[tuple[str, str]]) -> None:
    """Stop budget, copy databases, start it again."""
    await asyncio.to_thread(ground.supervisor.stop, ["budget", APART])
    for source, target in work:
        await copy(ground, source, target)


async def start_budget(ground: Ground) -> None:
    await asyncio.to_thread(ground.supervisor.start, ["budget", APART])
    await asyncio.to_thread(ground.wait_ready, "budget")


def restored(ground: Ground) -> dict[str, object]:
    """What the operator runs after restoring, and what it names."""
    env = {**os.environ, **ground.environment_of("budget")}
    command = [sys.executable, "-m", "shared.ops", "restored"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


async def propose(client: Client, *marks: str) -> None:
    """Journeys that go as far as budget's word on a plan: what it hears, makes and says without being asked itself."""
    for mark in marks:
        journey = Journey(Market(client), mark)
        assessment, _ = await journey.assessed()
        await journey.proposed(assessment)


async def test_an_older_backup_of_budget_takes_up_where_it_stands_and_repeats_nothing(mortal_ground: Ground) -> None:
    torture = Torture(mortal_ground, SEED, ())
    client = Client(mortal_ground, COUNCILS[0], torture.journal, SEED)
    market = Journeys(client)
    for mark in ("before-1", "before-2"):
        await market.go(mark)
    await without_budget(mortal_ground, [("budget", "budget_backup")])
    await start_budget(mortal_ground)
    await propose(client, *LOST)
    made = await budgets(mortal_ground)
    await without_budget(mortal_ground, [("budget_backup", "budget")])
    assert await budgets(mortal_ground) == made - len(LOST)
    report = await asyncio.to_thread(restored, mortal_ground)
    await start_budget(mortal_ground)
    await everything_is_heard(torture)
    for mark in (*LOST, "after-1", "after-2"):
        await market.go(mark)
    outcome = await torture.audit()
    assert outcome.wrong == []
    assert report["said_after_the_backup"] >= len(LOST)  # type: ignore[operator]
    assert await budgets(mortal_ground) == made + 2


async def everything_is_heard(torture: Torture) -> None:
    """Again, by budget: what is asked of it about a plan it has not heard of is refused, as it should be."""
    accountant = torture.accountant()
    await accountant.settle()
    assert accountant.report.wrong == []


async def budgets(ground: Ground) -> int:
    connection = await asyncpg.connect(f"{ground.admin_dsn.rpartition('/')[0]}/budget")
    try:
        return int(await connection.fetchval("select count(*) from budget"))
    finally:
        await connection.close()
