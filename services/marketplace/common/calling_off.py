"""What follows at once when something is wanted for which the council has a framework in force? Pure.

A call-off is no route of its own: the order, its facts and its money are those of every other order.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.marketplace.common.buying import wanted_on
from services.marketplace.common.ordering import ask_supplier, place_order
from services.marketplace.models import Award, Framework, Listing, Order, Requirement, Restriction
from services.marketplace.rules.frameworks import HOURS_TO_ANSWER, call_off, considered, in_force
from services.marketplace.rules.matching import Candidate, Match, Wanted
from services.marketplace.rules.states import REQUIREMENTS, OrderState
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact, Support
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.unit_of_work import UnitOfWork

Wanting = Any
"""PlanAgreed, UrgentSupportAgreed or ReablementStarted."""


def _supports(heard: Heard[Wanting]) -> list[Support]:
    """What is wanted: by each line of a plan, or before there is one."""
    if isinstance(heard.fact, PlanAgreed):
        return sorted({line.support for line in heard.fact.lines})
    return [heard.fact.to_buy.support] if heard.fact.to_buy else []


FRAMEWORKS = by_match(
    Framework,
    "support",
    of=lambda heard, work: [(support,) for support in _supports(heard)],
    hold=Hold.GLANCE,
)


def _framework(heard: Heard[Wanting], work: UnitOfWork, support: Support) -> Framework | None:
    return in_force(work.all(FRAMEWORKS, support), heard.today)


def _on_them(heard: Heard[Wanting], work: UnitOfWork) -> list[UUID]:
    """The suppliers of the frameworks that what is wanted may be called off."""
    found = (_framework(heard, work, support) for support in _supports(heard))
    return [supplier_id for framework in found if framework for supplier_id in framework.suppliers]


# A restriction being placed and a call-off wait for each other; a listing that changed meanwhile makes the save start
# again. Locked in the order restriction, listing, requirement, as everywhere.
RESTRICTIONS = by_key(Restriction, _on_them, hold=Hold.RELY)
LISTINGS = by_match(
    Listing, "supplier_id", of=lambda heard, work: [(one,) for one in _on_them(heard, work)], hold=Hold.GLANCE, stage=1
)
OF_PERSON = by_match(Order, "person_id", of="person_id", hold=Hold.GLANCE)
CALLING_OFF = (FRAMEWORKS, RESTRICTIONS, LISTINGS, OF_PERSON)


def call_off_framework(heard: Heard[Wanting], work: UnitOfWork, requirement: Requirement) -> Iterator[Fact]:
    """The first eligible supplier gets the order, or is asked if it need not accept; why is kept. Where nobody is
    eligible the requirement stays open for a broker."""
    framework = _framework(heard, work, requirement.line.support)
    if framework is None:
        return
    matches = call_off(
        _wanted(heard, work, requirement), framework.suppliers, framework.ranking, _candidates(work, framework)
    )
    first = matches[0] if matches and not matches[0].excluded else None
    award = _award(requirement, framework, matches, first)
    if first is not None:
        award = yield from _give(heard, work, requirement, framework, award)
    work.put(award)


def _wanted(heard: Heard[Wanting], work: UnitOfWork, requirement: Requirement) -> Wanted:
    running = (OrderState.CONFIRMED, OrderState.STARTED)
    orders: list[Order] = work.all(OF_PERSON, requirement.person_id)
    known = frozenset(order.supplier_id for order in orders if order.state in running)
    return wanted_on(heard.today, requirement, known)


def _candidates(work: UnitOfWork, framework: Framework) -> Iterator[Candidate]:
    for supplier_id in framework.suppliers:
        restriction = work.get(Restriction, supplier_id)
        for listing in work.all(LISTINGS, supplier_id):
            yield listing.as_candidate(restriction)


def _give(
    heard: Heard[Wanting], work: UnitOfWork, requirement: Requirement, framework: Framework, award: Award
) -> Generator[Fact, None, Award]:
    listing = work.one(Listing, award.listing_id)
    if not framework.obliged:
        by, hours = f"framework/{framework.framework_id}", HOURS_TO_ANSWER
        offer = yield from ask_supplier(work, requirement, listing, listing.hourly_pence, by, heard.now, hours)
        return replace(award, offer_id=offer.offer_id)
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "award")))
    framework_id, price = framework.framework_id, listing.hourly_pence
    order = yield from place_order(work, requirement, listing, price, framework_id=framework_id)
    return replace(award, order_id=order.order_id)


def _award(requirement: Requirement, framework: Framework, matches: tuple[Match, ...], first: Match | None) -> Award:
    return Award(
        council_id=requirement.council_id,
        requirement_id=requirement.requirement_id,
        framework_id=framework.framework_id,
        listing_id=first.candidate.listing_id if first else None,
        order_id=None,
        offer_id=None,
        steps=first.lines if first else (),
        considered=considered(matches),
    )
