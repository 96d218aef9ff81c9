"""The toy service on a database of its own, and the facts it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest

from care.local.servers import Servers
from shared.contracts.assessment import ConsentGiven, SupportRequested, WelfareCheckMade
from shared.contracts.marketplace import OrderConfirmed, VisitMissed
from shared.runtime.batches import run_batch
from shared.runtime.consume import Consumer
from shared.runtime.records import Record
from shared.testing.facts import NOON, Speaker
from tests.integration.runtime.toy import Toy, a_toy


@pytest.fixture
async def toy(real_servers: Servers) -> AsyncIterator[Toy]:
    async with a_toy(real_servers.admin_dsn, real_servers.bootstrap) as made:
        yield made


def person(n: int) -> UUID:
    return UUID(int=0xA0000 + n)


def requested(n: int, route: str = "r") -> SupportRequested:
    return SupportRequested(request_id=UUID(int=n), person_id=person(n), route_of_access=route, team="t")


def missed(n: int, because: str = "late") -> VisitMissed:
    return VisitMissed(
        visit_id=UUID(int=n), order_id=UUID(int=n), person_id=person(n), supplier_id=UUID(int=7), planned_at=NOON,
        time_critical=False, because=because,
    )  # fmt: skip


def left(n: int) -> ConsentGiven:
    return ConsentGiven(consent_id=UUID(int=n), person_id=person(n), client_id="app")


def right(n: int) -> OrderConfirmed:
    return OrderConfirmed(order_id=UUID(int=n), person_id=person(n), supplier_id=UUID(int=7))


def checked(n: int) -> WelfareCheckMade:
    return WelfareCheckMade(check_id=UUID(int=n), person_id=person(n), made_on=date(2024, 6, 3), outcome="seen")


def reader(toy: Toy) -> Consumer:
    """A consumer of the toy, not started: `attempt` is what it does with a batch off the log."""
    return Consumer(toy.worker, toy.service, toy.bootstrap)


async def hear(toy: Toy, records: Sequence[Record]) -> None:
    """What the consumer does with a batch, trouble included."""
    await run_batch(records, reader(toy).attempt)


def a_story(people: int = 6, rounds: int = 3) -> list[Record]:
    """Facts of two services about several people, in an order each topic could have them."""
    speaker = Speaker()
    told = []
    for turn in range(rounds):
        for n in range(people):
            speaker.now = NOON + timedelta(minutes=turn)
            told += [speaker.say(requested(n)), speaker.say(missed(n))]
            told += [speaker.say(left(n)), speaker.say(right(n))] if turn == 1 else []
    return told
