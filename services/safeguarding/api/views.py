"""How does safeguarding show its rows?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.safeguarding.models import Alert, Concern, Miss
from services.safeguarding.rules import states
from services.safeguarding.rules.alerts import Kind, Owner
from services.safeguarding.rules.decisions import Category, Duty, Ground, Location, SourceOfRisk
from services.safeguarding.rules.enquiries import Counts, Ended
from services.safeguarding.rules.words import WORDS
from shared.contracts.base import Reason, Support
from shared.contracts.safeguarding import Level
from shared.explain import in_words
from shared.views import View


class NoteView(View):
    at: datetime
    by: str
    verb: str
    text: str


class MissView(View):
    """A missed visit, as it was heard."""

    visit_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    time_critical: bool


class AlertView(View):
    """`rule` found it; `evidence` are ids: of missed visits, a plan or a restriction. `as_of`: the latest of it."""

    alert_id: UUID
    kind: Kind
    owner: Owner
    rule: str
    state: states.Alert
    person_id: UUID | None
    supplier_id: UUID | None
    because: Reason
    evidence: tuple[UUID, ...]
    as_of: datetime
    acknowledged_by: str | None
    closed_by: str | None

    @classmethod
    def shown(cls, alert: Alert) -> AlertView:
        return cls.model_validate({**asdict(alert), "kind": alert.alert_kind})


class AlertWhole(AlertView):
    """With the reason in words, the missed visits among its evidence, and what was done about it."""

    explanation: str
    misses: list[MissView]
    history: list[NoteView]

    @classmethod
    def explained(cls, alert: Alert, misses: Iterable[Miss]) -> AlertWhole:
        return cls(
            **AlertView.shown(alert).model_dump(),
            explanation=in_words(alert.because, WORDS),
            misses=[MissView.of(miss) for miss in misses],
            history=[NoteView.of(note) for note in alert.history],
        )


class ReceiptView(View):
    """All that who reports a concern gets to see of it."""

    concern_id: UUID
    raised_at: datetime


class ConcernView(View):
    """Without anybody's words: the three answers of s.42(1), the decision, and why, as it follows from the answers."""

    concern_id: UUID
    state: states.Concern
    raised_by: str
    raised_at: datetime
    person_id: UUID | None
    supplier_id: UUID | None
    category: Category
    also: list[Category]
    location: Location
    source_of_risk: SourceOfRisk
    alert_id: UUID | None
    needs: bool | None
    abuse: bool | None
    unable_to_protect: bool | None
    duty: Duty | None
    because: list[Reason]
    decided_by: str | None
    ended: Ended | None
    concluded_on: date | None
    concluded_by: str | None
    closed_by: str | None
    explanation: tuple[str, ...] = ()

    @classmethod
    def explained(cls, concern: Concern) -> Self:
        shown = cls.of(concern)
        shown.explanation = tuple(in_words(reason, WORDS) for reason in concern.because)
        return shown


class ConcernWhole(ConcernView):
    """With what was reported, and the reasons given."""

    what: str
    reasons: str
    history: list[NoteView]


class RiskView(View):
    category: Category
    source_of_risk: SourceOfRisk
    risks: int


class CountsView(View):
    """`risks` may add up to more than the enquiries: one with several categories counts in the row of each."""

    enquiries: int
    individuals: int
    risks: list[RiskView]

    @classmethod
    def of_counts(cls, counts: Counts) -> CountsView:
        rows = [RiskView(category=what, source_of_risk=source, risks=number) for what, source, number in counts.risks]
        return cls(enquiries=counts.enquiries, individuals=counts.individuals, risks=rows)


class RestrictionView(View):
    """Empty `supports` means all support. `because` is what others hear; `reasons` and the history stay here.
    `decided_by` decided last."""

    restriction_id: UUID
    supplier_id: UUID
    state: states.Restriction
    level: Level
    supports: list[Support]
    because: Ground
    reasons: str
    review_on: date
    proposed_by: str
    decided_by: str | None
    history: list[NoteView]


class ToldView(View):
    """What another council (`placed_by`) did about a supplier that this one uses, too; in force while `lifted_on` is null.
    Empty `supports` means all support. Why is not told. Nothing is restricted here by it."""

    told_id: UUID
    supplier_id: UUID
    level: Level
    supports: list[Support]
    placed_by: str
    since: date
    lifted_on: date | None
