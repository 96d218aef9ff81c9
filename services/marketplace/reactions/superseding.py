"""What becomes of requirements and orders when a plan takes the place of another? What is untouched goes on; what changes
goes on until support in its place starts; what is left out ends before the new plan starts, as the person agreed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.marketplace.common.calling_off import OF_PERSON
from services.marketplace.common.ending import BEFORE_THE_START, SUPERSEDED, be_over, end_ahead
from services.marketplace.common.taking_back import cancel_unstarted, take_back_competitions, take_back_offers
from services.marketplace.models import Competition, Listing, Offer, Order, Requirement
from services.marketplace.reminders import OrderEnds
from services.marketplace.rules.matching import Replaced
from services.marketplace.rules.states import REQUIREMENTS, OrderState, RequirementState
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork


def _person(heard: Heard[PlanAgreed], work: UnitOfWork) -> list[tuple[UUID]]:
    return [] if heard.fact.supersedes_plan_id is None else [(heard.fact.person_id,)]


def _requirements(heard: Heard[PlanAgreed], work: UnitOfWork) -> list[tuple[UUID]]:
    if heard.fact.supersedes_plan_id is None:
        return []
    return [(one.requirement_id,) for one in _of_the_old(heard, work)]


def _of_the_old(heard: Heard[PlanAgreed], work: UnitOfWork) -> list[Requirement]:
    theirs: list[Requirement] = work.all(WANTED_BY_PERSON, heard.fact.person_id)
    return [one for one in theirs if one.plan_id == heard.fact.supersedes_plan_id]


def _listings(heard: Heard[PlanAgreed], work: UnitOfWork) -> list[UUID]:
    if heard.fact.supersedes_plan_id is None:
        return []
    return [order.listing_id for order in work.all(OF_PERSON, heard.fact.person_id)]


# Only looked at: whatever changed meanwhile makes the save start again.
WANTED_BY_PERSON = by_match(Requirement, "person_id", of=_person, hold=Hold.GLANCE, stage=1)
THEIR_LISTINGS = by_key(Listing, _listings, hold=Hold.GLANCE)
THEIR_OFFERS = by_match(Offer, "requirement_id", of=_requirements, hold=Hold.GLANCE, stage=2)
THEIR_COMPETITIONS = by_match(Competition, "requirement_id", of=_requirements, hold=Hold.GLANCE, stage=2)
SUPERSEDING = (WANTED_BY_PERSON, THEIR_LISTINGS, THEIR_OFFERS, THEIR_COMPETITIONS)


def carry_on(heard: Heard[PlanAgreed], work: UnitOfWork) -> Generator[Fact, None, dict[UUID, Replaced | None]]:
    """Gives the lines of the new plan that have a requirement already (None), and the running orders in whose place
    others will be met."""
    plan, found = heard.fact, dict[UUID, Replaced | None]()
    if plan.supersedes_plan_id is None:
        return found
    same = {line.line_id for line in plan.lines}
    instead = {line.replaces_line_id: line.line_id for line in plan.lines if line.replaces_line_id}
    for requirement in _of_the_old(heard, work):
        line_id = requirement.line.line_id
        if requirement.state is RequirementState.WITHDRAWN:
            continue
        if line_id in same:
            found[line_id] = None
            yield from _go_on(heard, work, requirement)
            continue
        if any(order.group_id for order in _live(work, requirement)):
            continue  # what is bought together goes on until somebody lets the person leave the group
        running = yield from _take_back(work, requirement)
        if running is not None and line_id in instead:
            found[instead[line_id]] = _replaced(running)
            yield running.as_continued(plan.supersedes_plan_id, plan.plan_id, instead[line_id], until_replaced=True)
        elif running is not None:
            yield from _end(heard, work, running)
    return found


def _go_on(heard: Heard[PlanAgreed], work: UnitOfWork, requirement: Requirement) -> Iterator[Fact]:
    """The same order, or the same search for one, now belongs to the new plan."""
    plan, line_id = heard.fact, requirement.line.line_id
    assert plan.supersedes_plan_id is not None  # a plan takes the place of another
    work.put(replace(requirement, plan_id=plan.plan_id, revision=plan.revision))
    for order in _covering(work, requirement):
        work.put(replace(order, plan_id=plan.plan_id))
    for order in _live(work, requirement):
        carried = work.put(replace(order, plan_id=plan.plan_id))
        yield carried.as_continued(plan.supersedes_plan_id, plan.plan_id, line_id, until_replaced=False)
    stands_in = _stands_in(work, requirement)
    if stands_in is not None:
        yield stands_in.as_continued(plan.supersedes_plan_id, plan.plan_id, line_id, until_replaced=True)


def _take_back(work: UnitOfWork, requirement: Requirement) -> Generator[Fact, None, Order | None]:
    """Whoever was asked or waited to start is told; what runs, or runs in its place, is given back to be decided on."""
    yield from take_back_offers(work, work.all(THEIR_OFFERS, requirement.requirement_id), SUPERSEDED)
    take_back_competitions(work, work.all(THEIR_COMPETITIONS, requirement.requirement_id), SUPERSEDED)
    own = yield from cancel_unstarted(work, _of(work, requirement), SUPERSEDED)
    running = own or _stands_in(work, requirement)
    if running is None or running.requirement_id != requirement.requirement_id:
        closed = REQUIREMENTS.move(requirement.state, "withdraw")
        work.put(replace(requirement, state=closed, replaces_order_id=None, replaces=None))
    return running


def _end(heard: Heard[PlanAgreed], work: UnitOfWork, running: Order) -> Iterator[Fact]:
    """After the day before the new plan starts, and never before the day it was agreed: that day may have been worked."""
    last_day = max(heard.fact.starts_on - timedelta(days=1), heard.fact.agreed_on)
    yield from end_ahead(work, running, last_day, heard.today)


def _of(work: UnitOfWork, requirement: Requirement) -> list[Order]:
    orders: list[Order] = work.all(OF_PERSON, requirement.person_id)
    own = [order for order in orders if order.requirement_id == requirement.requirement_id]
    return [order for order in own if order.covers_order_id is None]


def _covering(work: UnitOfWork, requirement: Requirement) -> list[Order]:
    """Orders that stand in for one of the requirement's own: they go where that goes, and end when it does."""
    orders: list[Order] = work.all(OF_PERSON, requirement.person_id)
    own = [order for order in orders if order.requirement_id == requirement.requirement_id]
    return [order for order in own if order.covers_order_id is not None]


