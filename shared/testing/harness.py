"""How does a test run services? In its own process, on databases of its own, with topics of its own, on real servers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db import transaction
from shared.db_admin import url_of
from shared.serve import build
from shared.settings import Mode, Settings
from shared.testing import tokens

PATIENCE = 30.0
"""Seconds until something that must happen has happened. Never a pause: what is waited for is looked at."""


@dataclass
class Caller:
    """Somebody with a token. `post` sends a fresh Idempotency-Key unless it is given one."""

    client: httpx2.AsyncClient
    token: str

    async def get(self, path: str, **params: Any) -> httpx2.Response:
        return await self.client.get(path, params=params, headers=self._headers({}))

    async def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> httpx2.Response:
        said = {"Idempotency-Key": key or str(uuid4()), **(headers or {})}
        if not sent:
            sent = {"content": json.dumps(body or {}, default=str)}
            said["Content-Type"] = "application/json"
        return await self.client.post(path, headers=self._headers(said), **sent)

    async def done(self, path: str, body: Any = None, **sent: Any) -> Any:
        """Post and expect success; gives the answer's body."""
        answer = await self.post(path, body, **sent)
        assert answer.status_code < 300, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def read(self, path: str, **params: Any) -> Any:
        answer = await self.get(path, **params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}


@dataclass
class Running:
    """One service, running in this process."""

    settings: Settings
    app: FastAPI
    client: httpx2.AsyncClient

    @property
    def worker(self) -> AsyncEngine:
        engine: AsyncEngine = self.app.state.worker_engine
        return engine

    def as_(self, role: str, **claims: Any) -> Caller:
        """`budget.as_("budget_officer", sub="Bo")`"""
        return Caller(self.client, tokens.token(role, **claims))

    async def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        """What stands in its database, seen by its worker."""
        async with transaction(self.worker) as tx:
            return [dict(row) for row in await tx.rows(sql, *params)]

    async def somebody_waits(self) -> bool:
        """Whether a session of its database waits for a lock."""
        ours = "select pid from pg_stat_activity where datname = current_database()"
        return bool(await self.rows(f"select 1 from pg_locks where not granted and pid in ({ours})"))

    async def outbox(self) -> list[tuple[str, dict[str, Any]]]:
        """What it said and has not published: (type, fact), in order. Run it without its relay to see all."""
        said = []
        for row in await self.rows("select headers, payload from outbox order by seq"):
            headers = dict(json.loads(row["headers"]))
            said.append((headers["ce_type"], json.loads(row["payload"])))
        return said


@dataclass
class Ground:
    """Where a test's services stand: their databases, and the prefix of their topics."""

    admin_dsn: str
    bootstrap: str
    prefix: str = ""
    databases: dict[str, str] = field(default_factory=dict)
    make: Callable[[str], Awaitable[str]] | None = None
    """Makes the database of a service and gives its name, the first time it runs."""

    async def provide(self, service: str) -> None:
        if service not in self.databases and self.make:
            self.databases[service] = await self.make(service)

    def settings(self, service: str, *, parts: str = "http", **more: Any) -> Settings:
        urls = {
            f"{role}_database_url": url_of(self.admin_dsn, self.databases[service], f"{service}_{role}")
            for role in ("owner", "http", "worker", "ops")
        }
        return Settings(
            service=service,
            mode=Mode.SANDBOX,
            parts=parts,
            kafka_bootstrap=self.bootstrap,
            topic_prefix=self.prefix,
            issuer=tokens.ISSUER,
            **{**urls, **more},
        )

    @asynccontextmanager
    async def run(self, service: str, *, parts: str = "http", **more: Any) -> AsyncIterator[Running]:
        """One service with the parts named. With "http" alone it needs no broker."""
        await self.provide(service)
        settings = self.settings(service, parts=parts, **more)
        app = build(settings)
        app.state.tokens.keys = tokens.known_keys()
        app.state.tokens.registry = type(app.state.tokens)(tokens.known_keys(), tokens.ISSUER).registry
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
        ):
            yield Running(settings, app, client)


async def eventually(look: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> Any:
    """Look until what is seen is true; gives it. Fails with what was seen last."""
    seen: Any = None
    try:
        async with asyncio.timeout(patience):
            while not (seen := await look()):  # noqa: ASYNC110 - a database tells nobody when it changes
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"did not happen within {patience} s; last seen: {seen!r}") from None
    return seen


def an_id() -> UUID:
    return uuid4()
