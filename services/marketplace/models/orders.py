"""What is wanted, who was asked or called off, and what was ordered?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.marketplace.models.common import some
from services.marketplace.rules.claims import kind_of_claim, route_on
from services.marketplace.rules.frameworks import Considered
from services.marketplace.rules.matching import Replaced, Wanted
from services.marketplace.rules.states import CompetitionState, OfferState, OrderState, RequirementState
from services.marketplace.rules.visits import OrderTerms
from shared.contracts.base import (
    Basis,
    ClaimKind,
    Employer,
    Period,
    PlanLine,
    Preference,
    Route,
    SupplierKind,
    Support,
)
from shared.contracts.marketplace import (
    OfferExpired,
    OfferMade,
    OfferRefused,
    OfferWithdrawn,
    OrderCancelled,
    OrderConfirmed,
    OrderContinued,
    OrderEnded,
    OrderHeld,
    OrderPlaced,
    OrderRepriced,
    RequirementOpened,
    SupportStarted,
)
from shared.contracts.supply import EvidenceKind, StartBlocked, WageBelowFloor
from shared.explain import Step
from shared.runtime.rows import Row, table

_OF_AN_OFFER = ("offer_id", "requirement_id", "person_id", "supplier_id")
_OF_AN_ORDER = ("order_id", "person_id", "supplier_id")
_OF_A_PLACED_ORDER = tuple(name for name in OrderPlaced.model_fields if name not in ("employer", "ends_on"))
_OF_AN_ENDED_ORDER = (*_OF_AN_ORDER, "plan_id", "budget_id")


@table("requirement", key=("requirement_id",), indexes=(("person_id",), ("plan_id",), ("replaces_order_id",)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Row):
    """A line of an agreed plan that looks for a supplier. `replaces` is the running order in whose place it will be met.
    On the `switched` days the council manages it, whatever its route. By its `basis` it may be urgent support or reablement
    instead, of which there is no plan and no personal budget: all three ids are then that early support's. `until` is the last
    day that was decided for it; it is no end. `any_kind`: the line's kind is one that will do among others."""

    requirement_id: UUID
    plan_id: UUID
    revision: int
    budget_id: UUID
    person_id: UUID
    team: str
    area: str
    line: PlanLine
    starts_on: date
    state: RequirementState
    replaces_order_id: UUID | None = None
    replaces: Replaced | None = None
    switched: tuple[Period, ...] = ()
    basis: Basis = Basis.PLAN
    any_kind: bool = False
    until: date | None = None
    square: str | None = None

    def as_wanted(self, known_suppliers: frozenset[UUID] | None = None) -> Wanted:
        of = (self.line, self.area, known_suppliers, self.person_id, self.replaces)
        return Wanted(*of, any_kind=self.any_kind, square=self.square)

    def as_opened(self) -> RequirementOpened:
        return RequirementOpened(
            requirement_id=self.requirement_id,
            plan_id=self.plan_id,
            person_id=self.person_id,
            line=self.line,
            starts_on=self.starts_on,
            basis=self.basis,
            any_kind=self.any_kind,
            until=self.until,
        )


