"""How does a test let a service hear something? By the same bytes that come off the log, on the log or straight in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from shared.contracts.base import FACTS, Fact, topic_of
from shared.runtime.consume import Consumer
from shared.runtime.envelope import Envelope
from shared.runtime.records import Record, read_record
from shared.runtime.relay import partition_of
from shared.testing.harness import Running
from shared.testing.tokens import COUNCIL

NOON = datetime(2024, 6, 3, 12, tzinfo=UTC)


class Speaker:
    """Speaks for a service that does not run: numbers what it says about each subject, as the real one would."""

    def __init__(self, council: str = COUNCIL, now: datetime = NOON) -> None:
        self.council, self.now = council, now
        self.places: dict[tuple[str, str], int] = {}
        self.offset = 0

    def say(self, fact: Fact, *, place: int | None = None, now: datetime | None = None) -> Record:
        """The next record about this fact's subject (or the one at `place`)."""
        line = (fact.service, fact.subject)
        number = place or self.places.get(line, 0) + 1
        self.places[line] = max(number, self.places.get(line, 0))
        self.offset += 1
        envelope = Envelope(
            id=uuid5(UUID(int=1), f"{self.council}/{line}/{number}"),
            type=fact.type_name(),
            source=fact.service,
            time=now or self.now,
            subject=fact.subject,
            council=self.council,
            place=number,
            correlation=UUID(int=2),
            causation=uuid4(),
        )
        payload = fact.model_dump_json().encode()
        return read_record(topic_of(fact.service), partition_of(fact.subject), self.offset, envelope.headers(), payload)


def reader_of(service: Running, **more: Any) -> Consumer:
    """The service's consumer, not started: `attempt` is what it does with a batch."""
    return Consumer(service.worker, service.app.state.service, service.settings.kafka_bootstrap, **more)


async def hear(service: Running, records: Iterable[Record] | Record) -> None:
    """Let a service hear records, in one batch, as its consumer would."""
    batch: Sequence[Record] = [records] if isinstance(records, Record) else list(records)
    await reader_of(service).attempt(batch)


async def publish_records(producer: Any, prefix: str, records: Iterable[Record]) -> None:
    """Put records on the real log."""
    for record in records:
        envelope = record.envelope
        key = envelope.subject.encode() if envelope else b""
        await producer.send_and_wait(
            prefix + record.topic, record.payload, key=key, headers=list(record.headers), partition=record.partition
        )


__all__ = ["FACTS", "NOON", "Speaker", "hear", "publish_records", "reader_of"]
