"""Who takes the place of a process that was killed? Another fork of its keeper, which has everything imported and serves nobody.

Importing is most of a start; a fork of what is imported serves within a fraction of it (ADR 16). Where the keeper itself
dies, the process it keeps ends with it, and whoever runs the keeper (supervisord, a container's restart policy) starts anew.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import structlog

from shared.runtime import crash

log = structlog.get_logger()

ORDERS = (signal.SIGTERM, signal.SIGINT)
DEATHS, WITHIN_SECONDS = 5, 10.0
"""After so many deaths within so long another would only die again: whoever runs the keeper starts with patience."""


class Keeper:
    """One process at a time that does `serve`."""

    def __init__(self, serve: Callable[[], None]) -> None:
        self.serve = serve
        self.kept, self.stopping = 0, False
        self.deaths: deque[float] = deque(maxlen=DEATHS)
        self.line = os.pipe()

    def keep(self) -> None:
        """In the kept process: serve, and come back. In the keeper: never come back, but end as the last one kept did."""
        for order in ORDERS:
            signal.signal(order, self._pass_on)
        while True:
            if self._fork():
                return self.serve()
            code = self._await_end()
            if self.stopping or not _was_killed(code) or self._dies_often():
                sys.exit(code if code >= 0 else 128 - code)
            log.warning("killed, and replaced", status=code)
            crash.carried_out()

    def _fork(self) -> bool:
        """True in the new process. Orders wait until it is known whom they concern."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
        self.kept = os.fork()
        if not self.kept:
            self._be_kept()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
        if self.kept and self.stopping:  # the order came while there was nobody to pass it on to
            self._tell_to_end()
        return not self.kept

    def _be_kept(self) -> None:
        for order in ORDERS:
            signal.signal(order, signal.SIG_DFL)
        os.close(self.line[1])
        threading.Thread(target=self._end_with_keeper, daemon=True, name="keeper").start()

    def _end_with_keeper(self) -> None:
        os.read(self.line[0], 1)  # the keeper alone holds the other end, and writes nothing: this ends when it has died
        crash.die()

    def _await_end(self) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(self.kept, 0)[1])
        self.kept = 0
        return code

    def _dies_often(self) -> bool:
        self.deaths.append(time.monotonic())
        return len(self.deaths) == DEATHS and self.deaths[-1] - self.deaths[0] < WITHIN_SECONDS

    def _pass_on(self, order: int, frame: FrameType | None) -> None:
        """As SIGTERM, whatever it was: a terminal sends SIGINT to both, and to be asked twice is to be asked to hurry."""
        self.stopping = True
        if self.kept:
            self._tell_to_end()

    def _tell_to_end(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.kept, signal.SIGTERM)


def _was_killed(code: int) -> bool:
    return code < 0 or code == crash.KILLED
