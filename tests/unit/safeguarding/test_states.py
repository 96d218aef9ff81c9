"""Every state of every safeguarding machine against every verb: what is not written here is refused."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from services.safeguarding.rules import states
from shared.moves import Moves, VerbNotAllowed

Table = dict[str, dict[str, str]]

EXPECTED: list[tuple[Moves[Any], type[StrEnum], Table]] = [
    (
        states.ALERTS,
        states.Alert,
        {
            "open": {"acknowledge": "acknowledged", "extend": "open"},
            "acknowledged": {"extend": "open", "close": "closed"},
            "closed": {"extend": "open"},
        },
    ),
    (
        states.CONCERNS,
        states.Concern,
        {
            "raised": {"decide": "decided"},
            "decided": {"conclude": "concluded", "close": "closed"},
            "concluded": {"close": "closed"},
            "closed": {},
        },
    ),
    (
        states.RESTRICTIONS,
        states.Restriction,
        {
            "proposed": {"place": "placed", "decline": "declined"},
            "placed": {"keep": "kept", "lift": "lifted"},
            "kept": {"keep": "kept", "lift": "lifted"},
            "lifted": {},
            "declined": {},
        },
    ),
]

VERBS = sorted({verb for moves, _, _ in EXPECTED for _, verb in moves} | {"no_such_verb"})
CASES = [
    pytest.param(moves, state, verb, table[state.value].get(verb), id=f"{moves.kind}-{state.value}-{verb}")
    for moves, kind, table in EXPECTED
    for state, verb in product(kind, VERBS)
]


@pytest.mark.parametrize(("moves", "state", "verb", "expected"), CASES)
def test_a_verb_moves_only_as_the_table_says(
    moves: Moves[Any], state: StrEnum, verb: str, expected: str | None
) -> None:
    if expected is not None:
        assert moves.move(state, verb) == expected
        return
    with pytest.raises(VerbNotAllowed) as refusal:
        moves.move(state, verb)
    assert verb not in refusal.value.allowed


@pytest.mark.parametrize(("moves", "kind", "table"), EXPECTED)
def test_every_state_is_written_down(moves: Moves[Any], kind: type[StrEnum], table: Table) -> None:
    assert {state.value for state in kind} == set(table)
