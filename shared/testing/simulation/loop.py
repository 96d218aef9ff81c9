"""Who goes next? One event loop without a clock of its own: whatever waits goes on when the scheduler lets it.

Everything that would suspend a task in the product (a statement, a commit, a send, a sleep) stands at a *gate* here. The
scheduler opens the gates one at a time, in an order drawn from the seed; between two gates nothing else runs.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from dataclasses import dataclass
from random import Random
from typing import Any

OWNER: ContextVar[Any] = ContextVar("owner", default=None)
"""The process a task belongs to. Tasks inherit it; a process that is killed takes its tasks along."""


ALWAYS = frozenset({"commit", "send", "acknowledge", "delete published"})
"""Between these it hurts most to die: they are gates in every run, other statements in a part of it (`grain`)."""


@dataclass(slots=True, eq=False)
class Gate:
    """Something that waits to go on: `owner` is its process, `name` what it is about to do."""

    owner: Any
    name: str
    open: Callable[[], None]


class Loop(asyncio.AbstractEventLoop):
    """As much of an event loop as the runtime uses. `errors` holds what no task caught."""

    def __init__(self) -> None:
        self.gates: list[Gate] = []
        self.gated, self.grain = True, 1.0
        self.chance = Random(0)
        self.errors: list[BaseException] = []
        self.tasks: dict[Any, dict[asyncio.Task[Any], None]] = {}
        self._ready: deque[asyncio.Handle] = deque()
        self._seconds = 0.0
        self._asleep: dict[int, Gate] = {}

    # ── what the scheduler uses ───────────────────────────────────────────────────────────────────────────────────
    def __enter__(self) -> Loop:
        asyncio._set_running_loop(self)
        return self

    def __exit__(self, *exc: object) -> None:
        for owner in list(self.tasks):
            self.kill(owner)
        asyncio._set_running_loop(None)

    def start(self, owner: Any, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start a task of a process, up to its first gate."""
        token = OWNER.set(owner)
        try:
            task = self.create_task(work)
        finally:
            OWNER.reset(token)
        self.run_ready()
        return task

    def run_ready(self) -> None:
        """Until everything stands at a gate."""
        ready = self._ready
        while ready:
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()

    def open(self, gate: Gate) -> None:
        """Let one go on to its next gate."""
        self.gates.remove(gate)
        gate.open()
        self.run_ready()

    def pass_time(self, seconds: float) -> None:
        self._seconds += seconds

    def kill(self, owner: Any) -> None:
        """As by `kill -9`: its tasks never go on, and nothing of them runs any more."""
        self.gates = [gate for gate in self.gates if gate.owner is not owner]
        killed = list(self.tasks.pop(owner, ()))
        for task in killed:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            coro = task.get_coro()
            if coro is not None:
                coro.close()
        # One of them may have waited for another, and have been woken by its end.
        woken = [getattr(handle._callback, "__self__", None) for handle in self._ready]  # type: ignore[attr-defined]
        self._ready = deque(handle for handle, task in zip(self._ready, woken, strict=True) if task not in killed)
        self.run_ready()

    def stops(self, name: str) -> bool:
        """Whether what is about to happen is a gate in this run."""
        return self.gated and (self.grain == 1.0 or name in ALWAYS or self.chance.random() < self.grain)

    async def gate(self, name: str) -> None:
        """Wait for one's turn."""
        if self.stops(name):
            await self.wait(name)

    async def wait(self, name: str) -> None:
        waits = self.create_future()
        self.gates.append(Gate(OWNER.get(), name, lambda: _release(waits)))
        await waits

    # ── what asyncio uses ─────────────────────────────────────────────────────────────────────────────────────────
    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Time is one more gate: how long a wait takes, compared with what others do, is for the scheduler to say."""
        handle = asyncio.TimerHandle(self._seconds + delay, callback, args, self, context)
        if self.gated:
            gate = Gate(OWNER.get(), "sleep", lambda: _run(handle))
            self.gates.append(gate)
            self._asleep[id(handle)] = gate
        else:
            self._ready.append(handle)
        return handle

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_later(when - self._seconds, callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **kwargs: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, **kwargs)
        mine = self.tasks.setdefault(OWNER.get(), {})
        mine[task] = None
        task.add_done_callback(lambda done: mine.pop(done, None))
        return task

    def time(self) -> float:
        return self._seconds

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.errors.append(error if isinstance(error, BaseException) else RuntimeError(context.get("message")))

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A sleep that was cut short is no gate any more."""
        gate = self._asleep.pop(id(handle), None)
        if gate is not None and gate in self.gates:
            self.gates.remove(gate)


def _run(handle: asyncio.Handle) -> None:
    if not handle.cancelled():
        handle._run()


def _release(waits: asyncio.Future[Any]) -> None:
    if not waits.done():
        waits.set_result(None)
