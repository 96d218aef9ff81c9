"""Which routes may this person choose today? What the council offers, less what was refused to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.assessment.models import Assessment, PaymentDecision, Plan
from services.assessment.policy import ROUTES
from services.assessment.rules import routes
from shared.contracts.base import PlanLine
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked
from shared.runtime.unit_of_work import UnitOfWork


def _of_assessment(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Assessment, asked.target).person_id


def _of_plan(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Plan, asked.target).person_id


DECIDED_FOR_ASSESSMENT = by_key(PaymentDecision, _of_assessment, hold=Hold.RELY)
DECIDED_FOR_PLAN = by_key(PaymentDecision, _of_plan, hold=Hold.RELY)


def be_open_to(asked: Asked[Any], work: UnitOfWork, person_id: UUID, lines: Sequence[PlanLine]) -> None:
    """Raises RouteNotOffered where a line's route is not this person's to choose."""
    decision = work.get(PaymentDecision, person_id)
    refused_on = decision.refused_on if decision else None
    routes.be_offered(lines, routes.routes_offered(ROUTES, asked.council, asked.today, refused_on))
