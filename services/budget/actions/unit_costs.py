"""What may be asked about published unit costs: to take in a PSS-EX1 file."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.budget.importers.unit_costs import Found, Import, read
from services.budget.importers.unit_costs import UnitCost as Published
from services.budget.models import UnitCost
from shared.contracts.base import Fact
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

UNIT_COSTS = UUID("a3a1b8b0-51c5-5c0e-9f0e-2a6d1a0c7e11")
"""Namespace of unit costs' ids. Never change this, because a file imported again finds its rows by it."""


class UploadUnitCosts(Command):
    """A file as published, Latin-1; `year` for the form that does not say its own."""

    csv: str
    year: str | None = None

    @cached_property
    def found(self) -> Import:
        return read(self.csv.encode("latin-1"), self.year)


class Rejected(BaseModel):
    row: int
    field: str | None
    rule: str


class Report(BaseModel):
    """What became of a file. `read` counts its rows; the others count figures."""

    year: str
    read: int
    new: int
    updated: int
    unchanged: int
    not_published: int
    left_out: int
    rejected: list[Rejected]
    defects: list[Rejected]


@dataclass(slots=True)
class Tally:
    new: int = 0
    updated: int = 0
    unchanged: int = 0


KNOWN = by_key(UnitCost, lambda asked, work: [id_of(cost) for cost in asked.body.found.costs])


@command(wants=(KNOWN,))
def import_unit_costs(asked: Asked[UploadUnitCosts], work: UnitOfWork) -> Generator[Fact, None, Report]:
    """Take in every figure that is sound; say of each other one why not."""
    found, tally = asked.body.found, Tally()
    for cost in found.costs:
        _take(cost, found, work, tally)
    yield from ()
    return _report(found, tally)


def _take(cost: Published, found: Import, work: UnitOfWork, tally: Tally) -> None:
    before = work.get(UnitCost, id_of(cost))
    row = _row(cost, found, work.message.council, before.version if before else 0)
    if row == before:
        tally.unchanged += 1
        return
    work.put(row)
    tally.new, tally.updated = tally.new + (before is None), tally.updated + (before is not None)


def id_of(cost: Published) -> UUID:
    """One figure an authority, year and measure."""
    return uuid5(UNIT_COSTS, f"{cost.council}/{cost.year}/{cost.measure.code}")


def _row(cost: Published, found: Import, council: str, version: int) -> UnitCost:
    return UnitCost(
        council_id=council,
        version=version,
        unit_cost_id=id_of(cost),
        authority=cost.council,
        name=cost.name,
        year=cost.year,
        measure=cost.measure.code,
        support=cost.measure.support,
        group=cost.measure.group,
        provision=cost.measure.provision,
        unit=cost.measure.unit,
        pence=cost.pence,
        cost_thousands=cost.cost_thousands,
        quantity=cost.quantity,
        not_like_for_like=cost.measure.not_like_for_like,
        notes=found.notes,
    )


def _report(found: Import, tally: Tally) -> Report:
    return Report(
        year=found.year,
        read=found.read,
        new=tally.new,
        updated=tally.updated,
        unchanged=tally.unchanged,
        not_published=found.not_published,
        left_out=found.left_out,
        rejected=[_rejected(each) for each in found.rejected],
        defects=[_rejected(each) for each in found.defects],
    )


def _rejected(found: Found) -> Rejected:
    return Rejected(row=found.row, field=found.field or None, rule=found.rule)
