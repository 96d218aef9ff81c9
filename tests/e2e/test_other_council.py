"""Nobody sees what is not theirs: every request of the demo, sent again from another council, finds nothing."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from care.local.place import SERVICES
from shared.roles import ROLES
from tests.e2e.asking import ID, bearer, ids_by_noun, noun_of
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

OTHER = "E99999998"
AT_ONCE = 12
EVERYTHING = ""
"""No role, and every scope there is: whoever sees most."""


@dataclass(frozen=True)
class Look:
    """One request of somebody of another council."""

    role: str
    method: str
    url: str
    key: str = ""
    body: Any = None


class Eve:
    """Somebody of another council, in every role, with a token for each minted once; many requests at a time."""

    def __init__(self, played: Played, client: httpx2.AsyncClient) -> None:
        self.client, self.free = client, asyncio.Semaphore(AT_ONCE)
        self.headers = {role: self._header(played, role) for role in (*ROLES, EVERYTHING)}

    @staticmethod
    def _header(played: Played, role: str) -> dict[str, str]:
        claims = {"supplier_id": played.story.suppliers[1].supplier_id} if role == "supplier" else {}
        return bearer(played.stack.place, role, council=OTHER, limit_pence=10**9, **claims)

    async def answers(self, looks: Iterable[Look]) -> list[tuple[Look, httpx2.Response]]:
        return await asyncio.gather(*map(self._answer, looks))

    async def _answer(self, look: Look) -> tuple[Look, httpx2.Response]:
        headers = self.headers[look.role] | ({"Idempotency-Key": look.key} if look.key else {})
        sent = {"content": json.dumps(look.body or {}, default=str)} if look.key else {}
        async with self.free:
            return look, await self.client.request(look.method, look.url, headers=headers, **sent)


@asynccontextmanager
async def eve_of(played: Played) -> AsyncIterator[Eve]:
    async with httpx2.AsyncClient(timeout=30, headers={"Content-Type": "application/json"}) as client:
        yield Eve(played, client)


def requests_of_the_demo(played: Played) -> list[Look]:
    return [
        Look(
            asked.scope_role,
            asked.method,
            played.stack.place.url(asked.service) + asked.path,
            f"eve-{n}" if asked.method == "POST" else "",
            asked.body,
        )
        for n, asked in enumerate(played.council.asked)
        if asked.path.startswith("/v1/") and ID.search(asked.path)
    ]


async def test_every_request_of_the_demo_is_404_from_another_council(played: Played) -> None:
    async with eve_of(played) as eve:
        seen = await eve.answers(requests_of_the_demo(played))
    assert len(seen) > 60
    assert [(look.method, look.url, answer.status_code) for look, answer in seen if answer.status_code != 404] == []


async def reads(played: Played, client: httpx2.AsyncClient) -> list[str]:
    """Every route that shows something, as a URL with its placeholder."""
    found = []
    for service in SERVICES:
        base = played.stack.place.url(service)
        document = (await client.get(f"{base}/openapi.json")).json()
        found += [
            base + path for path, verbs in document["paths"].items() if path.startswith("/v1/") and "get" in verbs
        ]
    return found


def looks_at(url: str, known: dict[str, list[str]]) -> list[Look]:
    """Whoever sees most tries every id of any kind; each role those of the route's own kind."""
    own = known.get(noun_of(url), known[""])
    tries = [(EVERYTHING, one) for one in known[""]] + [(role, one) for role in ROLES for one in own]
    return [Look(role, "GET", re.sub(r"\{\w+\}", one, url)) for role, one in tries]


async def test_no_route_shows_anything_of_another_council_to_any_role(played: Played) -> None:
    """Every route, every role that may call it, every kind of id."""
    known = ids_by_noun(played.council)
    async with eve_of(played) as eve:
        urls = [url for url in await reads(played, eve.client) if "{" in url]
        seen = await eve.answers(look for url in urls for look in looks_at(url, known))
    statuses = {(look.role, answer.status_code) for look, answer in seen}
    assert {status for _, status in statuses} == {403, 404}, statuses
    assert {status for role, status in statuses if role == EVERYTHING} == {404}, "every route was reached"


async def test_no_list_shows_an_id_of_another_council_to_any_role(played: Played) -> None:
    known = ids_by_noun(played.council)[""]
    async with eve_of(played) as eve:
        urls = [url for url in await reads(played, eve.client) if "{" not in url]
        seen = await eve.answers(Look(role, "GET", url) for url in urls for role in (*ROLES, EVERYTHING))
    assert {answer.status_code for _, answer in seen} == {200, 403, 404}
    assert {(look.role, look.url.rpartition("/")[2]) for look, answer in seen if answer.status_code == 404} == {
        ("supplier", "frameworks")  # whom else a supplier stands beside is not for it to see
    }
    assert {answer.status_code for look, answer in seen if look.role == EVERYTHING} == {200}, "every list was reached"
    assert [(look.role, look.url) for look, answer in seen if any(one in answer.text for one in known)] == []


def test_another_suppliers_orders_offers_and_visits_are_404(played: Played) -> None:
    order, offer = played.story.ada.ids["order"], played.story.ada.order["offer_id"]
    other = played.story.suppliers[0].voice
    for path in (f"/v1/orders/{order}", f"/v1/orders/{order}/visits", f"/v1/offers/{offer}"):
        answer = other._send("GET", "marketplace", path)
        assert answer.status_code == 404, path
    claim = {
        "period": {"first": "2024-06-17", "last": "2024-06-30"},
        "lines": [{"planned_at": "2024-06-17T06:30:00Z", "minutes": 1, "pence": 1}],
    }
    for path, body in (
        (f"/v1/offers/{offer}/accept", {}),
        (f"/v1/offers/{offer}/refuse", {"because": "no"}),
        (f"/v1/orders/{order}/start", {"started_on": "2024-06-17"}),
        (f"/v1/orders/{order}/claims", claim),
    ):
        assert other.refused("marketplace", path, body)["status"] == 404, path
