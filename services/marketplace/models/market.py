"""Who is there in the market, what do they list, who may be called off, and what restricts them?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.marketplace.importers.directory import Listed
from services.marketplace.rules.frameworks import Ranking
from services.marketplace.rules.matching import Candidate, Restricted
from services.marketplace.rules.readiness import Employment
from services.marketplace.rules.states import ListingState
from services.marketplace.rules.suppliers import Terms, location_of
from services.marketplace.rules.wages import Age
from shared.contracts.base import Employer, SupplierKind, Support
from shared.contracts.marketplace import ListingPublished, SupplierRegistered
from shared.contracts.safeguarding import Level
from shared.runtime.rows import Row, table


@dataclass(frozen=True, slots=True)
class Placed:
    """One restriction on a supplier, as safeguarding said it; an empty `supports` means all support."""

    restriction_id: UUID
    level: Level
    supports: tuple[Support, ...]
    review_on: date


@table("supplier", key=("supplier_id",), unique=(("reference",),), indexes=(("employer_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier(Row):
    """A supplier of any kind; a PA stands here once for each employment. `listed` is what a published directory says of
    it; `imported` ones are known from there alone. `for_person_id` is whose PA it is, where the person or a nominee employs;
    `employer_id` is one for all PAs of an employer."""

    supplier_id: UUID
    name: str
    supplier_kind: SupplierKind
    arms_length: bool
    synthetic: bool
    imported: bool
    reference: str | None = None
    employer: Employer | None = None
    terms: tuple[Terms, ...] = ()
    close_family: bool = False
    listed: Listed | None = None
    for_person_id: UUID | None = None
    close_family_in_household: bool = False
    """Of `for_person_id`'s, in the sense of SI 2014/2871 reg 3."""
    age: Age = Age()
    """Of whoever is employed privately; the adult band where nothing was said."""
    employer_id: UUID | None = None

    def as_employment(self, support: Support | None) -> Employment:
        return Employment(self.supplier_kind, self.employer, support, self.close_family)

    def as_registered(self) -> SupplierRegistered:
        return SupplierRegistered(
            supplier_id=self.supplier_id,
            kind=self.supplier_kind,
            arms_length=self.arms_length,
            synthetic=self.synthetic,
            employer=self.employer,
            terms=self.terms,
            location_id=location_of(self.supplier_kind, self.reference),
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


@table("paid_family", key=("person_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class PaidFamily(Row):
    """The council found it necessary that this person's direct payment pays close family (SI 2014/2871 reg 3): a copy of what
    budget said, there only while it holds."""

    person_id: UUID
    decision_id: UUID


@table("framework", key=("framework_id",), indexes=(("support",),), checks=('"first" <= "last"',))
@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(Row):
    """Suppliers who agreed terms beforehand, in the council's order; who is `obliged` takes an order, others an offer.
    From `first` to `last`, both included."""

    framework_id: UUID
    support: Support
    suppliers: tuple[UUID, ...]
    ranking: Ranking
    first: date
    last: date
    obliged: bool
    set_up_by: str


@table(
    "listing",
    key=("listing_id",),
    indexes=(("supplier_id",), ("support",)),
    checks=("hourly_pence >= 0", "room_minutes >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Row):
    """What a supplier offers: pence an hour, and room in minutes a week, less what was accepted since. Its supplier's kind,
    employer, terms and person never change: they stand here too."""

    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    areas: tuple[str, ...]
    hourly_pence: int
    room_minutes: int
    state: ListingState
    skills: tuple[str, ...] = ()
    terms: tuple[Terms, ...] = ()
    employer: Employer | None = None
    for_person_id: UUID | None = None
    close_family_in_household: bool = False
    age: Age = Age()
    square: str | None = None
    """About where whoever comes starts out."""

    def as_served(self) -> list[Served]:
        """Where it may be found."""
        return [
            Served(
                council_id=self.council_id,
                area=area,
                listing_id=self.listing_id,
                support=self.support,
                supplier_kind=self.supplier_kind,
            )
            for area in sorted(set(self.areas))
        ]

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
            skills=self.skills,
            terms=self.terms,
            employer=self.employer,
            for_person_id=self.for_person_id,
            close_family_in_household=self.close_family_in_household,
            age=self.age,
            square=self.square,
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
            skills=self.skills,
            for_person_id=self.for_person_id,
        )


@table("served", key=("area", "listing_id"), indexes=(("area", "support", "supplier_kind"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Row):
    """An area that a listing serves, with what else of it never changes: by these the few are found that could take on what
    is wanted, among all that a council has."""

    area: str
    listing_id: UUID
    support: Support
    supplier_kind: SupplierKind
