"""How is one long work divided among processes? Forks of one that has everything imported, watched until all have ended.

Fork before any loop runs and any thread is started: a fork has none of them. Where one fails or is killed, all are stopped
and the whole has failed: half of a work that looks done is worse than none. Where the one that forked them dies, each
ends when it next has something to tell.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

Tell = Callable[[int], None]
Work = Callable[[Tell], None]


class WorkerFailed(Exception):
    """A process failed or was killed; the text says which and how it ended."""


def processors() -> int:
    """How many this process may use: fewer than there are, where it was bound to some."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def divide(works: Sequence[Work], seen: Tell) -> None:
    """Each work in a process of its own; what one tells there is seen here. Raises WorkerFailed."""
    fork = get_context("fork")
    heard, told = fork.Pipe(duplex=False)
    workers = [fork.Process(target=_work, args=(work, heard, told), daemon=True) for work in works]
    try:
        for worker in workers:
            worker.start()
        told.close()  # the workers alone hold this end now: it is closed when all of them have ended
        _watch(workers, heard, seen)
    finally:
        for worker in workers:
            _stop(worker)


def _work(work: Work, heard: Connection, told: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: whoever forked this one stops it
    heard.close()
    work(told.send)


def _watch(workers: Sequence[BaseProcess], heard: Any, seen: Tell) -> None:
    running = {worker.sentinel: (n, worker) for n, worker in enumerate(workers, 1)}
    while True:
        ready = wait([heard, *running])
        for sentinel in running.keys() & set(ready):
            _end(*running.pop(sentinel), len(workers))
        if heard in ready:
            try:
                seen(heard.recv())
            except EOFError:
                break
    for n, worker in running.values():
        _end(n, worker, len(workers))


def _end(n: int, worker: BaseProcess, of: int) -> None:
    worker.join()
    if worker.exitcode:
        how = f"was killed by signal {-worker.exitcode}" if worker.exitcode < 0 else f"ended with {worker.exitcode}"
        raise WorkerFailed(f"Worker {n} of {of} {how}; the others were stopped.")


def _stop(worker: BaseProcess) -> None:
    if worker.pid is not None:
        worker.kill()
        worker.join()
