"""How do ids follow from what is known? As RFC 9562 version 5 has it: the same cause and name always make the same id."""

from __future__ import annotations

from hashlib import sha1
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as QUICK_UUID  # the driver's own, in C: a UUID like any other


def id_from(cause: UUID, name: str) -> UUID:
    """What `uuid.uuid5` gives, in a third of the time: the runtime makes several for every message. Never change this."""
    digest = bytearray(sha1(cause.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return QUICK_UUID(bytes(digest))
