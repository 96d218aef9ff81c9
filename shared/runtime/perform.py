"""How is a command done? Through the same fold, under the caller's council, with what waits for the same verb.

The answer, a refusal by a rule included, is stored in the transaction of the change: asked again with the same key it
is given again, and nothing is done twice.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.access_log import log_looks
from shared.db import Tx, transaction
from shared.ids import id_from
from shared.refusals import Refused, Stale
from shared.runtime.answers import Answer, find_answers, lock_keys, refusal_of, store_answers
from shared.runtime.batches import run_batch
from shared.runtime.crash import crash_point
from shared.runtime.fold import Fold, Folded
from shared.runtime.messages import Asked, Caller
from shared.runtime.part import where
from shared.runtime.service import Decision
from shared.runtime.trouble import Trouble, sort_trouble

log = structlog.get_logger()

COMMANDS = UUID("6f1d7a52-2f0e-5c55-9d1b-3f6c2f1f9a10")
"""Namespace of commands' causes. Never change this, because ids of everything commands made follow from it."""
PATIENCE = 8.0
"""Seconds a command waits for a database that is away before it is answered 503."""
GROUP = 64
"""How many commands of one verb and council may share a transaction (group commit)."""


_AWAY = (Trouble.WAIT, Trouble.RACE, Trouble.SLOW)


class InProgress(Refused):
    """A request with this Idempotency-Key is being worked on at this moment: ask again."""

    title = "The same request is in progress"


class KeyReused(Refused):
    """This Idempotency-Key was used before, with another body or route."""

    status = 422
    title = "The Idempotency-Key was used for another request"


class NotReady(Refused):
    """The database is away. The same request with the same key may be sent again: it acts once."""

    status = 503
    title = "Not ready, try again"


class Broken(Refused):
    """The fault is ours. Nothing was changed; the same key may be tried again."""

    status = 500
    title = "Something went wrong on our side"


Show = Callable[[Any], BaseModel]


