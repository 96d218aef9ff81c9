"""Which alerts may a caller see, and act on? Safeguarding staff see all; a commissioner sees the commissioner's.

Whose alert it is acts on it: a practitioner on the team's, a commissioner on the commissioner's.
"""

from __future__ import annotations

from services.safeguarding.models import Alert
from services.safeguarding.rules.alerts import Owner
from shared.refusals import Forbidden, NotFound, refuse_unless
from shared.runtime.messages import Caller

READ_ALL = "safeguarding:read"
ACTS = {Owner.TEAM: "safeguarding:write", Owner.COMMISSIONER: "market:commission"}


def owners_seen_by(caller: Caller) -> tuple[Owner, ...]:
    """Whose alerts a caller may read."""
    if READ_ALL in caller.scopes:
        return tuple(Owner)
    return tuple(owner for owner, scope in ACTS.items() if scope in caller.scopes)


def acted_on_by(caller: Caller, alert: Alert) -> Alert:
    """The alert, if it is the caller's to act on. NotFound if they may not even see it, Forbidden if they only may."""
    refuse_unless(alert.owner in owners_seen_by(caller), NotFound())
    needs = ACTS[alert.owner]
    refuse_unless(needs in caller.scopes, Forbidden("This alert is for somebody else to act on.", needs=[needs]))
    return alert
