"""Line by line a plan says what goes on, what changes and what ends; each thing unclear is said, with its field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.assessment.rules.plans import PlanInconsistent
from services.assessment.rules.superseding import continue_from, same
from tests.unit.assessment.test_plans import line

HELP, MORNINGS, EVENINGS = UUID(int=1), UUID(int=2), UUID(int=3)
OLD = (line(line_id=HELP), line(line_id=MORNINGS))


def refused(*lines: Any, old: Any = OLD) -> list[tuple[str, str, str]]:
    with pytest.raises(PlanInconsistent) as said:
        continue_from(old, lines)
    return [(one.field, one.rule, one.because.code) for one in said.value.failures]


def test_a_line_that_is_the_same_goes_on_and_one_that_differs_replaces_it_under_its_own_id() -> None:
    continue_from(OLD, (line(line_id=HELP), line(line_id=EVENINGS, replaces_line_id=MORNINGS, hourly_pence=2500)))


def test_a_line_with_an_id_of_the_old_plan_must_be_that_line() -> None:
    changed = line(line_id=HELP, hourly_pence=2500)
    assert refused(changed) == [("lines[0].line_id", "PLAN-9", "line_changed_under_its_id")]


def test_a_line_does_not_go_on_and_replace_another() -> None:
    both = line(line_id=HELP, replaces_line_id=MORNINGS)
    assert refused(both) == [("lines[0].replaces_line_id", "PLAN-9", "goes_on_and_replaces")]


def test_a_line_replaces_none_where_no_plan_is_in_force() -> None:
    found = refused(line(line_id=EVENINGS, replaces_line_id=MORNINGS), old=())
    assert found == [("lines[0].replaces_line_id", "PLAN-10", "replaces_no_line")]


def test_two_lines_never_replace_the_same_one_nor_one_that_stays() -> None:
    first, second = UUID(int=8), UUID(int=9)
    twice = [line(line_id=each, replaces_line_id=HELP) for each in (first, second)]
    assert refused(*twice) == [("lines[1].replaces_line_id", "PLAN-11", "replaces_a_line_that_stays")]
    kept = (line(line_id=HELP), line(line_id=first, replaces_line_id=HELP))
    assert refused(*kept) == [("lines[1].replaces_line_id", "PLAN-11", "replaces_a_line_that_stays")]


def test_what_a_line_replaced_once_is_no_part_of_what_it_is() -> None:
    assert same(line(), line(replaces_line_id=EVENINGS))
    assert not same(line(), line(skills=("language:bn",)))
