"""How large may a request be? JSON 1 MB, uploads 10 MB; more is answered 413 before it is read."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.problems import respond
from shared.refusals import TooLarge

JSON_BYTES = 1_000_000
UPLOAD_BYTES = 10_000_000


class BodyLimit:
    """ASGI middleware: counts what arrives, whatever Content-Length says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        limit = JSON_BYTES if b"json" in headers.get(b"content-type", b"json") else UPLOAD_BYTES
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            return await _refuse(limit)(scope, receive, send)
        return await self.app(scope, _Counting(receive, limit), send)


class _Counting:
    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive, self.limit, self.seen = receive, limit, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        self.seen += len(message.get("body", b""))
        if self.seen > self.limit:
            raise HTTPException(413)  # the one exception FastAPI lets through while it reads a body
        return message


def _refuse(limit: int) -> ASGIApp:
    return respond(TooLarge(f"At most {limit:,} bytes are read.", limit_bytes=limit), {"Connection": "close"})
