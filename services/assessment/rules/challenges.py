"""By when is a challenge answered, and who may answer it?

Source: DOMAIN.md (a person can challenge, and the answer is recorded). The days are our own: the appeals of Care Act 2014
s.72 were never commenced (from memory, unverified), and complaints regulations set no shorter limit.
"""

from __future__ import annotations

from datetime import date, timedelta

ANSWER_WITHIN_DAYS = 28
"""Our own; a council may promise less, never more."""


def answer_by(made_on: date) -> date:
    """The day by which the answer is owed (our own)."""
    return made_on + timedelta(days=ANSWER_WITHIN_DAYS)