@table("award", key=("requirement_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Award(Row):
    """What a framework in force led to: who was called off and why, or why nobody was. `steps` are of the one called off;
    `considered` are all, best first."""

    requirement_id: UUID
    framework_id: UUID
    listing_id: UUID | None
    order_id: UUID | None
    offer_id: UUID | None
    steps: tuple[Step, ...]
    considered: tuple[Considered, ...]


@table("choice", key=("order_id",), indexes=(("requirement_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Row):
    """Whom the person chose for themselves, with the reason as given, which stays here; `steps` are how that listing stood
    among the others."""

    order_id: UUID
    requirement_id: UUID
    person_id: UUID
    listing_id: UUID
    reason: str
    chosen_by: str
    score: int
    steps: tuple[Step, ...]


@table("competition", key=("competition_id",), indexes=(("requirement_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Competition(Row):
    """Several suppliers asked at once, who answer with a price until the `deadline`. `reason` is why it was awarded, or
    awarded to nobody, in words, which stay here; `considered` are the answers as they stood then, best first."""

    competition_id: UUID
    requirement_id: UUID
    person_id: UUID
    deadline: datetime
    opened_by: str
    state: CompetitionState
    decided_by: str | None = None
    reason: str | None = None
    offer_id: UUID | None = None
    order_id: UUID | None = None
    steps: tuple[Step, ...] = ()
    considered: tuple[Considered, ...] = ()


@table(
    "offer",
    key=("offer_id",),
    indexes=(("requirement_id",), ("supplier_id", "state"), ("person_id",)),
    checks=("price_pence >= 0",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Row):
    """A supplier was asked; `price_pence` is an hour. `because` is the code it ended with. The lawful
    preferences of the line go with it. In a competition the price is the most that may be answered, then what was."""

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
    skills: tuple[str, ...] = ()
    preferences: tuple[Preference, ...] = ()
    competition_id: UUID | None = None

    def as_made(self) -> OfferMade:
        return OfferMade(
            **some(self, _OF_AN_OFFER),
            listing_id=self.listing_id,
            price_pence=self.price_pence,
            expires_at=self.expires_at,
        )

    def as_refused(self) -> OfferRefused:
        return OfferRefused(**some(self, _OF_AN_OFFER), because=self.because or "not_said")

    def as_expired(self) -> OfferExpired:
        return OfferExpired(**some(self, _OF_AN_OFFER))

    def as_withdrawn(self) -> OfferWithdrawn:
        return OfferWithdrawn(**some(self, _OF_AN_OFFER), because=self.because or "not_said")


@table(
    "order",
    key=("order_id",),
    indexes=(("person_id",), ("supplier_id",), ("replaces_order_id",)),
    checks=("hourly_pence >= 0", "weekly_minutes >= 0", "weekly_pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Row):
    """What a supplier accepted, or was called off for, for good at this price. Open-ended, until somebody ends it after a
    `last_day`, which may be ahead while it still runs. `missing` is the evidence without which it cannot start, when that
    was last looked at. Bought together with others (`group_id`), the pence are this person's share. `shared_minutes` a week
    of its listing's room are those of the order that it replaces there. On the `switched` days the council manages it,
    whatever its route; `employer` is a PA's, then as before. One that stands in for `covers_order_id` has its `last_day`
    from the first: the last of the cover. By its `basis` it may be for urgent support or reablement, as its requirement is: it
    waits for no money, and `until` is the last day that was decided, after which it goes on until somebody ends it."""

    order_id: UUID
    requirement_id: UUID
    listing_id: UUID
    offer_id: UUID | None
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
    framework_id: UUID | None = None
    last_day: date | None = None
    missing: tuple[EvidenceKind, ...] = ()
    group_id: UUID | None = None
    replaces_order_id: UUID | None = None
    shared_minutes: int = 0
    covers_order_id: UUID | None = None
    close_family_in_household: bool = False
    ended_without_review: str | None = None
    """Why support at a service that closes was ended by somebody though no review was held: in words, which stay here."""
    switched: tuple[Period, ...] = ()
    employer: Employer | None = None
    basis: Basis = Basis.PLAN
    until: date | None = None

    @property
    def waits_for_money(self) -> bool:
        """What stands in for a PA does not, nor does what is needed before there is a plan (Care Act s.19(3))."""
        return self.covers_order_id is None and self.basis is Basis.PLAN

    def claim_kind_on(self, day: date) -> ClaimKind:
        """How what was delivered on a day is claimed or accounted for."""
        return kind_of_claim(route_on(self.route, self.switched, day), self.supplier_kind, self.employer)

    def ran_on(self, day: date) -> bool:
        return self.started_on is not None and self.started_on <= day <= (self.last_day or day)

    def as_blocked(self) -> StartBlocked:
        return StartBlocked(**some(self, _OF_AN_ORDER), plan_id=self.plan_id, missing=self.missing)

    def as_underpaid(self, floor_pence: int, since: date) -> WageBelowFloor:
        paid = {"hourly_pence": self.hourly_pence, "floor_pence": floor_pence, "since": since}
        return WageBelowFloor(**some(self, _OF_AN_ORDER), **paid)

    def as_terms(self) -> OrderTerms:
        first = self.started_on or self.starts_on
        started = self.started_on is not None
        together = self.group_id is not None
        return OrderTerms(self.order_id, self.line.pattern, self.hourly_pence, first, self.last_day, started, together)

    def as_placed(self, employer: Employer | None) -> OrderPlaced:
        return OrderPlaced(**some(self, _OF_A_PLACED_ORDER), employer=employer, ends_on=self.last_day or self.until)

    def as_repriced(self, holds_from: date, because: str) -> OrderRepriced:
        priced = some(self, ("plan_id", "budget_id", "hourly_pence", "weekly_pence"))
        return OrderRepriced(**some(self, _OF_AN_ORDER), **priced, holds_from=holds_from, because=because)

    def as_continued(self, old_plan_id: UUID, plan_id: UUID, line_id: UUID, until_replaced: bool) -> OrderContinued:
        return OrderContinued(
            **some(self, _OF_AN_ORDER),
            plan_id=plan_id,
            supersedes_plan_id=old_plan_id,
            line_id=line_id,
            until_replaced=until_replaced,
            started_on=self.started_on,
        )

    def as_confirmed(self) -> OrderConfirmed:
        return OrderConfirmed(**some(self, _OF_AN_ORDER))

    def as_held(self) -> OrderHeld:
        return OrderHeld(**some(self, _OF_AN_ORDER))

    def as_started(self, day: date) -> SupportStarted:
        return SupportStarted(
            **some(self, _OF_AN_ORDER), plan_id=self.plan_id, line_id=self.line.line_id, started_on=day
        )

    def as_cancelled(self, because: str, need_remains: bool) -> OrderCancelled:
        return OrderCancelled(**some(self, _OF_AN_ENDED_ORDER), because=because, need_remains=need_remains)

    def as_ended(self, last_day: date, because: str, need_remains: bool) -> OrderEnded:
        whose = some(self, _OF_AN_ENDED_ORDER)
        return OrderEnded(**whose, last_day=last_day, because=because, need_remains=need_remains)
