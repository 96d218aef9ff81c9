"""How does marketplace show its rows?"""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from services.marketplace.actions.suppliers import Imported
from services.marketplace.actions.uploads import Uploaded
from services.marketplace.models import Offer, Supplier, UnmatchedVisit
from services.marketplace.rules.competitions import are_sealed
from services.marketplace.rules.matching import Match
from services.marketplace.rules.states import ListingState, OfferState
from services.marketplace.rules.suppliers import Terms
from services.marketplace.rules.visits import Outcome
from services.marketplace.rules.words import ROW_WORDS, WORDS
from shared.contracts.base import (
    Employer,
    Preference,
    Reason,
    SupplierKind,
    Support,
)
from shared.explain import in_words
from shared.views import StepView, View, explain


class ReasonView(View):
    """A reason in words, with its code and parameters."""

    code: str
    params: dict[str, Any]
    detail: str


def reason(said: Reason) -> ReasonView:
    return ReasonView(code=said.code, params=dict(said.params), detail=in_words(said, WORDS))


# ── suppliers and listings ────────────────────────────────────────────────────────────────────────────────────────
class ListedView(View):
    """What a published directory says of a registered service."""

    types: list[str]
    provider: str | None
    postcode_district: str | None
    area_name: str | None
    area_code: str | None
    inspected_on: date | None


class SupplierView(View):
    """`imported` suppliers are known from a published directory alone and take no orders. PAs of one employer have one
    `employer_id`."""

    supplier_id: UUID
    name: str
    kind: SupplierKind
    arms_length: bool
    synthetic: bool
    imported: bool
    reference: str | None
    employer: Employer | None
    terms: list[Terms]
    close_family: bool
    close_family_in_household: bool
    for_person_id: UUID | None
    employer_id: UUID | None
    listed: ListedView | None

    @classmethod
    def of(cls, row: Supplier) -> SupplierView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name not in ("kind", "listed")}
        return cls(**fields, kind=row.supplier_kind, listed=row.listed and ListedView.of(row.listed))


class ListingView(View):
    """Pence an hour; room in minutes a week; `square`: about where whoever comes starts out."""

    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    areas: list[str]
    hourly_pence: int
    room_minutes: int
    state: ListingState
    skills: list[str]
    terms: list[Terms]
    employer: Employer | None
    for_person_id: UUID | None
    square: str | None


class FoundView(View):
    """What is wrong with a row of a file (its line, the header being 1): never what stood there."""

    row: int
    field: str
    rule: str
    detail: str


class ImportView(View):
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: list[FoundView]
    defects: list[FoundView]

    @classmethod
    def report(cls, report: Imported) -> ImportView:
        return cls(
            read=report.read,
            new=report.new,
            updated=report.updated,
            unchanged=report.unchanged,
            rejected=[_found(each) for each in report.rejected],
            defects=[_found(each) for each in report.defects],
        )


def _found(each: Any) -> FoundView:
    return FoundView(row=each.row, field=each.field, rule=each.rule, detail=ROW_WORDS.get(each.rule, each.rule))


# ── requirements and matches ──────────────────────────────────────────────────────────────────────────────────────
class MatchView(View):
    """A listing that could take the requirement on; each point of its score has a reason."""

    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    employer: Employer | None
    terms: list[Terms]
    skills: list[str]
    hourly_pence: int
    room_minutes: int
    score: int
    steps: list[StepView]


class ExcludedView(View):
    """A listing that cannot, and every reason why."""

    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    reasons: list[ReasonView]


class MatchesView(View):
    """A ranking to choose from, best first, never the choice."""

    requirement_id: UUID
    ranked: list[MatchView]
    excluded: list[ExcludedView]

    @classmethod
    def ranking(cls, requirement_id: UUID, matches: tuple[Match, ...], limit: int | None = None) -> MatchesView:
        return cls(
            requirement_id=requirement_id,
            ranked=[_ranked(each) for each in islice((one for one in matches if not one.excluded), limit)],
            excluded=[_excluded(each) for each in islice((one for one in matches if one.excluded), limit)],
        )


