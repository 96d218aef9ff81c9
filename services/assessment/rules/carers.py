"""Are a carer's own needs eligible? Three parts again, with another arithmetic than the adult's: one outcome is enough.

Source: Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313, reg 3 (R§1.2). The adult cared for need not
be eligible. Unable has three grounds; there is no "takes significantly longer" (reg 3(3), from memory, unverified).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.assessment.rules.determination import Determination
from services.assessment.rules.failures import Failure, NotSo
from shared.explain import Source, Step, because

TEST = Source("Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313 reg 3")
LIMBS = Source("SI 2015/313 reg 3(3)", verified=False)


class CarerOutcome(StrEnum):
    """Reg 3(2)(b)(ii), (i) to (viii)."""

    CARING_FOR_A_CHILD = "i"
    CARING_FOR_OTHERS = "ii"
    HABITABLE_HOME = "iii"
    NUTRITION = "iv"
    RELATIONSHIPS = "v"
    WORK_AND_LEARNING = "vi"
    COMMUNITY = "vii"
    RECREATION = "viii"


class CarerGround(StrEnum):
    """Reg 3(3)."""

    NEEDS_ASSISTANCE = "needs_assistance"
    PAIN_DISTRESS_ANXIETY = "pain_distress_anxiety"
    ENDANGERS_HEALTH_SAFETY = "endangers_health_safety"


@dataclass(frozen=True, slots=True)
class CarerFinding:
    """An outcome the carer cannot achieve, and on which grounds."""

    outcome: CarerOutcome
    grounds: frozenset[CarerGround] = frozenset()


@dataclass(frozen=True, slots=True)
class CarerAnswers:
    """What was found. `reasons` is the written record; it is kept here and never travels."""

    necessary_care: bool
    findings: tuple[CarerFinding, ...]
    health_at_risk: bool
    wellbeing_impact: bool
    reasons: str


class CarerDeterminationInconsistent(NotSo):
    """A carer's answers contradict themselves or lack what the law asks for."""

    title = "The carer's answers contradict themselves or lack what the law asks for"


def determine_carer(answers: CarerAnswers) -> Determination:
    """SI 2015/313 reg 3(1): eligible when all three parts hold. Raises CarerDeterminationInconsistent."""
    if failures := tuple(_against(answers)):
        raise CarerDeterminationInconsistent(failures)
    parts = (_from_care(answers), _by_health_or_outcome(answers), _with_impact(answers))
    eligible = all(part.effect for part in parts)
    reason = because("eligible_on_all_three") if eligible else because("not_eligible")
    return Determination(eligible, (*parts, Step("CARER-4", reason, int(eligible), TEST)))


def _against(answers: CarerAnswers) -> Iterator[Failure]:
    seen: set[CarerOutcome] = set()
    for at, finding in enumerate(answers.findings):
        if not finding.grounds:
            yield Failure(f"findings[{at}].grounds", "CARER-F1", because("unable_without_ground", finding=at + 1))
        if finding.outcome in seen:
            yield Failure(f"findings[{at}].outcome", "CARER-F2", because("outcome_repeated", finding=at + 1))
        seen.add(finding.outcome)
    if not answers.reasons.strip():
        yield Failure("reasons", "CARER-F3", because("reasons_missing"))


def _from_care(answers: CarerAnswers) -> Step:
    """Reg 3(2)(a): from providing necessary care for an adult, whether or not that adult is eligible."""
    reason = because("needs_from_necessary_care") if answers.necessary_care else because("care_is_not_necessary")
    return Step("CARER-1", reason, int(answers.necessary_care), TEST)


def _by_health_or_outcome(answers: CarerAnswers) -> Step:
    """Reg 3(2)(b): health deteriorates or may, or any one outcome is not achieved."""
    if answers.health_at_risk:
        return Step("CARER-2", because("carers_health_at_risk"), 1, TEST)
    if answers.findings:
        return Step("CARER-2", because("carer_unable_in_one", unable=len(answers.findings)), 1, LIMBS)
    return Step("CARER-2", because("carer_unable_in_none"), 0, TEST)


def _with_impact(answers: CarerAnswers) -> Step:
    """Reg 3(2)(c): as a consequence there is, or is likely to be, a significant impact on well-being."""
    felt = answers.wellbeing_impact
    reason = because("significant_wellbeing_impact") if felt else because("no_significant_wellbeing_impact")
    return Step("CARER-3", reason, int(felt), TEST)
