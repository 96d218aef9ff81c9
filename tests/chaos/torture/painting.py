"""The toy's one command, as a caller sends it."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from shared.clock import machine_now
from shared.runtime.messages import Asked, Caller
from shared.runtime.perform import cause_of, fingerprint_of
from tests.integration.runtime.toy import Paint, Thing

COUNCIL = "E99999999"


class Shown(BaseModel):
    thing_id: UUID
    colour: str
    size: int


def shown(thing: Thing) -> Shown:
    return Shown(thing_id=thing.thing_id, colour=thing.colour, size=thing.size)


def asked_to_paint(thing: UUID, key: str, size: int, council: str = COUNCIL) -> Asked[Paint]:
    caller, body = Caller("sam", "app", council, "broker"), Paint(thing_id=thing, size=size)
    cause = cause_of(caller, "paint", key)
    return Asked(
        body=body, council=council, now=machine_now(), cause=cause, correlation=cause, caller=caller, key=key,
        fingerprint=fingerprint_of("paint", None, body),
    )  # fmt: skip
