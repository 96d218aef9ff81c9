"""How do the lines of a plan stand to those of the plan it takes the place of?

Source: Care Act 2014 s.27 (a plan is revised after a review, or on request, with the person). What changes, what goes on
and what ends is said line by line, so that support which nobody meant to touch is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from services.assessment.rules.failures import Failure
from services.assessment.rules.plans import PlanInconsistent
from shared.contracts.base import PlanLine
from shared.explain import because


def continue_from(old: Sequence[PlanLine], lines: Sequence[PlanLine]) -> None:
    """`old` are the lines of the plan in force, none where there is none. Raises PlanInconsistent (Care Act s.27)."""
    known = {line.line_id: line for line in old}
    if failures := tuple(failure for rule in RULES for failure in rule(known, lines)):
        raise PlanInconsistent(failures)


def keep_untouched_lines_as_they_are(old: Mapping[UUID, PlanLine], lines: Sequence[PlanLine]) -> Iterator[Failure]:
    """The same id means the same support: what changes has an id of its own and says what it replaces."""
    for at, line in enumerate(lines):
        before = old.get(line.line_id)
        if before is not None and line.replaces_line_id is not None:
            yield Failure(f"lines[{at}].replaces_line_id", "PLAN-9", because("goes_on_and_replaces", line=at + 1))
        elif before is not None and not same(before, line):
            yield Failure(f"lines[{at}].line_id", "PLAN-9", because("line_changed_under_its_id", line=at + 1))


def replace_lines_that_are_there(old: Mapping[UUID, PlanLine], lines: Sequence[PlanLine]) -> Iterator[Failure]:
    """A line takes the place of a line of the old plan, or of none."""
    for at, line in enumerate(lines):
        if line.replaces_line_id is not None and line.replaces_line_id not in old:
            yield Failure(f"lines[{at}].replaces_line_id", "PLAN-10", because("replaces_no_line", line=at + 1))


def replace_each_line_once(old: Mapping[UUID, PlanLine], lines: Sequence[PlanLine]) -> Iterator[Failure]:
    """What one line replaces no other keeps or replaces: whose place an order takes must be clear."""
    taken = {line.line_id for line in lines}
    for at, line in enumerate(lines):
        if line.replaces_line_id is None:
            continue
        if line.replaces_line_id in taken:
            reason = because("replaces_a_line_that_stays", line=at + 1)
            yield Failure(f"lines[{at}].replaces_line_id", "PLAN-11", reason)
        taken.add(line.replaces_line_id)


RULES = (keep_untouched_lines_as_they_are, replace_lines_that_are_there, replace_each_line_once)


def same(one: PlanLine, other: PlanLine) -> bool:
    """Whether two lines are for the same support; what either replaced once is no part of it."""
    return one.model_copy(update={"replaces_line_id": None}) == other.model_copy(update={"replaces_line_id": None})
