"""Which timers does marketplace keep?"""

from __future__ import annotations

from datetime import date
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


class EmployersEvidenceEnds(Reminder):
    """Evidence of whoever employs PAs ends in so many days, or (0) ended yesterday: each of the PAs is looked at."""

    evidence_id: UUID
    employer_id: UUID
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


class CoverBegins(Reminder):
    """The first day of a cover has come: whoever covers starts."""

    order_id: UUID


class CoveredEnds(Reminder):
    """An order of a PA has its last day: whoever covers for it comes no longer either."""

    order_id: UUID
    last_day: date


class EvidenceCame(Reminder):
    """Evidence of a PA was recorded: a cover for its lapse may be over. `evidence_id`: it is of their employer, was seen at
    another PA, and this one hears of it here."""

    supplier_id: UUID
    evidence_id: UUID | None = None


class OrderEnds(Reminder):
    """The last day of an order, decided ahead, passed."""

    order_id: UUID


class ClosingDayCame(Reminder):
    """The day on which a service closes, as it was decided, has begun."""

    closure_id: UUID
    supplier_id: UUID
