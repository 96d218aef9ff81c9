"""What happens to an order's money? It is set aside or found short; visits and claims are posted, whatever the state."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.budget.common.books import Books
from services.budget.common.covering import give_back, lend, lent_beyond, may_be_lent
from services.budget.common.employing import employ
from services.budget.common.outside import cover_dispute, find_what_is_disputed
from services.budget.common.payments import account, dispute_ahead, remind_payment, wake
from services.budget.common.switching import from_the_year_before, owe_managed, set_beyond_aside
from services.budget.models import Commitment, Funding, Held, HeldKind, Position
from services.budget.reminders import CommitmentEnds, FigureAwaited, PaymentDue
from services.budget.rules import ledger
from services.budget.rules.commitments import commitment_pence, commitment_period, tail_pence, unneeded_pence
from services.budget.rules.employing import NotPublished
from services.budget.rules.payments import PAID_AHEAD, paid_beyond
from services.budget.rules.states import COMMITMENT_MOVES, CommitmentState
from shared.clock import start_of
from shared.contracts.base import Fact, Period, Route
from shared.contracts.budget import FundsCommitted, FundsReleased, FundsShort, LiabilityDisputed
from shared.money import financial_year_start, weekly_over

RECOST_DAYS = 14
"""Days a re-costing may take. No statute names a number: it is this product's, to be replaced by the council's own."""


def seek_funds(books: Books, commitment: Commitment, funding: Funding) -> Iterator[Fact]:
    """Set the period's money aside, or open a re-costing; then post what was delivered while the order waited."""
    assert commitment.first is not None  # the order is known
    assert commitment.last is not None
    year, period = financial_year_start(commitment.first), Period(first=commitment.first, last=commitment.last)
    found = employ(books, commitment, funding)
    if isinstance(found, NotPublished):
        yield from _await_figure(books, commitment, funding, period, found)
        return
    commitment = found
    lent = may_be_lent(books, commitment, period)
    needs = net_pence(books, commitment, period) - lent
    books.have(funding, year, needs)
    journal = ledger.commit_funds(books.purse(year).balances, needs)
    if isinstance(journal, ledger.Short):
        after = yield from _found_short(books, commitment, funding, journal.short_pence)
    else:
        lend(books, commitment, year, lent)
        books.post(journal, year, commitment.order_id)
        if commitment.route not in PAID_AHEAD:
            books.post(ledger.cover(books.position(commitment.order_id, year).balances), year, commitment.order_id)
        after = yield from _committed(books, replace(commitment, owner_team=funding.team), period)
    yield from post_held(books, after)


def _await_figure(
    books: Books, order: Commitment, funding: Funding, period: Period, found: NotPublished
) -> Iterator[Fact]:
    """Nothing is set aside that is not known: what is short is the wage at least, and the question has an owner and a date.
    It is looked at again every day. Nobody else's money, nor what was delivered, waits for it."""
    again = FigureAwaited(order_id=order.order_id, budget_id=books.budget_id)
    tomorrow = start_of(books.work.message.today + timedelta(days=1))
    books.work.remind(again, tomorrow, key=order.order_id, subject=order.person_id)
    if order.awaited == found.because and order.state is CommitmentState.SHORT:
        return
    waits = replace(order, awaited=found.because)
    after = yield from _found_short(books, waits, funding, commitment_pence(order.weekly_pence, period))
    yield from post_held(books, after)


def _committed(books: Books, commitment: Commitment, period: Period) -> Generator[Fact, None, Commitment]:
    verb = "roll" if commitment.state is CommitmentState.COMMITTED else "commit"
    state = COMMITMENT_MOVES.move(commitment.state, verb)
    assert commitment.plan_id is not None  # the order is known
    ends = CommitmentEnds(
        order_id=commitment.order_id, budget_id=books.budget_id, plan_id=commitment.plan_id, last=period.last
    )
    books.work.remind(ends, start_of(period.last), key=commitment.order_id, subject=commitment.person_id)
    yield FundsCommitted(
        order_id=commitment.order_id,
        budget_id=books.budget_id,
        person_id=commitment.person_id,
        pence=commitment.cost_over(period),
        period=period,
    )
    committed = books.work.put(replace(commitment, state=state, short_pence=0, recost_by=None))
    wake(books.work, committed)
    return committed


