"""What does a route do? Ask (a command, once per Idempotency-Key) or look (a read, noted in the access log)."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from shared.access_log import write_access_log
from shared.clock import machine_now
from shared.db import Tx, transaction
from shared.problems import ANSWERS, MEDIA_TYPE
from shared.refusals import Invalid, NotFound, Refused
from shared.runtime.answers import Answer
from shared.runtime.messages import Asked, Caller
from shared.runtime.perform import Performer, cause_of, fingerprint_of
from shared.runtime.rows import Row
from shared.runtime.service import Decision

T = TypeVar("T")
R = TypeVar("R", bound=Row)


class KeyMissing(Refused):
    """Every POST needs an Idempotency-Key header, so that it can be sent again safely."""

    status = 400
    title = "An Idempotency-Key header is needed"


class HeaderUnreadable(Refused):
    """A header is not of the form this route reads."""

    status = 400
    title = "A header cannot be read"


MAX_KEY = 255


class Ask:
    """`await ask(actions.agree_plan, who, body, target=plan_id, show=PlanView.of)`"""

    def __init__(self, request: Request, key: str, if_match: int | None, traceparent: str) -> None:
        self.performer: Performer = request.app.state.performer
        self.key, self.if_match, self.traceparent = key, if_match, traceparent

    async def __call__(
        self,
        verb: Decision,
        who: Caller,
        body: BaseModel,
        *,
        show: Callable[[Any], BaseModel],
        target: UUID | None = None,
        status: int = 200,
    ) -> Response:
        cause = cause_of(who, verb.name, self.key)
        asked = Asked(
            body=body,
            council=who.council,
            now=machine_now(),
            cause=cause,
            correlation=cause,
            traceparent=self.traceparent,
            caller=who,
            target=target,
            if_match=self.if_match,
            key=self.key,
            fingerprint=fingerprint_of(verb.name, target, body),
        )
        return as_response(await self.performer.perform(verb, asked, show, status))


async def _ask(request: Request) -> Ask:
    """Its headers are read here and described by `describe_headers`: FastAPI would take each apart by a model of its own."""
    headers = request.headers
    key = headers.get("Idempotency-Key")
    if not key:
        raise KeyMissing()
    if len(key) > MAX_KEY or "\x00" in key:
        raise HeaderUnreadable(header="Idempotency-Key")
    return Ask(request, key, _version(headers.get("If-Match")), headers.get("traceparent", "")[:64])


Asking = Annotated[Ask, Depends(_ask)]

_HEADERS = {
    "Idempotency-Key": "a fresh id for each new request, at most 255 characters",
    "If-Match": "the ETag of what you read; 412 if it has changed since",
}


def describe_headers(routes: Iterable[BaseRoute]) -> None:
    """OpenAPI says which headers a route that asks reads."""
    for route in routes:
        if isinstance(route, APIRoute) and any(one.call is _ask for one in route.dependant.dependencies):
            described = [_header(name.lower(), about) for name, about in _HEADERS.items()]
            route.openapi_extra = {**(route.openapi_extra or {}), "parameters": described}


def _header(name: str, about: str) -> dict[str, Any]:
    text = {"anyOf": [{"type": "string"}, {"type": "null"}], "description": about, "title": name.title()}
    return {"name": name, "in": "header", "required": False, "schema": text, "description": about}


class Look:
    """`async with look(who, "plan", plan_id) as tx:` - the look is noted in the transaction of the look."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @asynccontextmanager
    async def __call__(self, who: Caller, purpose: str, subject: UUID | None = None) -> AsyncIterator[Tx]:
        async with transaction(self.engine, who.council) as tx:
            yield tx
            await write_access_log(tx, [(who, purpose, subject)])


async def _look(request: Request) -> Look:
    """A coroutine, as every dependency here: FastAPI calls anything else in a thread."""
    return Look(request.app.state.http_engine)


Looking = Annotated[Look, Depends(_look)]


class Page(BaseModel, Generic[T]):
    """A page of a list. `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


async def _cursor(
    cursor: Annotated[str | None, Query(max_length=100, description="`next_cursor` of the page before")] = None,
) -> UUID:
    """Lists are ordered by id: the cursor is the last id of the page before."""
    if cursor is None:
        return UUID(int=0)
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except ValueError as wrong:
        raise Invalid("The cursor is not one of ours.", errors=[{"field": "cursor", "rule": "cursor"}]) from wrong


Cursor = Annotated[UUID, Depends(_cursor)]
Limit = Annotated[int, Query(ge=1, le=200)]


def page_of(rows: Sequence[R], limit: int, key: Callable[[R], UUID], show: Callable[[R], T]) -> Page[T]:
    """Make a page of `limit` out of rows fetched with `limit + 1`."""
    more = len(rows) > limit
    shown = rows[:limit]
    cursor = base64.urlsafe_b64encode(key(shown[-1]).bytes).decode().rstrip("=") if more else None
    return Page(items=[show(row) for row in shown], next_cursor=cursor)


def found(row: R | None) -> R:
    """The row, or 404: what is not there and what is not the caller's look the same."""
    if row is None:
        raise NotFound()
    return row


def etag(response: Response, row: Row) -> None:
    response.headers["ETag"] = f'"{row.version}"'


def answers(*extra: int) -> dict[str, Any]:
    """The problems a route may answer with, for OpenAPI: `@router.post(…, **answers())`."""
    return {"responses": {status: ANSWERS[status] for status in (400, 401, 403, 404, 409, 412, 413, 422, 503, *extra)}}


def as_response(answer: Answer) -> Response:
    problem = answer.status >= 400
    headers = {} if answer.version is None else {"ETag": f'"{answer.version}"'}
    return Response(answer.body, answer.status, headers, MEDIA_TYPE if problem else "application/json")


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    try:
        return int(if_match.removeprefix("W/").strip('"'))
    except ValueError as wrong:
        raise HeaderUnreadable(header="If-Match") from wrong
