"""What is common to the parts of a service (consumer, relay, timers)? They run until stopped, wait out trouble, pause."""

from __future__ import annotations

import asyncio
import random
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from shared.runtime.batches import LONGEST_WAIT, Fault
from shared.runtime.trouble import Trouble, sort_trouble

log = structlog.get_logger()

CLOSE_SECONDS = 5.0
CALL_SECONDS = 20.0
"""A Kafka client that is not back from one call after so long may never be, whatever its broker does: another takes its
place. Seen once, when a broker died; which call it was is not known."""


async def close(client: Any) -> None:
    """Stop a Kafka client, whatever state its broker is in. Its own cancelled tasks must not end ours."""
    closing = asyncio.ensure_future(client.stop())
    await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
    if not closing.done():
        closing.cancel()
    elif not closing.cancelled():
        closing.exception()


def where(error: BaseException) -> str:
    """Where in the code an error arose. Its text is never logged: it may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""


def _is_cancelled(error: BaseException) -> bool:
    """Whether somebody cancels this very task. Clients leak the cancellation of tasks of their own: that ends nobody."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _is_fault(error: BaseException) -> bool:
    if isinstance(error, (KafkaError, asyncio.CancelledError)):
        return False
    return isinstance(error, Fault) or sort_trouble(error) is Trouble.FAULT


class Part:
    """A long-running part. `ready` and `paused_because` feed /health/ready; `beat` feeds /health/live."""

    name = "part"

    def __init__(self) -> None:
        self.stopping = self.ready = self.standing_by = False
        self.paused_because = ""
        self.parked_in_a_row = 0
        self.last_turn = time.monotonic()
        self.heard_said: Callable[[], None] = lambda: None
        self._stop = asyncio.Event()
        self._failures = 0

    async def run(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self.stopping = True
        self._stop.set()

    def well(self) -> None:
        """A turn went well: whatever it was paused for is over."""
        self.ready, self.paused_because = True, ""

    def beat(self) -> None:
        self.last_turn = time.monotonic()

    def said(self) -> None:
        """Something may have been said: wake the relay of this process, if there is one."""
        self._failures = 0
        self.heard_said()

    async def sleep(self, seconds: float) -> None:
        """Sleep, unless stopped."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    async def guarded(self, work: Callable[..., Awaitable[None]], *args: Any) -> None:
        """Do the part's work. Trouble that is nobody's fault is waited out; a fault pauses: loud, alive, not ready."""
        try:
            await work(*args)
        except (Exception, asyncio.CancelledError) as error:
            if _is_cancelled(error):
                raise
            self._failures += 1
            if _is_fault(error):
                self.paused_because = str(error) if isinstance(error, Fault) else type(error).__name__
                log.error("paused", part=self.name, because=self.paused_because, at=where(error))
            else:
                log.warning("waiting", part=self.name, because=type(error).__name__)
            self.ready = False
            await self.sleep(min(LONGEST_WAIT, 0.1 * 2 ** min(self._failures, 8)) * (0.5 + random.random() / 2))
            self.beat()
        else:
            self.paused_because = ""
