"""Every state and every verb, crossed: what is not in this file is not allowed."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from services.assessment.rules.states import (
    ASSESSMENT_MOVES,
    CHALLENGE_MOVES,
    EARLY_MOVES,
    PLAN_MOVES,
    REQUEST_MOVES,
    REVIEW_MOVES,
    AssessmentState,
    ChallengeState,
    EarlyState,
    PlanState,
    RequestState,
    ReviewState,
)
from shared.moves import Moves, VerbNotAllowed

EXPECTED = {
    "request": """
        received: begin_assessment>assessing decline>declined close>closed
        assessing: complete>assessed decline>declined
        declined: ask_again>received close>closed""",
    "assessment": """
        draft: amend>draft submit>submitted withdraw>withdrawn
        submitted: return>returned approve>approved withdraw>withdrawn
        returned: amend>returned submit>submitted withdraw>withdrawn""",
    "plan": """
        draft: amend>draft propose>proposed withdraw>withdrawn
        proposed: find_short>short find_affordable>affordable return>returned withdraw>withdrawn
        short: find_short>short find_affordable>affordable propose_again>proposed return>returned withdraw>withdrawn
        affordable: find_short>short find_affordable>affordable propose_again>proposed return>returned agree>agreed withdraw>withdrawn
        returned: propose_again>proposed withdraw>withdrawn
        agreed: switch_route>agreed switch_back>agreed supersede>superseded""",  # noqa: E501 - one state, one line
    "review": """
        scheduled: fall_due>due bring_forward>due cancel>cancelled
        due: become_overdue>overdue bring_forward>due hold>held cancel>cancelled
        overdue: bring_forward>due hold>held cancel>cancelled""",
    "challenge": "open: answer>answered",
    "early support": """
        agreed: reach_last_day>last_day end>ended
        last_day: end>ended""",
}
TABLES: list[tuple[Moves[Any], type[StrEnum]]] = [
    (REQUEST_MOVES, RequestState),
    (ASSESSMENT_MOVES, AssessmentState),
    (PLAN_MOVES, PlanState),
    (REVIEW_MOVES, ReviewState),
    (CHALLENGE_MOVES, ChallengeState),
    (EARLY_MOVES, EarlyState),
]


def expected(kind: str) -> dict[tuple[str, str], str]:
    rows = (row.strip().split(": ") for row in EXPECTED[kind].strip().splitlines())
    return {(state, move.split(">")[0]): move.split(">")[1] for state, moves in rows for move in moves.split()}


CROSSED = [
    pytest.param(moves, state, verb, id=f"{moves.kind}-{state.value}-{verb}")
    for moves, states in TABLES
    for state, verb in product(states, sorted({verb for _, verb in moves} | {"do_something_unheard_of"}))
]


@pytest.mark.parametrize(("moves", "state", "verb"), CROSSED)
def test_a_verb_leads_where_the_table_says_or_is_refused(moves: Moves[Any], state: StrEnum, verb: str) -> None:
    if to := expected(moves.kind).get((state.value, verb)):
        assert moves.move(state, verb).value == to
    else:
        with pytest.raises(VerbNotAllowed):
            moves.move(state, verb)


@pytest.mark.parametrize("moves", [moves for moves, _ in TABLES], ids=lambda moves: str(moves.kind))
def test_no_expected_move_is_missing_from_the_table(moves: Moves[Any]) -> None:
    assert {(state.value, verb): to.value for (state, verb), to in moves.items()} == expected(moves.kind)


@pytest.mark.parametrize(("moves", "states"), TABLES, ids=lambda each: getattr(each, "kind", None))
def test_every_state_can_be_reached_from_the_first(moves: Moves[Any], states: type[StrEnum]) -> None:
    reached = {next(iter(states))}
    while further := {to for (at, _), to in moves.items() if at in reached} - reached:
        reached |= further
    assert reached == set(states)


def test_a_plan_is_agreed_only_from_affordable() -> None:
    assert [state for state in PlanState if "agree" in PLAN_MOVES.allowed(state)] == [PlanState.AFFORDABLE]
