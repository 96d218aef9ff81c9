"""Who may come in, and how far do they see?"""

from __future__ import annotations

from typing import Annotated

from services.marketplace.actions.sight import app_of, supplier_of
from services.marketplace.store import Sight
from shared.auth import allowed, allowed_any
from shared.runtime.messages import Caller

Reader = Annotated[Caller, allowed("market:read")]
Publisher = Annotated[Caller, allowed("market:write")]
Commissioner = Annotated[Caller, allowed("market:commission")]
Requester = Annotated[Caller, allowed("market:request")]
Offerer = Annotated[Caller, allowed("market:offer")]
AbsenceReporter = Annotated[Caller, allowed_any("visits:write", "market:request")]
VisitWriter = Annotated[Caller, allowed("visits:write")]
ClaimWriter = Annotated[Caller, allowed("claims:write")]
ClaimDecider = Annotated[Caller, allowed("claims:decide")]


def sight_of(who: Caller) -> Sight:
    return Sight(supplier_of(who), app_of(who), who.team, "market:commission" in who.scopes)
