"""What may be asked about a group purchase: to ask a supplier for it, to accept or refuse it, to leave it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.offers import refuse_for
from services.marketplace.actions.sight import consented, listed_for, theirs
from services.marketplace.common.asking import reopen_unless_asked
from services.marketplace.common.buying import wanted_on
from services.marketplace.common.competing import withdraw_all
from services.marketplace.common.ordering import an_order, take_room
from services.marketplace.common.sharing import in_turn, share_anew, shares
from services.marketplace.models import (
    Consent,
    GroupPurchase,
    Listing,
    Member,
    Offer,
    Order,
    Requirement,
    Restriction,
    Visit,
)
from services.marketplace.rules import groups as rules
from services.marketplace.rules.groups import Sharing
from services.marketplace.rules.matching import has_room, is_not_restricted, why_excluded
from services.marketplace.rules.orders import end_on_a_day_that_came
from services.marketplace.rules.states import GROUPS, ORDERS, REQUIREMENTS, STANDING, GroupState, OrderState
from services.marketplace.rules.visits import planned_visits
from shared.contracts.base import Code, Fact, Reason
from shared.explain import because
from shared.fields import Day
from shared.refusals import NotFound, OwnWork, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

STILL_BINDING = (has_room, is_not_restricted)


class BuyTogether(Command):
    """Requirements of several people, for one support at the same times, from one listing at its published price an hour,
    which they share."""

    listing_id: UUID
    requirements: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    sharing: Sharing = Sharing.EQUALLY


def _supplier(asked: Asked[BuyTogether], work: UnitOfWork) -> UUID:
    return work.one(Listing, asked.body.listing_id).supplier_id


def _wanted(asked: Asked[BuyTogether], work: UnitOfWork) -> list[UUID]:
    return sorted(set(asked.body.requirements))


def _apps(asked: Asked[BuyTogether], work: UnitOfWork) -> list[tuple[UUID, str]]:
    return [(work.one(Requirement, each).person_id, asked.caller.client_id) for each in _wanted(asked, work)]


LISTING = by_key(Listing, "listing_id", hold=Hold.RELY)
RESTRICTION = by_key(Restriction, _supplier, hold=Hold.RELY)
WANTED = by_key(Requirement, _wanted)
APPS = by_key(Consent, _apps, hold=Hold.RELY, stage=2)


@command(wants=(LISTING, RESTRICTION, WANTED, APPS))
def buy_together(asked: Asked[BuyTogether], work: UnitOfWork) -> Generator[Fact, None, GroupPurchase]:
    """The supplier is asked for all of them at once, and each of them is asked about nowhere else meanwhile."""
    wanted = [consented(asked, work, work.one(Requirement, each)) for each in asked.body.requirements]
    bases = [each.basis for each in wanted]
    rules.be_a_group([each.line for each in wanted], [each.person_id for each in wanted], bases)
    listing = work.one(Listing, asked.body.listing_id)
    group = _asked_for(asked, work.new_id(), listing, wanted)
    members = in_turn(_member(group, each) for each in wanted)
    _be_possible(asked, work, group, members, listing)
    for each in wanted:
        work.put(replace(each, state=REQUIREMENTS.move(each.state, "offer")))
    for member in members:
        work.put(member)
    yield from ()
    return work.put(group)


def _asked_for(asked: Asked[BuyTogether], group_id: UUID, listing: Listing, wanted: list[Requirement]) -> GroupPurchase:
    return GroupPurchase(
        council_id=asked.council,
        group_id=group_id,
        supplier_id=listing.supplier_id,
        listing_id=listing.listing_id,
        support=listing.support,
        hourly_pence=listing.hourly_pence,
        sharing=asked.body.sharing,
        pattern=rules.visits_of([each.line for each in wanted]),
        made_by=asked.caller.sub,
        state=GroupState.ASKED,
    )


def _member(group: GroupPurchase, requirement: Requirement) -> Member:
    return Member(
        council_id=group.council_id,
        group_id=group.group_id,
        requirement_id=requirement.requirement_id,
        person_id=requirement.person_id,
        minutes=requirement.line.weekly_minutes,
    )


def _be_possible(
    asked: Asked[BuyTogether], work: UnitOfWork, group: GroupPurchase, members: list[Member], listing: Listing
) -> None:
    """For each of them as for one alone, at what their share comes to an hour, and with room for the group's visits."""
    parts = shares(group, members, group.weekly_pence)
    candidate = listing.as_candidate(work.get(Restriction, listing.supplier_id))
    for each in members:
        requirement = work.one(Requirement, each.requirement_id)
        listed_for(asked.caller, listing, each.person_id)
        share = replace(candidate, hourly_pence=rules.hourly_of(parts[each.requirement_id], each.minutes))
        wanted = wanted_on(asked.today, requirement)
        whole = replace(wanted, line=wanted.line.model_copy(update={"weekly_minutes": group.weekly_minutes}))
        refuse_for(_not_open(requirement) + why_excluded(whole, share), listing.supplier_id)


