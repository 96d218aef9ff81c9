"""What may be asked about a claim that was accepted and is too high? The supplier credits it, or the council asks for it back."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from services.marketplace.actions.claims import ClaimedLine
from services.marketplace.actions.sight import supplier_of, theirs
from services.marketplace.models import Claim
from services.marketplace.rules.claims import ClaimLine
from services.marketplace.rules.refunds import Revision, as_lines, lower, next_number
from services.marketplace.rules.states import CLAIMS
from shared.contracts.base import Code, Fact
from shared.fields import Text
from shared.refusals import OwnWork, refuse_unless
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class LowerClaim(Command):
    """The lines that are too high, as they ought to have been: nothing at all for a visit that was not made. `because` is a
    code of the council's own list that others hear; the reason stays in this service."""

    lines: Annotated[tuple[ClaimedLine, ...], Field(min_length=1, max_length=500)]
    because: Code
    reason: Text


@command(wants=(by_key(Claim),))
def credit_claim(asked: Asked[LowerClaim], work: UnitOfWork) -> Generator[Fact, None, Claim]:
    """By the supplier: a credit note for its own claim, taken as it is."""
    claim = theirs(asked.caller, work.one(Claim, asked.target))
    return (yield from _lower(asked, work, claim, by_council=False))


@command(wants=(by_key(Claim),))
def ask_back(asked: Asked[LowerClaim], work: UnitOfWork) -> Generator[Fact, None, Claim]:
    """By the council, with a reason that the supplier reads; never by the supplier, nor by whoever submitted the claim."""
    claim, own = work.one(Claim, asked.target), supplier_of(asked.caller)
    if own is not None:
        theirs(asked.caller, claim)
    refuse_unless(own is None and claim.submitted_by != asked.caller.sub, OwnWork())
    return (yield from _lower(asked, work, claim, by_council=True))


def _lower(
    asked: Asked[LowerClaim], work: UnitOfWork, claim: Claim, *, by_council: bool
) -> Generator[Fact, None, Claim]:
    """By a revision: what it came to before stays on record."""
    match_version(asked, claim.version)
    state = CLAIMS.move(claim.state, "lower")
    assert claim.pence is not None  # it was accepted
    said = as_lines([ClaimLine(line.planned_at, line.minutes, line.pence) for line in asked.body.lines])
    found = lower(claim.lines, said, claim.pence)
    revision = Revision(
        number=next_number(claim.revisions),
        before_pence=claim.pence,
        pence=found.pence,
        lowered=found.lowered,
        because=asked.body.because,
        reason=asked.body.reason,
        by=asked.caller.sub,
        asked_by_council=by_council,
        at=asked.now,
    )
    yield claim.as_lowered(revision)
    lowered = replace(claim, state=state, lines=found.lines, pence=found.pence)
    return work.put(replace(lowered, revisions=(*claim.revisions, revision)))
