"""Sends anything to the running services, as anybody, and reads what is answered to something wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2

from care.local.place import ROOT
from shared.problems import MEDIA_TYPE, PAGES
from tests.e2e.asking import token_of

if TYPE_CHECKING:
    from tests.e2e.conftest import Played

ELSEWHERE = "E99999997"
"""A council nobody else uses: what is really made is made there."""
WORD = "Zebedee"
"""Stands wherever something wrong is said; no problem may repeat it."""
NOTHING = "00000000-0000-4000-8000-000000000000"
PERSON = {"team": "north", "given_name": f"{WORD}-1", "family_name": f"{WORD}-2"}


@dataclass
class Sender:
    """Sends anything to the running services, as anybody."""

    played: Played
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60))

    def send(
        self,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str = "",
        key: str | None = None,
        headers: dict[str, str] | None = None,
        content: Any = None,
        **claims: Any,
    ) -> httpx2.Response:
        said = {"Authorization": f"Bearer {token_of(self.played.stack.place, role, **claims)}"}
        said |= {"Idempotency-Key": key or str(uuid4()), "Content-Type": "application/json"} | (headers or {})
        sent = json.dumps(body or {}) if content is None else content
        return self.client.post(self.played.stack.place.url(service) + path, headers=said, content=sent)

    def look(self, service: str, path: str, **claims: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token_of(self.played.stack.place, **claims)}"}
        return self.client.get(self.played.stack.place.url(service) + path, headers=headers)

    def upload(self, service: str, path: str, file: Any, **claims: Any) -> httpx2.Response:
        return self.send(service, path, content=file, headers={"Content-Type": "text/csv"}, **claims)


def problem(answer: httpx2.Response, status: int, name: str) -> dict[str, Any]:
    """The problem, which is the one expected, has a page, and repeats nothing."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert WORD not in answer.text
    assert "4711" not in answer.text
    found: dict[str, Any] = answer.json()
    assert (found["type"], found["status"]) == (PAGES + name, status)
    assert (ROOT / "docs" / "problems" / f"{name}.md").exists()
    return found


def faults(answer: httpx2.Response, name: str = "invalid") -> list[tuple[str, str]]:
    """The fields at fault, each with its rule."""
    return [(each["field"], each["rule"]) for each in problem(answer, 422, name)["errors"]]
