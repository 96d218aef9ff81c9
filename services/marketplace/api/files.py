"""How does a file come in? As text/csv, or as the field `file` of a multipart form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from shared.refusals import Invalid, Refused


class NotAFile(Refused):
    """A file is sent as text/csv, or as the field `file` of a multipart/form-data body."""

    status = 415
    title = "Send text/csv or multipart/form-data"


async def _file(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/csv":
        return await request.body()
    if kind != "multipart/form-data":
        raise NotAFile()
    async with request.form(max_files=1, max_fields=10) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise Invalid("The form has no file.", errors=[{"field": "file", "rule": "missing"}])
        return await sent.read()


File = Annotated[bytes, Depends(_file)]

_MULTIPART = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}

TAKES_A_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}, "multipart/form-data": {"schema": _MULTIPART}},
    }
}
"""What OpenAPI says of such a route."""
