"""Was a review held of whoever is at a service that closes, before support there is withdrawn? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.marketplace.models import Closure, Reviewed
from services.marketplace.rules.closures import is_reviewed
from shared.contracts.supply import ClosureStage
from shared.refusals import Refused
from shared.runtime.unit_of_work import UnitOfWork

IN_FORCE = (ClosureStage.DECIDED, ClosureStage.CLOSING)


class ReviewNotHeld(Refused):
    """The service closes, and since that was decided no review was held of these people (`person_ids`): Care Act 2014 s.27. Hold
    one, or say in words why support is withdrawn without it (`without_review`)."""

    title = "A review comes before support is withdrawn"


def have_been_reviewed(work: UnitOfWork, closures: Iterable[Closure], people: Iterable[UUID], reason: str) -> bool:
    """Whether all of them were, of a supplier that closes; where not, a reason must be said. Raises ReviewNotHeld."""
    decided = [one.decided_on for one in closures if one.stage in IN_FORCE]
    left = [person_id for person_id in people if any(not _was(work, person_id, since) for since in decided)]
    if left and not reason:
        raise ReviewNotHeld(person_ids=[str(each) for each in sorted(set(left))])
    return not left


def _was(work: UnitOfWork, person_id: UUID, since: date | None) -> bool:
    reviewed = work.get(Reviewed, person_id)
    return is_reviewed(reviewed.held_on if reviewed else None, since)
