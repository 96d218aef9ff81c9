"""Who comes while a PA cannot? The council's pool first, then a framework in force, then whoever else has room.

Deterministic and explained like matching; each step that was tried is kept with its time and its best price.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo, those
from services.marketplace.rules.frameworks import Ranking
from services.marketplace.rules.matching import (
    CONSTRAINTS,
    Candidate,
    Constraint,
    Match,
    Wanted,
    can_be_bought_on_the_route,
    is_the_kind_wanted,
    rank,
)
from shared.contracts.base import Employer, Reason, SupplierKind
from shared.contracts.supply import CoverStep
from shared.explain import because

MOST_DAYS = 92
"""An absence is reported for three months at most; what lasts longer is a matter for a review (our own threshold)."""


class AbsenceUnsound(NotSo):
    """The days of an absence are reversed, over, or too many."""

    title = "The absence cannot be reported so"


class ReturnUnsound(NotSo):
    """The PA cannot have come back so: a day that is past, or no sooner than was said."""

    title = "The return cannot be noted so"


@dataclass(frozen=True, slots=True)
class Tried:
    """One step: when it was tried, how many stood there, how many could come, and the best of them with pence an hour."""

    step: CoverStep
    at: datetime
    considered: int
    possible: int
    listing_id: UUID | None
    hourly_pence: int | None


def be_back_sooner(first: date, last: date, last_day: date, today: date) -> None:
    """The last covered day is before the one first said, and from yesterday on: days that were covered stay covered. The day
    before the first calls the cover off (our own rules). Raises ReturnUnsound."""
    later = Failure("last_day", "RETURN-1", because("no_sooner"))
    covered = Failure("last_day", "RETURN-2", because("days_were_covered"))
    before = Failure("last_day", "RETURN-3", because("before_the_cover"))
    found = those(
        (
            later if last_day >= last else None,
            covered if last_day < today - timedelta(days=1) else None,
            before if last_day < first - timedelta(days=1) else None,
        )
    )
    if found:
        raise ReturnUnsound(found)


def be_days_ahead(first: date, last: date, today: date, last_day: date | None = None) -> None:
    """Nobody comes yesterday, nor after the order's own last day (our own rules). Raises AbsenceUnsound."""
    found = those(
        (
            Failure("last", "ABSENCE-1", because("period_reversed")) if last < first else None,
            Failure("last", "ABSENCE-2", because("days_are_over")) if last < today else None,
            Failure("last", "ABSENCE-3", because("period_too_long", most=MOST_DAYS))
            if (last - first).days >= MOST_DAYS
            else None,
            Failure("first", "ABSENCE-4", because("after_the_order")) if last_day and first > last_day else None,
        )
    )
    if found:
        raise AbsenceUnsound(found)


def uncovered_since(first: date, last: date, covered: Iterable[tuple[date, date]]) -> date | None:
    """The first of these days after which nobody is arranged to come already; None where somebody is, to the last: two who
    cover for one are not sent (our own rule)."""
    for begins, ends in sorted(covered):
        first = ends + timedelta(days=1) if begins <= first <= ends else first
    return first if first <= last else None


def is_not_employed_elsewhere(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """A PA whom somebody else employs, or who works for themselves, is nobody's to send (our own rule)."""
    if candidate.employer in (None, Employer.POOL):
        return None
    return because("employed_elsewhere", employer=candidate.employer.value)


def is_ready(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """Whoever covers starts: the evidence the policy asks for holds on the first day (the readiness policy)."""
    return because("not_ready", missing=len(candidate.missing)) if candidate.missing else None


FOR_COVER: tuple[Constraint, ...] = (
    *(each for each in CONSTRAINTS if each not in (is_the_kind_wanted, can_be_bought_on_the_route)),
    is_not_employed_elsewhere,
    is_ready,
)
"""For a time, any kind of supplier will do; all else binds as it does in matching."""


def steps_of_cover(
    wanted: Wanted,
    absent: Collection[UUID],
    candidates: Iterable[Candidate],
    on_framework: Sequence[UUID],
    ranking: Ranking,
) -> Iterator[tuple[CoverStep, tuple[Match, ...]]]:
    """Each step in its order with everybody who stands there, best first; nobody stands in two, nor the absent in any."""
    others = [each for each in candidates if each.supplier_id not in absent]
    pool = [each for each in others if is_of_the_pool(each)]
    framed = [each for each in others if each.supplier_id in on_framework and not is_of_the_pool(each)]
    spot = [each for each in others if each.supplier_id not in on_framework and not is_of_the_pool(each)]
    yield CoverStep.POOL, rank(wanted, pool, constraints=FOR_COVER)
    yield CoverStep.FRAMEWORK, _as_listed(rank(wanted, framed, constraints=FOR_COVER), on_framework, ranking)
    yield CoverStep.SPOT, rank(wanted, spot, constraints=FOR_COVER)


def is_of_the_pool(candidate: Candidate) -> bool:
    return candidate.kind is SupplierKind.PA and candidate.employer is Employer.POOL


def first_of(matches: Sequence[Match]) -> Match | None:
    """Who could come, if anybody."""
    return matches[0] if matches and not matches[0].excluded else None


def tried(step: CoverStep, matches: Sequence[Match], at: datetime) -> Tried:
    best = first_of(matches)
    possible = sum(not each.excluded for each in matches)
    if best is None:
        return Tried(step, at, len(matches), 0, None, None)
    return Tried(step, at, len(matches), possible, best.candidate.listing_id, best.candidate.hourly_pence)


def _as_listed(matches: tuple[Match, ...], suppliers: Sequence[UUID], ranking: Ranking) -> tuple[Match, ...]:
    if ranking is Ranking.BY_SCORE:
        return matches
    return tuple(sorted(matches, key=lambda one: (bool(one.excluded), suppliers.index(one.candidate.supplier_id))))
