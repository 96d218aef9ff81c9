"""How is cover looked for, whoever asks for it? Pure."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.marketplace.common import standing_in
from services.marketplace.common.showing import EvidenceLoads
from services.marketplace.models import Cover, Framework, Listing, Order, Requirement, Restriction
from services.marketplace.policy import in_force
from services.marketplace.reminders import CoverEnds
from services.marketplace.rules import frameworks
from services.marketplace.rules.cover import first_of, steps_of_cover, tried
from services.marketplace.rules.frameworks import Ranking
from services.marketplace.rules.matching import Candidate, Match, Wanted
from services.marketplace.rules.readiness import Employment, readiness
from services.marketplace.rules.states import COVERS, CoverState
from shared.clock import civil_date, start_of
from shared.contracts.base import Fact, Support
from shared.contracts.supply import CoverStep
from shared.runtime.loads import Hold, Load, by_key, by_match
from shared.runtime.unit_of_work import UnitOfWork

Orders = Callable[[Any, UnitOfWork], list[Order]]


class CoverLoads:
    """The rows that looking for cover needs, for the orders of a message: everybody who lists such support. Restrictions
    are relied on; a listing that changed meanwhile makes the save start again."""

    def __init__(self, orders: Orders, stage: int) -> None:
        self.orders = orders
        self.covered = by_key(Order, self._covered, hold=Hold.GLANCE, stage=stage)
        self.requirements = by_key(Requirement, self._requirements, hold=Hold.GLANCE, stage=stage)
        self.frameworks = by_match(Framework, "support", of=self._supports, hold=Hold.GLANCE, stage=stage)
        self.listings = by_match(Listing, "support", of=self._supports, hold=Hold.GLANCE, stage=stage)
        self.restrictions = by_key(Restriction, self._suppliers, hold=Hold.RELY, stage=stage + 1)
        self.shown = EvidenceLoads(self._listed, stage + 1)

    def _covered(self, message: Any, work: UnitOfWork) -> list[UUID]:
        return [order.covers_order_id for order in self.orders(message, work) if order.covers_order_id]

    def _requirements(self, message: Any, work: UnitOfWork) -> list[UUID]:
        return [order.requirement_id for order in self.orders(message, work)]

    def _supports(self, message: Any, work: UnitOfWork) -> list[tuple[Support]]:
        return sorted({(order.line.support,) for order in self.orders(message, work)})

    def _suppliers(self, message: Any, work: UnitOfWork) -> list[UUID]:
        return sorted({listing.supplier_id for listing in self._listed(message, work)})

    def _listed(self, message: Any, work: UnitOfWork) -> Iterator[Listing]:
        for support in self._supports(message, work):
            yield from work.all(self.listings, *support)

    @property
    def wants(self) -> tuple[Load, ...]:
        rows = (self.covered, self.requirements, self.frameworks, self.listings, self.restrictions)
        return (*rows, *self.shown.wants)

    def absent(self, work: UnitOfWork, order: Order) -> set[UUID]:
        """Who cannot come: whoever it is for, and, where that is somebody who covers, whom they cover for."""
        covered = work.one(Order, order.covers_order_id) if order.covers_order_id else order
        return {order.supplier_id, covered.supplier_id}

    def wanted(self, work: UnitOfWork, order: Order) -> Wanted:
        of = work.one(Requirement, order.requirement_id)
        return Wanted(order.line, of.area, person_id=order.person_id, square=of.square)

    def candidates(self, work: UnitOfWork, order: Order, day: date) -> Iterator[Candidate]:
        """Every listing for the support, with what its supplier would lack on that day."""
        policy = in_force("readiness", order.council_id, day)
        for listing in work.all(self.listings, order.line.support):
            of = Employment(listing.supplier_kind, listing.employer, listing.support)
            missing = readiness(of, self.shown.of(work, listing), policy, day).missing
            candidate = listing.as_candidate(work.get(Restriction, listing.supplier_id))
            yield replace(candidate, missing=missing)


def ask_for_cover(
    work: UnitOfWork,
    loads: CoverLoads,
    order: Order,
    days: tuple[date, date],
    because: str,
    now: datetime,
    *,
    is_lapse: bool = False,
) -> Generator[Fact, None, Cover]:
    """Somebody else is looked for at once, for as long as the order itself runs."""
    cover = Cover(
        council_id=order.council_id,
        cover_id=work.new_id(),
        order_id=order.order_id,
        person_id=order.person_id,
        supplier_id=order.supplier_id,
        first=days[0],
        last=min(days[1], order.last_day or days[1]),
        weekly_minutes=order.weekly_minutes,
        because=because,
        is_lapse=is_lapse,
        asked_at=now,
        state=CoverState.ASKED,
    )
    yield cover.as_asked()
    ends = start_of(cover.last + timedelta(days=1))
    work.remind(CoverEnds(cover_id=cover.cover_id), ends, key=cover.cover_id, subject=cover.person_id)
    return (yield from look_for_cover(work, loads, order, cover, now))


def look_for_cover(
    work: UnitOfWork, loads: CoverLoads, order: Order, cover: Cover, now: datetime
) -> Generator[Fact, None, Cover]:
    """Step by step; each is kept. Where nobody is found a person must act, or look again."""
    for step, matches in _steps(work, loads, order, cover, now):
        cover = replace(cover, tried=(*cover.tried, tried(step, matches, now)))
        best = first_of(matches)
        if best is not None:
            return (yield from _arrange(work, order, cover, step, best, now))
    cover = work.put(replace(cover, state=COVERS.move(cover.state, "give_up")))
    yield cover.as_not_found()
    return cover


def _steps(
    work: UnitOfWork, loads: CoverLoads, order: Order, cover: Cover, now: datetime
) -> Iterator[tuple[CoverStep, tuple[Match, ...]]]:
    today = civil_date(now)
    framework = frameworks.in_force(work.all(loads.frameworks, order.line.support), today)
    on_it, ranking = (framework.suppliers, framework.ranking) if framework else ((), Ranking.BY_SCORE)
    candidates = loads.candidates(work, order, max(cover.first, today))
    return steps_of_cover(loads.wanted(work, order), loads.absent(work, order), candidates, on_it, ranking)


def _arrange(
    work: UnitOfWork, order: Order, cover: Cover, step: CoverStep, best: Match, now: datetime
) -> Generator[Fact, None, Cover]:
    """Whoever covers has an order of their own."""
    found = best.candidate
    arranged = replace(
        cover,
        state=COVERS.move(cover.state, "arrange"),
        step=step,
        steps=best.lines,
        listing_id=found.listing_id,
        covered_by=found.supplier_id,
        hourly_pence=found.hourly_pence,
        arranged_at=now,
        covering_order_id=work.new_id(),
    )
    yield arranged.as_arranged(step, found.hourly_pence, int((now - cover.asked_at).total_seconds()) // 60)
    arranged = work.put(arranged)
    yield from standing_in.place(work, order, arranged, work.one(Listing, found.listing_id), civil_date(now))
    return arranged