def _not_open(requirement: Requirement) -> tuple[Reason, ...]:
    """Nobody else is asked about it."""
    is_open = (requirement.state, "award") in REQUIREMENTS
    return () if is_open else (because("requirement_not_open", state=requirement.state.value),)


# ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────────
def members_of(asked: Asked[Any], work: UnitOfWork) -> list[Member]:
    return in_turn(work.all(MEMBERS, asked.target))


def _its_supplier(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(GroupPurchase, asked.target).supplier_id


def _its_listing(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(GroupPurchase, asked.target).listing_id


def _their_requirements(asked: Asked[Any], work: UnitOfWork) -> list[UUID]:
    return [each.requirement_id for each in members_of(asked, work)]


GROUP = by_key(GroupPurchase)
MEMBERS = by_match(Member, "group_id", of=lambda asked, work: (asked.target,))
ITS_RESTRICTION = by_key(Restriction, _its_supplier, hold=Hold.RELY)
ITS_LISTING = by_key(Listing, _its_listing)
THEIR_REQUIREMENTS = by_key(Requirement, _their_requirements)
THEIR_OFFERS = by_match(
    Offer, "requirement_id", of=lambda asked, work: [(each,) for each in _their_requirements(asked, work)], stage=2
)


class AcceptGroup(Command):
    """Nothing to say besides."""


@command(wants=(GROUP, MEMBERS, ITS_RESTRICTION, ITS_LISTING, THEIR_REQUIREMENTS, THEIR_OFFERS))
def accept_group(asked: Asked[AcceptGroup], work: UnitOfWork) -> Generator[Fact, None, GroupPurchase]:
    """Each share becomes an order of its own, for its own person's budget; the room shrinks once."""
    group = theirs(asked.caller, work.one(GroupPurchase, asked.target))
    match_version(asked, group.version)
    refuse_unless(group.made_by != asked.caller.sub, OwnWork())
    bought = replace(group, state=GROUPS.move(group.state, "accept"))
    listing, members = work.one(Listing, group.listing_id), members_of(asked, work)
    candidate = listing.as_candidate(work.get(Restriction, listing.supplier_id))
    wanted = work.one(Requirement, members[0].requirement_id).as_wanted()
    whole = replace(wanted, line=wanted.line.model_copy(update={"weekly_minutes": group.weekly_minutes}))
    refuse_for(why_excluded(whole, candidate, STILL_BINDING), listing.supplier_id)
    yield from take_room(work, listing, group.weekly_minutes)
    yield from _order_shares(work, bought, members, listing)
    return work.put(bought)


def _order_shares(work: UnitOfWork, group: GroupPurchase, members: list[Member], listing: Listing) -> Iterator[Fact]:
    parts = shares(group, members, group.weekly_pence)
    for each in members:
        requirement, weekly = work.one(Requirement, each.requirement_id), parts[each.requirement_id]
        verb = "fill" if (requirement.state, "fill") in REQUIREMENTS else "award"
        work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, verb)))
        standing = (offer for offer in work.all(THEIR_OFFERS, each.requirement_id) if offer.state in STANDING)
        yield from withdraw_all(work, standing, "another_accepted")
        order = an_order(work.new_id(), requirement, listing, rules.hourly_of(weekly, each.minutes), weekly)
        order = work.put(replace(order, group_id=group.group_id))
        work.put(replace(each, order_id=order.order_id))
        yield order.as_placed(listing.employer)


class RefuseGroup(Command):
    """`because` is a code of the council's own list, never free text."""

    because: Code


