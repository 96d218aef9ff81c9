"""What is wanted, as those who list support are looked at for it on a day: with what the council lets its route buy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.marketplace.models import Requirement
from services.marketplace.policy import in_force
from services.marketplace.rules.matching import Wanted


def wanted_on(day: date, requirement: Requirement, known_suppliers: frozenset[UUID] | None = None) -> Wanted:
    """By the council's policy of that day. Raises NoPolicyInForce."""
    standing = in_force("direct_payments", requirement.council_id, day).figure("inhouse_standing")
    return replace(requirement.as_wanted(known_suppliers), inhouse_standing=bool(standing))
