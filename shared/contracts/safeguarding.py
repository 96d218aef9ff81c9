"""What safeguarding says: only what others must act on. That an enquiry about a person exists is never said."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import CouncilId, Fact, Reason, Support


class Level(StrEnum):
    """How far a restriction goes."""

    ADVICE = "advice"
    NO_NEW_PLACEMENTS = "no_new_placements"
    SUSPENSION = "suspension"

    @property
    def stops_new_offers(self) -> bool:
        """From `no_new_placements` upwards; advice alone excludes nobody."""
        return self is not Level.ADVICE


class WelfareCheckAsked(Fact, service="safeguarding", says="welfare_check_asked"):
    """Somebody should look in on this person, by a day."""

    check_id: UUID
    person_id: UUID
    because: Reason
    by: date


class RestrictionPlaced(Fact, service="safeguarding", says="restriction_placed", about="supplier_id"):
    """A commissioner restricted a supplier: no new offers there from `no_new_placements` upwards.

    An empty `supports` means all support. Running support goes on.
    """

    restriction_id: UUID
    supplier_id: UUID
    level: Level
    supports: tuple[Support, ...] = ()
    review_on: date
    because: Reason


class RestrictionKept(Fact, service="safeguarding", says="restriction_kept", about="supplier_id"):
    """A review kept the restriction, until its next review."""

    restriction_id: UUID
    supplier_id: UUID
    review_on: date


class RestrictionLifted(Fact, service="safeguarding", says="restriction_lifted", about="supplier_id"):
    """The restriction no longer holds."""

    restriction_id: UUID
    supplier_id: UUID


class RestrictionTold(Fact, service="safeguarding", says="restriction_told", about="supplier_id"):
    """Another council restricted a supplier that this council knows, too: what it did, since when, and never why.

    Said in this council, about its own `supplier_id`. It restricts nothing here: that is this council's to decide.
    """

    told_id: UUID
    supplier_id: UUID
    level: Level
    supports: tuple[Support, ...] = ()
    placed_by: CouncilId
    since: date


class LiftingTold(Fact, service="safeguarding", says="lifting_told", about="supplier_id"):
    """The other council's restriction, of which this council was told, no longer holds."""

    told_id: UUID
    supplier_id: UUID
    placed_by: CouncilId
    lifted_on: date
