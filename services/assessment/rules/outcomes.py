"""What was found about each of the ten outcomes of the adult eligibility test?

Sources: Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313, reg 2(2) for the outcomes and reg 2(3)
for the four grounds of "unable". The outcomes have no hierarchy and no weight (SCIE).
Which outcome a person cannot achieve never leaves this service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.assessment.rules.failures import Failure
from shared.explain import because


class Outcome(StrEnum):
    """Reg 2(2)(a) to (j)."""

    NUTRITION = "a"
    HYGIENE = "b"
    TOILET = "c"
    CLOTHING = "d"
    HOME_SAFELY = "e"
    HABITABLE_HOME = "f"
    RELATIONSHIPS = "g"
    WORK_AND_LEARNING = "h"
    COMMUNITY = "i"
    CARING_FOR_A_CHILD = "j"

    @property
    def wording(self) -> str:
        return STATUTORY_WORDING[self]


STATUTORY_WORDING = {
    Outcome.NUTRITION: "managing and maintaining nutrition",
    Outcome.HYGIENE: "maintaining personal hygiene",
    Outcome.TOILET: "managing toilet needs",
    Outcome.CLOTHING: "being appropriately clothed",
    Outcome.HOME_SAFELY: "being able to make use of the adult's home safely",
    Outcome.HABITABLE_HOME: "maintaining a habitable home environment",
    Outcome.RELATIONSHIPS: "developing and maintaining family or other personal relationships",
    Outcome.WORK_AND_LEARNING: "accessing and engaging in work, training, education or volunteering",
    Outcome.COMMUNITY: (
        "making use of necessary facilities or services in the local community, including public transport "
        "and recreational facilities or services"
    ),
    Outcome.CARING_FOR_A_CHILD: "carrying out any caring responsibilities the adult has for a child",
}


class Ground(StrEnum):
    """Reg 2(3): any one of these makes an adult unable to achieve an outcome."""

    NEEDS_ASSISTANCE = "needs_assistance"
    PAIN_DISTRESS_ANXIETY = "pain_distress_anxiety"
    ENDANGERS_HEALTH_SAFETY = "endangers_health_safety"
    SIGNIFICANTLY_LONGER = "significantly_longer"


@dataclass(frozen=True, slots=True)
class OutcomeFinding:
    """One outcome as the practitioner found it, *disregarding* any help a carer gives.

    `carer_meets` records that a carer does in fact meet the need today; it changes nothing about `able`.
    """

    outcome: Outcome
    able: bool
    grounds: frozenset[Ground] = frozenset()
    carer_meets: bool = False


def unable(findings: Iterable[OutcomeFinding]) -> tuple[OutcomeFinding, ...]:
    """The outcomes not achieved, whoever may be helping."""
    return tuple(finding for finding in findings if not finding.able)


def inconsistencies(findings: tuple[OutcomeFinding, ...]) -> Iterator[Failure]:
    """What the findings say against themselves (SI 2015/313 reg 2(3): unable means at least one ground)."""
    times = Counter(finding.outcome for finding in findings)
    for at, finding in enumerate(findings):
        if not finding.able and not finding.grounds:
            yield Failure(f"findings[{at}].grounds", "OUTCOME-1", because("unable_without_ground", finding=at + 1))
        if finding.able and finding.grounds:
            yield Failure(f"findings[{at}].grounds", "OUTCOME-2", because("able_with_grounds", finding=at + 1))
        if times[finding.outcome] > 1:
            yield Failure(f"findings[{at}].outcome", "OUTCOME-3", because("outcome_repeated", finding=at + 1))
