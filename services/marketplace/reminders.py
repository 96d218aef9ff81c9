"""Which timers does marketplace keep?"""

from __future__ import annotations

from uuid import UUID

from shared.runtime.messages import Reminder


class OfferLapses(Reminder):
    """Nobody answered an offer for as long as it stood."""

    offer_id: UUID
    requirement_id: UUID


class CompetitionCloses(Reminder):
    """The deadline of a competition passed."""

    competition_id: UUID
    requirement_id: UUID


class EvidenceEnds(Reminder):
    """Evidence ends in so many days, or (0) ended yesterday."""

    evidence_id: UUID
    supplier_id: UUID
    days_left: int


class WageBandChanges(Reminder):
    """Whoever is employed for an order comes to an age at which the lowest lawful wage is higher."""

    order_id: UUID
    supplier_id: UUID


class TakeUpCompared(Reminder):
    """It is time to look again how much a listing of an in-house service is used."""

    listing_id: UUID
    supplier_id: UUID


class CoverEnds(Reminder):
    """The last day of a cover passed."""

    cover_id: UUID


class OrderEnds(Reminder):
    """The last day of an order, decided ahead, passed."""

    order_id: UUID


class ClosingDayCame(Reminder):
    """The day on which a service closes, as it was decided, has begun."""

    closure_id: UUID
    supplier_id: UUID
