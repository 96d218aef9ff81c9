"""What leaves for budget: a score that cannot say which outcome, and only willing and able carers' minutes."""

from __future__ import annotations

from itertools import combinations

from services.assessment.rules.needs import CarerHelp, derive_needs, score
from services.assessment.rules.outcomes import Ground, Outcome, OutcomeFinding

ONE = frozenset({Ground.NEEDS_ASSISTANCE})
TWO = ONE | {Ground.PAIN_DISTRESS_ANXIETY}


def test_the_demo_person_scores_eighty() -> None:
    """Six outcomes not achieved, four of them on two grounds: what the allocation table turns into 40 hours."""
    findings = [OutcomeFinding(outcome, False, TWO if at < 4 else ONE) for at, outcome in enumerate([*Outcome][:6])]
    assert score(findings) == 80


def test_a_score_is_the_same_whichever_outcomes_it_came_from() -> None:
    scores = {score(OutcomeFinding(each, False, ONE) for each in three) for three in combinations(Outcome, 3)}
    assert scores == {30}


def test_the_most_there_is_to_find_scores_250_and_nothing_scores_nothing() -> None:
    assert score(OutcomeFinding(outcome, False, frozenset(Ground)) for outcome in Outcome) == 250
    assert score(OutcomeFinding(outcome, True) for outcome in Outcome) == 0


def test_a_score_disregards_what_a_carer_meets() -> None:
    met, unmet = (OutcomeFinding(Outcome.TOILET, False, ONE, carer_meets) for carer_meets in (True, False))
    assert score([met]) == score([unmet]) == 10


def test_only_carers_who_are_willing_and_able_count() -> None:
    carers = [CarerHelp(300, True, True), CarerHelp(60, True, True), CarerHelp(600, False, True)]
    carers.append(CarerHelp(900, True, False))
    needs = derive_needs([], 2400, carers, "north")
    assert (needs.points, needs.weekly_minutes, needs.carer_weekly_minutes, needs.area) == (0, 2400, 360, "north")


def test_carers_take_no_more_off_than_there_is() -> None:
    assert derive_needs([], 120, [CarerHelp(600, True, True)], "north").carer_weekly_minutes == 120
