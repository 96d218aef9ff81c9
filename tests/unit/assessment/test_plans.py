"""A plan that holds together passes; each thing that does not is said, with its field, all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.assessment.rules.plans import PlanInconsistent, ProposedPlan, check_plan, hold_together, overlaps
from shared.contracts.base import PlanLine, Route, Slot, SupplierKind, Support

TODAY = date(2026, 11, 23)


def slots(*times: tuple[int, str, int]) -> tuple[Slot, ...]:
    return tuple(Slot(weekday=day, starts=starts, minutes=minutes) for day, starts, minutes in times)


def line(**changes: Any) -> PlanLine:
    """Ten hours a week at £24.69: five visits of two hours."""
    as_planned: dict[str, Any] = {
        "line_id": UUID(int=1),
        "support": Support.HOME_CARE,
        "kind_wanted": SupplierKind.PROVIDER,
        "route": Route.COUNCIL_MANAGED,
        "pattern": slots(*((day, "08:00", 120) for day in range(5))),
        "weekly_minutes": 600,
        "hourly_pence": 2469,
        "weekly_pence": 24690,
    }
    return PlanLine(**as_planned | changes)


PLAN = ProposedPlan((line(),), 24690, TODAY)


def found(plan: ProposedPlan) -> list[tuple[str, str, str]]:
    return [(each.field, each.rule, each.because.code) for each in check_plan(plan, TODAY)]


def test_a_plan_that_holds_together_passes() -> None:
    assert found(PLAN) == []
    hold_together(PLAN, TODAY)


@pytest.mark.parametrize(
    ("plan", "failure"),
    [
        (replace(PLAN, lines=(), weekly_pence=0), ("lines", "PLAN-1", "no_lines")),
        (replace(PLAN, starts_on=date(2026, 11, 22)), ("starts_on", "PLAN-2", "starts_in_the_past")),
        (
            replace(PLAN, lines=(line(pattern=slots((0, "08:00", 599))),)),
            ("lines[0].weekly_minutes", "PLAN-3", "minutes_differ"),
        ),
        (
            replace(PLAN, lines=(line(pattern=(), weekly_minutes=0, weekly_pence=0),), weekly_pence=0),
            ("lines[0].pattern", "PLAN-4", "no_visits"),
        ),
        (
            replace(PLAN, lines=(line(weekly_pence=24691),), weekly_pence=24691),
            ("lines[0].weekly_pence", "PLAN-5", "price_differs"),
        ),
        (replace(PLAN, weekly_pence=24689), ("weekly_pence", "PLAN-6", "total_differs")),
        (
            replace(PLAN, lines=(line(pattern=slots((0, "08:00", 300), (0, "12:59", 300))),)),
            ("lines[0].pattern[1]", "PLAN-7", "visits_overlap"),
        ),
    ],
    ids=lambda each: each[2] if isinstance(each, tuple) else "",
)
def test_one_thing_wrong_is_one_failure_with_its_field_and_rule(
    plan: ProposedPlan, failure: tuple[str, str, str]
) -> None:
    assert found(plan) == [failure]


def test_a_line_id_used_twice_is_said_of_both_lines() -> None:
    twice = replace(PLAN, lines=(line(), line()), weekly_pence=49380)
    assert [(field, rule) for field, rule, _ in found(twice)] == [
        ("lines[0].line_id", "PLAN-8"),
        ("lines[1].line_id", "PLAN-8"),
    ]


def test_a_plan_may_start_today() -> None:
    assert found(replace(PLAN, starts_on=TODAY)) == []


def test_a_price_is_rounded_half_up() -> None:
    half = line(pattern=slots((0, "08:00", 30)), weekly_minutes=30, hourly_pence=2469, weekly_pence=1235)
    assert found(replace(PLAN, lines=(half,), weekly_pence=1235)) == []


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ((0, "08:00", 60), (0, "09:00", 60), False),
        ((0, "08:00", 61), (0, "09:00", 60), True),
        ((0, "09:00", 60), (0, "08:00", 61), True),
        ((0, "08:00", 60), (0, "08:00", 60), True),
        ((0, "08:00", 60), (1, "08:00", 60), False),
        ((6, "23:30", 30), (0, "00:00", 60), False),
        ((6, "23:30", 31), (0, "00:00", 60), True),
        ((0, "00:00", 60), (6, "23:30", 31), True),
    ],
)
def test_visits_overlap_by_the_minute_and_round_the_week(
    first: tuple[int, str, int], second: tuple[int, str, int], meet: bool
) -> None:
    assert list(overlaps(slots(first, second))) == ([(0, 1)] if meet else [])


def test_everything_wrong_is_said_not_only_the_first() -> None:
    wrong = ProposedPlan((line(weekly_minutes=601), line(line_id=UUID(int=2), weekly_pence=1)), 7, date(2026, 11, 1))
    with pytest.raises(PlanInconsistent) as refused:
        hold_together(wrong, TODAY)
    assert [each.field for each in refused.value.failures] == [
        "starts_on",
        "lines[0].weekly_minutes",
        "lines[0].weekly_pence",
        "lines[1].weekly_pence",
        "weekly_pence",
    ]
