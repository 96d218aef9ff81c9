"""What does marketplace do about what it hears, and when time passes?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.marketplace.asking import end_offer, reopen_unless_asked
from services.marketplace.calling_off import CALLING_OFF, call_off_framework
from services.marketplace.models import Claim, Consent, Offer, Order, Placed, Requirement, Restriction
from services.marketplace.reminders import OfferLapses
from services.marketplace.rules.states import CLAIMS, ORDERS, REQUIREMENTS, OfferState, RequirementState
from shared.contracts.assessment import ConsentGiven, ConsentWithdrawn, PlanAgreed
from shared.contracts.base import Fact, PlanLine
from shared.contracts.budget import ClaimPaid, FundsCommitted, FundsShort
from shared.contracts.safeguarding import RestrictionKept, RestrictionLifted, RestrictionPlaced
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard, Message
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

CONSENT = by_key(Consent, lambda heard, work: (heard.fact.person_id, heard.fact.client_id))
ORDER = by_key(Order, "order_id")
RESTRICTION = by_key(Restriction, "supplier_id")
OF_THE_PLAN = by_match(Requirement, "plan_id", of="plan_id", stage=1)
STILL_LOOKING = (RequirementState.OPEN, RequirementState.OFFERED)
OPEN_AT_SUPPLIER = by_match(
    Offer, "supplier_id", "state", of=lambda heard, work: (heard.fact.supplier_id, OfferState.MADE), hold=Hold.GLANCE
)


# ── what is wanted, and who may see it ────────────────────────────────────────────────────────────────────────────
@on(PlanAgreed, wants=(OF_THE_PLAN, *CALLING_OFF))
def open_requirements(heard: Heard[PlanAgreed], work: UnitOfWork) -> Iterator[Fact]:
    """Each line of the agreed plan looks for a supplier; what an earlier revision still looked for is withdrawn."""
    known = work.all(OF_THE_PLAN, heard.fact.plan_id)
    if any(requirement.revision >= heard.fact.revision for requirement in known):
        return
    for requirement in known:
        if requirement.state in STILL_LOOKING:
            work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "withdraw")))
    for line in heard.fact.lines:
        requirement = work.put(_requirement(heard, work.new_id(), line))
        yield requirement.as_opened()
        yield from call_off_framework(heard, work, requirement)


def _requirement(heard: Heard[PlanAgreed], requirement_id: UUID, line: PlanLine) -> Requirement:
    plan = heard.fact
    return Requirement(
        council_id=heard.council,
        requirement_id=requirement_id,
        plan_id=plan.plan_id,
        revision=plan.revision,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        team=plan.team,
        area=plan.area,
        line=line,
        starts_on=plan.starts_on,
        state=RequirementState.OPEN,
    )


@on(ConsentGiven, wants=(CONSENT,))
def note_consent(heard: Heard[ConsentGiven], work: UnitOfWork) -> None:
    before = work.get(Consent, heard.fact.person_id, heard.fact.client_id)
    given = dict(heard.fact)
    work.put(Consent(council_id=heard.council, version=before.version if before else 0, **given))


@on(ConsentWithdrawn, wants=(CONSENT,))
def end_consent(heard: Heard[ConsentWithdrawn], work: UnitOfWork) -> None:
    """From now on the app sees nothing of this person."""
    consent = work.get(Consent, heard.fact.person_id, heard.fact.client_id)
    if consent is not None:
        work.put(replace(consent, withdrawn=True))


# ── restrictions ──────────────────────────────────────────────────────────────────────────────────────────────────
def _requirements_asked(heard: Heard[RestrictionPlaced], work: UnitOfWork) -> list[UUID]:
    return [offer.requirement_id for offer in work.all(OPEN_AT_SUPPLIER, heard.fact.supplier_id, OfferState.MADE)]


ASKED_THERE = by_key(Requirement, _requirements_asked)
THEIR_OFFERS = by_match(
    Offer, "requirement_id", of=lambda heard, work: [(one,) for one in _requirements_asked(heard, work)], stage=2
)


@on(RestrictionPlaced, wants=(RESTRICTION, OPEN_AT_SUPPLIER, ASKED_THERE, THEIR_OFFERS))
def obey_restriction(heard: Heard[RestrictionPlaced], work: UnitOfWork) -> Iterator[Fact]:
    """From `no_new_placements` upwards open offers in its scope no longer stand. Running support goes on."""
    fact = heard.fact
    before = work.get(Restriction, fact.supplier_id) or Restriction(
        council_id=heard.council, supplier_id=fact.supplier_id
    )
    placed = Placed(fact.restriction_id, fact.level, fact.supports, fact.review_on)
    others = _without(before, fact.restriction_id)
    work.put(replace(before, placed=(*others, placed)))
    if not fact.level.stops_new_offers:
        return
    for offer in work.all(OPEN_AT_SUPPLIER, fact.supplier_id, OfferState.MADE):
        if not fact.supports or offer.support in fact.supports:
            yield end_offer(work, offer, "withdraw", "supplier_restricted").as_withdrawn()
            requirement = work.one(Requirement, offer.requirement_id)
            reopen_unless_asked(work, requirement, work.all(THEIR_OFFERS, offer.requirement_id))


@on(RestrictionKept, wants=(RESTRICTION,))
def keep_restriction(heard: Heard[RestrictionKept], work: UnitOfWork) -> None:
    restriction = work.get(Restriction, heard.fact.supplier_id)
    if restriction is not None:
        kept = (_reviewed(each, heard.fact) for each in restriction.placed)
        work.put(replace(restriction, placed=tuple(kept)))


@on(RestrictionLifted, wants=(RESTRICTION,))
def lift_restriction(heard: Heard[RestrictionLifted], work: UnitOfWork) -> None:
    restriction = work.get(Restriction, heard.fact.supplier_id)
    if restriction is not None:
        work.put(replace(restriction, placed=_without(restriction, heard.fact.restriction_id)))


def _without(restriction: Restriction, restriction_id: UUID) -> tuple[Placed, ...]:
    return tuple(each for each in restriction.placed if each.restriction_id != restriction_id)


def _reviewed(placed: Placed, kept: RestrictionKept) -> Placed:
    return replace(placed, review_on=kept.review_on) if placed.restriction_id == kept.restriction_id else placed


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@on(FundsCommitted, wants=(ORDER,))
def confirm_order(heard: Heard[FundsCommitted], work: UnitOfWork) -> Iterator[Fact]:
    """Support may start. Money for a further year of an order that moved on changes nothing here."""
    order = work.one(Order, heard.fact.order_id)
    if (order.state, "confirm") in ORDERS:
        yield work.put(replace(order, state=ORDERS.move(order.state, "confirm"))).as_confirmed()


@on(FundsShort, wants=(ORDER,))
def hold_order(heard: Heard[FundsShort], work: UnitOfWork) -> Iterator[Fact]:
    """An order not yet confirmed waits for the re-costing. What was confirmed is not: support never stops by software."""
    order = work.one(Order, heard.fact.order_id)
    if (order.state, "hold") in ORDERS:
        yield work.put(replace(order, state=ORDERS.move(order.state, "hold"))).as_held()


@on(ClaimPaid, wants=(by_key(Claim, "claim_id"),))
def note_payment(heard: Heard[ClaimPaid], work: UnitOfWork) -> None:
    claim = work.one(Claim, heard.fact.claim_id)
    if (claim.state, "pay") in CLAIMS:
        work.put(replace(claim, state=CLAIMS.move(claim.state, "pay"), paid_on=heard.fact.paid_on))


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _requirement_named(message: Message[Any], work: UnitOfWork) -> UUID:
    requirement_id: UUID = message.body.requirement_id
    return requirement_id


OFFERS_OF_IT = by_match(Offer, "requirement_id", of=_requirement_named)


@due(OfferLapses, wants=(by_key(Requirement, "requirement_id"), OFFERS_OF_IT))
def expire_offer(fell: Due[OfferLapses], work: UnitOfWork) -> Iterator[Fact]:
    """Nobody answered in time."""
    offers = work.all(OFFERS_OF_IT, fell.reminder.requirement_id)
    for offer in offers:
        if offer.offer_id == fell.reminder.offer_id and offer.state is OfferState.MADE:
            yield end_offer(work, offer, "expire").as_expired()
    requirement = work.one(Requirement, fell.reminder.requirement_id)
    reopen_unless_asked(work, requirement, work.all(OFFERS_OF_IT, requirement.requirement_id))
