"""What does safeguarding do about money that goes out: was anything delivered for it, and is it accounted for?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, Claiming, Delivered, Spending, StandIn, SwitchedLine
from services.safeguarding.policy import THRESHOLDS
from services.safeguarding.reminders import LookForClaims, LookForDelivery, LookForSpending
from services.safeguarding.rules import spending
from services.safeguarding.rules.alerts import week_of
from services.safeguarding.rules.spending import Paid
from shared.clock import civil_date, start_of
from shared.contracts.assessment import RouteSwitched
from shared.contracts.base import Period, Route
from shared.contracts.budget import MoneyPaidOut, SpendingAccountedFor
from shared.contracts.marketplace import ClaimSubmitted, OrderEnded, OrderPlaced, SupportStarted, VisitRecorded
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork


def _whose(heard: Heard[VisitRecorded], work: UnitOfWork) -> list[UUID]:
    """The order itself and, where it stands in for another, that one."""
    stands_in = work.get(StandIn, heard.fact.order_id)
    return [heard.fact.order_id, *([stands_in.covers_order_id] if stands_in else [])]


def _weeks(heard: Heard[VisitRecorded], work: UnitOfWork) -> list[tuple[UUID, date]]:
    return [(one, week_of(civil_date(heard.fact.started_at))) for one in _whose(heard, work)]


@on(VisitRecorded, wants=(by_key(StandIn, "order_id", hold=Hold.GLANCE), by_key(Delivered, _weeks)))
def note_delivery(heard: Heard[VisitRecorded], work: UnitOfWork) -> None:
    """On which days of a week anybody came; how often and who is nobody's business here."""
    for order_id in _whose(heard, work):
        _note(heard, work, order_id, civil_date(heard.fact.started_at))


def _note(heard: Heard[VisitRecorded], work: UnitOfWork, order_id: UUID, day: date) -> None:
    known = work.get(Delivered, order_id, week_of(day))
    if known is None:
        known = Delivered(council_id=heard.council, order_id=order_id, week=week_of(day))
    if not known.days & spending.bit_of(day):
        work.put(replace(known, days=known.days | spending.bit_of(day)))


SPENDING = by_key(Spending, "order_id")


@on(MoneyPaidOut, wants=(SPENDING,))
def note_payment(heard: Heard[MoneyPaidOut], work: UnitOfWork) -> None:
    """Look when visits had time to be told, and when spending had time to be accounted for."""
    fact = heard.fact
    days = timedelta(days=THRESHOLDS.delivery_heard_within_days + 1)
    look = LookForDelivery(
        payment_id=fact.payment_id, order_id=fact.order_id, person_id=fact.person_id, period=fact.period
    )
    work.remind(look, start_of(fact.period.last + days), key=fact.payment_id, subject=fact.person_id)
    known = _spending(work, fact.order_id, fact.person_id)
    work.put(replace(known, paid=(*known.paid, Paid(fact.payment_id, fact.paid_on))))
    later = LookForSpending(payment_id=fact.payment_id, order_id=fact.order_id, paid_on=fact.paid_on, route=fact.route)
    at = start_of(fact.paid_on + timedelta(days=_stops_after(fact.route) + 1))
    work.remind(later, at, key=fact.payment_id, subject=fact.person_id)


@on(SpendingAccountedFor, wants=(SPENDING,))
def note_spending(heard: Heard[SpendingAccountedFor], work: UnitOfWork) -> None:
    """Something of what was paid out is accounted for."""
    known = _spending(work, heard.fact.order_id, heard.fact.person_id)
    if heard.today not in known.accounted:
        work.put(replace(known, accounted=(*known.accounted, heard.today)))


WEEKS = by_key(
    Delivered,
    lambda fell, work: [(fell.reminder.order_id, week) for week in spending.weeks_of(fell.reminder.period)],
    hold=Hold.GLANCE,
)
UNDELIVERED = by_key(Alert, lambda fell, work: spending.undelivered_id(fell.council, fell.reminder.payment_id))


@due(LookForDelivery, wants=(WEEKS, UNDELIVERED), after=("budget", "marketplace"))
def look_for_delivery(fell: Due[LookForDelivery], work: UnitOfWork) -> None:
    """Money went out and nobody came."""
    said = fell.reminder
    weeks = [(week, work.get(Delivered, said.order_id, week)) for week in spending.weeks_of(said.period)]
    if not spending.delivered_in(said.period, [(week, row.days) for week, row in weeks if row is not None]):
        finding = spending.nothing_delivered(fell.council, said.payment_id, said.order_id, said.person_id, said.period)
        keep(work, finding, fell.now)


ITS_LINE = by_key(
    SwitchedLine, lambda fell, work: work.one(Spending, fell.reminder.order_id).line_id, hold=Hold.GLANCE, stage=1
)
STOPPED = by_key(Alert, lambda fell, work: _stopped_id(fell, work), stage=2)


