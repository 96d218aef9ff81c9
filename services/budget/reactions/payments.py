"""What does budget do about support that is paid for ahead? It pays out every four weeks, from the day support started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.budget.common.books import BY_BUDGET_ID, Books
from services.budget.common.payments import account_ahead, pay_out, release_rest, remind_payment, spent_ahead, standing
from services.budget.models import Commitment, DirectPayment
from services.budget.policy import in_force
from services.budget.reminders import PaymentDue
from services.budget.rules import ledger
from services.budget.rules.direct_payments import INHOUSE_ROW, InhouseRule, review_by
from services.budget.rules.employing import part_of
from services.budget.rules.payments import (
    PAID_AHEAD,
    nothing_left,
    payment_pence,
    payment_period,
    still_carried,
    still_owed,
    why_withheld,
)
from shared.contracts.base import Fact, Period, Reason, Route
from shared.contracts.budget import MoneyPaidOut, PaymentWithheld
from shared.contracts.marketplace import SupportStarted
from shared.money import financial_year_start
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork

ORDER = by_key(Commitment, "order_id")
DECISIONS = by_match(DirectPayment, "budget_id", of="budget_id")


@on(SupportStarted, wants=(ORDER,))
def begin_payments(heard: Heard[SupportStarted], work: UnitOfWork) -> None:
    """Money goes out from the first day of support; council-managed support is paid for by claims instead."""
    order = work.get(Commitment, heard.fact.order_id)
    if order is None or order.route not in PAID_AHEAD or order.pay_from is not None:
        return
    remind_payment(work, work.put(replace(order, started_on=heard.fact.started_on, pay_from=heard.fact.started_on)))


@due(PaymentDue, wants=(ORDER, DECISIONS, *BY_BUDGET_ID.all), after=("marketplace", "assessment"))
def pay_ahead(fell: Due[PaymentDue], work: UnitOfWork) -> Iterator[Fact]:
    """The next four weeks go out, or it is said why not: the money stays set aside, and support goes on. Of days that the
    council manages nothing goes out, and nothing is said: its own claims are paid."""
    order = work.get(Commitment, fell.reminder.order_id)
    if order is None or order.pay_from != fell.reminder.first:
        return
    period = payment_period(order.pay_from, order.ends_on, order.changes_on, order.switched)
    if period is None and order.arrears_pence:
        period = order.paid_last
    if period is None or period.first > fell.today:
        return
    decision = standing(work.all(DECISIONS, order.budget_id))
    withheld = _why_withheld(fell, order, decision)
    if withheld is None:
        yield from _pay(fell, Books(work, order.budget_id, order.person_id), order, period, decision)
    else:
        yield _withheld(fell, work, order, withheld)


def _why_withheld(fell: Due[PaymentDue], order: Commitment, decision: DirectPayment | None) -> Reason | None:
    inhouse = InhouseRule(in_force("direct_payments", fell.council, fell.today).row(INHOUSE_ROW).said)
    said = decision.state if decision else None
    barred = order.close_family and not (decision and decision.pays_close_family)
    return why_withheld(order.route, order.state, said, order.supplier_kind, inhouse, barred)


def _withheld(fell: Due[PaymentDue], work: UnitOfWork, order: Commitment, because: Reason) -> PaymentWithheld:
    """Kept, and said: nobody goes unpaid unseen."""
    work.put(replace(order, withheld=because))
    return PaymentWithheld(
        order_id=order.order_id,
        budget_id=order.budget_id,
        person_id=order.person_id,
        route=order.route,
        because=because,
        due_on=fell.reminder.first,
    )


def _pay(
    fell: Due[PaymentDue], books: Books, order: Commitment, period: Period, decision: DirectPayment | None
) -> Iterator[Fact]:
    year = financial_year_start(period.first)
    committed, ahead = books.position(order.order_id, year).committed, spent_ahead(order, year)
    cost = order.cost_on(period.first)
    weekly = cost.cost_pence if order.pay_from and period.last >= order.pay_from else 0  # else for arrears alone
    in_hand = order.carried_pence + order.kept_pence() - order.arrears_pence
    pence = payment_pence(weekly, period, committed, ahead, in_hand)
    if not pence and not in_hand:
        yield _withheld(fell, books.work, order, nothing_left())
        return
    counts = decision if order.route is Route.DIRECT_PAYMENT else None
    settled = min(counts.inhouse_pence, pence) if counts else 0
    books.post(
        ledger.settle_inhouse(books.position(order.order_id, year).balances, settled),
        year, order.order_id, counts.decision_id if counts else None,
    )  # fmt: skip
    said = _paid_out(fell, order, period, pence - settled, books.work, _noted(fell, books, counts, settled))
    owed = still_owed(weekly, period, in_hand, pence)
    said = said.model_copy(update={"arrears_pence": min(max(-in_hand, 0) - owed, said.pence)})
    order = replace(order, arrears_pence=owed)
    left = still_carried(weekly, period, in_hand)
    paid = pay_out(books, replace(order, carried_pence=left), period, said.pence, said.payment_id)
    if said.pence:
        yield said
    yield from account_ahead(books, paid, year)
    if period.last == order.ends_on:
        yield from release_rest(books, paid, year)


def _noted(fell: Due[PaymentDue], books: Books, decision: DirectPayment | None, settled: int) -> DirectPayment | None:
    """The first payment sets the day by which it is to be reviewed (RULES §9 case 22)."""
    if decision is None:
        return None
    first = decision.first_paid_on or fell.today
    policy = in_force("direct_payments", fell.council, fell.today)
    noted = replace(decision, inhouse_pence=decision.inhouse_pence - settled, first_paid_on=first)
    return books.work.put(replace(noted, review_by=decision.review_by or review_by(first, policy)))


def _paid_out(
    fell: Due[PaymentDue],
    order: Commitment,
    period: Period,
    pence: int,
    work: UnitOfWork,
    decision: DirectPayment | None,
) -> MoneyPaidOut:
    cost = order.cost_on(period.first)
    return MoneyPaidOut(
        payment_id=work.new_id(),
        order_id=order.order_id,
        budget_id=order.budget_id,
        person_id=order.person_id,
        route=order.route,
        pence=pence,
        employing_pence=part_of(pence, cost.employing_pence, cost.cost_pence),
        period=period,
        paid_on=fell.today,
        review_by=decision.review_by if decision else None,
    )
