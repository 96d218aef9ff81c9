"""Every state of every marketplace machine against every verb: what is not written here is refused."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from services.marketplace.rules import states
from shared.contracts.supply import ClosureStage
from shared.moves import Moves, VerbNotAllowed

Table = dict[str, dict[str, str]]

EXPECTED: list[tuple[Moves[Any], type[StrEnum], Table]] = [
    (
        states.REQUIREMENTS,
        states.RequirementState,
        {
            "open": {"award": "filled", "offer": "offered", "withdraw": "withdrawn"},
            "offered": {"offer": "offered", "fill": "filled", "reopen": "open", "withdraw": "withdrawn"},
            "filled": {"reopen": "open", "withdraw": "withdrawn"},
            "withdrawn": {},
        },
    ),
    (
        states.GROUPS,
        states.GroupState,
        {
            "asked": {"accept": "bought", "refuse": "refused"},
            "bought": {"leave": "bought", "end": "over"},
            "refused": {},
            "over": {},
        },
    ),
    (
        states.OFFERS,
        states.OfferState,
        {
            "made": {
                "accept": "accepted",
                "answer": "answered",
                "refuse": "refused",
                "expire": "expired",
                "withdraw": "withdrawn",
            },
            "answered": {"award": "accepted", "withdraw": "withdrawn"},
            "accepted": {},
            "refused": {},
            "expired": {},
            "withdrawn": {},
        },
    ),
    (
        states.COMPETITIONS,
        states.CompetitionState,
        {
            "open": {"close": "closed", "abandon": "abandoned"},
            "closed": {"award": "awarded", "abandon": "abandoned"},
            "awarded": {},
            "abandoned": {},
        },
    ),
    (
        states.ORDERS,
        states.OrderState,
        {
            "placed": {
                "confirm": "confirmed",
                "hold": "held",
                "cancel": "cancelled",
                "stand_in": "started",
                "start_at_once": "started",
            },
            "held": {"confirm": "confirmed", "cancel": "cancelled"},
            "confirmed": {"start": "started", "cancel": "cancelled"},
            "started": {"end": "ended"},
            "ended": {},
            "cancelled": {},
        },
    ),
    (
        states.CLAIMS,
        states.ClaimState,
        {
            "submitted": {"accept": "accepted", "dispute": "disputed"},
            "disputed": {"accept": "accepted", "settle": "accepted"},
            "accepted": {"pay": "paid", "lower": "accepted"},
            "paid": {"lower": "paid"},
        },
    ),
    (
        states.COVERS,
        states.CoverState,
        {
            "asked": {"arrange": "arranged", "give_up": "not_found"},
            "not_found": {"arrange": "arranged", "give_up": "not_found", "end": "over", "shorten": "not_found"},
            "arranged": {"end": "over", "shorten": "arranged"},
            "over": {},
        },
    ),
    (
        states.CLOSURES,
        ClosureStage,
        {
            "proposed": {"consult": "consulting", "drop": "dropped"},
            "consulting": {"answer": "consulting", "decide": "decided", "drop": "dropped"},
            "decided": {"close": "closing", "drop": "dropped"},
            "closing": {},
            "dropped": {},
        },
    ),
    (
        states.LISTINGS,
        states.ListingState,
        {"live": {"change": "live", "withdraw": "withdrawn"}, "withdrawn": {"publish": "live"}},
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


def test_nobody_is_told_to_ask_for_what_follows_by_itself() -> None:
    """An order is confirmed or held as budget answers, and a cover begins on its day."""
    assert states.ORDERS.allowed(states.OrderState.PLACED) == ("cancel",)
    assert states.CLAIMS.allowed(states.ClaimState.DISPUTED) == ("settle",)
    for moves, _, _ in EXPECTED:
        assert moves.unasked <= {verb for _, verb in moves}
