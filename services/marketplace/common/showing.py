"""Which evidence counts for a supplier: what was seen of them, and of whoever employs them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import UUID

from services.marketplace.models import Evidence
from services.marketplace.rules.suppliers import employer_id
from shared.contracts.base import Employer
from shared.runtime.loads import Hold, Load, by_match
from shared.runtime.unit_of_work import UnitOfWork


class Shows(Protocol):
    """A supplier, or a listing of theirs."""

    @property
    def supplier_id(self) -> UUID: ...
    @property
    def employer(self) -> Employer | None: ...
    @property
    def for_person_id(self) -> UUID | None: ...


def employer_of(shows: Shows) -> UUID | None:
    return employer_id(shows.employer, shows.for_person_id)


class EvidenceLoads:
    """The rows that readiness needs, for the suppliers of a message."""

    def __init__(self, of: Callable[[Any, UnitOfWork], Iterable[Shows]], stage: int, hold: Hold = Hold.GLANCE) -> None:
        self.suppliers = of
        self.own = by_match(Evidence, "supplier_id", of=self._own, hold=hold, stage=stage)
        self.employers = by_match(Evidence, "employer_id", of=self._employers, hold=hold, stage=stage)

    def _own(self, message: Any, work: UnitOfWork) -> list[UUID]:
        return sorted({each.supplier_id for each in self.suppliers(message, work)})

    def _employers(self, message: Any, work: UnitOfWork) -> list[UUID]:
        found = (employer_of(each) for each in self.suppliers(message, work))
        return sorted({each for each in found if each})

    @property
    def wants(self) -> tuple[Load, ...]:
        return (self.own, self.employers)

    def of(self, work: UnitOfWork, shows: Shows) -> list[Evidence]:
        """Each once: what is the employer's may have been seen at this supplier."""
        own: list[Evidence] = work.all(self.own, shows.supplier_id)
        employer = employer_of(shows)
        seen = {each.evidence_id for each in own}
        theirs: list[Evidence] = work.all(self.employers, employer) if employer else []
        return own + [each for each in theirs if each.evidence_id not in seen]
