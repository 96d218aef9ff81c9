"""Services are stopped and killed under load: the supervisor restarts them, and the books are exact."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from care.demo.council import COUNCIL
from care.demo.journal import Said, read_journal
from care.local.place import SERVICES
from care.local.stack import Stack
from care.local.tokens import key_of, mint
from shared.db import make_engine, transaction
from shared.testing.harness import eventually
from tests.conftest import HOME, fresh_stack

pytestmark = pytest.mark.xdist_group("mortal-stack")

SUPPLIERS, WRITERS = 4, 8


@pytest.fixture(scope="module")
def mortal_stack() -> Iterator[Stack]:
    with fresh_stack(HOME.parent / "mortal", first_shift=5000) as made:
        yield made


@dataclass
class Load:
    """Writers that change the prices of listings, each with keys of its own, until they are told to stop.

    Marketplace says ListingPublished each time; budget keeps a copy of the last. A request without an answer is sent
    again with its key: so what was accepted is known, whatever died.
    """

    stack: Stack
    listings: list[str] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    stopped: bool = False

    async def prepare(self) -> None:
        async with self.client() as client:
            for n in range(SUPPLIERS):
                body = {"name": f"Synthetic {n}", "kind": "provider", "synthetic": True}
                supplier = await self.send(client, "/v1/suppliers", body)
                where = f"/v1/suppliers/{supplier['supplier_id']}/listings"
                body = {"support": "home_care", "areas": ["north"], "hourly_pence": 2000, "room_minutes": 600}
                listing = await self.send(client, where, body)
                self.listings.append(listing["listing_id"])
                self.accepted[listing["listing_id"]] = 1

    def client(self) -> httpx2.AsyncClient:
        issuer = self.stack.place.url("issuer")
        token = mint(
            key_of(self.stack.place), role="commissioner", council=COUNCIL, sub="c", client_id="load", issuer=issuer
        )
        return httpx2.AsyncClient(
            base_url=self.stack.place.url("marketplace"), headers={"Authorization": f"Bearer {token}"}, timeout=15
        )

    async def send(self, client: httpx2.AsyncClient, path: str, body: Any) -> Any:
        """Until it is answered: the same key makes it act once."""
        key = {"Idempotency-Key": str(uuid4())}
        while True:
            try:
                answer = await client.post(path, json=body, headers=key)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code < 300:
                return answer.json()
            assert answer.status_code in (409, 503), f"{path}: {answer.status_code} {answer.text}"
            await asyncio.sleep(0.05)

    async def write(self, n: int) -> None:
        price = 2000
        async with self.client() as client:
            while not self.stopped:
                listing, price = self.listings[n % SUPPLIERS], price + 1
                body = {"hourly_pence": price, "room_minutes": 600 + n}
                await self.send(client, f"/v1/listings/{listing}/change", body)
                self.accepted[listing] += 1


async def rows(stack: Stack, service: str, sql: str) -> list[tuple[Any, ...]]:
    engine = make_engine(stack.database_url(service, "worker"), pool_size=1, application="accountant")
    try:
        async with transaction(engine) as tx:
            return [tuple(row) for row in await tx.rows(sql)]
    finally:
        await engine.dispose()


async def under_load(stack: Stack, violence: Any) -> Load:
    """Prepare, write, do the violence meanwhile, stop, and give what was accepted."""
    load = Load(stack)
    await load.prepare()
    writers = [asyncio.create_task(load.write(n)) for n in range(WRITERS)]
    await violence(load)
    load.stopped = True
    await asyncio.gather(*writers)
    return load


async def progress(load: Load, more: int = 60) -> None:
    """Until so many more requests were accepted: it works again."""
    before = sum(load.accepted.values())

    async def went_on() -> bool:
        return sum(load.accepted.values()) >= before + more

    await eventually(went_on, 60)


async def check_books(load: Load) -> None:
    """Every accepted change said once, in order, heard once, and the last one kept by budget."""
    stack = load.stack

    async def all_read() -> bool:
        said = await rows(stack, "marketplace", "select subject, last from place order by 1")
        heard = await rows(stack, "budget", "select subject, last from inbox where source = 'marketplace' order by 1")
        return said == heard and not await rows(stack, "marketplace", "select 1 from outbox")

    await eventually(all_read, 60)
    journal: list[Said] = await asyncio.to_thread(read_journal, stack.bootstrap)
    published = {said.id: said for said in journal if said.name == "ListingPublished"}
    for listing, accepted in load.accepted.items():
        mine = [said for said in published.values() if said.body["listing_id"] == listing]
        assert len(mine) == accepted
        kept = await rows(
            stack, "budget", f"select distinct hourly_pence from listing_copy where listing_id = '{listing}'"
        )
        shown = await rows(stack, "marketplace", f"select hourly_pence from listing where listing_id = '{listing}'")
        assert kept == shown
    for service in SERVICES:
        assert await rows(stack, service, "select code, detail from parked") == []


def pid_of(stack: Stack, name: str) -> int:
    pid = next(one.pid for one in stack.status() if one.name == name)
    assert pid
    return pid


async def test_sigterm_under_load_loses_nothing(mortal_stack: Stack) -> None:
    async def violence(load: Load) -> None:
        for name in ("marketplace", "budget"):
            await progress(load)
            os.kill(await asyncio.to_thread(pid_of, mortal_stack, name), signal.SIGTERM)
            await progress(load)

    await check_books(await under_load(mortal_stack, violence))


async def test_kill_9_of_each_process_in_turn_leaves_the_books_exact(mortal_stack: Stack) -> None:
    async def violence(load: Load) -> None:
        for name in ("budget", "marketplace", "postgres", "kafka", "safeguarding", "assessment", "marketplace"):
            await progress(load)
            await asyncio.to_thread(mortal_stack.kill9, name)
            await progress(load)

    await check_books(await under_load(mortal_stack, violence))
    for name in mortal_stack.checks():
        await asyncio.to_thread(mortal_stack.wait_ready, name)


async def test_commands_are_accepted_while_kafka_is_away(mortal_stack: Stack) -> None:
    async def violence(load: Load) -> None:
        await progress(load)
        await asyncio.to_thread(lambda: mortal_stack.kill9("kafka", stay_down=True))
        await progress(load, 200)
        ready = await asyncio.to_thread(httpx2.get, f"{mortal_stack.place.url('marketplace')}/health/ready")
        assert ready.json()["parts"]["http"] == "ready"
        assert await rows(mortal_stack, "marketplace", "select 1 from outbox limit 1")
        await asyncio.to_thread(mortal_stack.start, "kafka")

    await check_books(await under_load(mortal_stack, violence))
