"""Run one service: `CARE_SERVICE=budget python -m shared.serve`."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shared.settings import Settings

COLLECT = (200_000, 20, 20)
"""New objects, and rounds, between looks for cycles. A batch of 500 messages makes some 100,000, which die with it
(docs/adr/0025): a look in the middle of one finds nothing."""
DRAIN_SECONDS = 10
"""How long requests under way may still take after SIGTERM; a command waits 8 seconds for its database at most."""
NOT_STARTED = 3
"""The exit status of a service that could not begin to serve, as uvicorn gives it."""


def build(settings: Settings) -> FastAPI:
    """The app of the service the settings name; its own package is the only one imported."""
    app: FastAPI = import_module(f"services.{settings.service}.app").build(settings)
    return app


def rest_collector(new: int = COLLECT[0]) -> None:
    """What is there now stays for good, and a batch makes many things that die with it: look for cycles less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(new, *COLLECT[1:])


def prepare() -> Any:
    """Everything imported and put together, nothing opened: a server that may be forked and then run."""
    uvicorn, settings = import_module("uvicorn"), import_module("shared.settings").Settings()
    config = uvicorn.Config(
        build(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    config.load()
    return uvicorn.Server(config)


def main() -> None:
    """Nothing made while starting is garbage: not looking for any saves a fifth of the start, so imports wait for that."""
    gc.disable()
    server, keeper = prepare(), import_module("shared.keeper")
    rest_collector()
    gc.enable()
    keeper.Keeper(server.run).keep()
    if not server.started:
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
