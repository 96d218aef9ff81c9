"""Who sends the requests? Connections that write prepared bytes and read one answer each: cheap beside any server."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from uuid import uuid4

from shared.testing.tokens import KEY

Make = Callable[[int], bytes]
"""The n-th request, as bytes."""


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Client:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def send(self, request: bytes) -> int:
        """The status of the answer."""
        status, _ = await self.read(request)
        return status

    async def read(self, request: bytes) -> tuple[int, bytes]:
        """The status of the answer, and its body."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await self.reader.readexactly(int(length.split(b":")[1]))
        return int(head[9:12]), body


def get(path: str, **headers: str) -> bytes:
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n{said}\r\n".encode()


def post(path: str, body: bytes, **headers: str) -> bytes:
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{said}\r\n"
    return head.encode() + body


async def closed_loop(port: int, clients: int, seconds: float, make: Make) -> list[float]:
    """Each client sends its next request when the last is answered; the seconds each answer took. All must succeed."""
    taken: list[float] = []
    numbers, end = count(), time.monotonic() + seconds

    async def work() -> None:
        async with Client(port) as client:
            while (began := time.monotonic()) < end:
                status = await client.send(make(next(numbers)))
                if status >= 300:
                    raise RuntimeError(f"answered {status}")
                taken.append(time.monotonic() - began)

    await asyncio.gather(*(work() for _ in range(clients)))
    return taken


async def open_loop(port: int, rate: float, seconds: float, make: Make) -> list[float]:
    """Requests at their times, whatever the server does; seconds from when each was due to its answer."""
    taken: list[float] = []
    due = asyncio.Queue[tuple[int, float]]()

    async def work() -> None:
        async with Client(port) as client:
            while True:
                number, at = await due.get()
                status = await client.send(make(number))
                taken.append(time.monotonic() - at)
                if status >= 300:
                    raise RuntimeError(f"answered {status}")
                due.task_done()

    workers = [asyncio.create_task(work()) for _ in range(64)]
    began, sent = time.monotonic(), 0
    while (gone := time.monotonic() - began) < seconds:
        while sent < gone * rate:
            due.put_nowait((sent, began + sent / rate))
            sent += 1
        await asyncio.sleep(0.001)
    await asyncio.wait_for(due.join(), 120)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return taken


def fresh_key() -> str:
    return str(uuid4())


JWKS = json.dumps({"keys": [KEY.as_dict(private=False)]})


@contextmanager
def issuer() -> Iterator[str]:
    """Where services fetch the keys of the tokens that are used here."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(JWKS.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/jwks"
    finally:
        server.shutdown()
