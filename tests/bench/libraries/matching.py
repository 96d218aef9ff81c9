"""Matching as it is written over an ORM: a session loads the council's listings, and Python looks through them.

The rules and the words are the product's own, so that both say the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from services.marketplace import models
from services.marketplace.api.views import MatchesView
from services.marketplace.rules.matching import (
    NO_RECORD,
    RECORD_DAYS,
    Candidate,
    Record,
    Restricted,
    Wanted,
    rank,
)
from services.marketplace.rules.states import ListingState
from services.marketplace.rules.suppliers import Terms
from shared.contracts.base import Employer, PlanLine, SupplierKind, Support


class Base(DeclarativeBase):
    pass


class Listing(Base):
    __table__ = models.Listing.kind.table


class Restriction(Base):
    __table__ = models.Restriction.kind.table


class Requirement(Base):
    __table__ = models.Requirement.kind.table


class Order(Base):
    __table__ = models.Order.kind.table


class Visit(Base):
    __table__ = models.Visit.kind.table


TEXTS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
TERMS: TypeAdapter[tuple[Terms, ...]] = TypeAdapter(tuple[Terms, ...])
PLACED: TypeAdapter[tuple[models.Placed, ...]] = TypeAdapter(tuple[models.Placed, ...])


class TheirMarket:
    """One application's engine and sessions, under the role that sees one council."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    async def close(self) -> None:
        await self.engine.dispose()

    async def matches(self, council: str, requirement_id: UUID, shown: int) -> Any:
        """The ranking as JSON-ready values: the best and the excluded, so many of each."""
        async with self.sessions() as session, session.begin():
            await session.execute(text("select set_config('app.council', :council, true)"), {"council": council})
            requirement = await session.get_one(Requirement, (requirement_id, council))
            restricted = await _restricted(session)
            records = await _records(session)
            candidates = [
                _candidate(listing, restricted, records) for listing in await _listings(session, requirement.person_id)
            ]
            known = await _known(session, requirement.person_id)
        line = PlanLine.model_validate_json(requirement.line)
        wanted = Wanted(line, requirement.area, known, requirement.person_id, square=requirement.square)
        return MatchesView.ranking(requirement_id, rank(wanted, candidates), shown).model_dump(mode="json")


async def _listings(session: AsyncSession, person_id: UUID) -> Any:
    theirs = or_(Listing.for_person_id.is_(None), Listing.for_person_id == person_id)
    return (await session.scalars(select(Listing).where(theirs))).all()


async def _restricted(session: AsyncSession) -> dict[UUID, tuple[Restricted, ...]]:
    rows = (await session.scalars(select(Restriction))).all()
    return {
        row.supplier_id: tuple(Restricted(one.level, one.supports) for one in PLACED.validate_json(row.placed))
        for row in rows
    }


async def _known(session: AsyncSession, person_id: UUID) -> frozenset[UUID]:
    running = select(Order.supplier_id).where(Order.person_id == person_id, Order.state.in_(("confirmed", "started")))
    return frozenset((await session.scalars(running)).all())


async def _records(session: AsyncSession) -> dict[UUID, Record]:
    """What became of each supplier's visits lately, counted by the database."""
    now = datetime.now(UTC)
    missed = func.count().filter(Visit.outcome == "missed")
    counted = (
        select(Order.supplier_id, func.count(), missed)
        .join(Visit, (Visit.order_id == Order.order_id) & (Visit.council_id == Order.council_id))
        .where(Visit.planned_at.between(now - timedelta(days=RECORD_DAYS), now), Visit.outcome != "cancelled")
        .group_by(Order.supplier_id)
    )
    return {row[0]: Record(row[1], row[2]) for row in (await session.execute(counted)).all()}


def _candidate(listing: Any, restricted: dict[UUID, tuple[Restricted, ...]], records: dict[UUID, Record]) -> Candidate:
    return Candidate(
        listing_id=listing.listing_id,
        supplier_id=listing.supplier_id,
        kind=SupplierKind(listing.supplier_kind),
        support=Support(listing.support),
        areas=TEXTS.validate_json(listing.areas),
        hourly_pence=listing.hourly_pence,
        room_minutes=listing.room_minutes,
        state=ListingState(listing.state),
        restrictions=restricted.get(listing.supplier_id, ()),
        skills=TEXTS.validate_json(listing.skills),
        terms=TERMS.validate_json(listing.terms),
        employer=Employer(listing.employer) if listing.employer else None,
        for_person_id=listing.for_person_id,
        record=records.get(listing.supplier_id, NO_RECORD),
        square=listing.square,
    )
