"""Is it really ready? Not 'the port is open', but: it answered the question it is there for."""

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import asyncpg

from care.local.supervisor import Supervisor
from care.local.trouble import Trouble
from shared.runtime.reach import broker_answers

T = TypeVar("T")
Check = Callable[[], bool]
CRASHES = 3  # a program that dies this often while starting will not get better by waiting
LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, whether or not the caller is itself inside an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def postgres(dsn: str) -> bool:
    return in_own_loop(_postgres_answers(dsn))


async def _postgres_answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=3)
        await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


def kafka(bootstrap: str) -> bool:
    return in_own_loop(broker_answers(bootstrap))


def http(url: str) -> bool:
    """Whether a GET answers 200 within three seconds."""
    try:
        with LOOPBACK.open(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait(supervisor: Supervisor, name: str, check: Check, patience: float) -> None:
    """Wait until a supervised program is ready.

    Raises Trouble with the end of its log when `patience` seconds have passed or when it keeps dying.
    """
    deadline, deaths = time.monotonic() + patience, set[int]()
    while not check():
        info = supervisor.states().get(name, {})
        if info.get("statename") in ("BACKOFF", "FATAL", "EXITED"):
            deaths.add(int(info.get("start", 0)))
        if len(deaths) >= CRASHES or info.get("statename") == "FATAL":
            raise Trouble(_report(supervisor, name, "keeps stopping"))
        if time.monotonic() > deadline:
            raise Trouble(_report(supervisor, name, f"was not ready within {patience:.0f} s"))
        time.sleep(0.1)


def _report(supervisor: Supervisor, name: str, what: str) -> str:
    log = supervisor.place.logs / f"{name}.log"
    return f"{name} {what}, so everything was stopped again. The end of {log}:\n\n{supervisor.tail(name)}"


def wait_given(variable: str, check: Check, patience: float = 15.0) -> None:
    """Wait for a server that we were given; Trouble if it does not answer."""
    deadline = time.monotonic() + patience
    while not check():
        if time.monotonic() > deadline:
            raise Trouble(f"The server named by {variable} does not answer. Start it, or unset {variable} to use ours.")
        time.sleep(0.2)
