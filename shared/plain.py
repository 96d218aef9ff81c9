"""Which routes are called straight, past FastAPI's solving of dependencies? Those that leave it nothing to solve.

Such a route takes ids in its path, perhaps a JSON object, and what is read off the request alone, and gives its answer
itself: every command does. What is not as it must be goes FastAPI's own way, and is refused there in FastAPI's own words:
so nothing is refused here (docs/adr/0026).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.params import Body
from fastapi.routing import APIRoute, request_response
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

JSON = "application/json"


def call_straight(routes: Iterable[BaseRoute]) -> None:
    """Those of the routes that are plain are called straight from now on."""
    for route in routes:
        if isinstance(route, APIRoute) and _is_plain(route):
            route.app = _straight(route)


def _straight(route: APIRoute) -> ASGIApp:
    takes, solve = route.dependant, route.get_route_handler()
    reads: list[tuple[Any, Any]] = [(one.name, one.call) for one in takes.dependencies]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        values = await _checked(takes, request)
        if values is None:

            async def again(_: Request) -> Response:
                return await solve(request)  # this one's body is read already

            return await request_response(again)(scope, receive, send)
        for name, read in reads:
            values[name] = await read(request)
        response: Response = await route.endpoint(**values)
        return await response(scope, receive, send)

    return app


async def _checked(takes: Dependant, request: Request) -> dict[str, Any] | None:
    """The ids and the body, as they must be; or nothing, before any of the rest has been looked at."""
    values: dict[str, Any] = {}
    for field in takes.path_params:
        values[field.name], wrong = field.validate(request.path_params[field.alias])
        if wrong:
            return None
    for field in takes.body_params:
        body = await _object(request)
        values[field.name], wrong = field.validate(body)
        if body is None or wrong:
            return None
    return values


async def _object(request: Request) -> dict[str, Any] | None:
    if request.headers.get("content-type") != JSON:
        return None
    try:
        body = await request.json()
    except (ValueError, RecursionError, ClientDisconnect):
        return None
    return body if isinstance(body, dict) else None


def _is_plain(route: APIRoute) -> bool:
    """Whatever else FastAPI can be asked for, now or later, is not plain."""
    takes = route.dependant
    rest = replace(takes, call=None, name=None, path=None, path_params=[], body_params=[], dependencies=[])
    return (
        iscoroutinefunction(route.endpoint)
        and route.endpoint.__annotations__.get("return") in ("Response", Response)
        and rest == Dependant(scope="function")
        and all(field is route.body_field and _is_json(field.field_info) for field in takes.body_params)
        and all(map(_reads_the_request_alone, takes.dependencies))
    )


def _is_json(info: Any) -> bool:
    return isinstance(info, Body) and info.media_type == JSON


def _reads_the_request_alone(one: Dependant) -> bool:
    unnamed = replace(one, call=None, name=None, path=None, own_oauth_scopes=None, parent_oauth_scopes=None)
    waits = iscoroutinefunction(one.call) or iscoroutinefunction(type(one.call).__call__)
    return one.name is not None and waits and unnamed == Dependant(request_param_name="request")
