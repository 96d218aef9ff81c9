"""Which timers does marketplace keep?"""

from __future__ import annotations

from uuid import UUID

from shared.runtime.messages import Reminder


class OfferLapses(Reminder):
    """Nobody answered an offer for as long as it stood."""

    offer_id: UUID
    requirement_id: UUID
