"""Safeguarding alone, its relay off: what it says stays in its outbox, where tests read it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.testing.harness import Ground, Running


@pytest.fixture
async def safeguarding(ground: Ground) -> AsyncIterator[Running]:
    async with ground.run("safeguarding") as running:
        yield running
