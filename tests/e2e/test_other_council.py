"""Nobody sees what is not theirs: every request of the demo, sent again from another council, finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx2
import pytest

from care.demo.council import Asked
from care.local.place import SERVICES
from care.local.tokens import key_of, mint
from shared.roles import ROLES
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

OTHER = "E99999998"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def as_other(played: Played, role: str, **claims: Any) -> httpx2.Client:
    """Somebody of another council, with every scope there is."""
    issuer = played.stack.place.url("issuer")
    token = mint(
        key_of(played.stack.place), role=role, council=OTHER, sub="eve", client_id="eve", issuer=issuer, **claims
    )
    return httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=20)


def answers(played: Played) -> Iterator[tuple[Asked, int, Any]]:
    for n, asked in enumerate(played.council.asked):
        if asked.path.startswith("/v1/") and ID.search(asked.path):
            claims = {"supplier_id": played.story.suppliers[1].supplier_id} if asked.scope_role == "supplier" else {}
            with as_other(played, asked.scope_role, **claims, limit_pence=10**9) as client:
                url = played.stack.place.url(asked.service) + asked.path
                sent = (
                    {"json": asked.body or {}, "headers": {"Idempotency-Key": f"eve-{n}"}}
                    if asked.method == "POST"
                    else {}
                )
                answer = client.request(asked.method, url, **sent)
                yield asked, answer.status_code, answer.json()


def test_every_request_of_the_demo_is_404_from_another_council(played: Played) -> None:
    seen = list(answers(played))
    assert len(seen) > 60
    assert [(asked.method, asked.path, status) for asked, status, _ in seen if status != 404] == []


def routes(played: Played) -> Iterator[tuple[str, str, str]]:
    for service in SERVICES:
        document = httpx2.get(f"{played.stack.place.url(service)}/openapi.json").json()
        for path, verbs in document["paths"].items():
            yield from ((service, verb, path) for verb in verbs if path.startswith("/v1/"))


def ids(played: Played) -> list[UUID]:
    """Every id the demo came by."""
    texts = [asked.path for asked in played.council.asked] + played.council.sent
    return sorted({UUID(found.group()) for text in texts for found in ID.finditer(text)}, key=str)


def test_no_route_shows_anything_of_another_council_to_any_role(played: Played) -> None:
    """Every route, every role that may call it, every kind of id; and lists are empty."""
    known = [str(one) for one in ids(played)]
    for role in ROLES:
        claims = {"supplier_id": played.story.suppliers[1].supplier_id} if role == "supplier" else {}
        with as_other(played, role, **claims) as client:
            for service, verb, path in routes(played):
                if verb != "get":
                    continue
                for one in known if "{" in path else [""]:
                    url = played.stack.place.url(service) + re.sub(r"\{\w+\}", one, path)
                    answer = client.get(url)
                    assert answer.status_code in (200, 403, 404), f"{role} {url}: {answer.status_code}"
                    if answer.status_code == 403:
                        break
                    if answer.status_code == 200:
                        assert "{" not in path, f"{role} reads {url}"
                        assert not [one for one in known if one in answer.text], f"{role} sees ids in {url}"


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
