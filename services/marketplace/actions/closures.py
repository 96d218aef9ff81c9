"""What may be asked about a service that may close: propose, consult, answer, decide, close, drop. Nothing is withdrawn from
anybody by it: running orders go on until somebody ends them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.marketplace.actions.orders import Words
from services.marketplace.common.asking import end_offer, reopen_unless_asked
from services.marketplace.common.closing import AtSupplier
from services.marketplace.common.reviewing import have_been_reviewed
from services.marketplace.models import Closure, Listing, Offer, Requirement, Reviewed, Supplier, WithoutReview
from services.marketplace.reminders import ClosingDayCame
from services.marketplace.rules import closures as rules
from services.marketplace.rules.states import CLOSURES, LISTINGS, STANDING, ListingState
from shared.clock import start_of
from shared.contracts.base import Code, Fact
from shared.contracts.marketplace import ListingWithdrawn
from shared.contracts.supply import ClosureStage
from shared.fields import Day, Text
from shared.refusals import OwnWork, Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

OVER = (ClosureStage.DROPPED,)


class ClosureUnderWay(Refused):
    """A closure of this supplier was proposed already."""

    title = "A closure of this supplier is under way"


# ── who is there ──────────────────────────────────────────────────────────────────────────────────────────────────
def _supplier(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Closure, asked.target).supplier_id


AT_TARGET, AT_CLOSURE = AtSupplier(lambda asked, work: asked.target, 1), AtSupplier(_supplier, 1)
EARLIER = by_match(Closure, "supplier_id", of=lambda asked, work: (asked.target,), hold=Hold.GLANCE)
THIS = by_key(Closure)


# ── stages ────────────────────────────────────────────────────────────────────────────────────────────────────────
Number = Annotated[int, Field(ge=0, le=100_000, strict=True)]


class AffectedBesides(BaseModel):
    """What goes with the service besides the orders there, all of it said, if it is nothing: unpaid carers (people), journeys
    and meals (a week), posts (people employed there) and their hours (a week)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carers: Number
    journeys_a_week: Number
    meals_a_week: Number
    posts: Number
    post_hours_a_week: Number


class ProposeClosure(Command):
    """To close on a day ahead; whom and what that hits besides orders; why, in words that stay in this service."""

    closes_on: Day
    affected: AffectedBesides
    reason: Text


@command(wants=(by_key(Supplier), EARLIER, *AT_TARGET.wants))
def propose_closure(asked: Asked[ProposeClosure], work: UnitOfWork) -> Generator[Fact, None, Closure]:
    """Whom it would reach, and who else has room for them, is computed at once."""
    supplier = work.one(Supplier, asked.target)
    under_way = any(each.stage not in OVER for each in work.all(EARLIER, supplier.supplier_id))
    refuse_unless(not under_way, ClosureUnderWay())
    rules.close_on_a_day_ahead(asked.body.closes_on, asked.today)
    affected = rules.Affected(**dict(asked.body.affected))
    rules.be_counted(affected)
    closure = Closure(
        council_id=asked.council,
        closure_id=work.new_id(),
        supplier_id=supplier.supplier_id,
        stage=ClosureStage.PROPOSED,
        closes_on=asked.body.closes_on,
        reason=asked.body.reason,
        proposed_by=asked.caller.sub,
        affected=affected,
        impact=AT_TARGET.impact(asked, work),
    )
    yield closure.as_moved()
    return work.put(closure)


class ConsultParties(Command):
    """Codes of the council's own list: people who come, carers, staff, trade unions, other councils."""

    parties: Annotated[tuple[Code, ...], Field(min_length=1, max_length=50)]


@command(wants=(THIS, *AT_CLOSURE.wants))
def consult_parties(asked: Asked[ConsultParties], work: UnitOfWork) -> Generator[Fact, None, Closure]:
    """They are asked while the proposal can still change."""
    closure = _moved(asked, work, "consult")
    closure = work.put(replace(closure, consulted=rules.named((), asked.body.parties)))
    yield closure.as_moved()
    return closure


class NoteAnswer(Command):
    """What a party said, or that it did not answer; the words stay in this service."""

    party: Code
    answer: Text


@command(wants=(THIS,))
def note_answer(asked: Asked[NoteAnswer], work: UnitOfWork) -> Generator[Fact, None, Closure]:
    closure = work.one(Closure, asked.target)
    match_version(asked, closure.version)
    stage = CLOSURES.move(closure.stage, "answer")
    consulted = rules.heard(closure.consulted, asked.body.party, asked.body.answer, asked.today)
    yield from ()
    return work.put(replace(closure, stage=stage, consulted=consulted))


class DecideClosure(Command):
    """By somebody else than who proposed it, once everybody consulted was heard."""

    reason: Text


def _listed(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID]:
    return (_supplier(asked, work),)


