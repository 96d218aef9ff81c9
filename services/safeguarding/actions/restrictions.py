"""What may be asked about a restriction: propose; and, of a commissioner, place, decline, keep, lift."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.safeguarding.models import Concern, Note, Notice, Restriction, Supplier
from services.safeguarding.reminders import RestrictionReviewDue, TellOthers
from services.safeguarding.rules import restricting
from services.safeguarding.rules.decisions import Ground, Terms
from services.safeguarding.rules.states import RESTRICTIONS
from services.safeguarding.rules.states import Restriction as State
from shared.clock import start_of
from shared.contracts.base import Fact, Support
from shared.contracts.safeguarding import Level, RestrictionKept, RestrictionLifted, RestrictionPlaced
from shared.explain import because
from shared.fields import Day, Text
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

RESTRICTION = by_key(Restriction)
RESTRICTED = by_key(Supplier, lambda asked, work: work.one(Restriction, asked.target).supplier_id, hold=Hold.RELY)
NOTICE = by_key(Notice)


class ProposeRestriction(Command):
    """Empty `supports` means all support. `because` is what others will hear; `reasons` stay here."""

    supplier_id: UUID
    level: Level
    supports: Annotated[tuple[Support, ...], Field(max_length=20)] = ()
    because: Ground
    reasons: Text
    review_on: Day
    concern_id: UUID | None = None


@command(wants=(by_key(Supplier, "supplier_id", hold=Hold.RELY), by_key(Concern, "concern_id", hold=Hold.RELY)))
def propose_restriction(asked: Asked[ProposeRestriction], work: UnitOfWork) -> Generator[Fact, None, Restriction]:
    """Of a supplier that is known; a commissioner decides."""
    body = asked.body
    work.one(Supplier, body.supplier_id)
    if body.concern_id is not None:
        work.one(Concern, body.concern_id)
    restricting.may_be_proposed(Terms(body.level, body.supports, body.reasons, body.review_on), asked.today)
    yield from ()
    return work.put(
        Restriction(
            council_id=asked.council,
            restriction_id=work.new_id(),
            state=State.PROPOSED,
            proposed_by=asked.caller.sub,
            **dict(body),
        )
    )


class PlaceRestriction(Command):
    """Nothing to say besides: the terms are those proposed."""


@command(wants=(RESTRICTION, RESTRICTED))
def place_restriction(asked: Asked[PlaceRestriction], work: UnitOfWork) -> Generator[Fact, None, Restriction]:
    """From here on the market offers this supplier nothing new; support that runs goes on."""
    restriction, state = _moved(asked, work, "place")
    terms = Terms(restriction.level, restriction.supports, restriction.reasons, restriction.review_on)
    restricting.may_be_placed(terms, restriction.proposed_by, asked.caller.sub, asked.today)
    placed = work.put(_noted(asked, replace(restriction, state=state), "place"))
    _remind(work, placed)
    _give_notice(asked, work, placed)
    yield RestrictionPlaced(
        restriction_id=placed.restriction_id,
        supplier_id=placed.supplier_id,
        level=placed.level,
        supports=placed.supports,
        review_on=placed.review_on,
        because=because(placed.because.value),
    )
    return placed


class DeclineRestriction(Command):
    reason: Text


@command(wants=(RESTRICTION,))
def decline_restriction(asked: Asked[DeclineRestriction], work: UnitOfWork) -> Generator[Fact, None, Restriction]:
    restriction, state = _moved(asked, work, "decline")
    restricting.may_be_declined(asked.body.reason, restriction.proposed_by, asked.caller.sub)
    yield from ()
    return work.put(_noted(asked, replace(restriction, state=state), "decline", asked.body.reason))


class KeepRestriction(Command):
    reason: Text
    review_on: Day


@command(wants=(RESTRICTION,))
def keep_restriction(asked: Asked[KeepRestriction], work: UnitOfWork) -> Generator[Fact, None, Restriction]:
    """It was reviewed and is still needed, until its next review."""
    restriction, state = _moved(asked, work, "keep")
    body = asked.body
    restricting.may_be_kept(body.reason, body.review_on, asked.today)
    changed = replace(restriction, state=state, review_on=body.review_on)
    kept = work.put(_noted(asked, changed, "keep", body.reason))
    _remind(work, kept)
    yield RestrictionKept(restriction_id=kept.restriction_id, supplier_id=kept.supplier_id, review_on=kept.review_on)
    return kept


class LiftRestriction(Command):
    reason: Text


@command(wants=(RESTRICTION, NOTICE))
def lift_restriction(asked: Asked[LiftRestriction], work: UnitOfWork) -> Generator[Fact, None, Restriction]:
    """It no longer holds."""
    restriction, state = _moved(asked, work, "lift")
    restricting.may_be_lifted(asked.body.reason)
    work.forget(RestrictionReviewDue, key=restriction.restriction_id)
    _take_back(asked, work, restriction)
    yield RestrictionLifted(restriction_id=restriction.restriction_id, supplier_id=restriction.supplier_id)
    return work.put(_noted(asked, replace(restriction, state=state), "lift", asked.body.reason))


def _moved(asked: Asked[Any], work: UnitOfWork, verb: str) -> tuple[Restriction, State]:
    """The restriction, and the state the verb takes it to."""
    restriction = work.one(Restriction, asked.target)
    match_version(asked, restriction.version)
    return restriction, RESTRICTIONS.move(restriction.state, verb)


def _noted(asked: Asked[Any], restriction: Restriction, verb: str, text: str = "") -> Restriction:
    note = Note(asked.now, asked.caller.sub, verb, text)
    return replace(restriction, decided_by=asked.caller.sub, history=(*restriction.history, note))


def _remind(work: UnitOfWork, restriction: Restriction) -> None:
    reminder = RestrictionReviewDue(restriction_id=restriction.restriction_id, review_on=restriction.review_on)
    at = start_of(restriction.review_on)
    work.remind(reminder, at, key=restriction.restriction_id, subject=restriction.supplier_id)


def _give_notice(asked: Asked[Any], work: UnitOfWork, restriction: Restriction) -> None:
    """What other councils that use this supplier may know of it: not why, nor about whom."""
    location_id = work.one(Supplier, restriction.supplier_id).location_id
    if location_id is None:
        return
    notice = Notice(
        council_id=asked.council,
        restriction_id=restriction.restriction_id,
        location_id=location_id,
        level=restriction.level,
        supports=restriction.supports,
        since=asked.today,
    )
    _tell(asked, work, work.put(notice), restriction)


def _take_back(asked: Asked[Any], work: UnitOfWork, restriction: Restriction) -> None:
    notice = work.get(Notice, restriction.restriction_id)
    if notice is not None:
        _tell(asked, work, work.put(replace(notice, lifted_on=asked.today)), restriction)


def _tell(asked: Asked[Any], work: UnitOfWork, notice: Notice, restriction: Restriction) -> None:
    tell = TellOthers(location_id=notice.location_id)
    work.remind(tell, asked.now, key=notice.location_id, subject=restriction.supplier_id)
