"""What does budget do about agreed plans, orders, visits and claims? It sets money aside and posts what was delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.budget.common.books import BY_BUDGET_ID, Books
from services.budget.common.covering import ends_sooner
from services.budget.common.orders import go_on, release, release_more, seek_funds, settle, take
from services.budget.common.outside import keep_nothing_free
from services.budget.common.pricing import reprice, roll, share_anew
from services.budget.common.superseding import FUNDINGS, funding_of, give_up_what_is_free, take_place
from services.budget.common.switching import switched_before
from services.budget.models import Budget, Claim, Commitment, Funding, Held, HeldKind
from services.budget.reminders import CommitmentEnds, FigureAwaited
from services.budget.rules.commitments import FundedLine, commitment_period
from services.budget.rules.employing import is_employed
from services.budget.rules.market import person_employs
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.pricing import Coming, with_said
from services.budget.rules.states import COMMITMENT_MOVES, CommitmentState, PaymentState
from shared.clock import civil_date
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import ClaimKind, Fact
from shared.contracts.marketplace import (
    ClaimAccepted,
    OrderCancelled,
    OrderEnded,
    OrderPlaced,
    OrderRepriced,
    VisitFrustrated,
    VisitRecorded,
)
from shared.money import financial_year_start
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import by_key
from shared.runtime.messages import Due, Heard, Message
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

ORDER = by_key(Commitment, "order_id")
BOOKS = BY_BUDGET_ID.all
ACCOUNTS = frozenset({ClaimKind.PAYROLL_RETURN, ClaimKind.ISF_STATEMENT, ClaimKind.STATEMENT})
"""Claims that say what was already paid out was spent on."""


class OtherBudget(Refused):
    """A fact names another budget than what it is about belongs to: it is parked, for somebody to look at."""

    title = "It belongs to another budget"


class NotFinal(Refused):
    """A plan was agreed while its budget was not final: it is parked, for somebody to look at."""

    title = "The budget is not final"


@on(PlanAgreed, wants=(by_key(Budget, "budget_id"), FUNDINGS, *BOOKS))
def fund_plan(heard: Heard[PlanAgreed], work: UnitOfWork) -> Iterator[Fact]:
    """The year's money becomes available, from the plan's first day; orders that came before are answered. A plan in place
    of another takes over its orders, and what it had until then."""
    said, before = heard.fact, funding_of(work, heard.fact.budget_id, heard.fact.plan_id)
    if before is not None and before.revision >= said.revision:
        return
    funding = _agreed(heard, work.one(Budget, said.budget_id), before)
    books, old = Books(work, said.budget_id, said.person_id), funding_of(work, said.budget_id, said.supersedes_plan_id)
    if old is None:
        books.fund(work.put(funding), financial_year_start(said.starts_on))
    else:
        funding = take_place(books, old, funding, said.agreed_on)
        yield from share_anew(books, funding, said.starts_on)
    yield from settle(books, funding)


def _lines(plan: PlanAgreed) -> tuple[FundedLine, ...]:
    return tuple(
        FundedLine(line.line_id, line.weekly_pence, plan.starts_on, line.weekly_minutes if person_employs(line) else 0)
        for line in plan.lines
    )


def _agreed(heard: Heard[PlanAgreed], budget: Budget, before: Funding | None) -> Funding:
    final = budget.final_for(heard.fact.plan_id)
    if final is None:
        raise NotFinal()
    return Funding(
        council_id=heard.council,
        version=before.version if before else 0,
        plan_id=heard.fact.plan_id,
        budget_id=budget.budget_id,
        person_id=budget.person_id,
        agreed=True,
        revision=heard.fact.revision,
        team=heard.fact.team,
        weekly_pence=final.weekly_pence,
        person_pence=final.person_pence,
        lines=_lines(heard.fact),
        starts_on=heard.fact.starts_on,
        switches=before.switches if before else (),
    )


@on(OrderPlaced, wants=(by_key(Funding, "plan_id"), FUNDINGS, ORDER, *BOOKS))
def commit_order(heard: Heard[OrderPlaced], work: UnitOfWork) -> Iterator[Fact]:
    """Set money aside to the end of the financial year, once the plan is known to be agreed."""
    said = heard.fact
    before = _order(heard, said.order_id, said.budget_id, said.person_id, work)
    if before.plan_id is not None:
        return
    period = commitment_period(said.starts_on, said.ends_on)
    order = _as_placed(before, said)
    funding = funding_of(work, said.budget_id, said.plan_id) or work.get(Funding, said.plan_id)
    funding = funding or work.put(_funding_to_come(heard))
    switched = funding.switched(order.line_id) if order.route in PAID_AHEAD else ()
    order = replace(order, plan_id=funding.plan_id, first=period.first, last=period.last)
    order = work.put(switched_before(order, switched, said.starts_on))
    if funding.agreed:
        refuse_unless(funding.budget_id == order.budget_id, OtherBudget())
        books = Books(work, order.budget_id, order.person_id)
        yield from seek_funds(books, order, funding)
        yield from share_anew(books, funding, said.starts_on)


def _funding_to_come(heard: Heard[OrderPlaced]) -> Funding:
    """The plan, or the early support, has not been heard of yet."""
    named = ("plan_id", "budget_id", "person_id", "basis")
    return Funding(council_id=heard.council, **{name: getattr(heard.fact, name) for name in named})


def _as_placed(order: Commitment, said: OrderPlaced) -> Commitment:
    return replace(
        order,
        supplier_id=said.supplier_id,
        supplier_kind=said.supplier_kind,
        route=said.route,
        weekly_pence=said.weekly_pence,
        weekly_minutes=said.weekly_minutes,
        hourly_pence=said.hourly_pence,
        employs=is_employed(said.supplier_kind, said.route, said.employer),
        replaces_order_id=said.replaces_order_id,
        line_id=said.line.line_id,
        close_family=said.close_family_in_household,
        covers_order_id=said.covers_order_id,
        until=said.ends_on,
        basis=said.basis,
        begins_on=said.starts_on,
        visits=tuple((slot.weekday, slot.minutes) for slot in said.line.pattern) if said.ends_on else (),
    )


@on(VisitRecorded, VisitFrustrated, wants=(ORDER, *BOOKS))
def deliver_visit(heard: Heard[VisitRecorded | VisitFrustrated], work: UnitOfWork) -> Iterator[Fact]:
    """A visit is a fact, payable also when nobody answered the door: posted, beyond the commitment as disputed."""
    said = heard.fact
    order = _order(heard, said.order_id, said.budget_id, said.person_id, work)
    at = said.started_at if isinstance(said, VisitRecorded) else said.planned_at
    held = Held(HeldKind.VISIT, said.visit_id, civil_date(at), said.pence)
    yield from take(Books(work, order.budget_id, order.person_id), order, held)


@on(ClaimAccepted, wants=(ORDER, by_key(Claim, "claim_id"), *BOOKS))
def owe_claim(heard: Heard[ClaimAccepted], work: UnitOfWork) -> Iterator[Fact]:
    """What was accepted replaces what was recorded, and is owed; or it accounts for what was paid out beforehand."""
    said = heard.fact
    if work.get(Claim, said.claim_id) is not None:
        return
    order = _order(heard, said.order_id, said.budget_id, said.person_id, work)
    work.put(_accepted(heard, order))
    first, last = said.period.first, said.period.last
    held = Held(HeldKind.CLAIM, said.claim_id, last, said.pence, said.delivered_pence, said.employing)
    held = replace(held, owed=said.kind not in ACCOUNTS, since=first)
    yield from take(Books(work, order.budget_id, order.person_id), order, held)


def _accepted(heard: Heard[ClaimAccepted], order: Commitment) -> Claim:
    """Owed where its order is council-managed, or asks for money for days that the council manages: those are looked at when
    it is posted. A claim that came before its order goes by its own kind."""
    said = heard.fact
    ahead = said.kind in ACCOUNTS and (order.plan_id is None or order.route in PAID_AHEAD)
    return Claim(
        council_id=heard.council,
        claim_id=said.claim_id,
        order_id=said.order_id,
        budget_id=said.budget_id,
        person_id=said.person_id,
        supplier_id=said.supplier_id,
        claim_kind=said.kind,
        state=PaymentState.ACCOUNTED if ahead else PaymentState.OWED,
        first=said.period.first,
        last=said.period.last,
        pence=said.pence,
        delivered_pence=said.delivered_pence,
        accepted_on=heard.today,
    )


@on(OrderCancelled, OrderEnded, wants=(FUNDINGS, ORDER, *BOOKS))
def release_order(heard: Heard[OrderCancelled | OrderEnded], work: UnitOfWork) -> Iterator[Fact]:
    """What it no longer needs is available again: to orders of the plan that are short, first of all."""
    said = heard.fact
    order = _order(heard, said.order_id, said.budget_id, said.person_id, work)
    books = Books(work, order.budget_id, order.person_id)
    last_day = said.last_day if isinstance(said, OrderEnded) else None
    if last_day and order.outlasted_by(last_day):
        work.put(replace(order, need_over=not said.need_remains, ends_on=last_day))
        return
    if (order.state, "release") in COMMITMENT_MOVES:
        yield from release(books, replace(order, need_over=not said.need_remains), last_day)
    elif last_day and ends_sooner(order, last_day):
        yield from release_more(books, order, last_day)
    else:
        return
    funding = funding_of(work, said.budget_id, order.plan_id or said.plan_id)
    if funding is not None and funding.agreed:
        yield from _look_again(books, funding, last_day + timedelta(days=1) if last_day else heard.today)


def _look_again(books: Books, funding: Funding, since: date) -> Iterator[Fact]:
    """An order is over since that day: the others share what it bore, and its money is theirs first."""
    yield from share_anew(books, funding, since)
    yield from settle(books, funding)
    give_up_what_is_free(books, funding)
    if funding.outside:
        keep_nothing_free(books, funding)


@on(OrderRepriced, wants=(FUNDINGS, ORDER, *BOOKS))
def commit_anew(heard: Heard[OrderRepriced], work: UnitOfWork) -> Iterator[Fact]:
    """Another price from a day on. One that still waits for its plan is sought at the new price when that is agreed."""
    said = heard.fact
    order = _order(heard, said.order_id, said.budget_id, said.person_id, work)
    funding = funding_of(work, said.budget_id, order.plan_id or said.plan_id)
    coming = Coming(said.holds_from, said.weekly_pence, said.hourly_pence)
    if order.state is CommitmentState.WAITING and (order.last is None or said.holds_from <= order.last):
        work.put(replace(order, weekly_pence=said.weekly_pence, hourly_pence=said.hourly_pence))
    elif order.state is CommitmentState.WAITING:
        work.put(replace(order, coming=with_said(order.coming, coming)))
    elif funding is not None and order.state is not CommitmentState.RELEASED:
        books = Books(work, order.budget_id, order.person_id)
        yield from reprice(books, order, coming, funding)


def _order(message: Message[Any], order_id: UUID, budget_id: UUID, person_id: UUID, work: UnitOfWork) -> Commitment:
    """The order as it is known, or a new one that waits. Raises OtherBudget."""
    order = work.get(Commitment, order_id) or Commitment(
        council_id=message.council,
        order_id=order_id,
        budget_id=budget_id,
        person_id=person_id,
        state=CommitmentState.WAITING,
    )
    refuse_unless(order.budget_id == budget_id, OtherBudget())
    return order


@due(FigureAwaited, wants=(FUNDINGS, ORDER, *BOOKS))
def seek_again(fell: Due[FigureAwaited], work: UnitOfWork) -> Iterator[Fact]:
    """What employing costs may have been published since: the order goes on by itself."""
    order = work.get(Commitment, fell.reminder.order_id)
    if order is None or order.awaited is None or order.state is not CommitmentState.SHORT:
        return
    funding = funding_of(work, order.budget_id, order.plan_id)
    if funding is not None and funding.agreed:
        yield from seek_funds(Books(work, order.budget_id, order.person_id), order, funding)


@due(CommitmentEnds, wants=(FUNDINGS, ORDER, *BOOKS))
def roll_commitment(fell: Due[CommitmentEnds], work: UnitOfWork) -> Iterator[Fact]:
    """An order goes on over 31 March: on that day next year's money is allocated and set aside for it, to its last day where
    that is known; so does early support after the day that was decided. Of two of which one is to replace the other, the one
    that runs comes first."""
    order, last = work.get(Commitment, fell.reminder.order_id), fell.reminder.last
    if order is None:
        return
    books = Books(work, order.budget_id, order.person_id)
    for one in (books.commitment(order.covers_order_id), books.commitment(order.replaces_order_id), order):
        if one is not None and one.goes_on_after(last):
            yield from _roll(books, one, last)


def _roll(books: Books, order: Commitment, last: date) -> Iterator[Fact]:
    """What ends within the time to come keeps its money to that day, and is over for whoever waits for what is left."""
    funding = funding_of(books.work, order.budget_id, order.plan_id)
    assert funding is not None  # money was set aside for it
    if order.until == last:
        yield from _go_on(books, order, funding)
    else:
        period = commitment_period(last + timedelta(days=1), order.until or order.ends_on)
        yield from roll(books, order, period, funding)
    rolled = books.commitment(order.order_id)
    if rolled is not None and rolled.ends_on is not None and not rolled.outlasted_by(rolled.ends_on):
        yield from release(books, rolled, rolled.ends_on)
        yield from _look_again(books, funding, rolled.ends_on + timedelta(days=1))


def _go_on(books: Books, order: Commitment, funding: Funding) -> Iterator[Fact]:
    """A week longer; a price that was said for days that had no money yet is taken then."""
    yield from go_on(books, replace(order, coming=()), funding)
    for said in order.coming:
        again = books.commitment(order.order_id)
        assert again is not None  # it has just gone on
        yield from reprice(books, again, said, funding)