@due(LookForSpending, wants=(SPENDING, ITS_LINE, STOPPED), after=("budget", "assessment", "marketplace"))
def look_for_spending(fell: Due[LookForSpending], work: UnitOfWork) -> None:
    """A direct payment is paid and no longer spent: the person may need help with it. Or a fund's statements stopped. Where the
    council managed some of the days since, there is that much more time."""
    said, known = fell.reminder, work.one(Spending, fell.reminder.order_id)
    payment, days, switched = Paid(said.payment_id, said.paid_on), _stops_after(said.route), _switched(fell, work)
    by = spending.time_is_over_on(said.paid_on, days, switched)
    if by >= fell.today:
        work.remind(said, start_of(by + timedelta(days=1)), key=said.payment_id, subject=known.person_id)
        return
    finding = spending.spending_stopped(
        fell.council, said.order_id, known.person_id, known.paid, known.accounted, payment, days, said.route, switched
    )
    if finding is not None:
        keep(work, finding, fell.now)


def _switched(fell: Due[LookForSpending], work: UnitOfWork) -> tuple[Period, ...]:
    line_id = work.one(Spending, fell.reminder.order_id).line_id
    line = work.get(SwitchedLine, line_id) if line_id else None
    return line.days if line else ()


def _stopped_id(fell: Due[LookForSpending], work: UnitOfWork) -> UUID:
    known, said = work.one(Spending, fell.reminder.order_id), fell.reminder
    by = spending.time_is_over_on(said.paid_on, _stops_after(said.route), _switched(fell, work))
    return spending.stopped_id(fell.council, said.order_id, known.accounted, by)


@on(RouteSwitched, wants=(by_key(SwitchedLine, "line_id"),))
def note_switch(heard: Heard[RouteSwitched], work: UnitOfWork) -> None:
    """For a time the council manages: nobody accounts for those days."""
    said = heard.fact
    known = work.get(SwitchedLine, said.line_id) or SwitchedLine(
        council_id=heard.council, line_id=said.line_id, person_id=said.person_id
    )
    work.put(replace(known, days=said.after(known.days, heard.today)))


def _stops_after(route: Route) -> int:
    """Days: a person has time for a payroll return, the holder of a fund states every month."""
    return THRESHOLDS.statements_stop_days if route is Route.ISF else THRESHOLDS.spending_stops_days


# ── what the council manages ──────────────────────────────────────────────────────────────────────────────────────────
CLAIMING = by_key(Claiming, "order_id")


@on(OrderPlaced, wants=(CLAIMING, SPENDING))
def note_order(heard: Heard[OrderPlaced], work: UnitOfWork) -> None:
    """What the council manages is paid for by claims; other routes are paid ahead, for a line of the plan."""
    said = heard.fact
    if said.route is not Route.COUNCIL_MANAGED:
        known = _spending(work, said.order_id, said.person_id)
        work.put(replace(known, line_id=said.line.line_id))
    elif work.get(Claiming, said.order_id) is None:
        work.put(Claiming(council_id=heard.council, order_id=said.order_id, person_id=said.person_id))


@on(SupportStarted, ClaimSubmitted, OrderEnded, wants=(CLAIMING,))
def note_claim(heard: Heard[SupportStarted | ClaimSubmitted | OrderEnded], work: UnitOfWork) -> None:
    """Each sign that money is asked for moves the look on. After the end nobody need claim."""
    said, known = heard.fact, work.get(Claiming, heard.fact.order_id)
    if known is None:
        return
    if isinstance(said, OrderEnded):
        work.put(replace(known, over=True))
        return
    if isinstance(said, SupportStarted):
        known = work.put(replace(known, started_on=said.started_on))
    else:
        known = work.put(replace(known, claimed_on=heard.today))
    if known.since is not None:
        at = start_of(known.since + timedelta(days=THRESHOLDS.claims_stop_days + 1))
        look = LookForClaims(order_id=known.order_id)
        work.remind(look, max(at, heard.now), key=known.order_id, subject=known.person_id)


def _claims_stopped_id(fell: Due[LookForClaims], work: UnitOfWork) -> UUID | None:
    known = work.one(Claiming, fell.reminder.order_id)
    return spending.claims_stopped_id(fell.council, known.order_id, known.since) if known.since else None


CLAIMS_STOPPED = by_key(Alert, _claims_stopped_id, stage=1)


@due(LookForClaims, wants=(CLAIMING, CLAIMS_STOPPED), after=("marketplace",))
def look_for_claims(fell: Due[LookForClaims], work: UnitOfWork) -> None:
    """Support runs and nobody asks for money."""
    known = work.one(Claiming, fell.reminder.order_id)
    if known.since is None:
        return
    days = THRESHOLDS.claims_stop_days
    finding = spending.claims_stopped(
        fell.council, known.order_id, known.person_id, known.since, known.over, fell.today, days
    )
    if finding is not None:
        keep(work, finding, fell.now)


def _spending(work: UnitOfWork, order_id: UUID, person_id: UUID) -> Spending:
    """The row of this order, or a new one."""
    found = work.get(Spending, order_id)
    return found or Spending(council_id=work.message.council, order_id=order_id, person_id=person_id)
