"""Run one service: `CARE_SERVICE=budget python -m shared.serve`."""

from __future__ import annotations

from importlib import import_module

import uvicorn
from fastapi import FastAPI

from shared.settings import Settings

DRAIN_SECONDS = 10
"""How long requests under way may still take after SIGTERM; a command waits 8 seconds for its database at most."""


def build(settings: Settings) -> FastAPI:
    """The app of the service the settings name; its own package is the only one imported."""
    app: FastAPI = import_module(f"services.{settings.service}.app").build(settings)
    return app


def main() -> None:
    settings = Settings()
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


if __name__ == "__main__":
    main()
