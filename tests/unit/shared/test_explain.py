"""Reasons are shared, and hold whole numbers and codes alone."""

from __future__ import annotations

from shared.explain import because


def test_a_reason_holds_whole_numbers_and_codes_whatever_equals_them() -> None:
    assert [type(because("n", n=n).params["n"]) for n in (1, True, 0, False)] == [int] * 4


def test_the_same_reason_is_made_once() -> None:
    assert because("points_in_table", points=80) is because("points_in_table", points=80)
