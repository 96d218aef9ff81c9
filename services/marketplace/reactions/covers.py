"""What follows when the last day of a cover has passed?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.marketplace.common.covering import free_room
from services.marketplace.models import Cover, Listing
from services.marketplace.reminders import CoverEnds
from services.marketplace.rules.states import COVERS
from shared.contracts.base import Fact
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork


def _its_listing(fell: Due[CoverEnds], work: UnitOfWork) -> UUID | None:
    return work.one(Cover, fell.reminder.cover_id).listing_id


@due(CoverEnds, wants=(by_key(Cover, "cover_id", hold=Hold.CHANGE), by_key(Listing, _its_listing)))
def end_cover(fell: Due[CoverEnds], work: UnitOfWork) -> Iterator[Fact]:
    """The room that was taken for it is the supplier's again."""
    cover = work.one(Cover, fell.reminder.cover_id)
    work.put(replace(cover, state=COVERS.move(cover.state, "end")))
    yield from free_room(work, cover)
