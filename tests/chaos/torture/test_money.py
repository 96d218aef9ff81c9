"""Money under a race, and a client that is cut off at any byte of its answer: one effect, and never a penny too many."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import uvicorn

from shared.runtime.batches import run_batch
from shared.testing.facts import reader_of
from shared.testing.harness import Ground, Running, eventually
from shared.testing.tokens import token
from tests.chaos.torture.keeper import free_port
from tests.integration.budget.conftest import budget, world
from tests.integration.budget.journey import COMMITTED, Person, World, balances

__all__ = ["budget", "world"]

RACERS, READERS = 200, 6


async def test_two_hundred_orders_race_for_a_budget_that_pays_for_one(world: World) -> None:
    """All heard by several readers at once: one gets the money, the others hear that it is short."""
    person = await world.funded(Person())
    orders = [world.speaker.say(person.ordered(order_id=uuid4())) for _ in range(RACERS)]
    await asyncio.gather(*(run_batch(orders, reader_of(world.budget).attempt) for _ in range(READERS)))
    said = Counter(kind for kind, _ in await world.said())
    assert (said["budget.funds_committed.v1"], said["budget.funds_short.v1"]) == (1, RACERS - 1)
    purse = await world.purse(person)
    assert purse["committed"] == COMMITTED <= purse["allocated"] + purse["contribution"]
    await balances(world.budget)


@asynccontextmanager
async def served(running: Running) -> AsyncIterator[int]:
    """The service on a real socket; gives the port."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(running.app, port=port, lifespan="off", log_level="error"))
    task = asyncio.create_task(server.serve())
    await eventually(lambda: _started(server))
    try:
        yield port
    finally:
        server.should_exit = True
        await task


async def _started(server: uvicorn.Server) -> bool:
    return server.started


def request(path: str, key: str, body: Any, bearer: str) -> bytes:
    sent = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: care\r\nAuthorization: Bearer {bearer}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + sent


async def talk(port: int, sent: bytes, most: int = 1 << 20) -> bytes:
    """Send a request, read at most so many bytes of the answer, and go away without another word."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(sent)
    await writing.drain()
    answer = b""
    while len(answer) < most and (more := await reading.read(most - len(answer))):
        answer += more
    writing.transport.abort()
    return answer


async def answered(port: int, sent: bytes) -> tuple[int, bytes]:
    """Status and body; asked again while it is still in progress."""
    while True:
        head, _, body = (await talk(port, sent)).partition(b"\r\n\r\n")
        status = int(head.split()[1])
        if status != 409:
            return status, body


async def test_two_hundred_clients_pay_one_claim_and_it_is_paid_once(world: World) -> None:
    person = await world.funded(Person())
    claim = person.accepted(2469, 2469)
    await world.says(person.ordered(), person.visited(), claim)
    where, bearer = f"/v1/claims/{claim.claim_id}/pay", token("finance")
    async with served(world.budget) as port:
        asked = [request(where, str(uuid4()), {}, bearer) for _ in range(RACERS)]
        heads = await asyncio.gather(*(talk(port, one) for one in asked))
    assert Counter(int(head.split()[1]) for head in heads) == {200: 1, 409: RACERS - 1}
    purse = await world.purse(person)
    assert (purse["paid"], purse["delivered"]) == (2469, 0)
    await balances(world.budget)


async def test_a_client_cut_off_at_each_byte_of_its_answer_acts_once(ground: Ground) -> None:
    """After n bytes, for every n of the answer; then the same key is sent again, and answered as it would have been."""
    bearer = token("commissioner")
    async with ground.run("marketplace") as market, served(market) as port:
        length = len(await talk(port, supplier("whole", bearer)))
        for cut in range(length + 1):
            sent = supplier(f"cut after {cut}", bearer)
            await talk(port, sent, cut)
            status, body = await answered(port, sent)
            assert (status, json.loads(body)["name"]) == (201, f"Synthetic cut after {cut}")
        said = [fact for kind, fact in await market.outbox() if kind == "marketplace.supplier_registered.v1"]
        kept = await market.rows("select supplier_id from supplier")
    assert len(said) == len({fact["supplier_id"] for fact in said}) == len(kept) == length + 2


def supplier(mark: str, bearer: str) -> bytes:
    return request("/v1/suppliers", mark, {"name": f"Synthetic {mark}", "kind": "provider", "synthetic": True}, bearer)
