"""What becomes of money that goes out ahead of delivery? It is paid by periods, and accounted for by what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.budget.common.books import Books
from services.budget.models import Commitment, DirectPayment, Held, HeldKind
from services.budget.reminders import PaymentDue
from services.budget.rules import ledger
from services.budget.rules.payments import Ahead
from services.budget.rules.payroll import Differing, Spent, Taken, spend
from services.budget.rules.switching import managed_days
from shared.clock import start_of
from shared.contracts.base import EmployingItem, Fact, Period, Route
from shared.contracts.budget import FundsReleased, SpendingAccountedFor
from shared.money import financial_year_end, financial_year_start
from shared.runtime.unit_of_work import UnitOfWork


def standing(decisions: Iterable[Any]) -> DirectPayment | None:
    """The decision about a budget's direct payment that stands: the last one made."""
    every: Iterable[DirectPayment] = decisions
    return max(every, key=lambda each: each.number, default=None)


def wake(work: UnitOfWork, order: Commitment) -> None:
    """What kept its money back may be over: look again at once."""
    if order.withheld is not None:
        remind_payment(work, order)


def remind_payment(work: UnitOfWork, order: Commitment) -> None:
    """On the first day of its own route that is not yet paid for, or now where that has passed."""
    if order.pay_from is not None and order.pays_from is not None:
        due = PaymentDue(order_id=order.order_id, budget_id=order.budget_id, first=order.pay_from)
        at = max(start_of(order.pays_from), work.message.now)
        work.remind(due, at, key=order.order_id, subject=order.person_id)


def pay_out(books: Books, order: Commitment, period: Period, pence: int, about: UUID) -> Commitment:
    """Post it, and set the next payment."""
    year = financial_year_start(period.first)
    books.post(ledger.pay_out(books.position(order.order_id, year).balances, pence), year, order.order_id, about)
    same_year = order.pay_from is not None and financial_year_start(order.pay_from - timedelta(days=1)) == year
    beyond = order.beyond_pence if same_year else 0
    after = period.last + timedelta(days=1)
    paid = replace(order, pay_from=after, paid_since=period.first, beyond_pence=beyond, withheld=None)
    paid = books.work.put(paid)
    remind_payment(books.work, paid)
    return paid


def release_rest(books: Books, order: Commitment, year: date) -> Iterator[Fact]:
    """The last day of support is paid for: what rounding left of the order's money is available again. Where the council
    managed days of the year, suppliers may yet claim for them."""
    position = books.position(order.order_id, year)
    if position.committed and not managed_days(year, financial_year_end(year), order.switched):
        books.post(ledger.release(position.balances, position.committed), year, order.order_id)
        yield FundsReleased(
            order_id=order.order_id, budget_id=books.budget_id, person_id=order.person_id, pence=position.committed
        )


def account(books: Books, order: Commitment, held: Held) -> Iterator[Fact]:
    """A return or statement against what was paid out, the oldest year first; wages with what employing adds to
    them, each line that a return has by itself. Visits are monitored, not paid for."""
    if held.what is HeldKind.VISIT:
        return
    year = financial_year_start(held.on)
    spent = spend(held.pence, held.employing, order.reckoned, held.on)
    order = books.work.put(_with_account(order, held, spent))
    left = _out_of_paid(books, order.order_id, year, spent.wages_pence, held.about)
    for line in spent.lines:
        left += _out_of_paid(books, order.order_id, year, line.pence, held.about, line.item)
    kept = _flexed(books, order, year, left)
    if kept:
        books.work.put(replace(order, ahead=(*order.ahead, Ahead(held.about, year, kept))))
    position = books.position(order.order_id, year)
    books.post(ledger.account_for(position.balances, left - kept), year, order.order_id, held.about)
    said = accounted(books, order, held.about, spent.pence - kept)
    yield said.model_copy(update={"differences": spent.differences})


def _with_account(order: Commitment, held: Held, spent: Spent) -> Commitment:
    taken = (Taken(held.on, spent.holiday_pence),) if spent.holiday_pence else ()
    differing = (Differing(held.about, spent.differences),) if spent.differences else ()
    return replace(
        order,
        accounted_until=max(order.accounted_until or held.on, held.on),
        holiday_taken=(*order.holiday_taken, *taken),
        differing=(*order.differing, *differing),
    )


def _out_of_paid(
    books: Books, order_id: UUID, year: date, pence: int, about: UUID, item: EmployingItem | None = None
) -> int:
    """Gives what is left when all that was paid out up to that year is accounted for. An `item` has a verb of its own."""
    left = pence
    for position in (one for one in books.positions(order_id) if one.year <= year):
        part = min(left, position.paid)
        books.post(ledger.account_for(position.balances, part, item), position.year, order_id, about)
        left -= part
    return left


def _flexed(books: Books, order: Commitment, year: date, pence: int) -> int:
    """An ISF's hours flex within the year: what is spent ahead of its payments is no dispute (DOMAIN.md, Routes)."""
    if order.route is not Route.ISF or order.pay_from is None:
        return 0
    return max(min(pence, books.position(order.order_id, year).committed - spent_ahead(order, year)), 0)


def spent_ahead(order: Commitment, year: date) -> int:
    """What statements show spent of payments of that year still to come."""
    return sum(each.pence for each in order.ahead if each.year == year)


def account_ahead(books: Books, order: Commitment, year: date) -> Iterator[Fact]:
    """A payment came: what statements showed spent before it is accounted for now."""
    left = []
    for each in order.ahead:
        part = min(each.pence, books.position(order.order_id, year).paid) if each.year == year else 0
        if part:
            position = books.position(order.order_id, year)
            books.post(ledger.account_for(position.balances, part), year, order.order_id, each.claim_id)
            yield accounted(books, order, each.claim_id, part)
        left += [replace(each, pence=each.pence - part)] if each.pence > part else []
    if order.ahead:
        books.work.put(replace(order, ahead=tuple(left)))


def dispute_ahead(books: Books, order: Commitment) -> None:
    """No payment is to come any more: what was spent ahead of it is disputed."""
    for each in order.ahead:
        position = books.position(order.order_id, each.year)
        books.post(ledger.account_for(position.balances, each.pence), each.year, order.order_id, each.claim_id)
    if order.ahead:
        books.work.put(replace(order, ahead=()))


def accounted(books: Books, order: Commitment, claim_id: UUID, pence: int) -> SpendingAccountedFor:
    return SpendingAccountedFor(
        claim_id=claim_id,
        order_id=order.order_id,
        budget_id=books.budget_id,
        person_id=order.person_id,
        pence=pence,
        unaccounted_pence=unaccounted(books, order.order_id),
    )


def unaccounted(books: Books, order_id: UUID) -> int:
    """What was paid out for an order and nobody has yet said what it was spent on, over all years."""
    return sum(position.paid for position in books.positions(order_id))