@command(wants=(GROUP, MEMBERS, THEIR_REQUIREMENTS, THEIR_OFFERS))
def refuse_group(asked: Asked[RefuseGroup], work: UnitOfWork) -> Generator[Fact, None, GroupPurchase]:
    """Each of them is looked for alone again, or together elsewhere."""
    group = theirs(asked.caller, work.one(GroupPurchase, asked.target))
    match_version(asked, group.version)
    state = GROUPS.move(group.state, "refuse")
    for each in members_of(asked, work):
        requirement = work.one(Requirement, each.requirement_id)
        reopen_unless_asked(work, requirement, work.all(THEIR_OFFERS, each.requirement_id))
    yield from ()
    return work.put(replace(group, state=state, because=asked.body.because))


# ── leaving ───────────────────────────────────────────────────────────────────────────────────────────────────────
class LeaveGroup(Command):
    """Whose order it is, the last day on which they bear a share, and why, as a code. While the need remains, support is
    looked for elsewhere."""

    order_id: UUID
    last_day: Day
    because: Code
    need_remains: bool = True


def _their_orders(asked: Asked[Any], work: UnitOfWork) -> list[UUID]:
    return [each.order_id for each in members_of(asked, work) if each.order_id]


def _leaver(asked: Asked[LeaveGroup], work: UnitOfWork) -> Order:
    """NotFound for an order of another group."""
    if asked.body.order_id not in _their_orders(asked, work):
        raise NotFound()
    return work.one(Order, asked.body.order_id)


def _visits_since(asked: Asked[LeaveGroup], work: UnitOfWork) -> list[UUID]:
    first = asked.body.last_day + timedelta(days=1)
    if (asked.today - first).days > rules.MOST_DAYS_BACK:
        return []
    orders = (work.one(Order, each) for each in _their_orders(asked, work))
    planned = (planned_visits(order.as_terms(), first, asked.today) for order in orders)
    return [visit.visit_id for several in planned for visit in several]


ORDERS_OF_IT = by_key(Order, _their_orders)
LEAVERS_APP = by_key(
    Consent, lambda asked, work: (_leaver(asked, work).person_id, asked.caller.client_id), hold=Hold.RELY, stage=2
)
LEAVERS_REQUIREMENT = by_key(Requirement, lambda asked, work: _leaver(asked, work).requirement_id, stage=2)
SINCE = by_key(Visit, _visits_since, hold=Hold.GLANCE, stage=2)


@command(wants=(GROUP, MEMBERS, ITS_LISTING, ORDERS_OF_IT, LEAVERS_APP, LEAVERS_REQUIREMENT, SINCE))
def leave_group(asked: Asked[LeaveGroup], work: UnitOfWork) -> Generator[Fact, None, GroupPurchase]:
    """Their order ends; from the day after, whoever is left bears the price, each out of their own budget."""
    group, order = work.one(GroupPurchase, asked.target), consented(asked, work, _leaver(asked, work))
    match_version(asked, group.version)
    last_day = asked.body.last_day
    rules.leave_on_a_day_that_came(last_day, asked.today)
    recorded = [each for each in _visits_since(asked, work) if work.get(Visit, each)]
    rules.nothing_recorded_after(last_day, len(recorded))
    yield from _end(asked, work, order)
    left = [each for each in members_of(asked, work) if each.last_day is None and each.order_id != order.order_id]
    for each in members_of(asked, work):
        if each.order_id == order.order_id:
            work.put(replace(each, last_day=last_day))
    yield from share_anew(work, group, left, last_day + timedelta(days=1))
    if not left:
        yield from take_room(work, work.one(Listing, group.listing_id), -group.weekly_minutes)
    return work.put(replace(group, state=GROUPS.move(group.state, "leave" if left else "end")))


def _end(asked: Asked[LeaveGroup], work: UnitOfWork, order: Order) -> Iterator[Fact]:
    """What was started ends after that day; what was not is cancelled."""
    body, verb = asked.body, "end" if order.state is OrderState.STARTED else "cancel"
    state, requirement = ORDERS.move(order.state, verb), work.one(Requirement, order.requirement_id)
    then = "reopen" if body.need_remains else "withdraw"
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, then)))
    if verb == "cancel":
        yield work.put(replace(order, state=state)).as_cancelled(body.because, body.need_remains)
        return
    end_on_a_day_that_came(order.started_on or order.starts_on, body.last_day, asked.today)
    ended = work.put(replace(order, state=state, last_day=body.last_day))
    yield ended.as_ended(body.last_day, body.because, body.need_remains)
