"""What becomes of an order's money when its price changes? For days to come it is sought anew; for days that are over, or were
paid for, what they cost more is owed once; for a year whose money is not set aside yet it waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from services.budget.common.books import Books
from services.budget.common.employing import employ, shared_anew
from services.budget.common.orders import bring_order_to, free, make_way, seek_funds
from services.budget.models import Commitment, Funding
from services.budget.rules import pricing
from services.budget.rules.employing import NotPublished
from services.budget.rules.payments import PAID_AHEAD, Before
from services.budget.rules.pricing import Coming, Cost
from services.budget.rules.states import CommitmentState
from shared.contracts.base import Fact, Period
from shared.contracts.budget import FundsReleased
from shared.money import financial_year_start


def reprice(books: Books, order: Commitment, said: Coming, funding: Funding) -> Iterator[Fact]:
    """It goes on at another price. What was set aside for days from then on is released, and the new price sought: where
    there is not enough, the question has an owner and a date, and what is delivered is posted all the same."""
    assert order.first is not None  # the order is known
    assert order.last is not None
    if said.holds_from > order.last:
        books.work.put(replace(order, coming=pricing.with_said(order.coming, said)))
        return
    held_from = max(said.holds_from, order.begins_on or order.first)
    anew = _reckoned(books, _priced(order, said), funding, held_from, order.cost_pence)
    anew = _in_arrears(books, order, anew, held_from)
    since = max(held_from, order.pay_from or held_from, financial_year_start(order.first))
    yield from _commit_since(books, order, anew, since, funding)


def _priced(order: Commitment, said: Coming) -> Commitment:
    left = pricing.before(order.coming, said.holds_from)
    return replace(order, weekly_pence=said.weekly_pence, hourly_pence=said.hourly_pence, job=None, coming=left)


def _reckoned(books: Books, anew: Commitment, funding: Funding, since: date, before_pence: int) -> Commitment:
    """With what employing adds, and remembered from which day on a week costs that."""
    found = employ(books, anew, funding)
    anew = anew if isinstance(found, NotPublished) else found
    assert anew.first is not None  # the order is known
    began = Cost(min(anew.begins_on or anew.first, since), before_pence)
    return replace(anew, costs=pricing.with_cost(anew.costs, began, Cost(since, anew.cost_pence)))


def _in_arrears(books: Books, order: Commitment, anew: Commitment, held_from: date) -> Commitment:
    """Days that were paid ahead at the price before: what they cost more goes out with the next payment, what they cost less is
    in the payee's hands. What is paid by claims: the days of a year that is over, as far as there is money; what is
    delivered beyond it is disputed."""
    if order.route in PAID_AHEAD:
        days = pricing.days_paid(held_from, order.pay_from, order.switched)
        owed = pricing.difference(days, anew.cost_pence, order.week_on)
        owed += order.arrears_pence - order.carried_pence
        return replace(anew, arrears_pence=max(owed, 0), carried_pence=max(-owed, 0))
    for position in books.positions(order.order_id):
        eve = financial_year_start(order.first or position.year) - timedelta(days=1)
        last = min(eve, financial_year_start(position.year).replace(year=position.year.year + 1) - timedelta(days=1))
        if max(held_from, position.year) <= last:
            days = (Period(first=max(held_from, position.year), last=last),)
            owed = pricing.difference(days, anew.cost_pence, order.week_on)
            bring_order_to(books, order, position.year, max(position.committed + owed, 0))
    return anew


def share_anew(books: Books, funding: Funding, on: date) -> Iterator[Fact]:
    """Another job began or ended on that day: what those that go on cost since then is set aside, from the first day that is
    not paid for (RULES §4.2, §4.3: one insurance, one Employment Allowance, whatever the number of jobs)."""
    for order, since in shared_anew(books, funding, on):
        anew = _reckoned(books, replace(order, job=None), funding, since, order.cost_pence)
        if order.state is CommitmentState.COMMITTED and order.last is not None and since <= order.last:
            yield from _commit_since(books, order, anew, since, funding)
        else:
            books.work.put(anew)


def _commit_since(books: Books, order: Commitment, anew: Commitment, since: date, funding: Funding) -> Iterator[Fact]:
    """What was set aside for days from then on is released, and their new cost sought."""
    assert order.first is not None  # the order is known
    freed = free(books, order, books.position(order.order_id, financial_year_start(since)), since - timedelta(days=1))
    yield FundsReleased(order_id=order.order_id, budget_id=books.budget_id, person_id=order.person_id, pence=freed)
    before = order.before if since <= order.first else Before(order.weekly_pence, order.employing_pence)
    yield from seek_funds(books, replace(anew, first=since, before=before), funding)


def roll(books: Books, order: Commitment, period: Period, funding: Funding) -> Iterator[Fact]:
    """The next year's money, at the price that holds in it: also where that was said long before, or changes within it."""
    holding = [one for one in order.coming if one.holds_from <= period.first]
    rolled = replace(order, first=period.first, last=period.last, before=None)
    if holding:
        rolled = _reckoned(books, _priced(rolled, holding[-1]), funding, period.first, order.cost_pence)
        rolled = replace(rolled, before=Before(order.weekly_pence, order.employing_pence))
    rolled = replace(rolled, coming=())
    yield from make_way(books, rolled, funding)
    for said in pricing.since(order.coming, period.first + timedelta(days=1)):
        again = books.commitment(order.order_id)
        assert again is not None  # it was just rolled
        yield from reprice(books, again, said, funding)
