"""What may be asked about suppliers: to register one, to take in a published directory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from services.marketplace.importers.directory import Found, Import, Listed, Sheet, compare, read_sheet
from services.marketplace.models import Restriction, Supplier
from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.suppliers import SupplierUnsound, Terms, be_one_kind, employer_id
from services.marketplace.rules.wages import Age, WageBand, why_no_age
from services.marketplace.rules.words import ROW_WORDS
from shared.contracts.base import Code, Employer, Fact, SupplierKind
from shared.explain import because
from shared.fields import Day, Name
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import Hold, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class ReferenceTaken(Refused):
    """Another supplier has this reference already."""

    title = "A supplier with this reference is known already"


class FileNotRead(NotSo):
    """The file as a whole is not what this route reads: a column is missing, or it is not CSV in UTF-8."""

    title = "The file cannot be read"
    words = ROW_WORDS


class RegisterSupplier(Command):
    """`name` is business data. `reference` is the id a public register knows them by, where there is one. A PA stands here
    once for each employment: `employer` says by whom, `close_family` whether they are family of whoever employs them and
    nobody else works there, `for_person_id` for whom the person or a nominee employs them, `close_family_in_household` that they
    are that person's spouse or partner, or other close family who live with them (SI 2014/2871 reg 3). `wage_band` is the band
    of the minimum wage that they are in by age, `turns_on` the birthday on which that next changes, until they are 21."""

    name: Name
    kind: SupplierKind
    synthetic: bool
    arms_length: bool = False
    reference: Code | None = None
    employer: Employer | None = None
    terms: Annotated[tuple[Terms, ...], Field(max_length=len(Terms))] = ()
    close_family: bool = False
    for_person_id: UUID | None = None
    close_family_in_household: bool = False
    wage_band: WageBand | None = None
    turns_on: Day | None = None


SAME_REFERENCE = by_match(
    Supplier,
    "reference",
    of=lambda asked, work: [(asked.body.reference,)] if asked.body.reference else [],
    hold=Hold.GLANCE,
)


@command(wants=(SAME_REFERENCE,))
def register_supplier(asked: Asked[RegisterSupplier], work: UnitOfWork) -> Generator[Fact, None, Supplier]:
    body = asked.body
    related = body.close_family_in_household
    be_one_kind(body.kind, body.employer, body.arms_length, body.close_family, body.for_person_id, related)
    if no_age := why_no_age(body.employer, body.wage_band, body.turns_on, asked.today):
        raise SupplierUnsound((no_age,))
    if body.reference:
        known = work.all(SAME_REFERENCE, body.reference)
        refuse_unless(not known, ReferenceTaken(supplier_id=str(known[0].supplier_id) if known else None))
    supplier = Supplier(
        council_id=asked.council,
        supplier_id=work.new_id(),
        name=body.name,
        supplier_kind=body.kind,
        arms_length=body.arms_length,
        synthetic=body.synthetic,
        imported=False,
        reference=body.reference,
        employer=body.employer,
        terms=tuple(sorted(set(body.terms))),
        close_family=body.close_family,
        for_person_id=body.for_person_id,
        close_family_in_household=related,
        age=Age(body.wage_band or WageBand.FROM_21, body.turns_on),
        employer_id=employer_id(body.employer, body.for_person_id),
    )
    yield _take_in(work, supplier).as_registered()
    return supplier


class ImportSuppliers(Command):
    """A directory file as published."""

    model_config = ConfigDict(ser_json_bytes="base64")

    file: bytes

    @cached_property
    def sheet(self) -> Sheet:
        return read_sheet(self.file)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a directory file."""

    read: int
    new: int
    updated: int
    unchanged: int
    rejected: tuple[Found, ...]
    defects: tuple[Found, ...]


LISTED_THERE = by_match(
    Supplier, "reference", of=lambda asked, work: [(each,) for each in asked.body.sheet.location_ids]
)


@command(wants=(LISTED_THERE,))
def import_suppliers(asked: Asked[ImportSuppliers], work: UnitOfWork) -> Generator[Fact, None, Imported]:
    """Public facts of registered services: they get no price, no listing and no rating."""
    sheet = asked.body.sheet
    refuse_unreadable(sheet.refused)
    found = ((each, work.all(LISTED_THERE, each)) for each in sheet.location_ids)
    known = {reference: suppliers[0] for reference, suppliers in found if suppliers}
    report = compare(sheet, {reference: each.listed for reference, each in known.items() if each.listed})
    yield from _keep(asked, work, report, known)
    counts = (report.read, len(report.new), len(report.updated), report.unchanged)
    return Imported(*counts, tuple(report.rejected), tuple(report.defects))


def refuse_unreadable(refused: tuple[Found, ...]) -> None:
    if refused:
        raise FileNotRead(tuple(Failure(each.field, each.rule, because(each.rule)) for each in refused))


def _keep(
    asked: Asked[ImportSuppliers], work: UnitOfWork, report: Import, known: dict[str, Supplier]
) -> Iterator[Fact]:
    for listed in (*report.new, *report.updated):
        supplier = known.get(listed.location_id)
        if supplier is None:
            yield _take_in(work, _imported(asked, work, listed)).as_registered()
        else:
            name = listed.name if supplier.imported else supplier.name
            work.put(replace(supplier, name=name, listed=listed))


def _imported(asked: Asked[ImportSuppliers], work: UnitOfWork, listed: Listed) -> Supplier:
    return Supplier(
        council_id=asked.council,
        supplier_id=work.new_id(),
        name=listed.name,
        supplier_kind=SupplierKind.PROVIDER,
        arms_length=False,
        synthetic=False,
        imported=True,
        reference=listed.location_id,
        listed=listed,
    )


def _take_in(work: UnitOfWork, supplier: Supplier) -> Supplier:
    """With the row its restrictions will stand in, so that nothing is ever offered past one being placed."""
    work.put(Restriction(council_id=supplier.council_id, supplier_id=supplier.supplier_id))
    return work.put(supplier)
