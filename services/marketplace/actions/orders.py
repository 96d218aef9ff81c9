"""What may be asked about an order that is no longer wanted: to cancel it before support starts, to end it after."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.marketplace.actions.sight import consented
from services.marketplace.common.sharing import not_bought_together
from services.marketplace.models import Consent, Listing, Order, Requirement
from services.marketplace.rules.orders import end_on_a_day_that_came
from services.marketplace.rules.states import ORDERS, REQUIREMENTS, ListingState
from shared.contracts.base import Code, Fact
from shared.fields import Day
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


def _its_listing(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Order, asked.target).listing_id


def _its_requirement(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Order, asked.target).requirement_id


def _its_app(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID, str]:
    return work.one(Order, asked.target).person_id, asked.caller.client_id


# The listing is locked before the requirement, as where an offer is accepted.
ORDER_AND_WHAT_IT_CAME_FROM = (
    by_key(Order),
    by_key(Consent, _its_app, hold=Hold.RELY),
    by_key(Listing, _its_listing),
    by_key(Requirement, _its_requirement),
)


class CancelOrder(Command):
    """Before support started. `because` is a code of the council's own list, never free text. While the need remains,
    the requirement is open again."""

    because: Code
    need_remains: bool = True


@command(wants=ORDER_AND_WHAT_IT_CAME_FROM)
def cancel_order(asked: Asked[CancelOrder], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """Nothing was delivered: the money set aside and the supplier's room are free again."""
    order = consented(asked, work, work.one(Order, asked.target))
    match_version(asked, order.version)
    not_bought_together(order)
    cancelled = work.put(replace(order, state=ORDERS.move(order.state, "cancel")))
    yield cancelled.as_cancelled(asked.body.because, asked.body.need_remains)
    yield from _give_back(work, order, asked.body.need_remains)
    return cancelled


class EndOrder(Command):
    """`last_day` is the last on which support was given; it has come. What is recorded up to then is still owed."""

    last_day: Day
    because: Code
    need_remains: bool = True


@command(wants=ORDER_AND_WHAT_IT_CAME_FROM)
def end_order(asked: Asked[EndOrder], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """Somebody decides that support ends; nothing else ends it."""
    order = consented(asked, work, work.one(Order, asked.target))
    match_version(asked, order.version)
    not_bought_together(order)
    state = ORDERS.move(order.state, "end")
    end_on_a_day_that_came(order.started_on or order.starts_on, asked.body.last_day, asked.today)
    ended = work.put(replace(order, state=state, last_day=asked.body.last_day))
    yield ended.as_ended(asked.body.last_day, asked.body.because, asked.body.need_remains)
    yield from _give_back(work, order, asked.body.need_remains)
    return ended


def _give_back(work: UnitOfWork, order: Order, need_remains: bool) -> Iterator[Fact]:
    """The room is the supplier's again; the requirement looks for somebody else, or is withdrawn."""
    listing, requirement = work.one(Listing, order.listing_id), work.one(Requirement, order.requirement_id)
    verb = "reopen" if need_remains else "withdraw"
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, verb)))
    larger = work.put(replace(listing, room_minutes=listing.room_minutes + order.weekly_minutes))
    if larger.state is ListingState.LIVE:
        yield larger.as_published()
