"""May a direct payment pay this relative? The close-family rule of SI 2014/2871 reg 3 (RULES §2.4, §9 case 19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.base import Reason
from shared.explain import Source, because

REG_3 = Source("SI 2014/2871 reg 3, as quoted at forum.carersuk.org/63556")
SPOUSE_ANYWHERE = Source("SI 2014/2871 reg 3: a spouse wherever they live, from memory", verified=False)


class Relation(StrEnum):
    """Who would be paid, seen from the person. SPOUSE includes civil partners and whoever lives as one; NONE is nobody
    of the list."""

    SPOUSE = "spouse"
    PARENT = "parent"
    PARENT_IN_LAW = "parent_in_law"
    CHILD = "child"
    CHILD_IN_LAW = "child_in_law"
    STEPCHILD = "stepchild"
    SIBLING = "sibling"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    GRANDPARENT = "grandparent"
    PARTNER_OF_ONE = "partner_of_one"
    NONE = "none"


class Task(StrEnum):
    """What they would be paid for."""

    CARE = "care"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody whom the payment is to pay. `necessary` is the council's own finding; it counts only with reasons."""

    relation: Relation
    same_household: bool
    task: Task = Task.CARE
    necessary: bool = False
    has_reasons: bool = False


def is_close_family(relative: Relative) -> bool:
    """A spouse wherever they live; the others of reg 3 only within the household."""
    return relative.relation is Relation.SPOUSE or (relative.relation is not Relation.NONE and relative.same_household)


def may_be_paid(relative: Relative) -> tuple[bool, Reason, Source]:
    """Whether, why, and by which text (reg 3): close family only where it is necessary to meet the needs, or to
    administer the payment, and the reasons are recorded."""
    if not is_close_family(relative):
        return True, because("not_close_family"), REG_3
    if not relative.necessary:
        return False, because("close_family_not_necessary", task=relative.task.value), _source(relative)
    if not relative.has_reasons:
        return False, because("close_family_without_reasons", task=relative.task.value), _source(relative)
    return True, because("close_family_necessary", task=relative.task.value), _source(relative)


def may_pay_for_care(relatives: Iterable[Relative]) -> bool:
    """Whether the council found, with recorded reasons, that it is necessary to pay close family for care (reg 3)."""
    care = (relative for relative in relatives if relative.task is Task.CARE and is_close_family(relative))
    return any(may_be_paid(relative)[0] for relative in care)


def _source(relative: Relative) -> Source:
    return REG_3 if relative.same_household else SPOUSE_ANYWHERE
