"""What marketplace says: suppliers and listings, requirements, offers, orders, visits and claims."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import (
    Basis,
    ClaimKind,
    Code,
    Employer,
    EmployingCost,
    Fact,
    Minutes,
    Pence,
    Period,
    PlanLine,
    Reason,
    Route,
    SupplierKind,
    Support,
)


class SupplierRegistered(Fact, service="marketplace", says="supplier_registered", about="supplier_id"):
    """A supplier is in the directory. `synthetic` marks those made up for demonstrations.

    `employer` is a PA's; `terms` are what the supplier follows (collective_agreement, real_living_wage, …).
    `location_id` is the public register's, the same in every council; a PA has none.
    """

    supplier_id: UUID
    kind: SupplierKind
    arms_length: bool = False
    synthetic: bool
    employer: Employer | None = None
    terms: tuple[Code, ...] = ()
    location_id: Code | None = None


class ListingPublished(Fact, service="marketplace", says="listing_published", about="supplier_id"):
    """A listing as it now stands: price an hour and room a week. Said again whenever either changes.

    `for_person_id` is whose PA it is, where the person or a nominee employs: it is room for nobody else.
    """

    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    areas: tuple[Code, ...]
    hourly_pence: Pence
    room_minutes: Minutes
    skills: tuple[Code, ...] = ()
    for_person_id: UUID | None = None


class ListingWithdrawn(Fact, service="marketplace", says="listing_withdrawn", about="supplier_id"):
    """The listing takes nobody new."""

    listing_id: UUID
    supplier_id: UUID


class RequirementOpened(Fact, service="marketplace", says="requirement_opened"):
    """A line of an agreed plan is looking for a supplier; or, by its `basis`, urgent support or reablement is. Of these there
    is no plan: `plan_id` and the line's id are the `urgent_id` or `reablement_id`, which no plan has. `any_kind`: a supplier
    of another kind than the line's will do. `until` is the last day that was decided, which is not yet an end."""

    requirement_id: UUID
    plan_id: UUID
    person_id: UUID
    line: PlanLine
    starts_on: date
    basis: Basis = Basis.PLAN
    any_kind: bool = False
    until: date | None = None


class OfferMade(Fact, service="marketplace", says="offer_made"):
    """A supplier was asked to take a requirement on; `price_pence` is an hour."""

    offer_id: UUID
    requirement_id: UUID
    person_id: UUID
    supplier_id: UUID
    listing_id: UUID
    price_pence: Pence
    expires_at: datetime


class OfferRefused(Fact, service="marketplace", says="offer_refused"):
    """The supplier said no."""

    offer_id: UUID
    requirement_id: UUID
    person_id: UUID
    supplier_id: UUID
    because: Code


class OfferExpired(Fact, service="marketplace", says="offer_expired"):
    """The supplier did not answer in time."""

    offer_id: UUID
    requirement_id: UUID
    person_id: UUID
    supplier_id: UUID


class OfferWithdrawn(Fact, service="marketplace", says="offer_withdrawn"):
    """The offer no longer stands: another was accepted, or the supplier was restricted."""

    offer_id: UUID
    requirement_id: UUID
    person_id: UUID
    supplier_id: UUID
    because: Code


class OrderPlaced(Fact, service="marketplace", says="order_placed"):
    """A supplier accepted, or was called off a framework. Budget answers with FundsCommitted or FundsShort.

    `replaces_order_id` is a running order that goes on until support on this one starts, and ends the day before.
    `employer` is a PA's: who employs whoever comes. `close_family_in_household`: they are close family of the person's, and a
    direct payment may pay them only where the council found that necessary.
    `covers_order_id` is a running order whose PA cannot come until `ends_on`: this one stands in for it, and starts on its day
    whatever budget answers.
    By its `basis` it may be for urgent support or reablement, for which there is no plan and no personal budget: `plan_id`,
    `budget_id` and the line's id are then all the `urgent_id` or `reablement_id`, and the council's own purse has that id, too.
    It may start before budget answers; `ends_on` is the last day decided so far, and it goes on until somebody ends it.
    """

    order_id: UUID
    requirement_id: UUID
    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    line: PlanLine
    route: Route
    hourly_pence: Pence
    weekly_minutes: Minutes
    weekly_pence: Pence
    starts_on: date
    framework_id: UUID | None = None
    replaces_order_id: UUID | None = None
    employer: Employer | None = None
    close_family_in_household: bool = False
    covers_order_id: UUID | None = None
    ends_on: date | None = None
    basis: Basis = Basis.PLAN


