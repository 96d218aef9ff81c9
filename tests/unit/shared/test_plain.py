"""A plain route called straight answers as FastAPI answers by itself, whatever it is sent."""

from __future__ import annotations

import asyncio
from itertools import product
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from pydantic import Field

from shared import plain, problems
from shared.auth import Tokens, allowed, allowed_any
from shared.http import Asking, Limit, describe_headers
from shared.plain import call_straight
from shared.runtime.messages import Caller, Command
from shared.testing.tokens import ISSUER, known_keys, token


class Take(Command):
    pence: Annotated[int, Field(strict=True, ge=0)]
    areas: tuple[str, ...] = ()


Publisher = Annotated[Caller, allowed("market:write")]


def routes() -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.post("/things/{thing_id}")
    async def take(thing_id: UUID, body: Take, who: Publisher, ask: Asking) -> Response:
        return Response(f"{thing_id} {body} {who.role} {ask.key} {ask.if_match} {ask.traceparent}")

    @router.post("/things/{thing_id}/end")
    async def end(thing_id: UUID, who: Annotated[Caller, allowed_any("market:write", "visits:write")]) -> Response:
        return Response(f"{thing_id} {who.role}")

    @router.post("/pages")
    async def with_a_query(who: Publisher, limit: Limit = 50) -> Response:
        return Response(str(limit))

    @router.get("/models")
    async def of_a_model(who: Publisher) -> Take:
        return Take(pence=1)

    @router.post("/threads")
    def no_coroutine(who: Publisher) -> Response:
        return Response(who.role)

    @router.get("/requests")
    def in_a_thread(request: Request) -> Response:
        return Response("")

    return router


def app_of(router: APIRouter) -> FastAPI:
    app = FastAPI()
    app.state.tokens, app.state.performer = Tokens(known_keys(), ISSUER), None
    problems.install(app)
    app.router.routes += router.routes
    return app


def straight() -> APIRouter:
    router = routes()
    call_straight(router.routes)
    return router


THING = f"/v1/things/{UUID(int=7)}"
RIGHT = {
    "Authorization": f"Bearer {token('commissioner')}",
    "Idempotency-Key": "k",
    "Content-Type": "application/json",
}
GOOD = b'{"pence": 3, "areas": ["north"]}'


async def answered(app: FastAPI, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answer = await client.post(path, headers=headers, content=body)
    return answer.status_code, sorted(answer.headers.items()), answer.content


BODIES = (GOOD, b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"pence": "3"}', b"{}", b'{"a": 1}')
PATHS = (THING, f"{THING}/end", "/v1/things/no-uuid", "/v1/nothing", f"{THING}/", "/v1/pages?limit=0", "/v1/threads")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Basic abc"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer abc"},
        {"Authorization": f"Bearer {token('broker')}"},
        {"Idempotency-Key": ""},
        {"Idempotency-Key": "k" * 256},
        {"If-Match": '"3"', "traceparent": "00-" + "a" * 80},
        {"If-Match": "seven"},
        {"If-Match": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json; charset=utf-8"},
        {"Content-Type": ""},
    ],
)
async def test_both_ways_answer_the_same(headers: dict[str, str]) -> None:
    quick, slow = app_of(straight()), app_of(routes())
    for path, body in product(PATHS, BODIES):
        sent = {**RIGHT, **headers}
        assert await answered(quick, path, sent, body) == await answered(slow, path, sent, body), (path, body[:20])


async def test_a_right_command_is_called_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Any] = []

    async def counted(takes: Any, request: Any) -> Any:
        checked.append(takes)
        return await real(takes, request)

    real = plain._checked
    monkeypatch.setattr(plain, "_checked", counted)
    status, _, said = await answered(app_of(straight()), THING, RIGHT, GOOD)
    assert len(checked) == 1
    assert (status, said.decode()) == (200, f"{THING[11:]} pence=3 areas=('north',) commissioner k None ")


def test_only_plain_routes_are_called_straight() -> None:
    before, after = routes().routes, straight().routes
    changed = [one.name for one, was in zip(after, before, strict=True) if _app_of(one) != _app_of(was)]
    assert changed == ["take", "end"]


def _app_of(route: Any) -> str:
    assert isinstance(route, APIRoute)
    return str(route.app.__qualname__)


def test_headers_are_described_where_they_are_read() -> None:
    router = routes()
    describe_headers(router.routes)
    paths = app_of(router).openapi()["paths"]
    named = {
        path: [one["name"] for one in way["post"].get("parameters", ())] for path, way in paths.items() if "post" in way
    }
    assert named == {
        "/v1/things/{thing_id}": ["thing_id", "idempotency-key", "if-match"],
        "/v1/things/{thing_id}/end": ["thing_id"],
        "/v1/pages": ["limit"],
        "/v1/threads": [],
    }


async def test_whoever_goes_away_while_sending_is_refused_as_ever() -> None:
    sent: dict[bool, list[Any]] = {True: [], False: []}
    for quick, router in ((True, straight()), (False, routes())):
        await _breaking_off(app_of(router), sent[quick])
    assert sent[True] == sent[False]
    assert sent[True][0]["status"] == 400


async def _breaking_off(app: FastAPI, sent: list[Any]) -> None:
    parts = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive() -> Any:
        await asyncio.sleep(0)
        return next(parts, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in RIGHT.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": THING,
        "raw_path": THING.encode(),
        "query_string": b"",
        "headers": headers,
    }
    await app(
        {**scope, "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("test", 80)}, receive, send
    )
