"""Every state and every verb, crossed: what is not in this file is not allowed."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from services.budget.rules.states import (
    BUDGET_MOVES,
    COMMITMENT_MOVES,
    DIRECT_PAYMENT_MOVES,
    PAYMENT_MOVES,
    BudgetState,
    CommitmentState,
    DirectPaymentState,
    PaymentState,
)
from shared.moves import Moves, VerbNotAllowed

EXPECTED = {
    "budget": """
        unindicated: indicate_again>indicative find_no_figure>unindicated find_short>short finalise>final end>ended
        indicative: indicate_again>indicative find_no_figure>unindicated find_short>short finalise>final end>ended
        short: indicate_again>indicative find_no_figure>unindicated find_short>short finalise>final end>ended
        final: indicate_again>indicative find_no_figure>unindicated find_short>short finalise>final end>ended""",
    "commitment": """
        waiting: commit>committed find_short>short release>released
        short: commit>committed find_short>short release>released
        committed: roll>committed find_short>short release>released""",
    "payment": """
        owed: pay>paid stop>stopped cancel>cancelled
        stopped: resume>owed cancel>cancelled""",
    "direct_payment": """
        agreed: stop>stopped replace>replaced
        refused: replace>replaced
        stopped: replace>replaced""",
}
TABLES: list[tuple[Moves[Any], type[StrEnum]]] = [
    (BUDGET_MOVES, BudgetState),
    (COMMITMENT_MOVES, CommitmentState),
    (PAYMENT_MOVES, PaymentState),
    (DIRECT_PAYMENT_MOVES, DirectPaymentState),
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