@dataclass(slots=True)
class Request:
    """A command waiting for its turn; `show` makes the answer's body out of what the command returned."""

    verb: Decision
    asked: Asked[Any]
    show: Show
    status: int
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Performer:
    """Runs the commands of one service."""

    def __init__(self, engine: AsyncEngine, service: str, said: Callable[[], None] = lambda: None) -> None:
        self.engine, self.service, self.said = engine, service, said
        self._waiting: dict[tuple[str, str], deque[Request]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def perform(self, verb: Decision, asked: Asked[Any], show: Show, status: int = 200) -> Answer:
        """Do it, or give the answer it got before. A client that goes away does not stop it."""
        request = Request(verb, asked, show, status)
        group = (verb.name, asked.council)
        waiting = self._waiting.get(group)
        if waiting is not None:
            waiting.append(request)
        else:
            self._waiting[group] = deque([request])
            task = asyncio.create_task(self._work_off(group))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return await asyncio.shield(request.answer)

    async def finish(self) -> None:
        """Wait for what is under way."""
        while self._working:
            await asyncio.wait(self._working)

    async def _work_off(self, group: tuple[str, str]) -> None:
        """While one transaction is under way the next group gathers."""
        waiting = self._waiting[group]
        while waiting:
            batch = _that_may_share(waiting)
            try:
                await run_batch(batch, self._attempt, PATIENCE)
            except (Exception, asyncio.CancelledError) as error:  # the callers must hear of it, whatever it is
                _answer_all(batch, error)
        del self._waiting[group]

    async def _attempt(self, batch: Sequence[Request], condemned: tuple[str, str] | None) -> None:
        council = batch[0].asked.council
        async with transaction(self.engine, council) as tx:
            answers = await _Attempt(tx, self.service, batch, condemned).answers()
            crash_point("perform.finished")
        crash_point("perform.committed")
        self.said()
        for request, answer in answers:
            if not request.answer.done():
                request.answer.set_result(answer)


class _Attempt:
    """One transaction of commands of one verb and council."""

    def __init__(self, tx: Tx, service: str, batch: Sequence[Request], condemned: tuple[str, str] | None) -> None:
        self.tx, self.batch, self.condemned = tx, batch, condemned
        self.fold = Fold(tx, service, lambda message: (batch[0].verb,))
        self.given: list[tuple[Request, Answer]] = []
        self.made: list[tuple[Request, Answer]] = []

    async def answers(self) -> list[tuple[Request, Answer]]:
        fresh = await self._not_answered_before()
        crash_point("perform.claimed")
        if self.condemned:
            self.given += [(request, refusal_of(_broken(self.condemned))) for request in fresh]
            return self.given
        asked = [_at(request.asked, self.tx) for request in fresh]
        await self.fold.load(asked)
        for request, one in zip(fresh, asked, strict=True):
            self._note(request, await self.fold.decide(one))
        crash_point("perform.decided")
        looks = [(one.caller, request.verb.name, one.target) for request, one in _pairs(fresh)]
        answers = store_answers([(request.asked, answer) for request, answer in self.made])
        await self.fold.finish(also=[*answers, *log_looks(self.tx, looks)])
        crash_point("perform.answered")
        return self.given + self.made

    async def _not_answered_before(self) -> list[Request]:
        """The lock is tried in a statement of its own, the key looked up in the next: never join the two."""
        free = await lock_keys(self.tx, [request.asked for request in self.batch])
        known = await find_answers(self.tx, [request.asked for request in self.batch])
        fresh = []
        for request in self.batch:
            ident = (request.asked.caller.client_id, request.asked.key)
            if ident in known:
                self.given.append((request, _replayed(request.asked, known[ident])))
            elif ident in free:
                fresh.append(request)
            else:
                self.given.append((request, refusal_of(InProgress())))
        return fresh

    def _note(self, request: Request, folded: Folded) -> None:
        outcome = folded.error or self._shown(request, folded.result)
        if isinstance(outcome, Answer):
            self.made.append((request, outcome))
        elif isinstance(outcome, Refused):
            self.made.append((request, refusal_of(outcome)))
        else:
            log.error("command broke", verb=request.verb.name, because=type(outcome).__name__, at=where(outcome))
            self.given.append((request, refusal_of(Broken())))

    def _shown(self, request: Request, result: Any) -> Answer | Exception:
        """What cannot be shown was not done: it is taken back like what broke while being decided."""
        try:
            body = request.show(result).model_dump_json()
        except Exception as error:  # one broken command never fails its neighbours
            self.fold.work.undo()
            return error
        return Answer(request.status, body, _next(getattr(result, "version", None), request.status))


def cause_of(caller: Caller, verb: str, key: str) -> UUID:
    """The same request by the same client always makes the same ids."""
    return id_from(COMMANDS, f"{caller.council}/{caller.client_id}/{verb}/{key}")


def fingerprint_of(verb: str, target: UUID | None, body: BaseModel) -> str:
    return hashlib.sha256(f"{verb}\n{target}\n{body.model_dump_json()}".encode()).hexdigest()


def match_version(asked: Asked[Any], version: int) -> None:
    """Refuse a command that was decided on an older version than the current one."""
    if asked.if_match is not None and asked.if_match != version:
        raise Stale(current=version)


def _next(version: int | None, status: int) -> int | None:
    """The version the caller will read back: saving moved an existing row on by one."""
    if version is None:
        return None
    return version if status == 201 else version + 1


def _pairs(fresh: Sequence[Request]) -> list[tuple[Request, Asked[Any]]]:
    return [(request, request.asked) for request in fresh]


def _replayed(asked: Asked[Any], known: Answer) -> Answer:
    return known if known.fingerprint == asked.fingerprint else refusal_of(KeyReused())


def _at(asked: Asked[Any], tx: Tx) -> Asked[Any]:
    """A command's `now` is its arrival: the business time its transaction began at."""
    object.__setattr__(asked, "now", tx.now)
    return asked


def _that_may_share(waiting: deque[Request]) -> list[Request]:
    """Equal keys never share a transaction: the second would not see the first one's answer. Nor do equal targets: a
    version moves on with the transaction, and If-Match must see what the first one made of it."""
    batch: list[Request] = []
    keys: set[tuple[str, str]] = set()
    targets: set[UUID] = set()
    while waiting and len(batch) < GROUP:
        asked = waiting[0].asked
        ident = (asked.caller.client_id, asked.key)
        if ident in keys or asked.target in targets:
            break
        keys.add(ident)
        targets.update([asked.target] if asked.target else [])
        batch.append(waiting.popleft())
    return batch


def _broken(condemned: tuple[str, str]) -> Refused:
    log.error("command refused by the database", because=condemned[1])
    return Broken()


def _answer_all(batch: Sequence[Request], error: BaseException) -> None:
    log.error("commands broke", because=type(error).__name__, at=where(error))
    away = isinstance(error, asyncio.CancelledError) or sort_trouble(error) in _AWAY
    for request in batch:
        if not request.answer.done():
            request.answer.set_result(refusal_of(NotReady() if away else Broken()))
