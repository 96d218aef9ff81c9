"""Reasons are shared, and never mistaken for one another."""

from __future__ import annotations

from shared.explain import because


def test_equal_parameters_of_other_types_are_other_reasons() -> None:
    assert [type(because("n", n=n).params["n"]) for n in (1, True, 1, False, 0)] == [int, bool, int, bool, int]


def test_the_same_reason_is_made_once() -> None:
    assert because("points_in_table", points=80) is because("points_in_table", points=80)
