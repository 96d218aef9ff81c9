"""How does a fact look on the wire? CloudEvents 1.0, Kafka binding, binary mode; the body is the fact as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as READ_UUID  # the driver's own, in C: a UUID like any other, read in a fifth

Headers = Sequence[tuple[str, bytes]]
_COUNCIL = re.compile(r"[ENSW]\d{8}\Z")
_SEQUENCE_DIGITS = 20
_LAST_PLACE = 2**63 - 1
_LONGEST = 255
"""Of a subject, source or type, in characters: the database indexes them."""


class Unreadable(Exception):
    """The envelope lacks or garbles something without which nobody knows whose fact it is. The text is a code."""


@dataclass(slots=True)
class Envelope:
    """What the headers say; nobody changes it, and it is not frozen because making one that is takes three times as long.
    `place` is `ce_sequence`; `source` the service that spoke."""

    id: UUID
    type: str
    source: str
    time: datetime
    subject: str
    council: str
    place: int
    correlation: UUID
    causation: UUID
    traceparent: str = ""

    def headers(self) -> list[tuple[str, bytes]]:
        return [(name, value.encode()) for name, value in self.said()]

    def said(self) -> list[tuple[str, str]]:
        """The headers as text."""
        said = {
            "ce_specversion": "1.0",
            "ce_id": str(self.id),
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_time": self.time.isoformat(),
            "ce_subject": self.subject,
            "ce_sequence": str(self.place).zfill(_SEQUENCE_DIGITS),
            "ce_council": self.council,
            "ce_correlationid": str(self.correlation),
            "ce_causationid": str(self.causation),
            "content-type": "application/json",
        }
        traced = {"ce_traceparent": self.traceparent} if self.traceparent else {}
        return [*said.items(), *traced.items()]


def read_envelope(headers: Headers) -> Envelope:
    """The envelope in a record's headers. Raises Unreadable, whose text is a code."""
    said = dict(headers)
    try:
        envelope = Envelope(
            id=READ_UUID(said["ce_id"].decode()),
            type=said["ce_type"].decode(),
            source=said["ce_source"].decode(),
            time=datetime.fromisoformat(said["ce_time"].decode().upper()),
            subject=said["ce_subject"].decode(),
            council=said["ce_council"].decode(),
            place=int(said["ce_sequence"]),
            correlation=READ_UUID(said["ce_correlationid"].decode()),
            causation=READ_UUID(said["ce_causationid"].decode()),
            traceparent=said.get("ce_traceparent", b"").decode(),
        )
    except (KeyError, ValueError) as wrong:
        raise Unreadable("envelope_unreadable") from wrong
    return _sane(envelope)


def _sane(envelope: Envelope) -> Envelope:
    if (
        not _COUNCIL.match(envelope.council)
        or not 1 <= envelope.place <= _LAST_PLACE
        or not envelope.subject
        or len(envelope.subject) > _LONGEST
        or len(envelope.source) > _LONGEST
        or len(envelope.type) > _LONGEST
        or envelope.time.tzinfo is None
    ):
        raise Unreadable("envelope_unreadable")
    if "\x00" in envelope.subject + envelope.source + envelope.type:
        raise Unreadable("envelope_unreadable")
    return envelope
