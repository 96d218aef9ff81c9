"""The envelope is the standard's: the official library reads what we write, and we read what it writes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat

from shared.runtime.envelope import Envelope, read_envelope

ENVELOPE = Envelope(
    id=UUID(int=1),
    type="budget.finalised.v1",
    source="budget",
    time=datetime(2024, 6, 3, 9, tzinfo=UTC),
    subject=str(UUID(int=2)),
    council="E99999999",
    place=42,
    correlation=UUID(int=3),
    causation=UUID(int=4),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def as_event():  # type: ignore[no-untyped-def]
    message = KafkaMessage(headers=dict(ENVELOPE.headers()), key=None, value=b'{"weekly_pence": 98760}')
    return from_binary(message, JSONFormat())


def test_the_official_library_reads_what_we_write() -> None:
    event = as_event()
    assert (event.get_specversion(), event.get_type(), event.get_source()) == ("1.0", "budget.finalised.v1", "budget")
    assert event.get_time() == ENVELOPE.time
    assert event.get_subject() == ENVELOPE.subject
    assert event.get_extension("council") == "E99999999"
    assert int(event.get_extension("sequence")) == 42
    assert event.get_data() == {"weekly_pence": 98760}


def test_we_read_what_the_official_library_writes() -> None:
    headers = to_binary(as_event(), JSONFormat()).headers
    assert read_envelope(list(headers.items())) == ENVELOPE
