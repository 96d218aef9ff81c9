"""How does a problem look on the wire? RFC 9457 problem+json; it never repeats what the caller sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shared.refusals import Invalid, NotFound, Refused, TooLarge

MEDIA_TYPE = "application/problem+json"
PAGES = "/problems/"
_PLAIN = re.compile(r"[a-z][a-z0-9_-]{0,31}")


class FieldError(BaseModel):
    """One field that is not as it must be."""

    field: str
    rule: str


class Problem(BaseModel):
    """What every refusal looks like; further members depend on the type."""

    type: str = Field(examples=[PAGES + "not-found"])
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


class BodyUnreadable(Refused):
    """The body cannot be taken apart: it breaks off, is nested too deeply, or is not of the type it says it is."""

    status = 400
    title = "The body cannot be read"


class MethodNotAllowed(Refused):
    """The route is there, and does not take this method; `Allow` names those it takes."""

    status = 405
    title = "The route does not take this method"


_FRAMEWORKS: Mapping[int, Refused] = {
    400: BodyUnreadable(),
    404: NotFound("There is no such route."),
    405: MethodNotAllowed(),
    413: TooLarge(),
}
"""What the framework refuses before a route is reached."""


def problem_of(refused: Refused) -> dict[str, Any]:
    """The body of a refusal."""
    return {
        "type": PAGES + refused.name,
        "title": refused.title,
        "status": refused.status,
        "detail": refused.detail,
        **{name: value for name, value in refused.extra.items() if value is not None},
    }


def respond(refused: Refused, headers: Mapping[str, str] | None = None) -> JSONResponse:
    challenge = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else {}
    return JSONResponse(
        problem_of(refused), refused.status, media_type=MEDIA_TYPE, headers={**challenge, **(headers or {})}
    )


def fields_at_fault(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's errors as field and rule. What was sent, and messages that quote it, stay behind."""
    return [{"field": _field(error), "rule": str(error["type"])} for error in errors]


def install(app: FastAPI) -> None:
    """Every error this app can answer with becomes a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.openapi = partial(_documented, app.openapi)  # type: ignore[method-assign]


def _documented(openapi: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """FastAPI describes every answer under application/json; a problem is described under the type it is sent as."""
    document = openapi()
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for content in (answer.get("content", {}) for answer in operation["responses"].values()):
            if MEDIA_TYPE in content and "application/json" in content:
                content[MEDIA_TYPE] = content.pop("application/json")
    return document


# OpenAPI's common answers: every route may give these.
ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA_TYPE: {}}}
    for status, text in {
        400: "A header or the body cannot be read",
        401: "A valid token is needed",
        403: "The token does not allow this",
        404: "Not found, or not yours to see",
        409: "A rule or the state does not allow this",
        412: "It has changed since you read it",
        413: "The upload is too large",
        415: "The body is not of a type this route reads",
        422: "Fields that are missing, mistyped or at odds",
        503: "Not ready: try again",
    }.items()
}


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return respond(error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return respond(Invalid("Some fields are missing, mistyped or not allowed.", errors=fields_at_fault(error.errors())))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code in _FRAMEWORKS:
        return respond(_FRAMEWORKS[error.status_code], error.headers)
    problem = {"type": "about:blank", "title": error.detail, "status": error.status_code, "detail": error.detail}
    return JSONResponse(problem, error.status_code, media_type=MEDIA_TYPE, headers=error.headers)


def _field(error: Mapping[str, Any]) -> str:
    """`("body", "lines", 0, "pattern")` as `lines[0].pattern`."""
    loc = error["loc"]
    parts = list(loc[1:] if loc and loc[0] in ("body", "query", "path", "header") else loc)
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{_named(part)}" for part in parts)
    return "body" if error["type"] == "json_invalid" else path.lstrip(".") or "body"


def _named(part: Any) -> str:
    """A field nobody knows is named by its sender: such a name may say anything, and is shown if it is a plain word."""
    return part if _PLAIN.fullmatch(part) else "(unknown)"
