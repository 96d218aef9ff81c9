"""What may be asked about practitioners: in which team they are, and how many cases are the most."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated

from pydantic import Field

from services.assessment.actions.sight import seen_by
from services.assessment.models import Practitioner
from shared.contracts.base import Code, Fact
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class SetCaseload(Command):
    """`sub` is the practitioner's, as tokens say it; `most` 0 takes nothing on any more."""

    sub: Code
    team: Code
    most: Annotated[int, Field(ge=0, le=500, strict=True)]


@command(wants=(by_key(Practitioner, "sub"),))
def set_caseload(asked: Asked[SetCaseload], work: UnitOfWork) -> Generator[Fact, None, Practitioner]:
    """New, or as it is now; open cases stay whose they are."""
    before = work.get(Practitioner, asked.body.sub)
    if before is not None:
        seen_by(asked.caller, before)
    yield from ()
    version, open_cases = (before.version, before.open_cases) if before else (0, 0)
    row = Practitioner(council_id=asked.council, version=version, open_cases=open_cases, **dict(asked.body))
    return work.put(seen_by(asked.caller, row))
