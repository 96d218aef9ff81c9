"""Is everything there that must be before support starts? Attached to whoever employs; a start waits, support never stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from services.marketplace.rules.failures import Failure, NotSo, those
from services.marketplace.rules.policies import Need, Policy, Stance
from shared.contracts.base import Employer, SupplierKind, Support
from shared.contracts.supply import EvidenceKind
from shared.explain import Step, because

WARNED_DAYS_AHEAD = (28, 7)
"""When a lapse is warned of (the EvidenceLapsing contract)."""


class Holds(Protocol):
    """Evidence: from a day until a day, both included; no last day where it does not end."""

    @property
    def evidence_kind(self) -> EvidenceKind: ...
    @property
    def holds_from(self) -> date: ...
    @property
    def holds_until(self) -> date | None: ...


class EvidenceUnsound(NotSo):
    """The evidence cannot be recorded as it is: what it lacks."""

    title = "The evidence cannot be recorded so"


@dataclass(frozen=True, slots=True)
class Employment:
    """Who supplies what (anything, where nothing is said), and who employs whoever comes."""

    kind: SupplierKind
    employer: Employer | None
    support: Support | None
    close_family: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """Every need with what was found; the effects add up to how many mandatory ones are missing."""

    steps: tuple[Step, ...]
    missing: tuple[EvidenceKind, ...]
    advised: tuple[EvidenceKind, ...]


def be_sound(
    kind: EvidenceKind, holds_from: date, holds_until: date | None, cover_pence: int | None, least_pence: int
) -> None:
    """Employers' liability insurance covers at least £5m and ends on a day (Employers' Liability (Compulsory Insurance)
    Act 1969; RULES §4.3); nothing else has a sum. Raises EvidenceUnsound."""
    insures = kind is EvidenceKind.EMPLOYERS_LIABILITY
    low = because("cover_too_low", cover_pence=cover_pence or 0, least_pence=least_pence)
    ends_before = holds_until is not None and holds_until < holds_from
    found = those(
        (
            Failure("holds_until", "EVID-1", because("period_reversed")) if ends_before else None,
            Failure("cover_pence", "EVID-2", low) if insures and (cover_pence or 0) < least_pence else None,
            Failure("cover_pence", "EVID-3", because("no_sum_here"))
            if not insures and cover_pence is not None
            else None,
            Failure("holds_until", "EVID-4", because("insurance_ends")) if insures and holds_until is None else None,
        )
    )
    if found:
        raise EvidenceUnsound(found)


H = TypeVar("H", bound=Holds)


def in_force(evidence: Iterable[H], kind: EvidenceKind, day: date) -> H | None:
    """The evidence of a kind that holds on a day; of several the one that ends last."""
    holding = [
        each
        for each in evidence
        if each.evidence_kind is kind
        and each.holds_from <= day
        and (each.holds_until is None or day <= each.holds_until)
    ]
    return max(holding, key=lambda each: each.holds_until or date.max, default=None)


def is_followed(evidence: Iterable[Holds], ending: Holds) -> bool:
    """Whether something holds on the day after it ends, so that nobody need be warned."""
    if ending.holds_until is None:
        return True
    return in_force(evidence, ending.evidence_kind, ending.holds_until + timedelta(days=1)) is not None


def readiness(of: Employment, evidence: Sequence[Holds], policy: Policy, day: date) -> Readiness:
    """What the policy needs of this employment, and what of it holds on that day."""
    needs = [need for need in policy.needs if need.is_of(of.kind, of.employer, of.support)]
    steps = tuple(_step(need, of, evidence, day) for need in needs)
    lacking = [need for need, step in zip(needs, steps, strict=True) if step.because.code in MISSING]
    missing = tuple(need.evidence for need in lacking if need.stance is Stance.MANDATORY)
    return Readiness(steps, missing, tuple(need.evidence for need in lacking if need.stance is Stance.ADVISORY))


MISSING = frozenset({"evidence_missing", "evidence_advised"})


def _step(need: Need, of: Employment, evidence: Sequence[Holds], day: date) -> Step:
    kind = need.evidence.value
    if need.exempt_close_family and of.close_family:
        return Step(need.rule_id, because("close_family_exempt", kind=kind), 0, need.source)
    if in_force(evidence, need.evidence, day):
        return Step(need.rule_id, because("evidence_holds", kind=kind), 0, need.source)
    if need.stance is Stance.ADVISORY:
        return Step(need.rule_id, because("evidence_advised", kind=kind), 0, need.source)
    return Step(need.rule_id, because("evidence_missing", kind=kind), 1, need.source)


@dataclass(frozen=True, slots=True)
class Insured:
    """Was employers' liability insurance in force on a day? `required` says whether it had to be; `uninsured_days` are those
    since support began, that day included, and `exposure_pence` the statutory fine for them: information, not a charge."""

    covered: bool
    required: bool
    uninsured_days: int
    exposure_pence: int


def insured(
    of: Employment, evidence: Sequence[Holds], policy: Policy, day: date, employs_since: date | None
) -> Insured:
    """The answer for a day (Employers' Liability (Compulsory Insurance) Act 1969; RULES §4.3, §9 case 29)."""
    liability = EvidenceKind.EMPLOYERS_LIABILITY
    needs = (
        need for need in policy.needs if need.evidence is liability and need.is_of(of.kind, of.employer, of.support)
    )
    required = any(not (need.exempt_close_family and of.close_family) for need in needs)
    days = _days(employs_since, day) if required and employs_since else []
    without = sum(in_force(evidence, liability, each) is None for each in days)
    covered = in_force(evidence, liability, day) is not None
    return Insured(covered, required, without, without * policy.figure("fine_a_day_pence"))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
