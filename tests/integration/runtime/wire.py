"""A wire to PostgreSQL that can fall silent, as a cut network does: nothing arrives, nothing ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class Wire:
    """`silent`: what the server answers is lost. `dropped`: how many connections the client gave up meanwhile."""

    port: int = 0
    silent: bool = False
    dropped: int = 0

    async def was_dropped(self) -> bool:
        return self.dropped > 0

    async def carry(self, read: asyncio.StreamReader, write: asyncio.StreamWriter, *, is_answer: bool) -> None:
        while part := await read.read(65_536):
            if not (is_answer and self.silent):
                write.write(part)
        self.dropped += self.silent and not is_answer
        write.close()


@asynccontextmanager
async def silenceable(port: int) -> AsyncIterator[Wire]:
    """A port of its own that leads to `port` on this machine."""
    wire, ways = Wire(), set[asyncio.Task[None]]()

    async def connected(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        to_read, to_write = await asyncio.open_connection("127.0.0.1", port)
        there = asyncio.create_task(wire.carry(read, to_write, is_answer=False))
        ways.update({there, asyncio.create_task(wire.carry(to_read, write, is_answer=True))})

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    yield wire
    server.close()
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)
