"""May a line be deployed another way for a time? Somebody too ill to manage their route is relieved of it, and has it back.

For a time the council manages; the other routes ask as much of somebody, or more (ADR 18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from services.assessment.rules.failures import Failure, NotSo
from shared.contracts.base import PlanLine, Route
from shared.explain import because


class SwitchNotPossible(NotSo):
    """The plan has no such line, it is on that route already, the council would not be the one to manage, or the switch
    would be over before it begins. Back goes only what is switched."""

    title = "The line cannot be switched so"


def may_switch(lines: Sequence[PlanLine], line_id: UUID, route: Route, until: date, today: date) -> None:
    """Care Act 2014 s.33 and DOMAIN.md, the journey: for a time, with a last day. Raises SwitchNotPossible."""
    if failures := tuple(_against(lines, line_id, route, until, today)):
        raise SwitchNotPossible(failures)


def _against(lines: Sequence[PlanLine], line_id: UUID, route: Route, until: date, today: date) -> Iterator[Failure]:
    line = next((one for one in lines if one.line_id == line_id), None)
    if line is None:
        yield Failure("line_id", "SWITCH-1", because("switch_of_no_line"))
    elif line.route is route:
        yield Failure("route", "SWITCH-2", because("switch_to_the_same"))
    elif route is not Route.COUNCIL_MANAGED:
        yield Failure("route", "SWITCH-4", because("switch_to_the_council_alone", route=route.value))
    if until < today:
        yield Failure("until", "SWITCH-3", because("switch_ends_in_the_past", days=(today - until).days))


def may_go_back(switched: Iterable[UUID], line_id: UUID) -> None:
    """Well enough again before the last day: only what is switched goes back. Raises SwitchNotPossible."""
    if line_id not in switched:
        raise SwitchNotPossible((Failure("line_id", "SWITCH-5", because("switch_of_none")),))


def deployed_with(lines: Sequence[PlanLine], old: Iterable[PlanLine], line_id: UUID) -> tuple[PlanLine, ...]:
    """The line, and the one whose place it takes: that goes on until support on this one starts, for the same person, who is
    as ill (ADR 18). What the council manages anyhow is not switched."""
    line = next(one for one in lines if one.line_id == line_id)
    running = (one for one in old if one.line_id == line.replaces_line_id)
    return (line, *(one for one in running if one.route is not Route.COUNCIL_MANAGED))


def taken_over(lines: Iterable[PlanLine], line_id: UUID) -> UUID | None:
    """On which line of a plan a switch of the plan before it goes on: the same, or the one in its place, unless the council
    manages that anyhow (ADR 18)."""
    for line in lines:
        if line_id == line.line_id or (line_id == line.replaces_line_id and line.route is not Route.COUNCIL_MANAGED):
            return line.line_id
    return None
