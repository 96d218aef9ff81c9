"""Run one service: `CARE_SERVICE=budget python -m shared.serve`."""

from __future__ import annotations

from importlib import import_module

import uvicorn
from fastapi import FastAPI

from shared.settings import Settings


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
        timeout_graceful_shutdown=20,
    )


if __name__ == "__main__":
    main()
