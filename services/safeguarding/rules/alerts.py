"""What is an alert, who owns it, and which id follows from its evidence?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.base import Reason
from shared.ids import id_from

NAMESPACE = uuid5(NAMESPACE_URL, "caremarket/safeguarding")
"""Never change this: ids follow from it, and a replay would raise every alert again."""


class Kind(StrEnum):
    SAFEGUARDING = "safeguarding"
    EQUALITY = "equality"
    COMPLIANCE = "compliance"
    OPERATIONAL = "operational"


class Owner(StrEnum):
    """Whose it is, of the alert's subject; who that is today is looked up when the alert is kept."""

    TEAM = "team"
    COMMISSIONER = "commissioner"


@dataclass(frozen=True, slots=True)
class WelfareCheck:
    """Somebody should look in on this person by a day."""

    check_id: UUID
    person_id: UUID
    because: Reason
    by: date


@dataclass(frozen=True, slots=True)
class Finding:
    """An alert that should exist: `evidence` are ids in the order of time.

    `subject` is a supplier where the commissioner owns it or `of_supplier` says so, else a person; none for a team.
    """

    alert_id: UUID
    kind: Kind
    owner: Owner
    subject: UUID | None
    because: Reason
    evidence: tuple[UUID, ...]
    checks: tuple[WelfareCheck, ...] = ()
    of_supplier: bool = False


def known_id(council: str, rule: str, *of: object) -> UUID:
    """The id of what `rule` says about `of` in a council: the same facts, in any order, always give the same."""
    return id_from(NAMESPACE, "/".join((council, rule, *map(str, of))))


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
