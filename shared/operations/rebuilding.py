"""How does a service get back what follows from facts alone? Its tables, made anew from the log into an empty database."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from shared.operations.parked import worker
from shared.operations.restored import restored
from shared.runtime.rebuild import NotEmpty, Rebuild
from shared.serve import rest_collector
from shared.settings import Settings


async def rebuilt(settings: Settings) -> dict[str, Any]:
    """Hear everything again in silence; then lift places to what was said already, so that it is not said again."""
    service, began = import_module(f"services.{settings.service}.app").service(), time.monotonic()
    rest_collector()
    async with worker(settings) as engine:
        try:
            done = await Rebuild(engine, service, settings.kafka_bootstrap, prefix=settings.topic_prefix).run()
        except NotEmpty:
            return {"error": "This database has heard or said something already. A rebuild begins in an empty one."}
    seconds = round(time.monotonic() - began, 3)
    return {"facts_heard": done.facts, "seconds": seconds, **await restored(settings)}
