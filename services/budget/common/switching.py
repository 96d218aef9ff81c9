"""What becomes of an order's money while the council manages it for a time? What suppliers claim for those days is owed and
paid out of what is set aside; what had gone out ahead for them is kept by the payee for the days after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.budget.common.books import Books
from services.budget.models import Claim, Commitment, Held, Position
from services.budget.rules import ledger
from services.budget.rules.employing import part_of
from services.budget.rules.switching import beyond_the_year, cost_of, is_managed, own_days, steps
from shared.contracts.base import Period
from shared.money import financial_year_end, financial_year_start


def set_beyond_aside(books: Books, order: Commitment) -> Commitment:
    """The payee keeps what the year's own days may not use up: as far as there is money, as much is set aside besides for
    the days that the council manages; what is no longer wanted so is available again."""
    if order.pay_from is None or not (order.switched or order.beyond_pence):
        return order
    year = financial_year_start(order.pay_from - timedelta(days=1))
    until = min(financial_year_end(year), order.ends_on or date.max)
    own = cost_of(tuple(own_days(order.pay_from, until, order.switched)), order.week_on)
    wanted = beyond_the_year(order.kept_pence() + order.carried_pence, own)
    more = min(wanted - order.beyond_pence, books.purse(year).available)
    if more >= 0:
        journal = ledger.commit_funds(books.purse(year).balances, more)
        assert isinstance(journal, ledger.Journal)  # no more than is available is asked for
    else:
        position = books.position(order.order_id, year)
        journal = ledger.release(position.balances, min(-more, position.committed))
    books.post(journal, year, order.order_id)
    return books.work.put(replace(order, beyond_pence=order.beyond_pence + more))


def switched_before(order: Commitment, days: tuple[Period, ...], first: date) -> Commitment:
    """The switch was heard of before the order was: it is explained as if it had been the other way round."""
    coming = [one for one in days if one.last >= first]
    why = steps(days, (), order.week_on, coming[0].first) if coming else ()
    return replace(order, switched=days, switching=why)


def from_the_year_before(order: Commitment, first: date) -> int:
    """What the payee kept over the end of the financial year before `first`: the new year needs that much less."""
    if order.pay_from is None:
        return 0
    paid_in = financial_year_start(order.pay_from - timedelta(days=1))
    return order.kept_pence() if paid_in < financial_year_start(first) else 0


def owe_managed(books: Books, order: Commitment, held: Held) -> None:
    """A supplier's claim for days that the council manages is delivered and owed; beyond what is set aside it is disputed.
    Where nobody said yet that these days are the council's, it is kept until somebody does: an order's days decide, not
    the kind of paper."""
    if not is_managed(order.switched, held.on):
        books.work.put(replace(order, held=(*order.held, held)))
        return
    left, year = held.pence, financial_year_start(held.on)
    for position in books.positions(order.order_id):
        if position.year < year and held.since is not None and financial_year_start(held.since) <= position.year:
            left -= _deliver(books, position, min(left, position.committed), held.about)
    _deliver(books, books.position(order.order_id, year), left, held.about)


def _deliver(books: Books, position: Position, pence: int, about: UUID) -> int:
    books.post(ledger.deliver(position.balances, pence), position.year, position.order_id, about)
    return pence


def settle_managed(books: Books, order: Commitment, claim: Claim, parts: list[tuple[Position, int]]) -> tuple[int, int]:
    """Paid on a claim, it is accounted for by the claim itself. With a PA's wages goes what employing adds to them, for the
    person stays the employer: holiday to the reserve they keep, the rest paid on their behalf. Gives what employing
    added, and what of that is kept for holiday."""
    for position, part in parts:
        _account(books, position.order_id, position.year, part, claim.claim_id)
    added, holiday = with_wages(order, claim.pence)
    year = parts[-1][0].year if parts else financial_year_start(claim.last)
    added = min(added, books.position(order.order_id, year).committed)
    holiday = min(holiday, added)
    books.post(
        ledger.pay_out(books.position(order.order_id, year).balances, added), year, order.order_id, claim.claim_id
    )
    _account(books, order.order_id, year, added - holiday, claim.claim_id)
    return added, holiday


def with_wages(order: Commitment, wages_pence: int) -> tuple[int, int]:
    """What employing adds to these wages, in proportion, and what of that is kept for holiday; both in pence."""
    holiday = part_of(wages_pence, order.holiday_pence, order.weekly_pence)
    return order.reckoned.added(wages_pence) + holiday, holiday


def _account(books: Books, order_id: UUID, year: date, pence: int, about: UUID) -> None:
    books.post(ledger.account_for(books.position(order_id, year).balances, pence), year, order_id, about)
