"""What does safeguarding do to compare teams? It keeps what each agreed, and looks once a week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, Figure, Watch
from services.safeguarding.policy import THRESHOLDS
from services.safeguarding.reminders import LookAtTeams
from services.safeguarding.rules import teams
from services.safeguarding.rules.alerts import Finding, week_of
from services.safeguarding.rules.teams import Chosen, Settled
from shared.clock import start_of
from shared.contracts.assessment import PlanAgreed
from shared.contracts.budget import BudgetFinalised, BudgetIndicated
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

WEEK = timedelta(days=7)
FIGURE = by_key(Figure, "budget_id")


def look_at_teams(work: UnitOfWork, quarter: date, today: date) -> None:
    """Next Monday, whatever else is agreed until then: one look sees it all."""
    at = start_of(week_of(today) + WEEK)
    work.remind(LookAtTeams(quarter=quarter), at, key=quarter, subject=quarter)


@on(PlanAgreed, wants=(FIGURE,))
def note_team(heard: Heard[PlanAgreed], work: UnitOfWork) -> None:
    """Whose budget it is, and which revision of its plan was agreed."""
    fact, figure = heard.fact, _figure(work, heard.fact.budget_id)
    work.put(replace(figure, team=fact.team, quarter=teams.quarter_of(fact.agreed_on), revision=fact.revision))


@on(BudgetIndicated, wants=(FIGURE,))
def note_indicated(heard: Heard[BudgetIndicated], work: UnitOfWork) -> None:
    """What was indicated, a week."""
    figure = _figure(work, heard.fact.budget_id)
    work.put(replace(figure, indicated_pence=heard.fact.weekly_pence))


@on(BudgetFinalised, wants=(FIGURE,))
def note_final(heard: Heard[BudgetFinalised], work: UnitOfWork) -> None:
    """What a revision of the plan was finally given, a week."""
    fact, figure = heard.fact, _figure(work, heard.fact.budget_id)
    others = tuple(one for one in figure.finals if one[0] != fact.revision)
    work.put(replace(figure, finals=tuple(sorted((*others, (fact.revision, fact.weekly_pence))))))


LINES = by_match(Watch, "quarter", of="quarter", hold=Hold.GLANCE)
FIGURES = by_match(Figure, "quarter", of="quarter", hold=Hold.GLANCE)
OF_TEAMS = by_key(Alert, lambda fell, work: [one.alert_id for one in _compared(fell, work)], stage=1)


@due(LookAtTeams, wants=(LINES, FIGURES, OF_TEAMS), after=("assessment", "budget", "marketplace"))
def compare_teams(fell: Due[LookAtTeams], work: UnitOfWork) -> None:
    """Channelling to a route or to a supplier, and cuts, of one team against its peers."""
    for finding in _compared(fell, work):
        keep(work, finding, fell.now)


def _compared(fell: Due[LookAtTeams], work: UnitOfWork) -> Iterator[Finding]:
    quarter = fell.reminder.quarter
    lines: list[Watch] = work.all(LINES, quarter)
    figures: list[Figure] = work.all(FIGURES, quarter)
    routes = sorted({(line.plan_id, line.team or "", line.route.value) for line in lines if line.route}, key=str)
    by_route = [Chosen(team, route) for _, team, route in routes]
    by_supplier = [Chosen(line.team or "", str(supplier)) for line in lines for supplier in line.suppliers]
    yield from teams.channelled_to_route(fell.council, quarter, by_route, THRESHOLDS)
    yield from teams.channelled_to_supplier(fell.council, quarter, by_supplier, THRESHOLDS)
    yield from teams.cut_above_others(fell.council, quarter, _settled(figures), THRESHOLDS)


def _settled(figures: list[Figure]) -> Iterator[Settled]:
    for figure in figures:
        final = dict(figure.finals).get(figure.revision or 0)
        if figure.team and figure.indicated_pence is not None and final is not None:
            yield Settled(figure.team, figure.indicated_pence, final)


def _figure(work: UnitOfWork, budget_id: UUID) -> Figure:
    """The row of this budget, or a new one."""
    return work.get(Figure, budget_id) or Figure(council_id=work.message.council, budget_id=budget_id)
