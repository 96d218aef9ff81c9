"""What may be asked with a file of visits: to take it in, row by row."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from pydantic import ConfigDict

from services.marketplace.actions.sight import NOBODY, supplier_of
from services.marketplace.actions.suppliers import refuse_unreadable
from services.marketplace.actions.visits import visit_of
from services.marketplace.importers.directory import Found
from services.marketplace.models import Order, UnmatchedVisit, Visit
from services.marketplace.rules.uploads import Rejected, Sheet, Unmatched, read_sheet, take_in, unmatched_id
from services.marketplace.rules.visits import MatchedVisit, OrderTerms, match_record
from shared.contracts.base import Fact
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class UploadVisits(Command):
    """A supplier's file of visits; `order_reference` in it is the order's id."""

    model_config = ConfigDict(ser_json_bytes="base64")

    file: bytes

    @cached_property
    def sheet(self) -> Sheet:
        return read_sheet(self.file)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of a file of visits. A row kept as unmatched before is a repeat."""

    read: int
    new: int
    repeated: int
    unmatched: tuple[Unmatched, ...]
    rejected: tuple[Rejected, ...]


Upload = Asked[UploadVisits]


def _orders_named(asked: Upload, work: UnitOfWork) -> list[UUID]:
    named = {_as_id(record.reference) for record in asked.body.sheet.records}
    return sorted(each for each in named if each)


def _visits_named(asked: Upload, work: UnitOfWork) -> list[UUID]:
    terms = _terms(asked, work)
    found = (match_record(record, terms) for record in asked.body.sheet.records)
    return sorted({visit.plan.visit_id for visit in found if isinstance(visit, MatchedVisit)})


def _rows_named(asked: Upload, work: UnitOfWork) -> list[UUID]:
    supplier_id = supplier_of(asked.caller) or NOBODY
    return sorted({unmatched_id(supplier_id, record) for record in asked.body.sheet.records})


@command(
    wants=(
        by_key(Order, _orders_named, hold=Hold.RELY),
        by_key(Visit, _visits_named, stage=2),
        by_key(UnmatchedVisit, _rows_named),
    )
)
def upload_visits(asked: Upload, work: UnitOfWork) -> Generator[Fact, None, Uploaded]:
    """Good rows are kept, bad ones reported; the same file again changes nothing."""
    sheet = asked.body.sheet
    refuse_unreadable(tuple(Found(each.row, each.field, each.rule) for each in sheet.refused))
    known = (work.get(Visit, visit_id) for visit_id in _visits_named(asked, work))
    upload = take_in(sheet, _terms(asked, work), [each.as_matched() for each in known if each], asked.now)
    for found in upload.new:
        visit = work.put(visit_of(work.one(Order, found.plan.order_id), found))
        yield visit.as_said()
    kept = _keep_unmatched(asked, work, upload.unmatched)
    repeated = upload.repeated + len(upload.unmatched) - len(kept)
    return Uploaded(upload.read, len(upload.new), repeated, kept, tuple(upload.rejected))


def _terms(asked: Upload, work: UnitOfWork) -> dict[str, OrderTerms]:
    """The terms of this supplier's own orders, by the references that stand in the file."""
    terms: dict[str, OrderTerms] = {}
    for reference in {record.reference for record in asked.body.sheet.records}:
        order_id = _as_id(reference)
        order = work.get(Order, order_id) if order_id else None
        if order is not None and order.supplier_id == supplier_of(asked.caller):
            terms[reference] = order.as_terms()
    return terms


def _keep_unmatched(asked: Upload, work: UnitOfWork, unmatched: Iterable[Unmatched]) -> tuple[Unmatched, ...]:
    """Keep what was not kept before; a row that found its visit meanwhile is not unmatched any more."""
    supplier_id = supplier_of(asked.caller) or NOBODY
    left: dict[UUID, Unmatched] = {}
    for one in unmatched:
        left.setdefault(unmatched_id(supplier_id, one.record), one)
    new = {each: left[each] for each in left if work.get(UnmatchedVisit, each) is None}
    for each in new:
        work.put(_unmatched(asked, each, supplier_id, left[each]))
    for each in _rows_named(asked, work):
        row = work.get(UnmatchedVisit, each)
        if row is not None and each not in left:
            work.remove(row)
    return tuple(new.values())


def _unmatched(asked: Upload, row_id: UUID, supplier_id: UUID, unmatched: Unmatched) -> UnmatchedVisit:
    record = unmatched.record
    return UnmatchedVisit(
        council_id=asked.council,
        unmatched_id=row_id,
        supplier_id=supplier_id,
        reference=record.reference,
        planned_at=record.planned_at,
        started_at=record.started_at,
        minutes=record.minutes,
        outcome=record.outcome,
        said_because=record.because,
        worker=record.worker,
        because=unmatched.because,
    )


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
