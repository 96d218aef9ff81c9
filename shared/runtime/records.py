"""What came off the log? A record: its envelope, its bytes, where it stood; and, once set aside, a parked one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.base import FACTS
from shared.runtime.envelope import Envelope, Headers, Unreadable, read_envelope
from shared.runtime.messages import Heard

NOBODY = ("", "", "")
"""The line of a record whose envelope cannot be read: it is parked by partition and offset."""


@dataclass(slots=True)
class Record:
    """One record, as it was read; nobody changes it. `envelope` is None if it could not be read."""

    topic: str
    partition: int
    offset: int
    headers: Headers
    payload: bytes
    envelope: Envelope | None
    timestamp_ms: int = 0
    """When the broker took it in, by the machine clock; 0 where nobody asked."""
    line: tuple[str, str, str] = field(init=False, repr=False)
    place: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Asked for at every step, so told once."""
        said = self.envelope
        self.line, self.place = ((said.source, said.council, said.subject), said.place) if said else (NOBODY, 0)

    def is_known(self, wanted: Any) -> bool:
        return self.envelope is not None and self.envelope.type in wanted


@dataclass(frozen=True, slots=True)
class Parked:
    """A record set aside under its subject, with a code; `detail` is a class name or a constraint, never content."""

    record: Record
    code: str
    detail: str

    def as_row(self) -> tuple[Any, ...]:
        record, envelope = self.record, self.record.envelope
        headers = json.dumps([(name, value.decode("latin-1")) for name, value in record.headers])
        return (
            *record.line, record.place, envelope.type if envelope else "", self.code, self.detail, headers,
            record.payload, record.topic, record.partition, record.offset,
        )  # fmt: skip


def read_record(
    topic: str, partition: int, offset: int, headers: Headers, payload: bytes | None, timestamp_ms: int = 0
) -> Record:
    """A record off the log; a garbled envelope is not an error here."""
    if any(value is None for _, value in headers):  # Kafka allows a header without a value
        headers = [(name, value or b"") for name, value in headers]
    try:
        envelope: Envelope | None = read_envelope(headers)
    except Unreadable:
        envelope = None
    return Record(topic, partition, offset, headers, payload or b"", envelope, timestamp_ms)


def unpark(topic: str, partition: int, offset: int, headers: str, payload: bytes) -> Record:
    """A parked row as the record it was."""
    pairs = [(name, value.encode("latin-1")) for name, value in json.loads(headers)]
    return read_record(topic, partition, offset, pairs, payload)


def decode(record: Record) -> Heard[Any]:
    """The fact in a record of a known type. Raises pydantic's ValidationError for a body that is not one."""
    envelope = record.envelope
    if envelope is None:
        raise Unreadable("envelope_unreadable")
    return Heard(
        body=FACTS[envelope.type].model_validate_json(record.payload),
        council=envelope.council,
        now=envelope.time,
        cause=envelope.id,
        correlation=envelope.correlation,
        traceparent=envelope.traceparent,
        source=envelope.source,
        subject=envelope.subject,
        place=envelope.place,
    )
