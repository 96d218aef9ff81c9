"""Marketplace alone, its relay off: what it says stays in its outbox, where tests read it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.testing.harness import Ground, Running
from tests.integration.marketplace.journey import Market


@pytest.fixture
async def marketplace(ground: Ground) -> AsyncIterator[Running]:
    async with ground.run("marketplace") as running:
        yield running


@pytest.fixture
def market(marketplace: Running) -> Market:
    return Market(marketplace)
