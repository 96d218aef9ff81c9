"""What does assessment do when urgent support or reablement reaches its last day?"""

from __future__ import annotations

from dataclasses import replace

from services.assessment.models import EarlySupport
from services.assessment.reminders import EarlySupportEnds
from services.assessment.rules.states import EARLY_MOVES, EarlyState
from shared.runtime.loads import by_key
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork


@due(EarlySupportEnds, wants=(by_key(EarlySupport, "early_id"),))
def ask_what_comes_next(fell: Due[EarlySupportEnds], work: UnitOfWork) -> None:
    """A person decides; until then support goes on."""
    early = work.one(EarlySupport, fell.reminder.early_id)
    if early.state is EarlyState.AGREED and fell.today >= early.until:
        work.put(replace(early, state=EARLY_MOVES.move(early.state, "reach_last_day")))
