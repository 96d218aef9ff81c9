"""How does a service get back what follows from facts alone? Its tables, made anew from the log into an empty database."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from importlib import import_module
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shared.operations.parked import worker
from shared.operations.restored import restored
from shared.runtime.log import Ends
from shared.runtime.rebuild import Rebuild, Unheard, shares_of
from shared.runtime.service import Service
from shared.serve import rest_collector
from shared.settings import Settings
from shared.workers import Tell, divide, processors

COLLECT = 500_000
"""New objects that are left over between looks for cycles: more than the batches hold that are in hand and ahead. What they
make dies with them, without a look; looking through all of it in the middle of a batch was a quarter of a rebuild."""


def rebuilt(settings: Settings, workers: int = 0) -> dict[str, Any]:
    """Hear everything again in silence, `workers` at a time (as many as there are processors, if it is not said); then lift
    places to what was said already, so that it is not said again. Raises NotEmpty, WorkerFailed and Unheard."""
    began, service = time.monotonic(), import_module(f"services.{settings.service}.app").service()
    facts = heard_again(settings, service, workers or processors())
    seconds = round(time.monotonic() - began, 3)
    return {"facts_heard": facts, "seconds": seconds, **asyncio.run(restored(settings))}


def heard_again(settings: Settings, service: Service, workers: int) -> int:
    """How many facts were heard. No loop runs while workers are forked: each has one of its own."""
    ends, heard = asyncio.run(_begin(settings, service)), 0
    rest_collector(COLLECT)
    with _shown(sum(ends.values())) as show:

        def seen(more: int) -> None:
            nonlocal heard
            heard += more
            show(more)

        divide([partial(_hear, settings, service, share) for share in shares_of(ends, workers)], seen)
    asyncio.run(_end(settings, service))
    return heard


def _hear(settings: Settings, service: Service, share: Ends, tell: Tell) -> None:
    """What a worker does."""
    try:
        asyncio.run(_hear_all(settings, service, share, tell))
    except Unheard as trouble:
        typer.echo(f"A worker failed: {trouble}", err=True)
        sys.exit(1)


async def _begin(settings: Settings, service: Service) -> Ends:
    async with _rebuild(settings, service) as rebuild:
        return await rebuild.begin()


async def _hear_all(settings: Settings, service: Service, share: Ends, tell: Tell) -> None:
    async with _rebuild(settings, service) as rebuild:
        await rebuild.hear(share, tell)


async def _end(settings: Settings, service: Service) -> None:
    async with _rebuild(settings, service) as rebuild:
        await rebuild.end()


@asynccontextmanager
async def _rebuild(settings: Settings, service: Service) -> AsyncIterator[Rebuild]:
    """With an engine of this process's and this loop's own."""
    async with worker(settings) as engine:
        yield Rebuild(engine, service, settings.kafka_bootstrap, prefix=settings.topic_prefix)


@contextmanager
def _shown(facts: int) -> Iterator[Tell]:
    """A bar for whoever looks on, drawn when something is told: a thread that draws it must not be forked."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as progress:
        bar = progress.add_task("facts heard", total=facts)

        def show(more: int) -> None:
            progress.advance(bar, more)
            progress.refresh()

        yield show
