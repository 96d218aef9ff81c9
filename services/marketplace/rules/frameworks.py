"""Who is called off a framework for a requirement, and why? The same ranking a broker sees, with nobody left to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.matching import Candidate, Match, Wanted, rank
from shared.contracts.base import Reason
from shared.explain import because

HOURS_TO_ANSWER = 48
"""How long a supplier has that is called off and need not accept: this product's own, for a council to replace."""


class Ranking(StrEnum):
    """Who comes first: as the council listed them, or whoever scores best for this requirement."""

    IN_ORDER = "in_order"
    BY_SCORE = "by_score"


class FrameworkUnsound(NotSo):
    """The framework cannot be set up as asked."""

    title = "The framework cannot be set up"


@dataclass(frozen=True, slots=True)
class Considered:
    """One supplier of the framework: pence an hour and room in minutes a week as they stood, points or reasons."""

    listing_id: UUID
    supplier_id: UUID
    hourly_pence: int
    room_minutes: int
    score: int
    excluded: tuple[Reason, ...]


class Spell(Protocol):
    @property
    def framework_id(self) -> UUID: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


F = TypeVar("F", bound=Spell)


def be_sound(suppliers: Sequence[UUID], first: date, last: date, private: bool = False) -> None:
    """Each supplier once, no PA of a person's own (`private`) among them; the first day not after the last (our own rules).
    Raises FrameworkUnsound."""
    checks = (
        (len(set(suppliers)) == len(suppliers), Failure("suppliers", "FRAME-1", because("supplier_twice"))),
        (first <= last, Failure("last", "FRAME-2", because("period_reversed"))),
        (not private, Failure("suppliers", "FRAME-3", because("employed_privately"))),
    )
    if found := tuple(failure for holds, failure in checks if not holds):
        raise FrameworkUnsound(found)


def in_force(frameworks: Iterable[F], day: date) -> F | None:
    """The framework that holds on that day; of several the one begun last (our own rule)."""
    holding = (each for each in frameworks if each.first <= day <= each.last)
    return max(holding, key=lambda each: (each.first, str(each.framework_id)), default=None)


def call_off(
    wanted: Wanted, suppliers: Sequence[UUID], ranking: Ranking, candidates: Iterable[Candidate]
) -> tuple[Match, ...]:
    """Every candidate of the framework, who is to be called off first, the excluded last with every reason. The
    framework said beforehand whom it falls to (our own rule)."""
    ranked = rank(wanted, candidates)
    if ranking is Ranking.BY_SCORE:
        return ranked
    place = {supplier_id: n for n, supplier_id in enumerate(suppliers)}
    return tuple(sorted(ranked, key=lambda one: (bool(one.excluded), place[one.candidate.supplier_id])))


def considered(matches: Iterable[Match]) -> tuple[Considered, ...]:
    """What is kept of the ranking."""
    return tuple(
        Considered(it.listing_id, it.supplier_id, it.hourly_pence, it.room_minutes, one.score, one.excluded)
        for one in matches
        for it in (one.candidate,)
    )