def _found_short(
    books: Books, commitment: Commitment, funding: Funding, short_pence: int
) -> Generator[Fact, None, Commitment]:
    """A budget is not a cap: the question has an owner and a date (DOMAIN.md, the journey)."""
    state = COMMITMENT_MOVES.move(commitment.state, "find_short")
    recost_by = commitment.recost_by or books.work.message.today + timedelta(days=RECOST_DAYS)
    yield FundsShort(
        order_id=commitment.order_id,
        budget_id=books.budget_id,
        person_id=commitment.person_id,
        short_pence=short_pence,
        recost_by=recost_by,
        covers_order_id=commitment.covers_order_id,
    )
    short = replace(commitment, state=state, short_pence=short_pence, owner_team=funding.team, recost_by=recost_by)
    return books.work.put(short)


def net_pence(books: Books, commitment: Commitment, period: Period) -> int:
    """What an order needs besides what the order it replaces has set aside, or in the same hands, for the same days: either
    runs, never both."""
    in_hand = commitment.carried_pence + from_the_year_before(commitment, period.first) - commitment.arrears_pence
    full = max(commitment.cost_over(period) - in_hand, 0)
    old = books.commitment(commitment.replaces_order_id)
    if old is None or old.state is not CommitmentState.COMMITTED or old.first is None:
        return full
    held = books.position(old.order_id, financial_year_start(period.first)).committed
    held += _paid_beyond(books, old, commitment, period.first - timedelta(days=1))
    spell = Period(first=max(old.first, financial_year_start(period.first)), last=period.last)
    return max(full - min(held, tail_pence(old.cost_pence, spell, period.first)), 0)


def make_way(books: Books, old: Commitment, funding: Funding) -> Iterator[Fact]:
    """The next year's money for an order that runs, before the money for one that is to take its place: that one keeps what
    it needs besides."""
    assert old.first is not None  # the order is known
    year = financial_year_start(old.first)
    waiting = [new for new in books.replacing(old.order_id) if new.first and new.first >= year]
    for new in waiting:
        bring_order_to(books, new, year, 0)
    yield from seek_funds(books, old, funding)
    for new in waiting:
        if new.state is CommitmentState.COMMITTED and new.first is not None and new.last is not None:
            needs = net_pence(books, new, Period(first=new.first, last=new.last))
            bring_order_to(books, new, year, needs)


GOES_ON_DAYS = 7
"""So many days' money is set aside at a time for early support after its last day: our own, there is no source for one."""


def go_on(books: Books, order: Commitment, funding: Funding) -> Iterator[Fact]:
    """Its last day has come and nobody said that it is over: support goes on, and money follows it, a week at a time."""
    assert order.until is not None  # it was decided for a time
    more = Period(first=order.until + timedelta(days=1), last=order.until + timedelta(days=GOES_ON_DAYS))
    within = commitment_period(more.first, more.last)
    longer = replace(order, first=within.first, last=within.last, until=more.last)
    yield from seek_funds(books, longer, funding)
    if order.first and financial_year_start(order.first) == financial_year_start(more.first):
        books.work.put(replace(books.work.one(Commitment, order.order_id), first=order.first))


def take_over(books: Books, old: Commitment, last_day: date | None) -> None:
    """The old order is over: what it no longer needs is set aside for the one in its place, up to all that one needs from
    then on; what that one does not need of its own is free again."""
    for new in books.replacing(old.order_id):
        if new.state is CommitmentState.COMMITTED and new.first is not None and new.last is not None:
            begins = max(new.first, last_day + timedelta(days=1)) if last_day else new.first
            needs = tail_pence(new.cost_pence, Period(first=new.first, last=new.last), begins)
            new = _hand_over(books, old, new, last_day, needs)
        books.work.put(replace(new, replaces_order_id=None))


def _hand_over(books: Books, old: Commitment, new: Commitment, last_day: date | None, needs: int) -> Commitment:
    """The new order has what it needs; of that, what was paid ahead for days that the old one does not reach is in the same
    hands already, and is not paid out again."""
    assert new.first is not None  # the order is known
    year = financial_year_start(new.first)
    carried = min(_paid_beyond(books, old, new, last_day), needs)
    books.post(ledger.take_along(books.position(old.order_id, year).balances, carried), year, old.order_id)
    books.post(ledger.release(books.position(old.order_id, year).balances, carried), year, old.order_id)
    bring_order_to(books, new, year, needs)
    handed = ledger.pay_out(books.position(new.order_id, year).balances, carried)
    books.post(replace(handed, verb="hand_over"), year, new.order_id)
    return replace(new, carried_pence=carried)


