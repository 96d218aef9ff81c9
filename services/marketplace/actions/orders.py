"""What may be asked about an order that is no longer wanted: to cancel it before support starts, to end it after."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from services.marketplace.actions.sight import consented
from services.marketplace.common.ending import end_covers, free_room, stand_alone
from services.marketplace.common.reviewing import have_been_reviewed
from services.marketplace.common.sharing import not_bought_together
from services.marketplace.models import Closure, Consent, Listing, Order, Requirement, Reviewed
from services.marketplace.rules.orders import end_on_a_day_that_came
from services.marketplace.rules.states import ORDERS, REQUIREMENTS
from shared.contracts.base import Code, Fact
from shared.fields import Day
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import Hold, by_key, by_match
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


# Whoever is to take its place: only looked at, what changed meanwhile makes the save start again.
def _itself(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID | None]:
    return (asked.target,)


FOLLOWING = by_match(Order, "replaces_order_id", of=_itself, hold=Hold.GLANCE, stage=2)
IN_ITS_PLACE = by_match(Requirement, "replaces_order_id", of=_itself, hold=Hold.GLANCE, stage=2)


Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000, pattern=r"^[^\x00]*$")]
"""Written by a person; empty where nothing need be said. They stay in this service."""


class EndsAlready(Refused):
    """The plan that was agreed anew leaves this support out: its last day is known (`last_day`)."""

    title = "The order's last day is set already"


class StandsIn(Refused):
    """It stands in for another order while a PA cannot come: it ends with that cover (`covers_order_id`)."""

    title = "This order stands in for another"


def not_standing_in(order: Order) -> None:
    """Raises StandsIn."""
    refuse_unless(order.covers_order_id is None, StandsIn(covers_order_id=str(order.covers_order_id)))


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
    not_standing_in(order)
    cancelled = work.put(replace(order, state=ORDERS.move(order.state, "cancel")))
    yield cancelled.as_cancelled(asked.body.because, asked.body.need_remains)
    _look_on(work, order, asked.body.need_remains)
    yield from free_room(work, order)
    return cancelled


class EndOrder(Command):
    """`last_day` is the last on which support was given; it has come. What is recorded up to then is still owed. At a service
    that closes a review was held first, or `without_review` says in words why not."""

    last_day: Day
    because: Code
    need_remains: bool = True
    without_review: Words = ""


def _its_supplier(asked: Asked[Any], work: UnitOfWork) -> tuple[UUID]:
    return (work.one(Order, asked.target).supplier_id,)


CLOSURES_THERE = by_match(Closure, "supplier_id", of=_its_supplier, hold=Hold.GLANCE, stage=2)
REVIEWED = by_key(Reviewed, lambda asked, work: work.one(Order, asked.target).person_id, hold=Hold.GLANCE, stage=2)


@command(wants=(*ORDER_AND_WHAT_IT_CAME_FROM, FOLLOWING, IN_ITS_PLACE, CLOSURES_THERE, REVIEWED))
def end_order(asked: Asked[EndOrder], work: UnitOfWork) -> Generator[Fact, None, Order]:
    """Somebody decides that support ends; nothing else ends it."""
    order = consented(asked, work, work.one(Order, asked.target))
    match_version(asked, order.version)
    not_bought_together(order)
    not_standing_in(order)
    state = ORDERS.move(order.state, "end")
    refuse_unless(order.last_day is None, EndsAlready(last_day=str(order.last_day)))
    end_on_a_day_that_came(order.started_on or order.starts_on, asked.body.last_day, asked.today)
    closures, reason = work.all(CLOSURES_THERE, order.supplier_id), asked.body.without_review
    why = None if have_been_reviewed(work, closures, [order.person_id], reason) else reason
    ended = work.put(replace(order, state=state, last_day=asked.body.last_day, ended_without_review=why))
    yield ended.as_ended(asked.body.last_day, asked.body.because, asked.body.need_remains)
    end_covers(work, ended, asked.body.last_day)
    looked_for = work.all(IN_ITS_PLACE, order.order_id)
    _look_on(work, order, asked.body.need_remains and not looked_for)
    stand_alone(work, looked_for)
    yield from free_room(work, order, work.all(FOLLOWING, order.order_id))
    return ended


def _look_on(work: UnitOfWork, order: Order, need_remains: bool) -> None:
    """The requirement looks for somebody else, or is withdrawn. Where the order was left behind by a plan agreed anew, what
    is still needed is looked for under that plan already."""
    requirement = work.one(Requirement, order.requirement_id)
    verb = "reopen" if need_remains else "withdraw"
    work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, verb)))
