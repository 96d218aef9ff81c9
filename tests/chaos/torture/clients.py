"""Who asks, while everything dies? Clients with tokens of several councils, who send the same key until it is answered.

What is asked, before it is sent, and how it was answered is written down by them alone: the accountant believes this
file, not the product.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx2

from care.local.stack import Stack
from care.local.tokens import key_of, mint

KEYS = UUID("0d1f1a3e-6a55-5c1e-9a51-6e3c1d5c7a11")
PATIENCE = 240.0
"""Seconds until what must be readable has to be readable: servers are killed meanwhile."""
AGAIN = {409: "/problems/in-progress", 503: "/problems/not-ready"}
"""Answers that say: the same request with the same key may be sent again."""
READ = {
    "assessment": ("practitioner", "/v1/reviews?limit=1"),
    "budget": ("budget_officer", "/v1/budgets?limit=1"),
    "marketplace": ("broker", "/v1/requirements?limit=1"),
    "safeguarding": ("commissioner", "/v1/alerts?limit=1"),
}
"""A question to each service, and who may ask it."""
Mark = tuple[str, str, str]
"""(council, client, key): what makes a command one and the same."""
CLAIMS: dict[str, dict[str, Any]] = {"approver": {"limit_pence": 10**9}, "practitioner": {"team": "north"}}


class Unanswered(AssertionError):
    """Something that must be answered, or become readable, was not, within PATIENCE."""


@dataclass
class Journal:
    """Every command, a line when it is first sent and one with its final answer."""

    path: Path
    answered: list[tuple[float, str, float]] = field(default_factory=list)
    """(when, service, seconds it took): what recovery and throughput are read from"""
    odd: list[str] = field(default_factory=list)
    """Answers nobody should get, such as 500"""
    repeated: list[str] = field(default_factory=list)
    """Why a command was sent again: cut off, or told to come again"""

    def write(self, **line: Any) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def lines(self) -> list[dict[str, Any]]:
        """What was answered, each key once: a run that goes on sends some again, and is answered the same."""
        answers = [line for line in self._all() if "status" in line]
        return list({_mark_of(line): line for line in answers}.values())

    def unanswered(self) -> set[Mark]:
        """What was sent and whose answer nobody read: the run was stopped, or its client gave up."""
        known = self._all()
        return {_mark_of(line) for line in known} - {_mark_of(line) for line in known if "status" in line}

    def _all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []


def _mark_of(line: dict[str, Any]) -> Mark:
    return line["council"], line["client"], line["key"]


class Client:
    """Everybody of one council."""

    def __init__(self, stack: Stack, council: str, journal: Journal, seed: int) -> None:
        self.stack, self.council, self.journal, self.seed = stack, council, journal, seed
        self.http = httpx2.AsyncClient(timeout=20)
        self._tokens: dict[str, tuple[float, str]] = {}

    async def post(self, step: str, mark: str, service: str, role: str, path: str, body: Any = None, **who: Any) -> Any:
        """One command: asked until it is answered, written down, its answer given. Raises Unanswered for a refusal."""
        key = str(uuid5(KEYS, f"{self.seed}/{self.council}/{step}/{mark}"))
        about = {"step": step, "council": self.council, "service": service, "client": f"{role}-app", "key": key}
        began = time.time()
        self.journal.write(**about)
        answer = await self._until_answered(service, role, path, body, key, who)
        accepted = answer.status_code < 300
        said = answer.json()
        self.journal.write(**about, status=answer.status_code, body=said, mark=mark)
        self.journal.answered.append((time.time(), service, time.time() - began))
        if not accepted:
            raise Unanswered(f"{step}: {path} of {service} was answered {answer.status_code}: {answer.text[:300]}")
        return said

    async def read(self, service: str, role: str, path: str, seen: Callable[[Any], Any], **params: Any) -> Any:
        """Read until what is looked for is there; gives it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = await self.http.get(self._url(service, path), params=params, headers=self._as(role, {}))
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 200 and (found := seen(answer.json())):
                return found
            await asyncio.sleep(0.1)
        raise Unanswered(f"{path} of {service} did not show what it must within {PATIENCE:.0f} s")

    async def is_answered(self, service: str) -> bool:
        """Whether it answers a question that only its database can."""
        role, path = READ[service]
        try:
            answer = await self.http.get(self._url(service, path), headers=self._as(role, {}), timeout=2)
        except httpx2.TransportError:
            return False
        return answer.status_code == 200

    async def _until_answered(
        self, service: str, role: str, path: str, body: Any, key: str, who: dict[str, Any]
    ) -> httpx2.Response:
        deadline, headers = time.monotonic() + PATIENCE, {**self._as(role, who), "Idempotency-Key": key}
        while time.monotonic() < deadline:
            try:
                answer = await self.http.post(self._url(service, path), json=body or {}, headers=headers)
            except httpx2.TransportError as error:
                self.journal.repeated.append(type(error).__name__)
                await asyncio.sleep(0.05)
                continue
            if not self._asks_again(answer):
                return answer
            self.journal.repeated.append(str(answer.status_code))
            await asyncio.sleep(0.05)
        raise Unanswered(f"POST {path} of {service} had no final answer within {PATIENCE:.0f} s")

    def _asks_again(self, answer: httpx2.Response) -> bool:
        if answer.status_code >= 500 and answer.status_code != 503:
            self.journal.odd.append(f"{answer.status_code} {answer.request.url.path}")
            return True
        kind = AGAIN.get(answer.status_code)
        return kind is not None and answer.json().get("type") == kind

    def _url(self, service: str, path: str) -> str:
        return self.stack.place.url(service) + path

    def _as(self, role: str, who: dict[str, Any]) -> dict[str, str]:
        name = json.dumps([role, who], sort_keys=True)
        made, token = self._tokens.get(name, (0.0, ""))
        if time.monotonic() - made > 1800 or not token:
            claims = {**CLAIMS.get(role, {}), **who}
            issuer = self.stack.place.url("issuer")
            token = mint(
                key_of(self.stack.place), role=role, council=self.council, sub=role, client_id=f"{role}-app",
                issuer=issuer, **claims,
            )  # fmt: skip
            self._tokens[name] = (time.monotonic(), token)
        return {"Authorization": f"Bearer {token}"}
