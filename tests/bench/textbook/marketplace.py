"""Marketplace, as the textbook has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.marketplace import models
from services.marketplace.rules.frameworks import Considered, Ranking, call_off, considered, in_force
from services.marketplace.rules.matching import Candidate, Match, Restricted, Wanted
from services.marketplace.rules.states import ORDERS, REQUIREMENTS, ListingState, OrderState, RequirementState
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact, PlanLine, SupplierKind, Support
from shared.contracts.budget import FundsCommitted
from shared.contracts.marketplace import ListingPublished, OrderConfirmed, OrderPlaced, RequirementOpened
from shared.contracts.safeguarding import Level
from shared.explain import Step
from shared.money import price_of
from tests.bench.textbook.events import Base, Meta

STEPS = TypeAdapter(tuple[Step, ...])
CONSIDERED = TypeAdapter(tuple[Considered, ...])


class Restriction(Base):
    __table__ = models.Restriction.kind.table


class Framework(Base):
    __table__ = models.Framework.kind.table


class Listing(Base):
    __table__ = models.Listing.kind.table


class Requirement(Base):
    __table__ = models.Requirement.kind.table


class Award(Base):
    __table__ = models.Award.kind.table


class Order(Base):
    __table__ = models.Order.kind.table


async def open_requirements(session: AsyncSession, plan: PlanAgreed, meta: Meta) -> Sequence[Fact]:
    known = (
        await session.scalars(
            select(Requirement)
            .where(Requirement.plan_id == plan.plan_id, Requirement.council_id == meta.council)
            .with_for_update()
        )
    ).all()
    if any(requirement.revision >= plan.revision for requirement in known):
        return []
    for requirement in known:
        state = RequirementState(requirement.state)
        if (state, "withdraw") in REQUIREMENTS:
            requirement.state = REQUIREMENTS.move(state, "withdraw").value
    said: list[Fact] = []
    for line in plan.lines:
        requirement = _requirement(plan, line, meta)
        session.add(requirement)
        said.append(
            RequirementOpened(
                requirement_id=requirement.requirement_id,
                plan_id=plan.plan_id,
                person_id=plan.person_id,
                line=line,
                starts_on=plan.starts_on,
            )
        )
        said += await call_off_framework(session, plan, line, requirement, meta)
    return said


def _requirement(plan: PlanAgreed, line: PlanLine, meta: Meta) -> Requirement:
    return Requirement(
        council_id=meta.council,
        requirement_id=uuid4(),
        plan_id=plan.plan_id,
        revision=plan.revision,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        area=plan.area,
        team=plan.team,
        line=line.model_dump_json(),
        starts_on=plan.starts_on,
        state=RequirementState.OPEN.value,
        version=0,
    )


async def call_off_framework(
    session: AsyncSession, plan: PlanAgreed, line: PlanLine, requirement: Requirement, meta: Meta
) -> list[Fact]:
    frameworks = await session.scalars(
        select(Framework).where(Framework.support == line.support.value, Framework.council_id == meta.council)
    )
    framework = in_force(frameworks.all(), meta.today)
    if framework is None:
        return []
    suppliers = [UUID(one) for one in json.loads(framework.suppliers)]
    candidates, listings = await _candidates(session, suppliers, meta.council)
    known = await _suppliers_of(session, plan.person_id, meta.council)
    wanted = Wanted(line, plan.area, known, square=plan.square)
    matches = call_off(wanted, suppliers, Ranking(framework.ranking), candidates)
    first = matches[0] if matches and not matches[0].excluded else None
    award = _award(requirement, framework, matches, first)
    session.add(award)
    if first is None:
        return []
    listing = listings[first.candidate.listing_id]
    requirement.state = REQUIREMENTS.move(RequirementState(requirement.state), "award").value
    listing.room_minutes -= line.weekly_minutes
    listing.version += 1
    order = _order(plan, line, requirement, listing, framework)
    award.order_id = order.order_id
    session.add(order)
    return [_published(listing), _placed(order, line)]


async def _candidates(
    session: AsyncSession, suppliers: Sequence[UUID], council: str
) -> tuple[list[Candidate], dict[UUID, Listing]]:
    restrictions = await session.scalars(
        select(Restriction)
        .where(Restriction.supplier_id.in_(suppliers), Restriction.council_id == council)
        .with_for_update(read=True)
    )
    placed = {one.supplier_id: _restricted(one) for one in restrictions}
    listings = (
        await session.scalars(
            select(Listing)
            .where(Listing.supplier_id.in_(suppliers), Listing.council_id == council)
            .order_by(Listing.listing_id)
            .with_for_update(key_share=True)
        )
    ).all()
    candidates = [
        Candidate(
            listing_id=one.listing_id,
            supplier_id=one.supplier_id,
            kind=SupplierKind(one.supplier_kind),
            support=Support(one.support),
            areas=tuple(json.loads(one.areas)),
            hourly_pence=one.hourly_pence,
            room_minutes=one.room_minutes,
            state=ListingState(one.state),
            restrictions=placed.get(one.supplier_id, ()),
            square=one.square,
        )
        for one in listings
    ]
    return candidates, {one.listing_id: one for one in listings}


def _restricted(row: Restriction) -> tuple[Restricted, ...]:
    return tuple(
        Restricted(Level(one["level"]), tuple(Support(each) for each in one["supports"]))
        for one in json.loads(row.placed)
    )


async def _suppliers_of(session: AsyncSession, person_id: UUID, council: str) -> frozenset[UUID]:
    running = (OrderState.CONFIRMED.value, OrderState.STARTED.value)
    orders = await session.scalars(select(Order).where(Order.person_id == person_id, Order.council_id == council))
    return frozenset(order.supplier_id for order in orders if order.state in running)


def _award(requirement: Requirement, framework: Framework, matches: tuple[Match, ...], first: Match | None) -> Award:
    return Award(
        council_id=requirement.council_id,
        requirement_id=requirement.requirement_id,
        framework_id=framework.framework_id,
        listing_id=first.candidate.listing_id if first else None,
        order_id=None,
        offer_id=None,
        steps=STEPS.dump_json(first.lines if first else ()).decode(),
        considered=CONSIDERED.dump_json(considered(matches)).decode(),
        version=0,
    )


def _order(plan: PlanAgreed, line: PlanLine, requirement: Requirement, listing: Listing, framework: Framework) -> Order:
    return Order(
        council_id=requirement.council_id,
        order_id=uuid4(),
        requirement_id=requirement.requirement_id,
        offer_id=None,
        listing_id=listing.listing_id,
        framework_id=framework.framework_id,
        plan_id=plan.plan_id,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        supplier_id=listing.supplier_id,
        supplier_kind=listing.supplier_kind,
        line=requirement.line,
        route=line.route.value,
        hourly_pence=listing.hourly_pence,
        weekly_minutes=line.weekly_minutes,
        weekly_pence=price_of(line.weekly_minutes, listing.hourly_pence),
        starts_on=plan.starts_on,
        state=OrderState.PLACED.value,
        version=0,
    )


def _published(listing: Listing) -> ListingPublished:
    return ListingPublished(
        listing_id=listing.listing_id,
        supplier_id=listing.supplier_id,
        supplier_kind=SupplierKind(listing.supplier_kind),
        support=Support(listing.support),
        areas=tuple(json.loads(listing.areas)),
        hourly_pence=listing.hourly_pence,
        room_minutes=listing.room_minutes,
    )


def _placed(order: Order, line: PlanLine) -> OrderPlaced:
    same = ("order_id", "requirement_id", "plan_id", "budget_id", "person_id", "supplier_id", "framework_id")
    figures = ("hourly_pence", "weekly_minutes", "weekly_pence", "starts_on")
    return OrderPlaced(
        **{name: getattr(order, name) for name in (*same, *figures)},
        supplier_kind=SupplierKind(order.supplier_kind),
        line=line,
        route=line.route,
    )


async def confirm_order(session: AsyncSession, funds: FundsCommitted, meta: Meta) -> Sequence[Fact]:
    order = await session.get(Order, (funds.order_id, meta.council), with_for_update=True)
    if order is None:
        raise LookupError("order")
    state = OrderState(order.state)
    if (state, "confirm") not in ORDERS:
        return []
    order.state = ORDERS.move(state, "confirm").value
    order.version += 1
    return [OrderConfirmed(order_id=order.order_id, person_id=order.person_id, supplier_id=order.supplier_id)]


HEARS = ("assessment", "budget")
HANDLERS = {PlanAgreed.type_name(): open_requirements, FundsCommitted.type_name(): confirm_order}