def _ranked(match: Match) -> MatchView:
    it = match.candidate
    explained = explain(it.listing_id, "match", [line.as_line() for line in match.lines], WORDS)
    return MatchView(
        listing_id=it.listing_id,
        supplier_id=it.supplier_id,
        supplier_kind=it.kind,
        employer=it.employer,
        terms=list(it.terms),
        skills=list(it.skills),
        hourly_pence=it.hourly_pence,
        room_minutes=it.room_minutes,
        score=match.score,
        steps=explained.steps,
    )


def _excluded(match: Match) -> ExcludedView:
    it, reasons = match.candidate, [reason(each) for each in match.excluded]
    return ExcludedView(listing_id=it.listing_id, supplier_id=it.supplier_id, supplier_kind=it.kind, reasons=reasons)


# ── offers and orders ─────────────────────────────────────────────────────────────────────────────────────────────
class OfferView(View):
    """`price_pence` is an hour; `because` is the code a refused or withdrawn offer ended with. `skills` and lawful
    `preferences` are those of what is wanted: whoever comes meets them. The price is null while it is sealed: that of an
    answer in a competition, until the deadline, for everybody but who gave it."""

    offer_id: UUID
    requirement_id: UUID
    person_id: UUID
    supplier_id: UUID
    listing_id: UUID
    support: Support
    price_pence: int | None
    expires_at: datetime
    state: OfferState
    because: str | None
    skills: list[str]
    preferences: list[Preference]
    competition_id: UUID | None

    @classmethod
    def as_seen(cls, offer: Offer, now: datetime, supplier_id: UUID | None) -> OfferView:
        """By one supplier, who sees its own alone, or by whoever asks (None)."""
        sealed = offer.competition_id is not None and are_sealed(offer.expires_at, now)
        return cls.sealed(offer) if sealed and supplier_id != offer.supplier_id else cls.of(offer)

    @classmethod
    def sealed(cls, offer: Offer) -> OfferView:
        price = offer.price_pence if offer.competition_id is None else None
        return cls.of(offer).model_copy(update={"price_pence": price})


# ── visits and claims ─────────────────────────────────────────────────────────────────────────────────────────────
class VisitView(View):
    """`minutes` are those that count, `pence` what they are worth at the order's price."""

    visit_id: UUID
    order_id: UUID
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
    claim_id: UUID | None
    worker: str | None


class ContinuityView(View):
    """Of the visits made so far, the share (whole percent) made by the three care workers who came most; null while nobody
    says who came."""

    order_id: UUID
    visits: int
    known: int
    workers: int
    by_few: int
    share_percent: int | None


class PlannedView(View):
    """A planned visit of which nothing was said."""

    visit_id: UUID
    planned_at: datetime
    minutes: int
    time_critical: bool


class VisitsView(View):
    """An order's visits planned from `first` to `last`, in order, and those of them nobody reported so far."""

    order_id: UUID
    first: date
    last: date
    items: list[VisitView]
    unrecorded: list[PlannedView]


class UnmatchedRowView(View):
    row: int
    because: ReasonView


class UploadView(View):
    read: int
    new: int
    repeated: int
    unmatched: list[UnmatchedRowView]
    rejected: list[FoundView]

    @classmethod
    def report(cls, report: Uploaded) -> UploadView:
        return cls(
            read=report.read,
            new=report.new,
            repeated=report.repeated,
            unmatched=[UnmatchedRowView(row=each.row, because=reason(each.because)) for each in report.unmatched],
            rejected=[_found(each) for each in report.rejected],
        )


class UnmatchedView(View):
    """A row of a file that belongs to no planned visit, kept with the reason."""

    unmatched_id: UUID
    supplier_id: UUID
    reference: str
    planned_at: datetime
    started_at: datetime | None
    minutes: int
    outcome: Outcome
    because: ReasonView

    @classmethod
    def of(cls, row: UnmatchedVisit) -> UnmatchedView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name != "because"}
        return cls(**fields, because=reason(row.because))
