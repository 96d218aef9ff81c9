"""RULES.md §9 case 16 (the adult ones), and what keeps a determination from being made."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from services.assessment.rules.determination import Answers, DeterminationInconsistent, determine
from services.assessment.rules.outcomes import STATUTORY_WORDING, Ground, Outcome, OutcomeFinding

ASSISTANCE = frozenset({Ground.NEEDS_ASSISTANCE})


def cannot(outcomes: str, carer_meets: bool = False) -> tuple[OutcomeFinding, ...]:
    return tuple(OutcomeFinding(Outcome(code), False, ASSISTANCE, carer_meets) for code in outcomes)


def answers(
    findings: Iterable[OutcomeFinding], impairment: bool = True, impact: bool = True, reasons: str = "Seen at home."
) -> Answers:
    return Answers(impairment, tuple(findings), impact, reasons)


@pytest.mark.parametrize(
    ("outcomes", "impairment", "impact", "eligible"),
    [
        ("a", True, True, False),
        ("ab", True, True, True),
        ("ab", False, True, False),
        ("ab", True, False, False),
        ("", True, True, False),
        ("abcdefghij", True, True, True),
        ("gj", True, True, True),
    ],
)
def test_an_adult_is_eligible_only_when_all_three_parts_hold(
    outcomes: str, impairment: bool, impact: bool, eligible: bool
) -> None:
    determination = determine(answers(cannot(outcomes), impairment, impact))
    assert determination.eligible is eligible
    assert [step.effect for step in determination.steps[:3]] == [impairment, len(outcomes) >= 2, impact]
    assert determination.steps[-1].effect == eligible


@pytest.mark.parametrize("ground", list(Ground))
def test_each_of_the_four_grounds_alone_makes_an_adult_unable(ground: Ground) -> None:
    findings = [OutcomeFinding(outcome, False, frozenset({ground})) for outcome in (Outcome.NUTRITION, Outcome.TOILET)]
    assert determine(answers(findings)).eligible


def test_help_a_carer_gives_is_disregarded_and_recorded() -> None:
    alone, helped = (determine(answers(cannot("ab", carer_meets))) for carer_meets in (False, True))
    assert helped.eligible is alone.eligible is True
    noted = [step for step in helped.steps if step.because.code == "carer_help_disregarded"]
    assert [step.because.params for step in noted] == [{"met": 2}]
    assert not [step for step in alone.steps if step.rule == "ELIG-4"]


def test_being_able_counts_as_able() -> None:
    able = tuple(OutcomeFinding(outcome, able=True) for outcome in Outcome)
    assert not determine(answers(able)).eligible


def test_no_step_says_which_outcome_it_was() -> None:
    of_a_and_b, of_i_and_j = (determine(answers(cannot(outcomes))).steps for outcomes in ("ab", "ij"))
    assert of_a_and_b == of_i_and_j


def test_every_step_cites_the_regulations() -> None:
    assert all("SI 2015/313 reg 2" in step.source.title for step in determine(answers(cannot("ab", True))).steps)


@pytest.mark.parametrize("reasons", ["", "   ", "\n\t"])
def test_without_written_reasons_nothing_is_determined(reasons: str) -> None:
    with pytest.raises(DeterminationInconsistent) as refused:
        determine(answers(cannot("ab"), reasons=reasons))
    assert [(each.field, each.rule) for each in refused.value.failures] == [("reasons", "ELIG-REASONS")]


def test_everything_inconsistent_is_named_with_its_field_and_rule() -> None:
    findings = (
        OutcomeFinding(Outcome.NUTRITION, able=False),
        OutcomeFinding(Outcome.HYGIENE, able=True, grounds=ASSISTANCE),
        *cannot("cc"),
    )
    with pytest.raises(DeterminationInconsistent) as refused:
        determine(answers(findings, reasons=""))
    assert [(each.field, each.rule, each.because.code) for each in refused.value.failures] == [
        ("findings[0].grounds", "OUTCOME-1", "unable_without_ground"),
        ("findings[1].grounds", "OUTCOME-2", "able_with_grounds"),
        ("findings[2].outcome", "OUTCOME-3", "outcome_repeated"),
        ("findings[3].outcome", "OUTCOME-3", "outcome_repeated"),
        ("reasons", "ELIG-REASONS", "reasons_missing"),
    ]


def test_the_ten_outcomes_have_their_statutory_letter_and_wording() -> None:
    assert "".join(Outcome) == "abcdefghij"
    assert list(STATUTORY_WORDING) == list(Outcome)
    assert Outcome("c").wording == "managing toilet needs"
