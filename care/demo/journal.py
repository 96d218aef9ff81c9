"""What was said in the demo, and what followed from what? The log, read whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles
from typing import Any
from uuid import UUID

from care.local.place import SERVICES
from shared.contracts.base import FACTS, topic_of
from shared.runtime.log import read_log
from shared.runtime.records import Record


@dataclass(frozen=True)
class Said:
    """One fact on the log. `taken_ms` is when the broker took it in, by the machine clock."""

    id: UUID
    type: str
    source: str
    subject: str
    at: datetime
    cause: UUID
    correlation: UUID
    taken_ms: int
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return FACTS[self.type].__name__


@dataclass(frozen=True)
class Hop:
    """One fact said because another service heard one: milliseconds between the broker taking in the two."""

    cause: Said
    effect: Said

    @property
    def ms(self) -> int:
        return self.effect.taken_ms - self.cause.taken_ms


def read_journal(bootstrap: str) -> list[Said]:
    """Everything on the log, in the order the broker took it in."""
    return sorted(asyncio.run(_read(bootstrap)), key=lambda said: said.taken_ms)


async def _read(bootstrap: str) -> list[Said]:
    topics = [topic_of(name) for name in SERVICES]
    return [_said(record) async for record in read_log(bootstrap, topics) if record.envelope]


def _said(record: Record) -> Said:
    envelope = record.envelope
    assert envelope is not None
    return Said(
        envelope.id,
        envelope.type,
        envelope.source,
        envelope.subject,
        envelope.time,
        envelope.causation,
        envelope.correlation,
        record.timestamp_ms,
        json.loads(record.payload),
    )


def hops_of(journal: Sequence[Said]) -> list[Hop]:
    """Every fact whose cause is a fact of another service."""
    by_id = {said.id: said for said in journal}
    found = [Hop(by_id[said.cause], said) for said in journal if said.cause in by_id]
    return [hop for hop in found if hop.cause.source != hop.effect.source]


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """p50 and p99; the largest stands for p99 where there are few."""
    if len(values) < 2:
        return (values[0], values[0]) if values else (0.0, 0.0)
    cuts = quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[98]
