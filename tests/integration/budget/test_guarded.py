"""The database itself keeps commitments within the allocation, whoever writes and however many at once."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from asyncpg import IntegrityConstraintViolationError

from shared.db import transaction
from shared.testing.facts import Speaker, hear
from tests.integration.budget.journey import NOW, Person, World, a_line, balances

TEN_HOURS = 310389
"""88 days of £246.90 a week, the year's cost of each of the plan's four lines."""


async def test_twenty_orders_at_once_never_commit_more_than_was_allocated(world: World) -> None:
    person = await world.funded(Person(lines=tuple(a_line(minutes=600) for _ in range(4))))
    orders = [person.ordered(order_id=uuid4(), person_id=uuid4()) for _ in range(20)]
    await asyncio.gather(*(hear(world.budget, Speaker(now=NOW).say(order)) for order in orders))
    kinds = await world.kinds()
    assert (kinds.count("funds_committed"), kinds.count("funds_short")) == (4, 16)
    purse = await world.purse(person)
    assert (purse["available"], purse["committed"], purse["allocated"]) == (0, 4 * TEN_HOURS, 4 * TEN_HOURS)
    await balances(world.budget)


@pytest.mark.parametrize(
    "change",
    [
        "committed = committed + 1",
        "committed = committed + 1, available = available - 1",
        "committed = committed + 1, delivered = delivered - 1",
        "committed = committed + 1, disputed = disputed + 1",
        "available = -1, committed = committed + 1",
    ],
)
async def test_the_database_refuses_more_commitments_than_the_allocation_with_the_rule_taken_out(
    world: World, change: str
) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    assert (await world.purse(person))["available"] == 0
    with pytest.raises(IntegrityConstraintViolationError):
        async with transaction(world.budget.worker) as tx:
            await tx.run(f"update purse set {change} where budget_id = $1", person.budget_id)


async def test_the_database_refuses_a_journal_that_does_not_sum_to_zero(world: World) -> None:
    person = await world.funded(Person())
    with pytest.raises(IntegrityConstraintViolationError):
        async with transaction(world.budget.worker) as tx:
            await tx.run("update journal set allocated = allocated - 1 where budget_id = $1", person.budget_id)


async def test_the_database_refuses_a_changed_figure_without_a_reason(world: World) -> None:
    person = await world.funded(Person())
    with pytest.raises(IntegrityConstraintViolationError):
        async with transaction(world.budget.worker) as tx:
            await tx.run("update budget set reason = '' where budget_id = $1", person.budget_id)
