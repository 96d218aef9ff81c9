"""What makes a service run? `create_app`: health, problems, auth, and the parts of the runtime in one lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import health, logs, problems, sandbox
from shared.auth import Keys, Tokens
from shared.db import make_engine
from shared.http import describe_headers
from shared.limits import BodyLimit
from shared.plain import call_straight
from shared.runtime.consume import Consumer
from shared.runtime.part import Part
from shared.runtime.perform import Performer
from shared.runtime.relay import Relay
from shared.runtime.service import Service
from shared.runtime.timers import Timers
from shared.settings import Mode, Settings

log = structlog.get_logger()

STOP_SECONDS = 12
"""The batch in hand is finished. With `serve.DRAIN_SECONDS` before it this stays under the supervisor's 25 seconds."""

QUIET: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""Nobody collects FastAPI's own telemetry, and whether anybody does would else be asked at every request."""


def create_app(settings: Settings, service: Service, routers: Sequence[APIRouter], about: str) -> FastAPI:
    """One service, whole: its routes and the parts named in CARE_PARTS."""
    logs.configure(settings.service)
    app = FastAPI(
        title=f"Caremarket {settings.service}",
        description=about,
        version="1",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        telemetry=QUIET,
    )
    app.state.settings, app.state.service, app.state.parts = settings, service, []
    app.state.tokens = Tokens(Keys(settings.jwks_url), settings.issuer)
    app.add_middleware(BodyLimit)
    problems.install(app)
    _take(app, health.router)
    for router in routers if settings.has("http") else ():
        _take(app, router)
    if settings.mode is Mode.SANDBOX:
        _take(app, sandbox.router)
    return app


def _take(app: FastAPI, router: APIRouter) -> None:
    """Its routes become the app's own: `include_router` would look through the router, twice a request."""
    describe_headers(router.routes)
    call_straight(router.routes)
    app.router.routes += router.routes


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    worker, http = _engine(settings, "worker"), _engine(settings, "http")
    parts = make_parts(settings, app.state.service, worker)
    app.state.http_engine, app.state.worker_engine, app.state.parts = http, worker, parts
    app.state.performer = Performer(http, settings.service, _wake_of(parts))
    tasks = [asyncio.create_task(part.run(), name=part.name) for part in parts]
    try:
        yield
    finally:
        commands = asyncio.create_task(app.state.performer.finish(), name="commands")
        await stop_parts(parts, [*tasks, commands])
        await asyncio.gather(http.dispose(), worker.dispose())


def _engine(settings: Settings, role: str) -> AsyncEngine:
    url: str = getattr(settings, f"{role}_database_url")
    application = f"{settings.service}-{role}"
    return make_engine(url, pool_size=settings.pool_size, application=application, plans_once=role == "worker")


def make_parts(settings: Settings, service: Service, engine: AsyncEngine) -> list[Part]:
    """The parts this process runs; all wake its relay, if it has one."""
    kafka, prefix = settings.kafka_bootstrap, settings.topic_prefix
    made: list[Part] = []
    if settings.has("consumer") and service.hears:
        made.append(Consumer(engine, service, kafka, prefix=prefix, ordinal=settings.ordinal, batch=settings.batch))
    if settings.has("relay"):
        made.append(Relay(engine, service.name, kafka, prefix=prefix))
    if settings.has("timers"):
        made.append(Timers(engine, service, kafka, prefix=prefix))
    for part in made:
        part.heard_said = _wake_of(made)
    return made


async def stop_parts(parts: Sequence[Part], tasks: Sequence[asyncio.Task[None]]) -> None:
    """Stop fetching, finish the batch, commit, flush; whoever takes too long is cut off."""
    for part in parts:
        part.stop()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in late:
            log.error("part did not stop in time", part=task.get_name())
            task.cancel()


def _wake_of(parts: Sequence[Part]) -> Callable[[], None]:
    for part in parts:
        if isinstance(part, Relay):
            return part.wake
    return lambda: None
