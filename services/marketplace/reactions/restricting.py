"""What follows when a supplier is restricted, and when that is reviewed or lifted? Running support goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.marketplace.common.asking import end_offer, reopen_unless_asked
from services.marketplace.models import Offer, Placed, Requirement, Restriction
from services.marketplace.rules.states import STANDING
from shared.contracts.base import Fact
from shared.contracts.safeguarding import RestrictionKept, RestrictionLifted, RestrictionPlaced
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

RESTRICTION = by_key(Restriction, "supplier_id")
OPEN_AT_SUPPLIER = by_match(
    Offer,
    "supplier_id",
    "state",
    of=lambda heard, work: [(heard.fact.supplier_id, state) for state in STANDING],
    hold=Hold.GLANCE,
)


def _standing(heard: Heard[RestrictionPlaced], work: UnitOfWork) -> list[Offer]:
    return [offer for state in STANDING for offer in work.all(OPEN_AT_SUPPLIER, heard.fact.supplier_id, state)]


def _requirements_asked(heard: Heard[RestrictionPlaced], work: UnitOfWork) -> list[UUID]:
    return [offer.requirement_id for offer in _standing(heard, work)]


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
    for offer in _standing(heard, work):
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
