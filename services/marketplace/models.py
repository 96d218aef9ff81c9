"""What does marketplace remember? Suppliers and what they list, what is wanted, and all that follows from an offer.

The classes stand in the order in which their rows are locked: never change it lightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.marketplace.importers.directory import Listed
from services.marketplace.rules.claims import ClaimLine, Matched, as_said
from services.marketplace.rules.matching import Candidate, Restricted, Wanted
from services.marketplace.rules.states import ClaimState, ListingState, OfferState, OrderState, RequirementState
from services.marketplace.rules.visits import MatchedVisit, OrderTerms, Outcome, PlannedVisit
from shared.contracts.base import Fact, Period, PlanLine, Reason, Route, SupplierKind, Support
from shared.contracts.marketplace import (
    ClaimAccepted,
    ClaimDisputed,
    ClaimSubmitted,
    ListingPublished,
    OfferExpired,
    OfferMade,
    OfferRefused,
    OfferWithdrawn,
    OrderCancelled,
    OrderConfirmed,
    OrderEnded,
    OrderHeld,
    OrderPlaced,
    RequirementOpened,
    SupplierRegistered,
    SupportStarted,
    VisitCancelled,
    VisitFrustrated,
    VisitMissed,
    VisitRecorded,
)
from shared.contracts.safeguarding import Level
from shared.runtime.rows import Row, table

_OF_AN_OFFER = ("offer_id", "requirement_id", "person_id", "supplier_id")
_OF_AN_ORDER = ("order_id", "person_id", "supplier_id")
_OF_AN_ENDED_ORDER = (*_OF_AN_ORDER, "plan_id", "budget_id")
_OF_A_PLACED_ORDER = tuple(OrderPlaced.model_fields)
_OF_A_VISIT = ("visit_id", *_OF_AN_ORDER)
_OF_A_CLAIM = ("claim_id", *_OF_AN_ORDER)


def _some(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields a row's facts have in common."""
    return {name: getattr(row, name) for name in names}


@dataclass(frozen=True, slots=True)
class Placed:
    """One restriction on a supplier, as safeguarding said it; an empty `supports` means all support."""

    restriction_id: UUID
    level: Level
    supports: tuple[Support, ...]
    review_on: date


