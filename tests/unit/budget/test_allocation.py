"""Points to money, each step explained: the demo council, and RULES.md §9 cases 14 and 15."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.allocation import PointsOutsideTable, indicate
from services.budget.rules.finalising import FinalBudgetUnsound, FinalFigure, finalise
from shared.contracts.assessment import Needs

DEMO = in_force("allocation", "E99999999", date(2026, 11, 23))
RBKC = in_force("allocation", "E09000020", date(2009, 6, 1))


def needs(points: int, minutes: int = 2400, carer: int = 0) -> Needs:
    return Needs(points=points, weekly_minutes=minutes, carer_weekly_minutes=carer, area="north")


def test_the_demo_person_s_eighty_points_are_forty_hours_and_550_pounds() -> None:
    indication = indicate(needs(80), DEMO)
    assert indication.weekly_pence == 55000
    assert [(step.rule, step.effect) for step in indication.steps] == [("ALLOC-1", 55000)]
    assert indication.steps[0].because.params == {"points": 80, "table_minutes": 2400, "rate_pence": 1375}


def test_a_willing_carer_s_hours_come_off_at_the_same_rate() -> None:
    indication = indicate(needs(100, 3360, carer=960), DEMO)
    assert [(step.rule, step.effect) for step in indication.steps] == [("ALLOC-1", 77000), ("ALLOC-2", -22000)]
    assert indication.weekly_pence == 55000


def test_the_assessor_s_estimate_is_shown_where_the_table_says_otherwise() -> None:
    last = indicate(needs(80, 2460), DEMO).steps[-1]
    assert (last.rule, last.effect) == ("ALLOC-3", 0)
    assert last.because.params == {"table_minutes": 2400, "estimated_minutes": 2460}


@pytest.mark.parametrize(("points", "pence"), [(0, 0), (10, 2750), (70, 44000), (250, 231000), (1000, 231000)])
def test_between_its_points_the_table_is_a_straight_line(points: int, pence: int) -> None:
    assert indicate(needs(points), DEMO).weekly_pence == pence


@given(lower=st.integers(0, 1000), more=st.integers(0, 1000), carer=st.integers(0, 10080))
def test_more_points_never_give_less_and_nobody_falls_below_zero(lower: int, more: int, carer: int) -> None:
    higher = min(lower + more, 1000)
    less, at_least = (indicate(needs(points, carer=carer), DEMO) for points in (lower, higher))
    assert 0 <= less.weekly_pence <= at_least.weekly_pence
    assert less.weekly_pence == sum(step.effect for step in less.steps)


@pytest.mark.parametrize("unread", ["points", "hourly_rate"])
def test_one_unread_figure_is_enough_to_make_its_step_unverified(unread: str) -> None:
    rows = tuple(replace(row, verified=row.rule_id != unread) for row in DEMO.policy.rows)
    part_read = replace(DEMO, policy=replace(DEMO.policy, rows=rows))
    assert not indicate(needs(80), part_read).steps[0].source.verified


def test_the_same_needs_under_the_same_policy_give_the_same_steps() -> None:
    assert indicate(needs(73, carer=60), DEMO) == indicate(needs(73, carer=60), DEMO)


def test_steps_that_used_a_synthetic_figure_are_not_verified() -> None:
    assert [step.as_line().verified for step in indicate(needs(100, 1, carer=60), DEMO).steps] == [False] * 3
    assert [step.as_line().verified for step in indicate(needs(16), RBKC).steps] == [True]


@pytest.mark.parametrize(("points", "pence"), [(16, 8291), (22, 11221)])
def test_savva_s_two_published_points_give_the_council_s_figures_of_2009(points: int, pence: int) -> None:
    assert indicate(needs(points), RBKC).weekly_pence == pence


@pytest.mark.parametrize("points", [0, 15, 17, 23])
def test_points_savva_s_table_was_never_published_for_are_not_made_up(points: int) -> None:
    with pytest.raises(PointsOutsideTable) as refused:
        indicate(needs(points), RBKC)
    assert [(each.field, each.rule) for each in refused.value.failures] == [("points", "ALLOC-1")]


def test_savva_an_award_raised_without_reasons_is_rejected_and_with_reasons_stands() -> None:
    indicated = indicate(needs(22), RBKC).weekly_pence
    with pytest.raises(FinalBudgetUnsound) as refused:
        finalise(indicated, FinalFigure(17045, 17045, 0))
    assert [(each.field, each.rule) for each in refused.value.failures] == [("reason", "FINAL-2")]
    steps = finalise(indicated, FinalFigure(17045, 17045, 0, "Two carers are needed for each transfer."))
    assert [step.effect for step in steps] == [11221, 5824, 0]
    assert sum(step.effect for step in steps) == 17045