class OrderContinued(Fact, service="marketplace", says="order_continued"):
    """A plan took the place of another, and this order goes on for a line of it: for the same line, untouched, or until
    the support that is to `replace` it starts. `started_on` is when support on it began, where it has."""

    order_id: UUID
    plan_id: UUID
    supersedes_plan_id: UUID
    line_id: UUID
    person_id: UUID
    supplier_id: UUID
    until_replaced: bool
    started_on: date | None = None


class OrderRepriced(Fact, service="marketplace", says="order_repriced"):
    """From `holds_from` on an order costs otherwise, and goes on: somebody it was bought together with left. Budget answers
    with FundsCommitted or FundsShort, for the days from then on."""

    order_id: UUID
    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    hourly_pence: Pence
    weekly_pence: Pence
    holds_from: date
    because: Code


class OrderConfirmed(Fact, service="marketplace", says="order_confirmed"):
    """Funds are committed: support may start."""

    order_id: UUID
    person_id: UUID
    supplier_id: UUID


class OrderHeld(Fact, service="marketplace", says="order_held"):
    """Funds are short: the order waits for a re-costing."""

    order_id: UUID
    person_id: UUID
    supplier_id: UUID


class OrderCancelled(Fact, service="marketplace", says="order_cancelled"):
    """Support on it will not start: nothing is owed. While the need remains, its requirement is open again."""

    order_id: UUID
    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    because: Code
    need_remains: bool


class OrderEnded(Fact, service="marketplace", says="order_ended"):
    """Support on it ends after `last_day`, by somebody's decision; what is recorded up to then is owed. Where a plan agreed
    anew leaves it out, it is said as soon as that is decided, and the last day may be ahead."""

    order_id: UUID
    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    last_day: date
    because: Code
    need_remains: bool


class SupportStarted(Fact, service="marketplace", says="support_started"):
    """The first visit's day came and support began."""

    order_id: UUID
    plan_id: UUID
    line_id: UUID
    person_id: UUID
    supplier_id: UUID
    started_on: date


class VisitRecorded(Fact, service="marketplace", says="visit_recorded"):
    """A visit was made: `minutes` delivered, worth `pence` at the order's price."""

    visit_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    started_at: datetime
    minutes: Minutes
    pence: Pence
    worker: Code | None = None
    """Who came, under a pseudonym of the supplier's."""


class VisitMissed(Fact, service="marketplace", says="visit_missed"):
    """A planned visit was not made."""

    visit_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    time_critical: bool
    because: Code


class VisitCancelled(Fact, service="marketplace", says="visit_cancelled"):
    """A planned visit was called off beforehand; nothing is owed."""

    visit_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    because: Code


class VisitFrustrated(Fact, service="marketplace", says="visit_frustrated"):
    """The care worker came and could not deliver (no answer at the door); the visit is payable."""

    visit_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    minutes: Minutes
    pence: Pence
    because: Code


class ClaimSubmitted(Fact, service="marketplace", says="claim_submitted"):
    """A supplier claims for a period; `delivered_pence` is what the recorded visits come to."""

    claim_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    period: Period
    claimed_pence: Pence
    delivered_pence: Pence
    kind: ClaimKind = ClaimKind.INVOICE


class ClaimDisputed(Fact, service="marketplace", says="claim_disputed"):
    """What is claimed and what was recorded differ."""

    claim_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    difference_pence: Annotated[int, Field(strict=True)]
    because: tuple[Reason, ...]


class ClaimAccepted(Fact, service="marketplace", says="claim_accepted"):
    """`pence` is owed; of the visits in the claim `delivered_pence` had been recorded. A payroll return may say besides what
    `employing` added to those wages; it is not in `pence`."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    period: Period
    pence: Pence
    delivered_pence: Pence
    kind: ClaimKind = ClaimKind.INVOICE
    employing: tuple[EmployingCost, ...] = ()


class ClaimLowered(Fact, service="marketplace", says="claim_lowered"):
    """An accepted claim, paid or not, was found too high: it comes to `pence` from its `revision` on, before to `before_pence`.
    The supplier said so (a credit note) or the council asks for it (`asked_by_council`). What was paid beyond it is owed back."""

    claim_id: UUID
    revision: Annotated[int, Field(ge=2, strict=True)]
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    period: Period
    pence: Pence
    before_pence: Pence
    asked_by_council: bool
    because: Code
    kind: ClaimKind = ClaimKind.INVOICE
    employing: tuple[EmployingCost, ...] = ()
