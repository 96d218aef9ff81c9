"""What does safeguarding do about an agreed plan: has any of it started, and whose orders are its lines?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, StandIn, Watch
from services.safeguarding.reactions.teams import look_at_teams
from services.safeguarding.reminders import LookWhetherStarted
from services.safeguarding.rules import not_started
from services.safeguarding.rules.teams import quarter_of
from shared.clock import start_of
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Basis
from shared.contracts.marketplace import OrderCancelled, OrderContinued, OrderPlaced, SupportStarted
from shared.contracts.supply import CoverEnded
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

PLAN_LINES = by_key(Watch, lambda heard, work: [(heard.fact.plan_id, line.line_id) for line in heard.fact.lines])


@on(PlanAgreed, wants=(PLAN_LINES,))
def watch_plan(heard: Heard[PlanAgreed], work: UnitOfWork) -> None:
    """Some of it should start; look when it is time."""
    fact = heard.fact
    for line in fact.lines:
        watch = _watch(work, fact.plan_id, line.line_id, fact.person_id)
        known = replace(watch, agreed_on=fact.agreed_on, starts_on=fact.starts_on)
        work.put(replace(known, team=fact.team, quarter=quarter_of(fact.agreed_on), route=line.route))
    look_at_teams(work, quarter_of(fact.agreed_on), heard.today)
    agreed = not_started.Agreed(fact.plan_id, fact.person_id, fact.agreed_on, fact.starts_on, started=False)
    if fact.supersedes_plan_id is not None:
        work.forget(LookWhetherStarted, key=fact.supersedes_plan_id)
    at = start_of(not_started.look_on(agreed))
    work.remind(LookWhetherStarted(plan_id=fact.plan_id), at, key=fact.plan_id, subject=fact.person_id)


ORDERED = by_key(Watch, lambda heard, work: (heard.fact.plan_id, heard.fact.line.line_id))


@on(OrderPlaced, wants=(ORDERED, by_key(StandIn, "order_id")))
def note_order(heard: Heard[OrderPlaced], work: UnitOfWork) -> None:
    """Whose order it is, of the line it is for: also when the plan has not been heard yet. Whoever covers for a time was not
    chosen for the line; nor is what is bought before there is a plan a line of one."""
    fact = heard.fact
    if fact.covers_order_id is not None:
        _note_cover(heard, work, fact.covers_order_id)
        return
    if fact.basis is not Basis.PLAN:
        return
    watch = _watch(work, fact.plan_id, fact.line.line_id, fact.person_id)
    work.put(replace(watch, suppliers=(*watch.suppliers, fact.supplier_id)))


def _note_cover(heard: Heard[OrderPlaced], work: UnitOfWork, covers_order_id: UUID) -> None:
    fact = heard.fact
    work.put(
        StandIn(
            council_id=heard.council,
            order_id=fact.order_id,
            covers_order_id=covers_order_id,
            person_id=fact.person_id,
            first=fact.starts_on,
            last=fact.ends_on or fact.starts_on,
        )
    )


def _stand_in(heard: Heard[CoverEnded | OrderCancelled], work: UnitOfWork) -> UUID | None:
    fact = heard.fact
    return fact.order_id if isinstance(fact, OrderCancelled) else fact.covering_order_id


@on(CoverEnded, OrderCancelled, wants=(by_key(StandIn, _stand_in),))
def note_return(heard: Heard[CoverEnded | OrderCancelled], work: UnitOfWork) -> None:
    """The PA is back sooner, or whoever was to cover does not: from then on their own visits are looked for again."""
    fact, order_id = heard.fact, _stand_in(heard, work)
    known = work.get(StandIn, order_id) if order_id else None
    if known is not None:
        last = fact.last_day if isinstance(fact, CoverEnded) else known.first - timedelta(days=1)
        work.put(replace(known, last=min(known.last, last)))


@on(
    OrderContinued,
    wants=(by_key(Watch, lambda heard, work: (heard.fact.plan_id, heard.fact.line_id)),),
)
def note_continued(heard: Heard[OrderContinued], work: UnitOfWork) -> None:
    """Support for the line runs on under the plan that took the place of another."""
    fact = heard.fact
    watch = _watch(work, fact.plan_id, fact.line_id, fact.person_id)
    if fact.started_on is not None:
        work.put(replace(watch, started_on=min(watch.started_on or fact.started_on, fact.started_on)))


@on(SupportStarted, wants=(by_key(Watch, lambda heard, work: (heard.fact.plan_id, heard.fact.line_id)),))
def note_start(heard: Heard[SupportStarted], work: UnitOfWork) -> None:
    """The line started: also when its agreement has not been heard yet."""
    fact = heard.fact
    watch = _watch(work, fact.plan_id, fact.line_id, fact.person_id)
    work.put(replace(watch, started_on=min(watch.started_on or fact.started_on, fact.started_on)))


WATCHES = by_match(Watch, "plan_id", of="plan_id", hold=Hold.RELY)
NOT_STARTED = by_key(Alert, lambda fell, work: not_started.alert_id(fell.council, fell.reminder.plan_id))


@due(LookWhetherStarted, wants=(WATCHES, NOT_STARTED), after=("assessment", "marketplace"))
def look_whether_started(fell: Due[LookWhetherStarted], work: UnitOfWork) -> None:
    """Nothing of the plan has started, and everything said until now was heard: somebody must ask why."""
    lines: Sequence[Watch] = work.all(WATCHES, fell.reminder.plan_id)
    agreed = next((line for line in lines if line.agreed_on and line.starts_on), None)
    if agreed is None:
        return
    assert agreed.agreed_on is not None
    assert agreed.starts_on is not None
    started = any(line.started_on for line in lines)
    plan = not_started.Agreed(agreed.plan_id, agreed.person_id, agreed.agreed_on, agreed.starts_on, started)
    finding = not_started.nothing_started(fell.council, plan, fell.today)
    if finding is not None:
        keep(work, finding, fell.now)


def _watch(work: UnitOfWork, plan_id: UUID, line_id: UUID, person_id: UUID) -> Watch:
    """The row of this line, or a new one."""
    found = work.get(Watch, plan_id, line_id)
    return found or Watch(council_id=work.message.council, plan_id=plan_id, line_id=line_id, person_id=person_id)
