"""Budget alone, its relay off: what it says stays in its outbox, where tests read it. Its clock stands in January 2050."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.testing.harness import Ground, Running
from tests.integration.budget.journey import NOW, World


@pytest.fixture
async def budget(ground: Ground) -> AsyncIterator[Running]:
    async with ground.run("budget") as running:
        answer = await running.as_("ops").post("/sandbox/clock", {"to": NOW})
        assert answer.status_code == 200, answer.text
        yield running


@pytest.fixture
def world(budget: Running) -> World:
    return World(budget)