def _paid_beyond(books: Books, old: Commitment, new: Commitment, last_day: date | None) -> int:
    """Of a direct payment, and of a fund that the same provider holds; within one financial year."""
    same = old.route is new.route and (old.route is Route.DIRECT_PAYMENT or old.supplier_id == new.supplier_id)
    if old.route not in PAID_AHEAD or not same or last_day is None or old.pay_from is None or new.first is None:
        return 0
    year = financial_year_start(old.pay_from - timedelta(days=1))
    if year != financial_year_start(new.first):
        return 0
    unaccounted = books.position(old.order_id, year).paid
    beyond = paid_beyond(old.cost_pence, last_day, old.pay_from, unaccounted)
    return min(beyond + old.kept_pence(last_day), unaccounted)


def bring_order_to(books: Books, order: Commitment, year: date, needs: int) -> None:
    """As far as there is money: what is delivered beyond it is disputed, and has an owner."""
    held, available = books.position(order.order_id, year), books.purse(year).available
    if needs < held.committed:
        books.post(ledger.release(held.balances, held.committed - needs), year, order.order_id)
        return
    found = ledger.commit_funds(books.purse(year).balances, min(needs - held.committed, available))
    assert isinstance(found, ledger.Journal)  # no more than is available is asked for
    books.post(found, year, order.order_id)


def release(books: Books, commitment: Commitment, last_day: date | None) -> Iterator[Fact]:
    """The order was cancelled (no `last_day`) or ended. What its days after that were to cost is available again; the
    rest stays set aside for visits up to then that are yet to be recorded. What was delivered stays posted."""
    books.work.forget(CommitmentEnds, key=commitment.order_id)
    state = COMMITMENT_MOVES.move(commitment.state, "release")
    released = replace(commitment, state=state, short_pence=0, recost_by=None, ends_on=last_day)
    if last_day is None:
        books.work.forget(PaymentDue, key=commitment.order_id)
        released = replace(released, pay_from=None)
    released = books.work.put(released)
    said = _released(books, released, last_day)
    released = set_beyond_aside(books, books.work.one(Commitment, commitment.order_id))
    take_over(books, released, last_day)
    if released.arrears_pence:
        remind_payment(books.work, released)
    yield said
    yield from post_held(books, released)
    before = _disputed(books, commitment.order_id)
    dispute_ahead(books, books.work.one(Commitment, commitment.order_id))
    yield from _say_disputed(books, commitment, before)


def release_more(books: Books, order: Commitment, last_day: date) -> Iterator[Fact]:
    """Its end was said before, and is said again for an earlier day."""
    books.work.put(replace(order, ends_on=last_day))
    yield _released(books, order, last_day)


def _released(books: Books, order: Commitment, last_day: date | None) -> FundsReleased:
    """What was set aside for days after that is available again; of one for a time that is the last day from now on."""
    freed = sum(free(books, order, position, last_day) for position in books.positions(order.order_id))
    if order.until is not None:
        order = books.work.one(Commitment, order.order_id)
        books.work.put(replace(order, until=last_day or order.until))
    return FundsReleased(order_id=order.order_id, budget_id=books.budget_id, person_id=order.person_id, pence=freed)


def free(books: Books, commitment: Commitment, position: Position, last_day: date | None) -> int:
    """What was set aside for days after that one is available again; gives how much."""
    pence = min(position.committed, _unneeded(books, commitment, position, last_day))
    pence -= give_back(books, commitment, position, _days_in(commitment, position), last_day, pence)
    position = books.position(commitment.order_id, position.year)
    books.post(ledger.release(position.balances, pence), position.year, commitment.order_id)
    return pence


def _days_in(order: Commitment, position: Position) -> Period:
    """The days of a position's year for which its money was set aside last: to its last day, where that is known."""
    first = max(order.first or position.year, position.year)
    in_year = max(order.begins_on or position.year, position.year)
    began = first if financial_year_start(first) == position.year else in_year
    period = commitment_period(began, order.until)
    if order.last is None or financial_year_start(order.last) != position.year:
        return period
    return Period(first=began, last=min(period.last, order.last))


