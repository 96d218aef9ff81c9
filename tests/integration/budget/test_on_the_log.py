"""The same journey with all of budget running, over topics of its own on the real log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer

from shared.contracts.base import Fact
from shared.testing.facts import publish_records
from shared.testing.harness import Ground, eventually
from tests.integration.budget.journey import COMMITTED, NOW, Person, World, a_listing, balances

Publish = Callable[..., Awaitable[None]]


@asynccontextmanager
async def publishing(ground: Ground, world: World) -> AsyncIterator[Publish]:
    producer = AIOKafkaProducer(bootstrap_servers=ground.bootstrap)
    await producer.start()

    async def publish(*facts: Fact) -> None:
        await publish_records(producer, ground.prefix, world.records(*facts))

    try:
        yield publish
    finally:
        await producer.stop()


async def test_an_order_that_overtook_its_plan_is_committed_and_said_on_the_log(log_ground: Ground) -> None:
    async with log_ground.run("budget", parts="http,consumer,relay,timers") as budget:
        await budget.as_("ops").done("/sandbox/clock", {"to": NOW})
        world, person = World(budget), Person()
        officer = budget.as_("budget_officer")

        async def short() -> Any:
            shown = (await officer.read("/v1/budgets", assessment_id=person.assessment_id))["items"]
            return [each for each in shown if each["state"] == "short"]

        async def committed() -> Any:
            purse = await world.purse(person)
            return purse.get("delivered") == 2469 and purse["committed"] == COMMITTED - 2469

        async def all_published() -> bool:
            return not await budget.outbox()

        async with publishing(log_ground, world) as publish:
            await publish(a_listing(), person.assessed(), person.proposed())
            await eventually(short)
            await world.the_budget_of(person)
            await world.finalised(person)
            await publish(person.ordered(), person.visited(), person.agreed())
            await eventually(committed)
        await eventually(all_published)
        await balances(budget)
