"""Is an advocate there, where one must be? Asked before an assessment, a plan, a review or a carer's assessment goes on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.assessment.models import Assessment, Plan, Speaker, SpeakerRole
from services.assessment.rules.advocacy import be_represented
from shared.runtime.loads import ByMatch, Hold, by_match
from shared.runtime.messages import Asked
from shared.runtime.unit_of_work import UnitOfWork


def _assessed(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Assessment, asked.target).person_id


def _planned(asked: Asked[Any], work: UnitOfWork) -> UUID:
    return work.one(Plan, asked.target).person_id


FOR_ASSESSMENT = by_match(Speaker, "person_id", of=_assessed, hold=Hold.RELY, stage=1)
FOR_PLAN = by_match(Speaker, "person_id", of=_planned, hold=Hold.RELY, stage=1)


def have_an_advocate(asked: Asked[Any], work: UnitOfWork, needed: bool, speakers: ByMatch, person_id: UUID) -> None:
    """Somebody is noted as the person's advocate today, where there must be one (Care Act s.67(2)). Raises AdvocateNeeded."""
    every: list[Speaker] = work.all(speakers, person_id)
    today = [one for one in every if one.first <= asked.today and (one.last is None or asked.today <= one.last)]
    be_represented(needed, any(one.role is SpeakerRole.ADVOCATE for one in today))
