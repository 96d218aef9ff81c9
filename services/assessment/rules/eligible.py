"""May a plan be made? Only for needs that were determined to be eligible, and approved."""

from __future__ import annotations

from services.assessment.rules.states import AssessmentState
from shared.refusals import Refused


class NotEligible(Refused):
    """There is no approved determination that the needs are eligible, so there is nothing to plan for."""

    title = "No approved determination says these needs are eligible"


def be_eligible(state: AssessmentState, eligible: bool | None) -> None:
    """Care Act 2014 s.24 and s.25: a plan follows a determination of eligible needs. Raises NotEligible."""
    if state is not AssessmentState.APPROVED or not eligible:
        raise NotEligible(state=state.value)
