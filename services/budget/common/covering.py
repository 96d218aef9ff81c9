"""Whose money pays for somebody who stands in for a PA? Either comes, never both: what is owed by visits alone is lent to
whoever covers for those days, and given back for those that nobody covers after all (docs/adr/0017)."""

from __future__ import annotations

from datetime import date

from services.budget.common.books import Books
from services.budget.models import Commitment, Position
from services.budget.rules import ledger
from services.budget.rules.commitments import visits_pence
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.states import CommitmentState
from shared.contracts.base import Period
from shared.money import financial_year_start


def may_be_lent(books: Books, cover: Commitment, period: Period) -> int:
    """Of what the covered order has set aside for these days, what whoever covers needs."""
    covered = _lender(books, cover)
    if covered is None:
        return 0
    held = books.position(covered.order_id, financial_year_start(period.first)).committed
    return min(held, _lent(cover, covered, period))


def lend(books: Books, cover: Commitment, year: date, pence: int) -> None:
    """From the one order to the other, within a year."""
    covered = _lender(books, cover)
    if covered is not None and pence:
        _move(books, covered, cover, year, pence)


def give_back(
    books: Books, cover: Commitment, position: Position, period: Period, last_day: date | None, most: int
) -> int:
    """What was lent for days that nobody covers after all; gives how much. An order that is over gets nothing back."""
    covered = _lender(books, cover)
    if covered is None:
        return 0
    back = min(_lent(cover, covered, period, last_day), most)
    if back:
        _move(books, cover, covered, position.year, back)
    return back


def lent_beyond(books: Books, covered: Commitment, period: Period, last_day: date | None) -> int:
    """What is lent for days after the covered order's last, within one year: no longer its own to release."""
    lent = 0
    for cover in books.covering(covered.order_id):
        if cover.state is CommitmentState.COMMITTED and cover.until and covered.route not in PAID_AHEAD:
            days = Period(first=max(period.first, cover.first or period.first), last=min(period.last, cover.until))
            lent += _lent(cover, covered, days, last_day)
    return lent


def ends_sooner(order: Commitment, last_day: date) -> bool:
    """Its end was said before, and is said again for an earlier day."""
    return order.until is not None and order.ends_on is not None and last_day < order.ends_on


def _lent(cover: Commitment, covered: Commitment, period: Period, last_day: date | None = None) -> int:
    """The visits of those days at whichever of the two prices is lower."""
    return visits_pence(cover.visits, min(cover.hourly_pence, covered.hourly_pence), period, last_day)


def _lender(books: Books, cover: Commitment) -> Commitment | None:
    """The covered order where its money waits for visits. What is paid ahead goes to whoever employs the PA, who owes sick
    pay and what employing costs whether or not anybody comes (RULES §4.2)."""
    covered = books.commitment(cover.covers_order_id)
    if covered is None or covered.state is not CommitmentState.COMMITTED or covered.route in PAID_AHEAD:
        return None
    return covered


def _move(books: Books, giver: Commitment, taker: Commitment, year: date, pence: int) -> None:
    held = books.position(giver.order_id, year).balances
    books.post(ledger.Journal("lend", ledger.release(held, pence).entries), year, giver.order_id)
    found = ledger.commit_funds(books.purse(year).balances, pence)
    assert isinstance(found, ledger.Journal)  # it was just made available
    books.post(ledger.Journal("borrow", found.entries), year, taker.order_id)
