"""What is wanted, as those who list support are looked at for it on a day: with what the council lets its route buy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.marketplace.models import PaidFamily, Requirement
from services.marketplace.policy import in_force
from services.marketplace.rules.matching import Wanted


def wanted_on(
    day: date,
    requirement: Requirement,
    known_suppliers: frozenset[UUID] | None = None,
    paid_family: PaidFamily | None = None,
) -> Wanted:
    """By the council's policy of that day, and what it found about the person's family. Raises NoPolicyInForce."""
    standing = in_force("direct_payments", requirement.council_id, day).figure("inhouse_standing")
    wanted = requirement.as_wanted(known_suppliers)
    return replace(wanted, inhouse_standing=bool(standing), family_may_be_paid=paid_family is not None)
