"""Care Act s.26 (RULES.md §9 case 13) and Savva: the parts make the whole, and a change has its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.rules.finalising import FinalBudgetUnsound, FinalFigure, failures_in, finalise, share

ALL_OF_IT = [
    ("reason", "FINAL-2"),
    ("weekly_pence", "FINAL-3"),
    ("council_pence", "FINAL-4"),
    ("person_pence", "FINAL-4"),
]


def test_500_pounds_with_67_71_from_the_person_leave_432_29_to_the_council() -> None:
    assert share(50000, 6771) == (43229, 6771)
    assert sum(step.effect for step in finalise(50000, FinalFigure(50000, 43229, 6771))) == 50000


def test_a_person_never_pays_more_than_the_support_costs() -> None:
    assert share(5000, 6771) == (0, 5000)


@pytest.mark.parametrize(
    ("final", "failures"),
    [
        (FinalFigure(50000, 43229, 6771), []),
        (FinalFigure(50000, 43229, 6770), [("weekly_pence", "FINAL-3")]),
        (FinalFigure(50000, 50001, -1), [("person_pence", "FINAL-4")]),
        (FinalFigure(50000, -1, 50001), [("council_pence", "FINAL-4")]),
        (FinalFigure(50001, 43230, 6771), [("reason", "FINAL-2")]),
        (FinalFigure(49999, 43228, 6771, "  "), [("reason", "FINAL-2")]),
        (FinalFigure(49999, 43228, 6771, "One visit fewer, as asked."), []),
        (FinalFigure(60000, -5, -6), ALL_OF_IT),
    ],
)
def test_everything_unsound_about_a_final_figure_is_named(final: FinalFigure, failures: list[tuple[str, str]]) -> None:
    assert [(each.field, each.rule) for each in failures_in(50000, final)] == failures
    if failures:
        with pytest.raises(FinalBudgetUnsound):
            finalise(50000, final)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_steps_of_a_final_budget_add_up_to_its_figure(indicated: int, weekly: int, contribution: int) -> None:
    """Care Act s.26 and Savva: from the indicative figure, by a change with its reason, to the whole of both parts."""
    council, person = share(weekly, contribution)
    steps = finalise(indicated, FinalFigure(weekly, council, person, "Synthetic: the market asks it.", contribution))
    assert sum(step.effect for step in steps) == weekly == council + person
