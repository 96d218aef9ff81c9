"""Are an adult's needs eligible? The three-part national test, with a step and a reason for each part.

Source: Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313, reg 2. A determination disregards the
help a carer gives: what a carer meets is recorded, and stays eligible. A written record of the determination and its
reasons is owed in every case (Care Act 2014 s.13; from memory, unverified).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.assessment.rules.failures import Failure, NotSo
from services.assessment.rules.outcomes import OutcomeFinding, inconsistencies, unable
from shared.explain import Source, Step, because

OUTCOMES_NEEDED = 2

TEST = Source("Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313 reg 2")
DISREGARD = Source("SI 2015/313 reg 2; plymouthonlinedirectory.com: help a carer gives is disregarded")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the practitioner found. `reasons` is the written record; it is kept here and never travels."""

    impairment: bool
    findings: tuple[OutcomeFinding, ...]
    wellbeing_impact: bool
    reasons: str


@dataclass(frozen=True, slots=True)
class Determination:
    """The outcome of the test. Steps carry counts only: no step says which outcome it was."""

    eligible: bool
    steps: tuple[Step, ...]


class DeterminationInconsistent(NotSo):
    """The answers contradict themselves or lack what the law asks for."""

    title = "The answers contradict themselves or lack what the law asks for"


def determine(answers: Answers) -> Determination:
    """SI 2015/313 reg 2(1): eligible when all three parts hold. Raises DeterminationInconsistent with all it found."""
    if failures := tuple(failures_in(answers)):
        raise DeterminationInconsistent(failures)
    parts = tuple(part(answers) for part in PARTS)
    eligible = all(part.effect for part in parts)
    return Determination(eligible, (*parts, *note_carer_help(answers), conclude(eligible)))


def failures_in(answers: Answers) -> Iterator[Failure]:
    """Everything that keeps a determination from being made (reg 2(3); Care Act s.13 for the written reasons)."""
    yield from inconsistencies(answers.findings)
    if not answers.reasons.strip():
        yield Failure("reasons", "ELIG-REASONS", because("reasons_missing"))


def arise_from_impairment(answers: Answers) -> Step:
    """SI 2015/313 reg 2: the needs arise from or are related to a physical or mental impairment or illness."""
    reason = because("needs_from_impairment") if answers.impairment else because("needs_not_from_impairment")
    return Step("ELIG-1", reason, int(answers.impairment), TEST)


def be_unable_in_two(answers: Answers) -> Step:
    """SI 2015/313 reg 2: as a result the adult is unable to achieve two or more of the outcomes, without a carer."""
    count = len(unable(answers.findings))
    if count >= OUTCOMES_NEEDED:
        return Step("ELIG-2", because("enough_outcomes_unable", unable=count, needed=OUTCOMES_NEEDED), 1, TEST)
    return Step("ELIG-2", because("too_few_outcomes_unable", unable=count, needed=OUTCOMES_NEEDED), 0, TEST)


def affect_wellbeing(answers: Answers) -> Step:
    """SI 2015/313 reg 2: as a consequence there is, or is likely to be, a significant impact on well-being."""
    felt = answers.wellbeing_impact
    reason = because("significant_wellbeing_impact") if felt else because("no_significant_wellbeing_impact")
    return Step("ELIG-3", reason, int(felt), TEST)


PARTS = (arise_from_impairment, be_unable_in_two, affect_wellbeing)


def note_carer_help(answers: Answers) -> Iterator[Step]:
    """Needs a carer meets are recorded and still count (SI 2015/313 reg 2; Plymouth's published reading)."""
    met = sum(finding.carer_meets for finding in unable(answers.findings))
    if met:
        yield Step("ELIG-4", because("carer_help_disregarded", met=met), 0, DISREGARD)


def conclude(eligible: bool) -> Step:
    """SI 2015/313 reg 2: all three parts, or not eligible."""
    reason = because("eligible_on_all_three") if eligible else because("not_eligible")
    return Step("ELIG-5", reason, int(eligible), TEST)