THEIR_LISTINGS = by_match(Listing, "supplier_id", of=_listed, stage=3)
OPEN_THERE = by_match(
    Offer, "supplier_id", "state", of=lambda asked, work: [(_supplier(asked, work), state) for state in STANDING],
    hold=Hold.GLANCE, stage=1,
)  # fmt: skip


def _standing(work: UnitOfWork, supplier_id: UUID) -> list[Offer]:
    return [offer for state in STANDING for offer in work.all(OPEN_THERE, supplier_id, state)]


def _asked_about(asked: Asked[Any], work: UnitOfWork) -> list[UUID]:
    return [offer.requirement_id for offer in _standing(work, _supplier(asked, work))]


ASKED_ABOUT = by_key(Requirement, _asked_about, stage=3)
THEIR_OFFERS = by_match(Offer, "requirement_id", of=_asked_about, stage=4)


@command(wants=(THIS, *AT_CLOSURE.wants, THEIR_LISTINGS, OPEN_THERE, ASKED_ABOUT, THEIR_OFFERS))
def decide_closure(asked: Asked[DecideClosure], work: UnitOfWork) -> Generator[Fact, None, Closure]:
    """From here on nobody new comes. Each order it reaches is said, so that a review comes before anything is withdrawn; on
    the closing day somebody looks who is still there."""
    before = work.one(Closure, asked.target)
    refuse_unless(before.proposed_by != asked.caller.sub, OwnWork())
    closure = _moved(asked, work, "decide")
    rules.be_heard(closure.consulted)
    closure = replace(closure, decided_by=asked.caller.sub, decided_because=asked.body.reason)
    closure = work.put(replace(closure, decided_on=asked.today))
    yield closure.as_moved()
    has_room = {one.order_id: one.listing_id is not None for one in closure.impact.replacements}
    for order in AT_CLOSURE.running(asked, work):
        yield closure.as_reaching(order, has_room[order.order_id])
    yield from _take_nobody_new(work, closure.supplier_id)
    came = ClosingDayCame(closure_id=closure.closure_id, supplier_id=closure.supplier_id)
    work.remind(came, start_of(closure.closes_on), key=closure.closure_id, subject=closure.supplier_id)
    return closure


def _take_nobody_new(work: UnitOfWork, supplier_id: UUID) -> Iterator[Fact]:
    for listing in work.all(THEIR_LISTINGS, supplier_id):
        if listing.state is ListingState.LIVE:
            work.put(replace(listing, state=LISTINGS.move(listing.state, "withdraw")))
            yield ListingWithdrawn(listing_id=listing.listing_id, supplier_id=supplier_id)
    for offer in _standing(work, supplier_id):
        yield end_offer(work, offer, "withdraw", "service_closes").as_withdrawn()
        requirement = work.one(Requirement, offer.requirement_id)
        reopen_unless_asked(work, requirement, work.all(THEIR_OFFERS, offer.requirement_id))


class CloseService(Command):
    """Whoever is still there was reviewed since the closure was decided, or `without_review` says in words why not."""

    without_review: Words = ""


def _still_there(asked: Asked[Any], work: UnitOfWork) -> list[UUID]:
    return [order.person_id for order in AT_CLOSURE.running(asked, work)]


REVIEWED = by_key(Reviewed, _still_there, hold=Hold.GLANCE, stage=2)


@command(wants=(THIS, *AT_CLOSURE.wants, REVIEWED))
def close_service(asked: Asked[CloseService], work: UnitOfWork) -> Generator[Fact, None, Closure]:
    """It is being closed, once a review was held of everybody there (Care Act 2014 s.27). Orders that still run go on until
    somebody ends them."""
    moved, before, reason = _moved(asked, work, "close"), work.one(Closure, asked.target), asked.body.without_review
    reviewed = have_been_reviewed(work, [before], _still_there(asked, work), reason)
    why = None if reviewed else WithoutReview(asked.caller.sub, asked.today, reason)
    closure = work.put(replace(moved, without_review=why))
    yield closure.as_moved()
    return closure


class DropClosure(Command):
    """It does not close after all, and why; listings are published again by whoever publishes them."""

    reason: Text


@command(wants=(THIS, *AT_CLOSURE.wants))
def drop_closure(asked: Asked[DropClosure], work: UnitOfWork) -> Generator[Fact, None, Closure]:
    moved = replace(_moved(asked, work, "drop"), decided_by=asked.caller.sub, decided_because=asked.body.reason)
    closure = work.put(moved)
    work.forget(ClosingDayCame, key=closure.closure_id)
    yield closure.as_moved()
    return closure


def _moved(asked: Asked[Any], work: UnitOfWork, verb: str) -> Closure:
    """At its next stage, with whom it reaches by now."""
    closure = work.one(Closure, asked.target)
    match_version(asked, closure.version)
    stage = CLOSURES.move(closure.stage, verb)
    return replace(closure, stage=stage, impact=AT_CLOSURE.impact(asked, work))