def _unneeded(books: Books, order: Commitment, position: Position, last_day: date | None) -> int:
    """All of it where the order was cancelled, at whichever price it was set aside, and where every day up to the last is paid
    for: what is left then was rounded, or is for days that the council managed."""
    if last_day is None:
        return position.committed
    if order.pay_from is not None and last_day < order.pay_from:
        if not order.switched:
            return position.committed - min(order.arrears_pence, position.committed)
        last_day = order.pay_from - timedelta(days=1)
    period = _days_in(order, position)
    if order.before is not None and order.first is not None and period.last < order.first:
        return unneeded_pence(
            order.before.cost_pence, period, last_day
        )  # a year that was set aside at the price before
    unneeded = order.cost_over(period, last_day) - lent_beyond(books, order, period, last_day)
    if order.before is None:
        return max(unneeded, 0)
    after = max(position.year, last_day + timedelta(days=1))
    return unneeded + weekly_over(order.before.cost_pence, after, period.first - timedelta(days=1))


def take(books: Books, commitment: Commitment, held: Held) -> Iterator[Fact]:
    """Post a visit or a claim, or keep it until the order and its plan have both been heard of."""
    if commitment.state is CommitmentState.WAITING:
        books.work.put(replace(commitment, held=(*commitment.held, held)))
        return
    yield from _post(books, commitment, held)


def post_held(books: Books, commitment: Commitment) -> Iterator[Fact]:
    """What came before it could be posted."""
    if commitment.held:
        books.work.put(replace(commitment, held=()))
    for held in commitment.held:
        yield from _post(books, books.work.one(Commitment, commitment.order_id), held)


def _post(books: Books, commitment: Commitment, held: Held) -> Iterator[Fact]:
    before = _disputed(books, commitment.order_id)
    if commitment.route in PAID_AHEAD and held.owed:
        owe_managed(books, commitment, held)
    elif commitment.route in PAID_AHEAD:
        yield from account(books, commitment, held)
    elif held.what is HeldKind.VISIT:
        position = books.position(commitment.order_id, financial_year_start(held.on))
        books.post(ledger.deliver(position.balances, held.pence), position.year, commitment.order_id, held.about)
    else:
        adjust(books, commitment.order_id, held)
    if commitment.outside:
        find_what_is_disputed(books, commitment)
    yield from _say_disputed(books, commitment, before)


def _say_disputed(books: Books, commitment: Commitment, before: int) -> Iterator[Fact]:
    """Once, until it is settled."""
    after = _disputed(books, commitment.order_id)
    if after and not before:
        yield LiabilityDisputed(
            order_id=commitment.order_id, budget_id=books.budget_id, person_id=commitment.person_id, pence=after
        )


def adjust(books: Books, order_id: UUID, held: Held) -> None:
    """What was accepted replaces what was recorded: more in the claim's last year; less from the latest year back."""
    if held.pence >= held.recorded_pence:
        position = books.position(order_id, financial_year_start(held.on))
        journal = ledger.adjust_to_claim(position.balances, held.recorded_pence, held.pence)
        books.post(journal, position.year, order_id, held.about)
        return
    latest_first = [one for one in reversed(books.positions(order_id)) if one.year <= held.on]
    for position, part in spread(held.recorded_pence - held.pence, latest_first):
        books.post(ledger.adjust_to_claim(position.balances, part, 0), position.year, order_id, held.about)


def spread(
    pence: int, positions: list[Position], of: ledger.Account = ledger.Account.DELIVERED
) -> list[tuple[Position, int]]:
    """A sum over what was delivered, or stands in another account, in the order given. Raises MoreThanHeld where that is not
    enough."""
    left, parts = pence, []
    for position in positions:
        part = min(left, int(getattr(position, of.value)))
        parts.append((position, part))
        left -= part
    if left:
        raise ledger.MoreThanHeld("spread", pence, pence - left)
    return [(position, part) for position, part in parts if part]


def settle(books: Books, funding: Funding) -> Iterator[Fact]:
    """After more money came: orders that were waiting or short are tried again, what was disputed is covered."""
    for commitment in books.commitments(funding.plan_id):
        if commitment.state in (CommitmentState.WAITING, CommitmentState.SHORT):
            yield from seek_funds(books, commitment, funding)
    for commitment in (one for one in books.commitments(funding.plan_id) if one.route not in PAID_AHEAD):
        for position in books.positions(commitment.order_id):
            cover_dispute(books, position)


def _disputed(books: Books, order_id: UUID) -> int:
    return sum(position.disputed for position in books.positions(order_id))
