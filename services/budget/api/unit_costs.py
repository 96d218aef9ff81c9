"""What may be asked about published unit costs?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import UploadFile

from services.budget import store
from services.budget.actions import unit_costs as actions
from services.budget.api.published import UnitCostView
from shared.auth import allowed
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, page_of
from shared.refusals import Invalid, Refused
from shared.runtime.messages import Caller

router = APIRouter(tags=["unit costs"], prefix="/v1")

YEAR = r"^\d{4}-\d{2}$"
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class NotCsv(Refused):
    """This route reads a CSV file: as text/csv, or as the `file` part of multipart/form-data."""

    status = 415
    title = "Send the file as text/csv or multipart/form-data"


async def _file(request: Request) -> bytes:
    """The file's bytes, whichever way it was sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/csv":
        return await request.body()
    if kind != "multipart/form-data":
        raise NotCsv()
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise Invalid("The form has no file.", errors=[{"field": "file", "rule": "missing"}])
        return await sent.read()


@router.post("/unit-costs", response_model=actions.Report, openapi_extra=BODY, **answers(415))
async def import_unit_costs(
    who: Annotated[Caller, allowed("budget:write")],
    ask: Asking,
    file: Annotated[bytes, Depends(_file)],
    year: Annotated[
        str | None, Query(pattern=YEAR, description="for 2014-15's form, which does not say its own")
    ] = None,
) -> Response:
    """Take in a PSS-EX1 file. Sound figures are kept, each other one is reported by row, field and rule."""
    body = actions.UploadUnitCosts(csv=file.decode("latin-1"), year=year)
    return await ask(actions.import_unit_costs, who, body, show=lambda report: report)


@router.get("/unit-costs", **answers())
async def list_unit_costs(
    who: Annotated[Caller, allowed("budget:read")],
    look: Looking,
    after: Cursor,
    year: Annotated[str | None, Query(pattern=YEAR)] = None,
    support: Annotated[str | None, Query(pattern=r"^[a-z_]{1,64}$")] = None,
    limit: Limit = 50,
) -> Page[UnitCostView]:
    """Figures of their year. Own beside bought in is marked not like for like; the notes are the publisher's."""
    async with look(who, "list_unit_costs") as tx:
        rows = await store.unit_costs(tx, after, year, support, limit + 1)
    return page_of(rows, limit, lambda row: row.unit_cost_id, UnitCostView.of)
