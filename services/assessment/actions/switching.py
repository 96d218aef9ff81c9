"""What may be asked about the routes of an agreed plan: to switch a line to another for a time, and back before that is over."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.assessment.actions.routing import DECIDED_FOR_PLAN, be_open_to
from services.assessment.actions.sight import seen_by
from services.assessment.actions.superseding import old_lines
from services.assessment.models import Note, Plan, Switch
from services.assessment.reminders import SwitchEnds
from services.assessment.rules.states import PLAN_MOVES
from services.assessment.rules.switching import deployed_with, may_go_back, may_switch
from shared.clock import start_of
from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import Code, Fact, Route
from shared.fields import Day, Text
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class SwitchRoute(Command):
    """`until` is the last day on the other route; `because` is what others hear, `reasons` stay here."""

    line_id: UUID
    route: Route
    until: Day
    because: Code
    reasons: Text


def _old(asked: Asked[Any], work: UnitOfWork) -> UUID | None:
    return work.one(Plan, asked.target).supersedes_plan_id


PLAN_BEFORE = by_key(Plan, _old, hold=Hold.GLANCE)


@command(wants=(by_key(Plan), PLAN_BEFORE, DECIDED_FOR_PLAN))
def switch_route(asked: Asked[SwitchRoute], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    """Support goes on with the same supplier; who deploys the money changes today, and back the day after `until`."""
    plan, body = seen_by(asked.caller, work.one(Plan, asked.target)), asked.body
    match_version(asked, plan.version)
    state = PLAN_MOVES.move(plan.state, "switch_route")
    may_switch(plan.lines, body.line_id, body.route, body.until, asked.today)
    wanted = [line.model_copy(update={"route": body.route}) for line in plan.lines if line.line_id == body.line_id]
    be_open_to(asked, work, plan.person_id, wanted)
    switch = Switch(**dict(body))
    note = Note(asked.now, asked.caller.sub, "switch_route", body.reasons)
    others = tuple(one for one in plan.switches if one.line_id != body.line_id)
    reminder = SwitchEnds(plan_id=plan.plan_id, line_id=body.line_id)
    at = start_of(body.until + timedelta(days=1))
    work.remind(reminder, at, key=f"{plan.plan_id}/{body.line_id}", subject=plan.person_id)
    for line in deployed_with(plan.lines, old_lines(plan, work), body.line_id):
        said = body.model_copy(update={"line_id": line.line_id}).model_dump(exclude={"reasons"})
        yield RouteSwitched(**_of(plan), holds_from=asked.today, **said)
    return work.put(replace(plan, state=state, switches=(*others, switch), history=(*plan.history, note)))


class SwitchBack(Command):
    """From today on; `because` is what others hear, `reasons` stay here."""

    line_id: UUID
    because: Code
    reasons: Text


@command(wants=(by_key(Plan), PLAN_BEFORE))
def switch_back(asked: Asked[SwitchBack], work: UnitOfWork) -> Generator[Fact, None, Plan]:
    """Well enough again before the last day that was said: today the line is on its own route."""
    plan, body = seen_by(asked.caller, work.one(Plan, asked.target)), asked.body
    match_version(asked, plan.version)
    state = PLAN_MOVES.move(plan.state, "switch_back")
    may_go_back([one.line_id for one in plan.switches], body.line_id)
    work.forget(SwitchEnds, key=f"{plan.plan_id}/{body.line_id}")
    for line in deployed_with(plan.lines, old_lines(plan, work), body.line_id):
        back = {"line_id": line.line_id, "route": line.route, "because": body.because}
        yield RouteSwitched(**_of(plan), **back, holds_from=asked.today)
    others = tuple(one for one in plan.switches if one.line_id != body.line_id)
    note = Note(asked.now, asked.caller.sub, "switch_back", body.reasons)
    return work.put(replace(plan, state=state, switches=others, history=(*plan.history, note)))


def _of(plan: Plan) -> dict[str, Any]:
    return {"person_id": plan.person_id, "plan_id": plan.plan_id, "budget_id": plan.budget_id}
