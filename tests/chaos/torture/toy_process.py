"""A service light enough to die a hundred times: the toy, all parts of it, in a process of its own.

Commands come as JSON lines over a socket instead of HTTP: {"key", "thing", "size"} paints, {"drop": id} drops a parked
fact; each is answered with a line.

`python -m tests.chaos.torture.toy_process`, with TOY_… in the environment, imports everything once and then, for each
line {"crash", "seed"} on its input, becomes two: the child is the service, and may die. Its pid and then its exit
status are written to the output, a line each.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from functools import partial
from typing import Any, NoReturn
from uuid import UUID

from shared.db import make_engine
from shared.runtime import crash
from shared.runtime.consume import Consumer
from shared.runtime.parking import Drain
from shared.runtime.perform import Performer
from shared.runtime.relay import Relay
from shared.runtime.service import Service
from shared.runtime.timers import Timers
from tests.chaos.torture.painting import asked_to_paint, shown
from tests.integration.runtime import toy

FROM = ("TOY_WORKER", "TOY_HTTP", "TOY_BOOTSTRAP", "TOY_PREFIX", "TOY_PORT")


async def main() -> None:
    worker_url, http_url, bootstrap, prefix, port = (os.environ[name] for name in FROM)
    service = Service.of("toy", toy)
    worker = make_engine(worker_url, pool_size=8, application="toy-worker")
    http = make_engine(http_url, pool_size=8, application="toy-http")
    relay = Relay(worker, "toy", bootstrap, prefix=prefix)
    readers = (Consumer(worker, service, bootstrap, prefix=prefix), Timers(worker, service, bootstrap, prefix=prefix))
    for part in readers:
        part.heard_said = relay.wake
    performer = Performer(http, "toy", relay.wake)
    listen = partial(answer_lines, performer, Drain(worker, service, "toy"))
    server = await asyncio.start_server(listen, "127.0.0.1", int(port))
    await asyncio.gather(server.serve_forever(), *(part.run() for part in (relay, *readers)))


async def answer_lines(
    performer: Performer, drain: Drain, asking: asyncio.StreamReader, answering: asyncio.StreamWriter
) -> None:
    while line := await asking.readline():
        said = await do(performer, drain, json.loads(line))
        answering.write(json.dumps(said).encode() + b"\n")
        await answering.drain()


async def do(performer: Performer, drain: Drain, one: dict[str, Any]) -> dict[str, Any]:
    if "drop" in one:
        try:
            return {"status": 200, "drained": await drain.drop(one["drop"], "synthetic", "torture")}
        except LookupError:
            return {"status": 404}
    asked = asked_to_paint(UUID(one["thing"]), one["key"], one["size"])
    answer = await performer.perform(toy.paint, asked, shown)
    return {"status": answer.status, "body": answer.body}


def become(order: dict[str, Any]) -> NoReturn:
    """The service, dying where it is ordered to."""
    os.close(0)
    crash.crash_point.__self__.order(order["crash"], str(order["seed"]))  # type: ignore[attr-defined]
    asyncio.run(main())
    os._exit(0)


def bear() -> None:
    """One child after another."""
    for line in sys.stdin:
        pid = os.fork() or become(json.loads(line))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    bear()
