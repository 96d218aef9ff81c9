"""What does each member of a group pay, of a week and of a visit? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.marketplace.models import GroupPurchase, Member, Order
from services.marketplace.rules.groups import hourly_of, split, weights
from services.marketplace.rules.states import OrderState
from services.marketplace.rules.visits import MatchedVisit, find_planned, minutes_that_count
from shared.clock import civil_date
from shared.contracts.base import Fact
from shared.refusals import Refused, refuse_unless
from shared.runtime.unit_of_work import UnitOfWork


class BoughtTogether(Refused):
    """Bought together with others: what is said of it is said of the whole group (`/v1/group-purchases`)."""

    title = "This was bought together with others"


def not_bought_together(order: Order) -> None:
    """Raises BoughtTogether."""
    refuse_unless(order.group_id is None, BoughtTogether(group_id=str(order.group_id)))


LIVE = (OrderState.PLACED, OrderState.HELD, OrderState.CONFIRMED, OrderState.STARTED)


def in_turn(members: Iterable[Member]) -> list[Member]:
    """Always in one order, so that the odd penny is always the same member's."""
    return sorted(members, key=lambda each: str(each.requirement_id))


def shares(group: GroupPurchase, members: list[Member], pence: int) -> dict[UUID, int]:
    """Pence by requirement; they add up to the price."""
    parts = split(pence, weights(group.sharing, [each.minutes for each in members]))
    return {each.requirement_id: share.pence for each, share in zip(members, parts, strict=True)}


def share_anew(work: UnitOfWork, group: GroupPurchase, members: list[Member], holds_from: date) -> Iterator[Fact]:
    """Whoever is left bears the price from this day on. Their support goes on, also where a budget is short for it."""
    parts = shares(group, members, group.weekly_pence) if members else {}
    for each in members:
        order = work.one(Order, each.order_id)
        if order.state in LIVE:
            weekly = parts[each.requirement_id]
            priced = replace(order, weekly_pence=weekly, hourly_pence=hourly_of(weekly, each.minutes))
            yield work.put(priced).as_repriced(holds_from, "member_left")


def parts_of_visit(
    group: GroupPurchase, members: Iterable[Member], orders: dict[UUID, Order], visit: MatchedVisit
) -> Iterator[tuple[Order, MatchedVisit]]:
    """The group's visit as a visit of each member whose support has begun: their own minutes, and their share of the price.
    The share of somebody whose support has not begun is nobody else's."""
    sharing = [each for each in members if each.shares_on(civil_date(visit.plan.planned_at))]
    parts = shares(group, sharing, visit.pence) if sharing else {}
    for each in sharing:
        order = orders.get(each.order_id) if each.order_id else None
        plan = find_planned(order.as_terms(), visit.plan.planned_at) if order and order.started_on else None
        if order and plan:
            counted = minutes_that_count(plan, visit.outcome, min(plan.minutes, visit.minutes))
            yield order, replace(visit, plan=plan, minutes=counted, pence=parts[each.requirement_id])
