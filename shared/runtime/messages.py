"""What can a service be told? A fact it hears, a command it is asked, a timer that fell due: all three are messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.clock import civil_date
from shared.contracts.base import Fact

Body = TypeVar("Body")
F = TypeVar("F", bound=Fact)
D = TypeVar("D", bound="Reminder")


class Reminder(BaseModel):
    """What a timer carries: ids only. Its class is its name; `after` says whose facts must have been heard first."""

    model_config = ConfigDict(frozen=True)


class Command(BaseModel):
    """What a caller asks for. Unknown fields are refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as their token says."""

    sub: str
    client_id: str
    council: str
    role: str
    scopes: frozenset[str] = frozenset()
    supplier_id: UUID | None = None
    team: str | None = None
    limit_pence: int | None = None
    """What they may approve a year; None where the council delegated no limit to them, which is not a limit of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Generic[Body]):
    """What all three share. `now` is business time; `cause` makes every id that follows from this message."""

    body: Body
    council: str
    now: datetime
    cause: UUID
    correlation: UUID
    traceparent: str = ""

    @property
    def today(self) -> date:
        return civil_date(self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Message[F]):
    """A fact another service said; `place` is its number among what `source` said about this subject."""

    source: str
    subject: str
    place: int

    @property
    def fact(self) -> F:
        return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Message[Body]):
    """A command. `target` is the id in the path, where there is one; `if_match` the version the caller saw."""

    caller: Caller
    target: UUID | None = None
    if_match: int | None = None
    key: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Message[D]):
    """A reminder that fell due at `now`, about `subject`."""

    subject: str
    name: str
    key: str

    @property
    def reminder(self) -> D:
        return self.body


@dataclass(frozen=True, slots=True)
class Spoken:
    """A fact being said, because of a message; `versions` are said with one place between them, each as its payload."""

    versions: tuple[Fact, ...]
    payloads: tuple[str, ...] = field(repr=False)
    message: Message[Any] = field(repr=False)
    ordinal: int

    @property
    def subject(self) -> str:
        return self.versions[0].subject