def _live(work: UnitOfWork, requirement: Requirement) -> list[Order]:
    return [order for order in _of(work, requirement) if order.state in (*BEFORE_THE_START, OrderState.STARTED)]


def _stands_in(work: UnitOfWork, requirement: Requirement) -> Order | None:
    """The running order that this requirement's is to replace."""
    if requirement.replaces_order_id is None:
        return None
    order = work.one(Order, requirement.replaces_order_id)
    return order if order.state is OrderState.STARTED and order.last_day is None else None


def _replaced(order: Order) -> Replaced:
    return Replaced(order.order_id, order.supplier_id, order.listing_id, order.weekly_minutes)


def _its_listing(fell: Due[OrderEnds], work: UnitOfWork) -> UUID:
    return work.one(Order, fell.reminder.order_id).listing_id


def _its_requirement(fell: Due[OrderEnds], work: UnitOfWork) -> UUID:
    return work.one(Order, fell.reminder.order_id).requirement_id


ENDING = by_key(Order, "order_id", hold=Hold.GLANCE)
FOLLOWING = by_match(Order, "replaces_order_id", of="order_id", hold=Hold.GLANCE)


@due(OrderEnds, wants=(ENDING, FOLLOWING, by_key(Listing, _its_listing), by_key(Requirement, _its_requirement)))
def end_on_its_day(fell: Due[OrderEnds], work: UnitOfWork) -> Iterator[Fact]:
    """The last day that was agreed is over."""
    order = work.one(Order, fell.reminder.order_id)
    if order.state is OrderState.STARTED and order.last_day is not None and order.last_day < fell.today:
        yield from be_over(work, order, work.all(FOLLOWING, order.order_id))
