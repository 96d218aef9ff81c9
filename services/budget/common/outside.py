"""Whose money pays for support before there is a plan? A purse of the council's own for each such support, beside the personal
budget and never in it: it has what its orders cost, and keeps nothing that they do not need (docs/adr/0021).

Source: urgent needs may be met before any assessment (Care Act 2014 s.19(3); RULES §1.3); reablement is no part of a personal
budget (RULES §2.1, exclusions) and is free (SI 2014/2672 reg 3(3); RULES §3.4). That no contribution is taken for urgent
support is our own reading: nobody has been financially assessed yet (s.17), and the most that may be asked follows from that
(RULES §3.4).
"""

from __future__ import annotations

from services.budget.common.books import Books
from services.budget.models import Commitment, Funding, Position
from services.budget.rules import ledger


def find_what_is_disputed(books: Books, order: Commitment) -> None:
    """Beyond what was set aside somebody else would have to raise a budget; here the council meets it as it is claimed."""
    for position in books.positions(order.order_id):
        more = max(position.disputed - books.purse(position.year).available, 0)
        books.post(ledger.raise_allocation(more), position.year, about=order.plan_id)
        cover_dispute(books, position)


def cover_dispute(books: Books, position: Position) -> None:
    """What was delivered beyond the commitment is covered, as far as there is money."""
    order_id, year, purse = position.order_id, position.year, books.purse(position.year)
    found = ledger.commit_funds(purse.balances, min(position.disputed, purse.available))
    assert isinstance(found, ledger.Journal)  # no more than is available is asked for
    books.post(found, year, order_id)
    books.post(ledger.cover(books.position(order_id, year).balances), year, order_id)


def keep_nothing_free(books: Books, funding: Funding) -> None:
    """What no order needs any more is the council's again."""
    for purse in books.purses():
        if purse.available:
            fewer = ledger.bring_to(purse.balances, purse.allocated - purse.available, 0)
            assert isinstance(fewer, ledger.Journal)  # no more than is available is taken
            books.post(fewer, purse.year, about=funding.plan_id)
