"""What may be asked about injuries at work: was cover in force, who owes sick pay, and how much?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import injuries as actions
from services.marketplace.api.callers import Publisher, Reader
from services.marketplace.api.evidence import theirs
from services.marketplace.models import Injury
from services.marketplace.rules.words import WORDS
from shared.contracts.base import Period
from shared.explain import Step
from shared.http import Asking, Looking, Page, answers
from shared.views import StepView, View, explain

router = APIRouter(tags=["evidence"], prefix="/v1")


class InjuryView(View):
    """`covered`: employers' liability insurance was in force on that day. `steps` say who owes a PA statutory sick pay.
    `sick_pay_steps`, in pence, add up to what is owed for `away`, the days on which they cannot work; null while nobody has
    said which those are."""

    injury_id: UUID
    supplier_id: UUID
    happened_on: date
    what_happened: str
    covered: bool
    evidence_id: UUID | None
    steps: list[StepView]
    away: Period | None
    sick_pay_pence: int | None
    sick_pay_steps: list[StepView]

    @classmethod
    def of(cls, row: Injury) -> InjuryView:
        away = Period(first=row.away_first, last=row.away_last) if row.away_first and row.away_last else None
        return cls(
            injury_id=row.injury_id,
            supplier_id=row.supplier_id,
            happened_on=row.happened_on,
            what_happened=row.what_happened,
            covered=row.covered,
            evidence_id=row.evidence_id,
            steps=_shown(row, row.steps),
            away=away,
            sick_pay_pence=sum(step.effect for step in row.owed) if away else None,
            sick_pay_steps=_shown(row, row.owed),
        )


def _shown(row: Injury, steps: tuple[Step, ...]) -> list[StepView]:
    return explain(row.injury_id, "injury", [step.as_line() for step in steps], WORDS).steps


@router.post("/suppliers/{supplier_id}/injuries", status_code=201, response_model=InjuryView, **answers())
async def report_injury(supplier_id: UUID, body: actions.ReportInjury, who: Publisher, ask: Asking) -> Response:
    """Somebody was hurt at work: was cover in force on that day, and is sick pay owed?"""
    return await ask(actions.report_injury, who, body, target=supplier_id, show=InjuryView.of, status=201)


@router.get("/suppliers/{supplier_id}/injuries", **answers())
async def list_injuries(supplier_id: UUID, who: Reader, look: Looking) -> Page[InjuryView]:
    async with look(who, "list_injuries", supplier_id) as tx:
        await theirs(tx, who, supplier_id)
        rows = await store.injuries(tx, supplier_id)
    return Page(items=[InjuryView.of(row) for row in rows])


@router.post("/injuries/{injury_id}/away", response_model=InjuryView, **answers())
async def say_away(injury_id: UUID, body: actions.SayAway, who: Publisher, ask: Asking) -> Response:
    """Since when and until when they cannot work: the sick pay owed is reckoned, anew where it was said before."""
    return await ask(actions.say_away, who, body, target=injury_id, show=InjuryView.of)
