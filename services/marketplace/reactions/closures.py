"""What follows when the day comes on which a service closes? Whoever is still there is said; nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from services.marketplace.common.closing import NOT_OVER, AtSupplier
from services.marketplace.models import Closure, Reviewed
from services.marketplace.reminders import ClosingDayCame
from services.marketplace.rules.closures import is_still_there
from shared.contracts.assessment import ReviewHeld
from shared.contracts.base import Fact
from shared.contracts.supply import ClosureStage
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork


def _supplier(fell: Due[ClosingDayCame], work: UnitOfWork) -> UUID:
    return fell.reminder.supplier_id


CLOSURE = by_key(Closure, "closure_id", hold=Hold.RELY)
IN_FORCE = (ClosureStage.DECIDED, ClosureStage.CLOSING)
THERE = AtSupplier(_supplier, 1, NOT_OVER)


@on(ReviewHeld, wants=(by_key(Reviewed, "person_id"),))
def note_review(heard: Heard[ReviewHeld], work: UnitOfWork) -> None:
    """The last one counts."""
    said, before = heard.fact, work.get(Reviewed, heard.fact.person_id)
    held_on = max(said.held_on, before.held_on) if before else said.held_on
    version = before.version if before else 0
    work.put(Reviewed(council_id=heard.council, version=version, person_id=said.person_id, held_on=held_on))


@due(ClosingDayCame, wants=(CLOSURE, *THERE.wants))
def look_who_is_still_there(fell: Due[ClosingDayCame], work: UnitOfWork) -> Iterator[Fact]:
    """An order ends when support in its place starts, or on the day that a plan agreed anew leaves it out: what neither
    happened to goes on, and its person is said, each with whether anybody has room for them now (Care Act 2014 ss.18, 27)."""
    closure = work.one(Closure, fell.reminder.closure_id)
    if closure.stage not in IN_FORCE:
        return
    left = [one for one in THERE.running(fell, work) if is_still_there(one.last_day, closure.closes_on)]
    replacements = THERE.impact_of(left, fell, work).replacements
    has_room = {one.order_id: one.listing_id is not None for one in replacements}
    for order in sorted(left, key=lambda each: str(each.order_id)):
        yield closure.as_left_behind(order, has_room[order.order_id])
