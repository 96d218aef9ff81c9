"""Budget, as the textbook has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.budget import models
from services.budget.rules import ledger
from services.budget.rules.commitments import commitment_pence, commitment_period, year_money
from services.budget.rules.states import CommitmentState
from shared.clock import civil_date, start_of
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact, Period
from shared.contracts.budget import FundsCommitted, FundsShort, LiabilityDisputed
from shared.contracts.marketplace import ListingPublished, OrderPlaced, VisitRecorded
from shared.money import financial_year_start
from tests.bench.textbook.events import Base, Meta
from tests.bench.textbook.timers import Timer


class Budget(Base):
    __table__ = models.Budget.kind.table


class Funding(Base):
    __table__ = models.Funding.kind.table


class Purse(Base):
    __table__ = models.Purse.kind.table


class Position(Base):
    __table__ = models.Position.kind.table


class Journal(Base):
    __table__ = models.Journal.kind.table


class Commitment(Base):
    __table__ = models.Commitment.kind.table


class ListingCopy(Base):
    __table__ = models.ListingCopy.kind.table


ACCOUNTS = tuple(account.value for account in ledger.Account)
POSITION = ("committed", "delivered", "disputed", "paid")


async def purse_of(session: AsyncSession, budget_id: UUID, person_id: UUID, year: date, council: str) -> Purse:
    purse = await session.get(Purse, (budget_id, year, council), with_for_update=True)
    if purse is None:
        purse = Purse(
            council_id=council,
            budget_id=budget_id,
            year=year,
            person_id=person_id,
            journals=0,
            version=0,
            **dict.fromkeys(ACCOUNTS, 0),
        )
        session.add(purse)
    return purse


async def position_of(session: AsyncSession, order: Commitment, year: date) -> Position:
    position = await session.get(Position, (order.order_id, year, order.council_id), with_for_update=True)
    if position is None:
        position = Position(
            council_id=order.council_id,
            order_id=order.order_id,
            year=year,
            budget_id=order.budget_id,
            version=0,
            **dict.fromkeys(POSITION, 0),
        )
        session.add(position)
    return position


def balances_of(purse: Purse) -> ledger.Purse:
    return ledger.Purse(purse.budget_id, purse.year, **{name: getattr(purse, name) for name in ACCOUNTS})


def standing_of(position: Position) -> ledger.Position:
    return ledger.Position(**{name: getattr(position, name) for name in POSITION})


def post(
    session: AsyncSession,
    purse: Purse,
    position: Position | None,
    journal: ledger.Journal,
    at: datetime,
    about: UUID | None,
) -> None:
    """Purse, position and journal move together."""
    if not journal.entries:
        return
    for name, pence in ledger.balances_after(balances_of(purse), journal).items():
        setattr(purse, name, pence)
    purse.journals += 1
    purse.version += 1
    if position is not None:
        for name, pence in ledger.balances_after(standing_of(position), journal).items():
            setattr(position, name, pence)
        position.version += 1
    posted = dict.fromkeys(ACCOUNTS, 0) | {entry.account.value: entry.pence for entry in journal.entries}
    session.add(
        Journal(
            council_id=purse.council_id,
            budget_id=purse.budget_id,
            year=purse.year,
            number=purse.journals,
            verb=journal.verb,
            at=at,
            by="system",
            order_id=position.order_id if position else None,
            about=about,
            version=0,
            **posted,
        )
    )


async def fund_plan(session: AsyncSession, plan: PlanAgreed, meta: Meta) -> Sequence[Fact]:
    budget = await session.get(Budget, (plan.budget_id, meta.council), with_for_update=True)
    funding = await session.get(Funding, (plan.plan_id, meta.council), with_for_update=True)
    if funding is not None and funding.revision >= plan.revision:
        return []
    if budget is None or budget.weekly_pence is None:
        raise LookupError("budget")
    if funding is None:
        funding = Funding(council_id=meta.council, plan_id=plan.plan_id, version=0)
        session.add(funding)
    funding.budget_id, funding.person_id = budget.budget_id, budget.person_id
    funding.agreed, funding.revision, funding.team = True, plan.revision, plan.team
    funding.weekly_pence, funding.person_pence = budget.weekly_pence, budget.person_pence or 0
    funding.lines = json.dumps([line.weekly_pence for line in plan.lines])
    funding.starts_on = plan.starts_on
    await allocate(session, funding, plan.starts_on, meta)
    waiting = await session.scalars(
        select(Commitment)
        .where(Commitment.plan_id == plan.plan_id, Commitment.council_id == meta.council)
        .with_for_update()
    )
    said: list[Fact] = []
    for order in waiting:
        if order.state in (CommitmentState.WAITING.value, CommitmentState.SHORT.value):
            said += await seek_funds(session, order, funding, meta)
    return said


async def allocate(session: AsyncSession, funding: Funding, starts_on: date, meta: Meta) -> None:
    year = financial_year_start(starts_on)
    purse = await purse_of(session, funding.budget_id, funding.person_id, year, meta.council)
    money = year_money(funding.weekly_pence, funding.person_pence, json.loads(funding.lines), starts_on)
    if balances_of(purse).funded:
        journal = ledger.bring_to(balances_of(purse), money.council_pence, money.person_pence)
    else:
        journal = ledger.allocate(money.council_pence, money.person_pence)
    if isinstance(journal, ledger.Journal):
        post(session, purse, None, journal, meta.time, funding.plan_id)


async def commit_order(session: AsyncSession, placed: OrderPlaced, meta: Meta) -> Sequence[Fact]:
    order = await order_of(session, placed.order_id, placed.budget_id, placed.person_id, meta.council)
    if order.plan_id is not None:
        return []
    period = commitment_period(placed.starts_on)
    order.plan_id, order.supplier_id, order.weekly_pence = placed.plan_id, placed.supplier_id, placed.weekly_pence
    order.first, order.last = period.first, period.last
    funding = await session.get(Funding, (placed.plan_id, meta.council), with_for_update=True)
    if funding is None:
        session.add(
            Funding(
                council_id=meta.council,
                plan_id=placed.plan_id,
                budget_id=placed.budget_id,
                person_id=placed.person_id,
                agreed=False,
                revision=0,
                team="",
                weekly_pence=0,
                person_pence=0,
                lines="[]",
                version=0,
            )
        )
        return []
    return await seek_funds(session, order, funding, meta) if funding.agreed else []


async def order_of(session: AsyncSession, order_id: UUID, budget_id: UUID, person_id: UUID, council: str) -> Commitment:
    order = await session.get(Commitment, (order_id, council), with_for_update=True)
    if order is None:
        order = Commitment(
            council_id=council,
            order_id=order_id,
            budget_id=budget_id,
            person_id=person_id,
            state=CommitmentState.WAITING.value,
            weekly_pence=0,
            short_pence=0,
            held="[]",
            version=0,
        )
        session.add(order)
    if order.budget_id != budget_id:
        raise LookupError("other budget")
    return order


async def seek_funds(session: AsyncSession, order: Commitment, funding: Funding, meta: Meta) -> list[Fact]:
    year, period = financial_year_start(order.first), Period(first=order.first, last=order.last)
    purse = await purse_of(session, order.budget_id, order.person_id, year, meta.council)
    pence = commitment_pence(order.weekly_pence, period)
    journal = ledger.commit_funds(balances_of(purse), pence)
    if isinstance(journal, ledger.Short):
        order.state, order.short_pence, order.recost_by = CommitmentState.SHORT.value, journal.short_pence, meta.today
        return [_short(order, journal.short_pence, meta.today)]
    position = await position_of(session, order, year)
    post(session, purse, position, journal, meta.time, None)
    post(session, purse, position, ledger.cover(standing_of(position)), meta.time, None)
    order.state, order.owner_team = CommitmentState.COMMITTED.value, funding.team
    session.add(
        Timer.of("CommitmentEnds", str(order.order_id), meta, order.person_id, start_of(period.last), order.order_id)
    )
    return [
        FundsCommitted(
            order_id=order.order_id, budget_id=order.budget_id, person_id=order.person_id, pence=pence, period=period
        )
    ]


def _short(order: Commitment, pence: int, by: date) -> FundsShort:
    return FundsShort(
        order_id=order.order_id, budget_id=order.budget_id, person_id=order.person_id, short_pence=pence, recost_by=by
    )


async def deliver_visit(session: AsyncSession, visit: VisitRecorded, meta: Meta) -> Sequence[Fact]:
    order = await order_of(session, visit.order_id, visit.budget_id, visit.person_id, meta.council)
    day = civil_date(visit.started_at)
    if order.state == CommitmentState.WAITING.value:
        held = models.Held(models.HeldKind.VISIT, visit.visit_id, day, visit.pence)
        order.held = json.dumps([*json.loads(order.held), asdict(held)], default=str)
        return []
    year = financial_year_start(day)
    purse = await purse_of(session, order.budget_id, order.person_id, year, meta.council)
    position = await position_of(session, order, year)
    before = position.disputed
    post(session, purse, position, ledger.deliver(standing_of(position), visit.pence), meta.time, visit.visit_id)
    if not position.disputed or before:
        return []
    owed = position.disputed
    return [
        LiabilityDisputed(order_id=order.order_id, budget_id=order.budget_id, person_id=order.person_id, pence=owed)
    ]


async def copy_listing(session: AsyncSession, listing: ListingPublished, meta: Meta) -> Sequence[Fact]:
    copies = await session.scalars(
        select(ListingCopy)
        .where(ListingCopy.listing_id == listing.listing_id, ListingCopy.council_id == meta.council)
        .with_for_update()
    )
    known = {copy.area: copy for copy in copies}
    for area in set(known) - set(listing.areas):
        await session.delete(known[area])
    for area in listing.areas:
        copy = known.get(area) or ListingCopy(
            council_id=meta.council, listing_id=listing.listing_id, area=area, version=0
        )
        copy.supplier_id, copy.supplier_kind = listing.supplier_id, listing.supplier_kind.value
        copy.support, copy.hourly_pence = listing.support.value, listing.hourly_pence
        copy.room_minutes, copy.version = listing.room_minutes, copy.version + 1
        session.add(copy)
    return []


HEARS = ("assessment", "marketplace")
HANDLERS = {
    PlanAgreed.type_name(): fund_plan,
    OrderPlaced.type_name(): commit_order,
    VisitRecorded.type_name(): deliver_visit,
    ListingPublished.type_name(): copy_listing,
}
