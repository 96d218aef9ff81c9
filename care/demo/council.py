"""Who acts in the demo, and through what? People with tokens, over the public HTTP APIs only."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

COUNCIL = "E99999999"
"""ONS's pseudo code for England: no real council's. Everybody in the demo is made up."""

PATIENCE = 30.0


class Unexpected(Exception):
    """A service answered otherwise than the journey expects. The text names the route and the status."""


@dataclass(frozen=True)
class Asked:
    """One request of the journey, kept so that tests can send it again as somebody else."""

    service: str
    method: str
    path: str
    body: Any
    scope_role: str


@dataclass
class Voice:
    """One person or program with a token."""

    council: Council
    role: str
    claims: dict[str, Any]

    def get(self, service: str, path: str, **params: Any) -> Any:
        return self._expect(self._send("GET", service, path, params=params), service, path)

    def post(self, service: str, path: str, body: Any = None) -> Any:
        answer = self._send("POST", service, path, content=json.dumps(body or {}, default=str), kind="application/json")
        return self._expect(answer, service, path, body)

    def upload(self, service: str, path: str, text: bytes, **params: Any) -> Any:
        """A CSV file."""
        answer = self._send("POST", service, path, content=text, kind="text/csv", params=params)
        return self._expect(answer, service, path)

    def refused(self, service: str, path: str, body: Any = None) -> dict[str, Any]:
        """Ask for something that must be refused; gives the problem."""
        answer = self._send("POST", service, path, content=json.dumps(body or {}, default=str), kind="application/json")
        if not 400 <= answer.status_code < 500:
            raise Unexpected(f"POST {path} of {service} was to be refused and was answered {answer.status_code}")
        self.council.problems.append(answer.text)
        problem: dict[str, Any] = answer.json()
        return problem

    def eventually(self, service: str, path: str, seen: Callable[[Any], Any], **params: Any) -> Any:
        """Read until what is looked for is there: facts take a moment from service to service."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self._send("GET", service, path, params=params)
            if answer.status_code == 200 and (found := seen(answer.json())):
                return found
            time.sleep(0.02)
        raise Unexpected(f"GET {path} of {service} did not show what was expected within {PATIENCE:.0f} s")

    def _send(self, method: str, service: str, path: str, *, kind: str = "", **sent: Any) -> httpx2.Response:
        if method == "POST" and kind == "application/json":
            self.council.sent.append(sent["content"])
        headers = {"Authorization": f"Bearer {self.council.token_for(self.role, **self.claims)}"}
        if method == "POST":
            headers |= {"Idempotency-Key": str(uuid4()), "Content-Type": kind}
        url = self.council.addresses[service] + path
        return self.council.client.request(method, url, headers=headers, **sent)

    def _expect(self, answer: httpx2.Response, service: str, path: str, body: Any = None) -> Any:
        if answer.status_code >= 300:
            raise Unexpected(f"{path} of {service} was answered {answer.status_code}: {answer.text[:500]}")
        self.council.asked.append(Asked(service, answer.request.method, path, body, self.role))
        return answer.json()


@dataclass
class Council:
    """The demo council: where its services are, and how its people get tokens."""

    addresses: dict[str, str]
    mint: Callable[..., str]
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=30))
    code: str = COUNCIL
    asked: list[Asked] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)

    def voice(self, role: str, **claims: Any) -> Voice:
        """`council.voice("approver", sub="amir", limit_pence=…)`"""
        return Voice(self, role, claims)

    def token_for(self, role: str, **claims: Any) -> str:
        key = json.dumps([role, claims], sort_keys=True, default=str)
        if key not in self._tokens:
            self._tokens[key] = self.mint(role=role, council=self.code, **claims)
        return self._tokens[key]
