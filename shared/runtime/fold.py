"""How are many messages decided in one transaction? Loaded together, folded in order, saved together, said together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.db import Statement, Tx
from shared.runtime.crash import crash_point
from shared.runtime.loads import Load, fetch_all
from shared.runtime.messages import Message
from shared.runtime.saving import save
from shared.runtime.service import Decision
from shared.runtime.speaking import speak
from shared.runtime.unit_of_work import NotLoaded, UnitOfWork


@dataclass(frozen=True, slots=True)
class Folded:
    """What became of a message: what its (last) decision returned, or the error that undid it."""

    message: Message[Any]
    result: Any = None
    error: Exception | None = None


class Fold:
    """One batch: `load` the messages, `decide` them in the order of the log, `finish`; the caller commits."""

    def __init__(
        self,
        tx: Tx,
        service: str,
        decisions_of: Callable[[Message[Any]], Sequence[Decision]],
        *,
        silent: bool = False,
    ) -> None:
        self.tx, self.service, self.decisions_of, self.silent = tx, service, decisions_of, silent
        self.work = UnitOfWork()
        self.messages: Sequence[Message[Any]] = ()

    async def load(self, messages: Sequence[Message[Any]]) -> None:
        """Run each load once, for all messages that want it."""
        self.messages = messages
        await self._fetch(messages)
        crash_point("fold.loaded")

    async def decide(self, message: Message[Any]) -> Folded:
        """Decide one message; an error takes back its changes only. What is asked for and was not loaded, because an
        earlier message of this batch made it known, is fetched once, after saving."""
        if self._wants_fresh(message):
            await self._start_afresh([message])
        folded = self._attempt(message)
        if isinstance(folded.error, NotLoaded):
            await self._start_afresh(self.messages)
            folded = self._attempt(message)
        return folded

    async def finish(self, also: Sequence[Statement] = ()) -> None:
        """Save what changed, then say what is to be said, and write whatever is `also` to be written; silent, only timers are
        set."""
        spoken = [] if self.silent else self.work.spoken
        await speak(self.tx, self.service, self.work, spoken, also)

    async def _fetch(self, messages: Sequence[Message[Any]]) -> None:
        wanted: dict[Load, list[Message[Any]]] = {}
        for message in messages:
            for decision in self.decisions_of(message):
                for load in decision.wants:
                    wanted.setdefault(load, []).append(message)
        await fetch_all(self.tx, wanted, self.work)

    def _attempt(self, message: Message[Any]) -> Folded:
        self.work.begin(message)
        try:
            result = None
            for decision in self.decisions_of(message):
                result = self._exhaust(decision, message)
            return Folded(message, result)
        except Exception as error:  # one bad message never fails its neighbours
            self.work.undo()
            return Folded(message, error=error)

    def _exhaust(self, decision: Decision, message: Message[Any]) -> Any:
        saying = decision.decide(message, self.work)
        while saying is not None:
            try:
                self.work.say(next(saying))
            except StopIteration as stop:
                return stop.value
        return None

    def _wants_fresh(self, message: Message[Any]) -> bool:
        for decision in self.decisions_of(message):
            for load in decision.fresh:
                if self.work.is_dirty(load.kind):
                    return True
        return False

    async def _start_afresh(self, messages: Sequence[Message[Any]]) -> None:
        await save(self.tx, self.work)
        await self._fetch(messages)
