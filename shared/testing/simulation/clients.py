"""Who asks for things? Actors: generators that ask, wait until they see something, and go on with the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.runtime.answers import Answer
from shared.runtime.messages import Asked, Caller
from shared.runtime.perform import InProgress, cause_of, fingerprint_of
from shared.runtime.service import Decision


@dataclass(frozen=True, slots=True)
class Ask:
    """A command. `status` is what it must be answered with, where the journey says so."""

    service: str
    verb: Decision
    caller: Caller
    body: BaseModel
    target: UUID | None = None
    if_match: int | None = None
    status: int | None = 200


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until `seen` gives something true; the actor is given that."""

    seen: Callable[[], Any]
    what: str = ""


Script = Generator[Ask | Until, Any, None]


class Shown(BaseModel):
    """What an answer shows here: the row's own id and version."""

    id: str
    version: int | None = None

    @classmethod
    def of(cls, row: Any) -> Shown:
        kind = getattr(row, "kind", None)
        return cls(id=str(kind.key_of(row)[0]) if kind else type(row).__name__, version=getattr(row, "version", None))


class Unexpected(AssertionError):
    """A command was answered with something else than the journey says, or twice differently."""


_AGAIN = (500, 503)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Replaced by the transaction's own time before anything is decided."""


@dataclass(slots=True, eq=False)
class Actor:
    """One client at its script. It sends each command until it is answered, always with the same key."""

    name: str
    script: Script
    now: Ask | Until | None = None
    number: int = 0
    in_flight: int = 0
    answer: Answer | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    sent: list[tuple[Ask, str]] = field(default_factory=list)
    done: bool = False

    def begin(self) -> None:
        self._advance(None)

    @property
    def key(self) -> str:
        return f"{self.name}/{self.number}"

    def look(self) -> bool:
        """Go on if what is waited for is there."""
        if isinstance(self.now, Until) and (seen := self.now.seen()):
            self._advance(seen)
            return True
        return False

    def asked(self, ask: Ask, key: str) -> Asked[Any]:
        cause = cause_of(ask.caller, ask.verb.name, key)
        return Asked(
            body=ask.body,
            council=ask.caller.council,
            now=EPOCH,
            cause=cause,
            correlation=cause,
            caller=ask.caller,
            target=ask.target,
            if_match=ask.if_match,
            key=key,
            fingerprint=fingerprint_of(ask.verb.name, ask.target, ask.body),
        )

    def hear(self, ask: Ask, key: str, answer: Answer) -> None:
        """An answer to a command that was sent, perhaps long ago, perhaps twice."""
        if answer.status in _AGAIN or (answer.status == InProgress.status and InProgress.title in answer.body):
            return
        before = self.answers.setdefault(key, answer)
        if (before.status, before.body) != (answer.status, answer.body):
            raise Unexpected(f"{key} {ask.verb.name} was answered twice, differently: {before} {answer}")
        if key == self.key and ask is self.now:
            if ask.status is not None and ask.status != answer.status:
                raise Unexpected(f"{key} {ask.verb.name} was answered {answer.status}: {answer.body}")
            self.sent.append((ask, key))
            self._advance(answer)

    def _advance(self, given: Any) -> None:
        self.number += 1
        try:
            self.now = self.script.send(given) if given is not None else next(self.script)
        except StopIteration:
            self.now, self.done = None, True


def said(answer: Answer) -> Any:
    return json.loads(answer.body)


def id_in(answer: Answer) -> UUID:
    return UUID(said(answer)["id"])