@table("supplier", key=("supplier_id",), unique=(("reference",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier(Row):
    """A supplier. `listed` is what a published directory says of it; `imported` ones are known from there alone."""

    supplier_id: UUID
    name: str
    supplier_kind: SupplierKind
    arms_length: bool
    synthetic: bool
    imported: bool
    reference: str | None = None
    listed: Listed | None = None

    def as_registered(self) -> SupplierRegistered:
        return SupplierRegistered(
            supplier_id=self.supplier_id,
            kind=self.supplier_kind,
            arms_length=self.arms_length,
            synthetic=self.synthetic,
        )


@table("restriction", key=("supplier_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction(Row):
    """All restrictions in force on a supplier, in one row that exists from registration on: an offer being made and a
    restriction being placed wait for each other there."""

    supplier_id: UUID
    placed: tuple[Placed, ...] = ()

    def as_restricted(self) -> tuple[Restricted, ...]:
        return tuple(Restricted(each.level, each.supports) for each in self.placed)


@table("consent", key=("person_id", "client_id"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Row):
    """Whether a brokerage app may see this person, and until when; a copy of what assessment said."""

    person_id: UUID
    client_id: str
    consent_id: UUID
    until: date | None
    withdrawn: bool = False

    def holds_on(self, day: date) -> bool:
        return not self.withdrawn and (self.until is None or day <= self.until)


@table("listing", key=("listing_id",), indexes=(("supplier_id",),), checks=("hourly_pence >= 0", "room_minutes >= 0"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Row):
    """What a supplier offers: pence an hour, and room in minutes a week, less what was accepted since."""

    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    areas: tuple[str, ...]
    hourly_pence: int
    room_minutes: int
    state: ListingState

    def as_candidate(self, restriction: Restriction | None) -> Candidate:
        return Candidate(
            listing_id=self.listing_id,
            supplier_id=self.supplier_id,
            kind=self.supplier_kind,
            support=self.support,
            areas=self.areas,
            hourly_pence=self.hourly_pence,
            room_minutes=self.room_minutes,
            state=self.state,
            restrictions=restriction.as_restricted() if restriction else (),
        )

    def as_published(self) -> ListingPublished:
        return ListingPublished(
            listing_id=self.listing_id,
            supplier_id=self.supplier_id,
            supplier_kind=self.supplier_kind,
            support=self.support,
            areas=self.areas,
            hourly_pence=self.hourly_pence,
            room_minutes=self.room_minutes,
        )


@table("requirement", key=("requirement_id",), indexes=(("person_id",), ("plan_id",)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Row):
    """A line of an agreed plan that looks for a supplier."""

    requirement_id: UUID
    plan_id: UUID
    revision: int
    budget_id: UUID
    person_id: UUID
    area: str
    line: PlanLine
    starts_on: date
    state: RequirementState

    def as_wanted(self, known_suppliers: frozenset[UUID] | None = None) -> Wanted:
        return Wanted(self.line, self.area, known_suppliers)

    def as_opened(self) -> RequirementOpened:
        return RequirementOpened(
            requirement_id=self.requirement_id,
            plan_id=self.plan_id,
            person_id=self.person_id,
            line=self.line,
            starts_on=self.starts_on,
        )


@table(
    "offer",
    key=("offer_id",),
    indexes=(("requirement_id",), ("supplier_id", "state"), ("person_id",)),
    checks=("price_pence >= 0",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Row):
    """A supplier was asked; `price_pence` is an hour. `because` is the code it ended with."""

    offer_id: UUID
    requirement_id: UUID
    person_id: UUID
    supplier_id: UUID
    listing_id: UUID
    support: Support
    price_pence: int
    expires_at: datetime
    made_by: str
    state: OfferState
    because: str | None = None

    def as_made(self) -> OfferMade:
        return OfferMade(
            **_some(self, _OF_AN_OFFER),
            listing_id=self.listing_id,
            price_pence=self.price_pence,
            expires_at=self.expires_at,
        )

    def as_refused(self) -> OfferRefused:
        return OfferRefused(**_some(self, _OF_AN_OFFER), because=self.because or "not_said")

    def as_expired(self) -> OfferExpired:
        return OfferExpired(**_some(self, _OF_AN_OFFER))

    def as_withdrawn(self) -> OfferWithdrawn:
        return OfferWithdrawn(**_some(self, _OF_AN_OFFER), because=self.because or "not_said")


@table(
    "order",
    key=("order_id",),
    indexes=(("person_id",), ("supplier_id",)),
    checks=("hourly_pence >= 0", "weekly_minutes >= 0", "weekly_pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Row):
    """What a supplier accepted, for good at this price. Open-ended, until somebody ends it after a `last_day`."""

    order_id: UUID
    requirement_id: UUID
    offer_id: UUID
    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    line: PlanLine
    route: Route
    hourly_pence: int
    weekly_minutes: int
    weekly_pence: int
    starts_on: date
    state: OrderState
    started_on: date | None = None
    last_day: date | None = None

    def as_terms(self) -> OrderTerms:
        first = self.started_on or self.starts_on
        started = self.started_on is not None
        return OrderTerms(self.order_id, self.line.pattern, self.hourly_pence, first, self.last_day, started)

    def as_placed(self) -> OrderPlaced:
        return OrderPlaced(**_some(self, _OF_A_PLACED_ORDER))

    def as_confirmed(self) -> OrderConfirmed:
        return OrderConfirmed(**_some(self, _OF_AN_ORDER))

    def as_held(self) -> OrderHeld:
        return OrderHeld(**_some(self, _OF_AN_ORDER))

    def as_started(self, day: date) -> SupportStarted:
        return SupportStarted(
            **_some(self, _OF_AN_ORDER), plan_id=self.plan_id, line_id=self.line.line_id, started_on=day
        )

    def as_cancelled(self, because: str, need_remains: bool) -> OrderCancelled:
        return OrderCancelled(**_some(self, _OF_AN_ENDED_ORDER), because=because, need_remains=need_remains)

    def as_ended(self, last_day: date, because: str, need_remains: bool) -> OrderEnded:
        whose = _some(self, _OF_AN_ENDED_ORDER)
        return OrderEnded(**whose, last_day=last_day, because=because, need_remains=need_remains)


@table(
    "visit",
    key=("visit_id",),
    indexes=(("order_id", "planned_at"),),
    checks=("minutes >= 0", "pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Row):
    """What became of a planned visit. `minutes` are those that count, `pence` what they are worth; its identity is made
    of the order and the planned start. `claim_id` is the claim it was claimed (or left out) in."""

    visit_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    planned_minutes: int
    time_critical: bool
    outcome: Outcome
    started_at: datetime | None
    minutes: int
    pence: int
    because: str
    claim_id: UUID | None = None

    def as_matched(self) -> MatchedVisit:
        plan = PlannedVisit(self.visit_id, self.order_id, self.planned_at, self.planned_minutes, self.time_critical)
        return MatchedVisit(plan, self.outcome, self.started_at, self.minutes, self.pence, self.because)

    def as_said(self) -> Fact:
        """The one fact that tells this visit's outcome."""
        whose = _some(self, _OF_A_VISIT)
        paid = {"budget_id": self.budget_id, "minutes": self.minutes, "pence": self.pence}
        planned = {"planned_at": self.planned_at, "because": self.because}
        match self.outcome:
            case Outcome.RECORDED:
                return VisitRecorded(**whose, **paid, started_at=self.started_at or self.planned_at)
            case Outcome.MISSED:
                return VisitMissed(**whose, **planned, time_critical=self.time_critical)
            case Outcome.CANCELLED:
                return VisitCancelled(**whose, **planned)
            case Outcome.FRUSTRATED:
                return VisitFrustrated(**whose, **paid, **planned)


@table("unmatched_visit", key=("unmatched_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedVisit(Row):
    """A row of a supplier's file that belongs to no planned visit, kept with the reason; identified by its content."""

    unmatched_id: UUID
    supplier_id: UUID
    reference: str
    planned_at: datetime
    started_at: datetime | None
    minutes: int
    outcome: Outcome
    said_because: str
    because: Reason


@table(
    "claim",
    key=("claim_id",),
    indexes=(("order_id",), ("supplier_id",), ("person_id",)),
    checks=("claimed_pence >= 0", "delivered_pence >= 0", "pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Row):
    """A supplier's claim for a period. `pence` is what is owed, once that is decided."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    first: date
    last: date
    lines: tuple[ClaimLine, ...]
    claimed_pence: int
    delivered_pence: int
    differences: tuple[Reason, ...]
    submitted_by: str
    state: ClaimState
    pence: int | None = None
    settled_by: str | None = None
    settled_because: str | None = None
    paid_on: date | None = None

    @property
    def period(self) -> Period:
        return Period(first=self.first, last=self.last)

    @property
    def matched(self) -> Matched:
        return Matched(self.claimed_pence, self.delivered_pence, self.differences)

    def as_submitted(self) -> ClaimSubmitted:
        return ClaimSubmitted(
            **_some(self, _OF_A_CLAIM),
            period=self.period,
            claimed_pence=self.claimed_pence,
            delivered_pence=self.delivered_pence,
        )

    def as_disputed(self) -> ClaimDisputed:
        difference = self.claimed_pence - self.delivered_pence
        return ClaimDisputed(**_some(self, _OF_A_CLAIM), difference_pence=difference, because=as_said(self.differences))

    def as_accepted(self, pence: int) -> ClaimAccepted:
        return ClaimAccepted(
            **_some(self, _OF_A_CLAIM),
            budget_id=self.budget_id,
            period=self.period,
            pence=pence,
            delivered_pence=self.delivered_pence,
        )
