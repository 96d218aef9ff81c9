"""What follows when support is to start before there is a plan, and when somebody says that it is over? It is bought as
anything else, and ends by that word alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.marketplace.common.calling_off import CALLING_OFF, call_off_framework
from services.marketplace.common.ending import end_ahead, stand_alone
from services.marketplace.common.taking_back import cancel_unstarted, take_back_competitions, take_back_offers
from services.marketplace.models import Competition, Listing, Offer, Order, Requirement
from services.marketplace.rules.states import REQUIREMENTS, RequirementState
from shared.contracts.assessment import ReablementEnded, ReablementStarted, UrgentSupportAgreed, UrgentSupportEnded
from shared.contracts.base import Basis, Fact, PlanLine, Route, SupplierKind, ToBuy
from shared.money import price_of
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

Begun = UrgentSupportAgreed | ReablementStarted
Over = UrgentSupportEnded | ReablementEnded


@on(UrgentSupportAgreed, ReablementStarted, wants=CALLING_OFF)
def look_for_early_support(heard: Heard[Begun], work: UnitOfWork) -> Iterator[Fact]:
    """A requirement like any other, which the council manages: nobody has been found able to manage a payment yet."""
    if heard.fact.to_buy is not None:
        requirement = work.put(_requirement(heard, work.new_id(), heard.fact.to_buy))
        yield requirement.as_opened()
        yield from call_off_framework(heard, work, requirement)


def _requirement(heard: Heard[Begun], requirement_id: UUID, wanted: ToBuy) -> Requirement:
    said, early_id = heard.fact, _id(heard.fact)
    return Requirement(
        council_id=heard.council,
        requirement_id=requirement_id,
        plan_id=early_id,
        revision=0,
        budget_id=early_id,
        person_id=said.person_id,
        team=said.team,
        area=wanted.area,
        line=_line(early_id, wanted),
        starts_on=said.starts_on,
        state=RequirementState.OPEN,
        basis=Basis.URGENT if isinstance(said, UrgentSupportAgreed) else Basis.REABLEMENT,
        any_kind=wanted.kind_wanted is None,
        until=said.until,
        square=wanted.square,
    )


def _line(early_id: UUID, wanted: ToBuy) -> PlanLine:
    """As a line of a plan would say it."""
    return PlanLine(
        line_id=early_id,
        support=wanted.support,
        kind_wanted=wanted.kind_wanted or SupplierKind.IN_HOUSE,
        route=Route.COUNCIL_MANAGED,
        pattern=wanted.pattern,
        weekly_minutes=wanted.weekly_minutes,
        hourly_pence=wanted.hourly_pence,
        weekly_pence=price_of(wanted.weekly_minutes, wanted.hourly_pence),
        skills=wanted.skills,
    )


def _id(fact: Begun | Over) -> UUID:
    return fact.urgent_id if isinstance(fact, (UrgentSupportAgreed, UrgentSupportEnded)) else fact.reablement_id


# ── its end ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _its_own(heard: Heard[Over], work: UnitOfWork) -> list[tuple[UUID]]:
    return [(_id(heard.fact),)]


def _wanted(heard: Heard[Over], work: UnitOfWork) -> list[tuple[UUID]]:
    return [(one.requirement_id,) for one in work.all(WANTED, _id(heard.fact))]


def _own(heard: Heard[Over], work: UnitOfWork) -> list[Order]:
    """What stands in for a PA ends with the order of that PA."""
    orders: list[Order] = work.all(OF_PERSON, heard.fact.person_id)
    return [one for one in orders if one.plan_id == _id(heard.fact) and one.covers_order_id is None]


# Only looked at, as where a plan takes the place of another: whatever changed meanwhile makes the save start again.
WANTED = by_match(Requirement, "plan_id", of=_its_own, hold=Hold.GLANCE)
OF_PERSON = by_match(Order, "person_id", of="person_id", hold=Hold.GLANCE)
LISTINGS = by_key(Listing, lambda heard, work: [one.listing_id for one in _own(heard, work)], hold=Hold.GLANCE, stage=1)
OFFERS = by_match(Offer, "requirement_id", of=_wanted, hold=Hold.GLANCE, stage=1)
IN_ITS_PLACE = by_match(
    Requirement,
    "replaces_order_id",
    of=lambda heard, work: [(one.order_id,) for one in _own(heard, work)],
    hold=Hold.GLANCE,
    stage=1,
)
COMPETITIONS = by_match(Competition, "requirement_id", of=_wanted, hold=Hold.GLANCE, stage=1)


@on(UrgentSupportEnded, ReablementEnded, wants=(WANTED, OF_PERSON, LISTINGS, OFFERS, IN_ITS_PLACE, COMPETITIONS))
def end_early_support(heard: Heard[Over], work: UnitOfWork) -> Iterator[Fact]:
    """Nobody is asked any more; what runs ends with the day that was said. What was replaced before is over already; what was
    to replace it is looked for all the same."""
    because = heard.fact.outcome
    for requirement in work.all(WANTED, _id(heard.fact)):
        if requirement.state is RequirementState.WITHDRAWN:
            continue
        orders = [one for one in _own(heard, work) if one.requirement_id == requirement.requirement_id]
        yield from take_back_offers(work, work.all(OFFERS, requirement.requirement_id), because)
        take_back_competitions(work, work.all(COMPETITIONS, requirement.requirement_id), because)
        running = yield from cancel_unstarted(work, orders, because)
        if running is None:
            work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "withdraw")))
        else:
            stand_alone(work, work.all(IN_ITS_PLACE, running.order_id))
            yield from end_ahead(work, running, heard.fact.ended_on, heard.today, because)
