"""What is wanted, as those who list support are looked at for it on a day: with what the council lets its route buy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.marketplace.common.wages import floors_on
from services.marketplace.models import PaidFamily, Requirement
from services.marketplace.policy import in_force
from services.marketplace.rules.matching import Wanted
from shared.contracts.base import SupplierKind


def wanted_on(
    day: date,
    requirement: Requirement,
    known_suppliers: frozenset[UUID] | None = None,
    paid_family: PaidFamily | None = None,
) -> Wanted:
    """By the council's policy of that day, and what it found about the person's family. Raises NoPolicyInForce."""
    standing = in_force("direct_payments", requirement.council_id, day).figure("inhouse_standing")
    wanted = requirement.as_wanted(known_suppliers)
    is_pa = requirement.line.kind_wanted is SupplierKind.PA
    floors = floors_on(requirement.council_id, max(day, requirement.starts_on)) if is_pa else None
    necessary = paid_family is not None
    return replace(wanted, inhouse_standing=bool(standing), family_may_be_paid=necessary, floors=floors)
