"""R case 16 (the carer ones) and R case 17: a carer's three parts, and when an advocate must be arranged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.assessment.rules.advocacy import (
    AdvocateNeeded,
    Appropriate,
    Difficulty,
    Involvement,
    advocacy,
    be_represented,
)
from services.assessment.rules.carers import (
    CarerAnswers,
    CarerDeterminationInconsistent,
    CarerFinding,
    CarerGround,
    CarerOutcome,
    determine_carer,
)
from services.assessment.rules.own_account import NotAssured, be_assured

RECREATION = CarerFinding(CarerOutcome.RECREATION, frozenset({CarerGround.NEEDS_ASSISTANCE}))
ANSWERS = CarerAnswers(True, (RECREATION,), health_at_risk=False, wellbeing_impact=True, reasons="Seen at home.")


@pytest.mark.parametrize(
    ("answers", "eligible"),
    [
        (ANSWERS, True),
        (replace(ANSWERS, findings=(), health_at_risk=True), True),
        (replace(ANSWERS, findings=()), False),
        (replace(ANSWERS, necessary_care=False), False),
        (replace(ANSWERS, wellbeing_impact=False), False),
    ],
    ids=["one outcome and impact", "health alone", "neither", "care not necessary", "no impact"],
)
def test_case_16_a_carer_is_eligible_by_one_outcome_or_by_health(answers: CarerAnswers, eligible: bool) -> None:
    """SI 2015/313 reg 3; RULES case 16: {viii} alone is enough, and so is deteriorating health without any outcome."""
    made = determine_carer(answers)
    assert made.eligible is eligible
    assert [step.rule for step in made.steps] == ["CARER-1", "CARER-2", "CARER-3", "CARER-4"]
    assert made.steps[-1].effect == eligible == all(step.effect for step in made.steps[:3])


def test_case_16_taking_significantly_longer_is_no_ground_for_a_carer() -> None:
    """SI 2015/313 reg 3(3): three limbs, where the adult has four; so no outcome rests on it alone."""
    assert {ground.value for ground in CarerGround} == {
        "needs_assistance",
        "pain_distress_anxiety",
        "endangers_health_safety",
    }
    with pytest.raises(CarerDeterminationInconsistent) as refused:
        determine_carer(replace(ANSWERS, findings=(replace(RECREATION, grounds=frozenset()), RECREATION), reasons=" "))
    assert [one.rule for one in refused.value.failures] == ["CARER-F1", "CARER-F2", "CARER-F3"]


def test_there_are_eight_outcomes_of_a_carer() -> None:
    """SI 2015/313 reg 3(2)(b)(ii)."""
    assert len(CarerOutcome) == 8


RETAINING = frozenset({Difficulty.RETAINING})
UNPAID = Appropriate(paid_or_professional=False, consented_to=True)


@pytest.mark.parametrize(
    ("involvement", "required", "code"),
    [
        (Involvement(RETAINING, UNPAID), False, "appropriate_person_is_there"),
        (Involvement(RETAINING, replace(UNPAID, paid_or_professional=True)), True, "appropriate_person_is_paid"),
        (Involvement(RETAINING, UNPAID, care_home_days=63), True, "long_stay_needs_advocate"),
        (Involvement(RETAINING, UNPAID, care_home_days=55), False, "appropriate_person_is_there"),
        (Involvement(RETAINING, UNPAID, care_home_days=56), True, "long_stay_needs_advocate"),
        (Involvement(RETAINING, UNPAID, hospital_days=27), False, "appropriate_person_is_there"),
        (Involvement(RETAINING, UNPAID, hospital_days=28), True, "long_stay_needs_advocate"),
        (Involvement(RETAINING, replace(UNPAID, consented_to=False)), True, "appropriate_person_not_consented_to"),
        (Involvement(RETAINING), True, "nobody_appropriate"),
        (Involvement(frozenset()), False, "no_substantial_difficulty"),
        (Involvement(frozenset(), care_home_days=63), False, "no_substantial_difficulty"),
        (
            Involvement(RETAINING, replace(UNPAID, disagrees_and_advocate_is_wanted=True)),
            True,
            "disagreement_needs_advocate",
        ),
    ],
)
def test_case_17_when_an_advocate_must_be_arranged(involvement: Involvement, required: bool, code: str) -> None:
    """Care Act 2014 s.67 and the No. 2 Regulations; RULES case 17: neighbour, paid care worker, brother and nine weeks."""
    step = advocacy(involvement)
    assert (bool(step.effect), step.because.code) == (required, code)


def test_no_determination_before_the_advocate_is_there_or_the_own_account_is_assured() -> None:
    be_represented(required=False, advocate_today=False)
    be_represented(required=True, advocate_today=True)
    with pytest.raises(AdvocateNeeded):
        be_represented(required=True, advocate_today=False)
    be_assured("", None)
    be_assured("Mine.", "pat")
    with pytest.raises(NotAssured):
        be_assured("Mine.", None)
