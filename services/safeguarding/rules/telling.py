"""What should a council be told of another's restriction, and which alert is it?

Local authorities co-operate where adults may be at risk (Care Act 2014 ss.6, 7; Care and Support Statutory Guidance
ch. 14): what one has done about a supplier is told to the others that use it. What it did, never why; and what to do
about it is each council's own to decide.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from shared.contracts.safeguarding import Level
from shared.explain import because


class News(StrEnum):
    """What is new to a council about another's restriction."""

    PLACED = "restriction_elsewhere"
    LIFTED = "restriction_elsewhere_lifted"


def told_id(council: str, restriction_id: UUID) -> UUID:
    """The id under which a council knows it: the other council's own never leaves that council."""
    return known_id(council, "restriction_told", restriction_id)


def alert_id(council: str, news: News, told: UUID) -> UUID:
    return known_id(council, news.value, told)


def news_of(lifted_on: date | None, known: bool, known_to_be_lifted: bool) -> News | None:
    """One in force that is not known; one lifted that is known to be in force. Who never knew of it need not know its end."""
    if lifted_on is None:
        return None if known else News.PLACED
    return News.LIFTED if known and not known_to_be_lifted else None


def placed_elsewhere(council: str, told: UUID, supplier_id: UUID, level: Level, placed_by: str, since: date) -> Finding:
    """A commissioner looks at what this means for the people whom the supplier supports here."""
    reason = because("restriction_elsewhere", placed_by=placed_by, level=level.value, since=since.isoformat())
    known = alert_id(council, News.PLACED, told)
    return Finding(known, Kind.SAFEGUARDING, Owner.COMMISSIONER, supplier_id, reason, (told,))


def lifted_elsewhere(council: str, told: UUID, supplier_id: UUID, placed_by: str, lifted_on: date) -> Finding:
    """A commissioner who followed the other council may now decide anew."""
    reason = because("restriction_elsewhere_lifted", placed_by=placed_by, lifted_on=lifted_on.isoformat())
    known = alert_id(council, News.LIFTED, told)
    return Finding(known, Kind.OPERATIONAL, Owner.COMMISSIONER, supplier_id, reason, (told,))
