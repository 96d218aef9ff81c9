"""What may a supplier say of a group purchase? What became of a visit, and what is claimed: each, share by share."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any
from uuid import UUID

from services.marketplace.actions.claims import SubmitClaim, take_claim
from services.marketplace.actions.groups import GROUP, MEMBERS, members_of
from services.marketplace.actions.sight import theirs
from services.marketplace.actions.visits import (
    AlreadyRecorded,
    RecordVisit,
    SupportNotStarted,
    VisitNotTaken,
    refuse_nonsense,
    visit_of,
)
from services.marketplace.common.sharing import parts_of_visit, shares
from services.marketplace.models import Claim, GroupPurchase, Member, Order, Visit
from services.marketplace.rules.claims import MOST_DAYS, ClaimLine, claim_days_that_are_over
from services.marketplace.rules.failures import Failure
from services.marketplace.rules.uploads import say_the_same
from services.marketplace.rules.visits import MatchedVisit, find_planned, match_record, planned_visits
from shared.clock import civil_date
from shared.contracts.base import Fact, Reason
from shared.refusals import refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


def _orders(asked: Asked[Any], work: UnitOfWork) -> list[Order]:
    return [work.one(Order, each.order_id) for each in members_of(asked, work) if each.order_id]


def _order_ids(asked: Asked[Any], work: UnitOfWork) -> list[UUID]:
    return [each.order_id for each in members_of(asked, work) if each.order_id]


def _planned(asked: Asked[RecordVisit], work: UnitOfWork) -> list[UUID]:
    found = (find_planned(order.as_terms(), asked.body.planned_at) for order in _orders(asked, work))
    return [plan.visit_id for plan in found if plan]


# The group is held for change, so that nobody leaves while a visit is being shared.
ORDERS = by_key(Order, _order_ids, hold=Hold.RELY, stage=1)
CHANGED_ORDERS = by_key(Order, _order_ids, stage=1)


@command(wants=(GROUP, MEMBERS, ORDERS, by_key(Visit, _planned, stage=2)))
def record_together(asked: Asked[RecordVisit], work: UnitOfWork) -> Generator[Fact, None, list[Visit]]:
    """One visit of the group is one of each who shares it that day: their own minutes, and their share of its price."""
    group, orders = theirs(asked.caller, work.one(GroupPurchase, asked.target)), _orders(asked, work)
    started = [order.started_on for order in orders if order.started_on]
    refuse_unless(started, SupportNotStarted())
    record = asked.body.as_record(group.group_id)
    refuse_nonsense(record, asked.now)
    found = match_record(record, {record.reference: group.as_terms(min(started))})
    if isinstance(found, Reason):
        raise VisitNotTaken((Failure("planned_at", "VISIT-PLAN", found),))
    parts = parts_of_visit(group, members_of(asked, work), {order.order_id: order for order in orders}, found)
    return (yield from _keep(work, list(parts)))


def _keep(work: UnitOfWork, parts: list[tuple[Order, MatchedVisit]]) -> Generator[Fact, None, list[Visit]]:
    """Once: the same again changes nothing, another content is refused."""
    refuse_unless(parts, SupportNotStarted())
    kept: list[Visit] = []
    for order, part in parts:
        known = work.get(Visit, part.plan.visit_id)
        if known is not None:
            refuse_unless(say_the_same(known.as_matched(), part), AlreadyRecorded(visit_id=str(known.visit_id)))
            kept.append(known)
            continue
        visit = work.put(visit_of(order, part))
        yield visit.as_said()
        kept.append(visit)
    return kept


def _visits_in(asked: Asked[SubmitClaim], order: Order) -> list[UUID]:
    period = asked.body.period
    if (period.last - period.first).days >= MOST_DAYS:
        return []
    return [visit.visit_id for visit in planned_visits(order.as_terms(), period.first, period.last)]


def _visits_planned(asked: Asked[SubmitClaim], work: UnitOfWork) -> list[UUID]:
    return [each for order in _orders(asked, work) for each in _visits_in(asked, order)]


@command(wants=(GROUP, MEMBERS, CHANGED_ORDERS, by_key(Visit, _visits_planned, stage=2)))
def claim_together(asked: Asked[SubmitClaim], work: UnitOfWork) -> Generator[Fact, None, list[Claim]]:
    """A claim for the group is a claim for each who shared its visits, split by the same rule and matched share by share."""
    group = theirs(asked.caller, work.one(GroupPurchase, asked.target))
    claim_days_that_are_over(asked.body.period.first, asked.body.period.last, asked.today)
    members, claims = members_of(asked, work), []
    for member in members:
        order = work.one(Order, member.order_id) if member.order_id else None
        lines = tuple(_lines(asked, group, members, member, order)) if order and order.started_on else ()
        if order and lines:
            visits = [visit for each in _visits_in(asked, order) if (visit := work.get(Visit, each))]
            claims.append((yield from take_claim(asked, work, order, lines, visits)))
    refuse_unless(claims, SupportNotStarted())
    return claims


def _lines(
    asked: Asked[SubmitClaim], group: GroupPurchase, members: list[Member], member: Member, order: Order
) -> Iterator[ClaimLine]:
    """This member's part of every line of a day on which they shared; their own minutes where they stay less long."""
    terms = order.as_terms()
    for line in asked.body.lines:
        day = civil_date(line.planned_at)
        if member.shares_on(day):
            parts = shares(group, [each for each in members if each.shares_on(day)], line.pence)
            plan = find_planned(terms, line.planned_at)
            minutes = min(plan.minutes, line.minutes) if plan else line.minutes
            yield ClaimLine(line.planned_at, minutes, parts[member.requirement_id])
