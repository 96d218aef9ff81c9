"""Servers of these tests' own, because they are killed here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from care.local.servers import Servers, free_shift, servers
from tests.conftest import HOME
from tests.integration.runtime.toy import Toy, a_toy


@pytest.fixture(scope="session")
def mortal_servers() -> Iterator[Servers]:
    """A PostgreSQL and a Kafka that nobody else stands on."""
    mine = servers(HOME.parent / "chaos", shift=free_shift(5500))
    mine.up()
    yield mine
    mine.down()


@pytest.fixture
async def mortal_toy(mortal_servers: Servers) -> AsyncIterator[Toy]:
    async with a_toy(mortal_servers.admin_dsn, mortal_servers.bootstrap) as toy:
        yield toy
