"""Can the simulation fail? Faults that were, or might have been, in such a runtime: put in by tests alone, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.assessment.actions import plans
from services.budget.common import books, payments
from services.budget.models import Commitment
from services.budget.reactions import money
from services.budget.reactions import payments as paying
from services.budget.rules import ledger
from services.budget.rules.commitments import unneeded_pence
from services.budget.rules.states import DirectPaymentState
from services.marketplace.actions import closures, competitions
from services.marketplace.common import ordering, sharing
from services.marketplace.rules import groups, visits
from services.safeguarding.reactions import missed_visits
from shared.contracts.base import Employer
from shared.db import transaction
from shared.runtime import answers, consume, inbox, perform, relay, speaking, timers
from shared.runtime.hearing import Hearing
from shared.runtime.inbox import Standing, Verdict
from shared.runtime.unit_of_work import UnitOfWork
from shared.testing.simulation import statements
from shared.testing.simulation.database import Transaction

Change = tuple[Any, str, Any]


@contextmanager
def changed(*changes: Change) -> Iterator[None]:
    """With these attributes (or items of a dict) as given, for as long as it lasts."""
    before = [(thing, name, _get(thing, name)) for thing, name, _ in changes]
    try:
        for change in changes:
            _set(*change)
        yield
    finally:
        for change in before:
            _set(*change)


def _get(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


def _set(thing: Any, name: str, value: Any) -> None:
    if isinstance(thing, dict):
        thing[name] = value
    else:
        setattr(thing, name, value)


def no_inbox() -> list[Change]:
    """Every fact is applied, heard before or not."""
    return [(Standing, "verdict", lambda self, place: Verdict.APPLY)]


def repeat_inside_a_batch() -> list[Change]:
    """What was heard is looked up once a batch: a repeat within it is applied again."""
    decide, take = Hearing.decide, Hearing._take
    fresh: set[int] = set()

    async def decide_all(self: Hearing, records: Sequence[Any]) -> None:
        fresh.update(id(record) for record in records if self._is_wanted(record))
        await decide(self, records)
        fresh.clear()

    async def take_one(self: Hearing, record: Any) -> None:
        if self.inbox.of(record).verdict(record.place) is Verdict.DROP and id(record) in fresh:
            await self._apply(record)
        else:
            await take(self, record)

    return [(Hearing, "decide", decide_all), (Hearing, "_take", take_one)]


def gap_ignored() -> list[Change]:
    """A fact that comes before its predecessors is applied; they count as heard."""

    def verdict(self: Standing, place: int) -> Verdict:
        if place <= self.last and place != self.open_at:
            return Verdict.DROP
        return Verdict.QUEUE if self.held else Verdict.APPLY

    return [(Standing, "verdict", verdict)]


def queued_subject_overtaken() -> list[Change]:
    """A subject that is held up by a parked fact goes on with its next."""
    verdict = Standing.verdict

    def hurried(self: Standing, place: int) -> Verdict:
        found = verdict(self, place)
        return Verdict.APPLY if found is Verdict.QUEUE else found

    return [(Standing, "verdict", hurried)]


def grouped_by_type() -> list[Change]:
    """What a batch has to apply is sorted by type before it is folded: it reorders one subject's facts."""
    decide, apply = Hearing.decide, Hearing._apply
    later: dict[Hearing, list[Any]] = {}

    async def apply_later(self: Hearing, record: Any) -> None:
        later.setdefault(self, []).append(record)

    async def decide_sorted(self: Hearing, records: Sequence[Any]) -> None:
        await decide(self, records)
        for record in sorted(later.pop(self, []), key=lambda record: record.envelope.type):
            await apply(self, record)

    return [(Hearing, "decide", decide_sorted), (Hearing, "_apply", apply_later)]


def place_without_its_lock() -> list[Change]:
    """Places are drawn without holding the subject's row."""

    def draw(tx: Transaction, councils: Any, subjects: Any, more: Any) -> Any:
        made = []
        for council, subject, count in zip(councils, subjects, more, strict=True):
            last = (tx.get("place", (council, subject)) or 0) + count
            tx.put("place", (council, subject), last)
            made.append((council, subject, last))
        return made

    return [(statements.BY_TEXT, speaking._PLACES, ("draw places", draw))]


def timers_do_not_wait() -> list[Change]:
    """What is due speaks at once, whatever is still to be heard."""

    async def at_once(self: timers.Timers, tx: Any) -> dict[str, Any]:
        return dict.fromkeys(self.service.timers, tx.now)

    return [(timers.Timers, "_heard_until", at_once)]


def answer_stored_after_reply() -> list[Change]:
    """The change is committed, and the answer kept in a transaction of its own."""
    store, attempt = answers.store_answers, perform.Performer._attempt
    late: dict[int, Any] = {}

    def keep(made: Sequence[Any]) -> list[Any]:
        late.update({id(asked): (asked, answer) for asked, answer in made})
        return []

    async def attempt_first(self: perform.Performer, batch: Any, condemned: Any) -> None:
        await attempt(self, batch, condemned)
        made = [late.pop(id(request.asked)) for request in batch if id(request.asked) in late]
        async with transaction(self.engine, batch[0].asked.council) as tx:
            await tx.together(store(made))

    return [(perform, "store_answers", keep), (perform.Performer, "_attempt", attempt_first)]


def undo_missing() -> list[Change]:
    """What a failed message changed stays."""
    return [(UnitOfWork, "undo", lambda self: None)]


def float_money() -> list[Change]:
    """A price is hours times pence, in floating point."""

    def price(minutes: int, hourly_pence: int) -> int:
        return int(minutes / 60 * hourly_pence)

    return [(visits, "price_of", price), (ordering, "price_of", price)]


def offset_before_effect() -> list[Change]:
    """Where to read on from is committed first, what was read afterwards."""
    attempt = consume.Consumer.attempt

    async def attempt_after(self: consume.Consumer, records: Sequence[Any], condemned: Any = None) -> None:
        async with transaction(self.engine) as tx:
            following = {(record.topic, record.partition): record.offset + 1 for record in records}
            await inbox.Inbox(tx, self.reader).finish(following)
        await attempt(self, records, condemned)

    return [(consume.Consumer, "attempt", attempt_after)]


def deleted_before_acknowledged() -> list[Change]:
    """The outbox is emptied, and then published."""

    async def publish_after(self: relay.Relay, producer: Any) -> int:
        async with transaction(self.engine) as tx:
            rows = await tx.rows(relay._UNPUBLISHED, relay.BATCH)
            await tx.run("delete from outbox where seq = any($1::bigint[])", [row[0] for row in rows])
        await relay.publish(producer, self.prefix, rows)
        return len(rows)

    return [(relay.Relay, "publish_once", publish_after)]


def relay_reads_on_from_its_last() -> list[Change]:
    """Rows after the highest published so far: one that was drawn earlier and committed later is passed over."""
    latest: dict[Any, int] = {}

    def unpublished(tx: Transaction, limit: int) -> Any:
        rows = [row for row in statements.unpublished(tx, 10**6) if row[0] > latest.get(tx.database, 0)][:limit]
        latest[tx.database] = max([latest.get(tx.database, 0), *(row[0] for row in rows)])
        return rows

    return [(statements.BY_TEXT, relay._UNPUBLISHED, ("unpublished", unpublished))]


def same_four_weeks_paid_twice() -> list[Change]:
    """After its first payment an order's next begins on the same day."""
    pay_out = payments.pay_out

    def pay_again(books: Any, order: Any, period: Any, pence: int, about: Any) -> Any:
        paid = pay_out(books, order, period, pence, about)
        if period.first == order.started_on and sum(one.paid for one in books.positions(order.order_id)) == pence:
            paid = books.work.put(replace(paid, pay_from=period.first))
            payments.remind_payment(books.work, paid)
        return paid

    return [(paying, "pay_out", pay_again)]


def spent_beyond_and_not_disputed() -> list[Change]:
    """A return accounts for no more than went out: the rest is nobody's question."""
    account_for = ledger.account_for

    def account_for_less(position: ledger.Position, pence: int, item: str | None = None) -> ledger.Journal:
        return account_for(position, min(pence, position.paid), item)

    return [(ledger, "account_for", account_for_less)]


def return_comes_out_of_nothing() -> list[Change]:
    """What was spent is accounted for against what is set aside, as if it had not gone out already."""

    def settle(position: ledger.Position, pence: int, item: str | None = None) -> ledger.Journal:
        return ledger.settle_inhouse(position, pence)

    return [(ledger, "account_for", settle)]


def visit_posted_twice() -> list[Change]:
    """A penny of each visit is posted a second time."""
    post = books.Books.post

    def post_again(self: books.Books, journal: Any, year: Any, order_id: Any = None, about: Any = None) -> None:
        post(self, journal, year, order_id, about)
        if journal.verb == "deliver":
            post(self, ledger.deliver(self.position(order_id, year).balances, 1), year, order_id, about)

    return [(books.Books, "post", post_again)]


def odd_penny_lost() -> list[Change]:
    """What several people bear of a price is rounded down, for each of them."""
    split = groups.split

    def lose_it(pence: int, weights: Sequence[int]) -> tuple[groups.Share, ...]:
        return tuple(replace(one, pence=one.pence - one.odd_penny) for one in split(pence, weights))

    return [(sharing, "split", lose_it)]


def new_share_a_week_late() -> list[Change]:
    """After somebody left a group, the money of whoever is left stays what it was for another week."""
    reprice = money.reprice

    def later(kept: books.Books, order: Any, said: Any, funding: Any) -> Any:
        late = replace(said, holds_from=said.holds_from + timedelta(days=7))
        return reprice(kept, order, late, funding)

    return [(money, "reprice", later)]


def paid_ahead_and_forgotten() -> list[Change]:
    """What went out ahead for days that the council came to manage is not taken off what goes out for the days after."""
    return [(Commitment, "kept_pence", lambda self, last=None: 0)]


def new_price_half_heard() -> list[Change]:
    """What an hour costs now is not noted, what a week costs is."""
    reprice = money.reprice

    def as_before(kept: books.Books, order: Any, said: Any, funding: Any) -> Any:
        return reprice(kept, order, replace(said, hourly_pence=order.hourly_pence), funding)

    return [(money, "reprice", as_before)]


def cover_by_sevenths_of_a_week() -> list[Change]:
    """What is set aside for whoever covers is so many sevenths of a week, whichever days the visits are on."""

    def by_the_day(self: Commitment, period: Any, last_day: Any = None) -> int:
        return unneeded_pence(self.cost_pence, period, last_day)

    return [(Commitment, "cost_over", by_the_day)]


def cover_is_no_reason() -> list[Change]:
    """A PA for whom somebody else comes is missed all the same."""
    return [(missed_visits, "is_covered", lambda day, covered: False)]


def early_visit_posted_twice() -> list[Change]:
    """A visit before any plan is owed by its own purse, and owed again."""
    post = books.Books.post

    def post_again(self: books.Books, journal: Any, year: Any, order_id: Any = None, about: Any = None) -> None:
        post(self, journal, year, order_id, about)
        order = self.commitment(order_id)
        if journal.verb == "deliver" and order is not None and order.outside:
            pence = next(entry.pence for entry in journal.entries if entry.account is ledger.Account.DELIVERED)
            post(self, ledger.deliver(self.position(order_id, year).balances, pence), year, order_id, about)

    return [(books.Books, "post", post_again)]


def early_support_keeps_what_it_does_not_need() -> list[Change]:
    """What an order that is over gives back stays in the purse that was opened for it."""
    return [(money, "keep_nothing_free", lambda kept, funding: None)]


def early_support_goes_on_and_its_money_does_not() -> list[Change]:
    """On the last day that was decided nothing more is set aside, though nobody said that it is over."""
    return [(money, "go_on", lambda kept, order, funding: iter(()))]


def stopped_and_paid_all_the_same() -> list[Change]:
    """A direct payment that was stopped goes out as if it were agreed."""
    why = paying.why_withheld

    def agreed_anyway(route: Any, state: Any, decision: Any, *more: Any) -> Any:
        return why(
            route, state, DirectPaymentState.AGREED if decision is DirectPaymentState.STOPPED else decision, *more
        )

    return [(paying, "why_withheld", agreed_anyway)]


def nominee_left_out() -> list[Change]:
    """Whoever is paid in the person's place is not whoever employs."""
    an_order = ordering.an_order

    def of_the_person(*given: Any, **more: Any) -> Any:
        order = an_order(*given, **more)
        return replace(order, employer=Employer.PERSON) if order.employer is Employer.NOMINEE else order

    return [(ordering, "an_order", of_the_person)]


def switch_stays_behind() -> list[Change]:
    """A line that takes the place of a switched one is not said to be the council's for that time."""
    return [(plans, "switched_in_turn", lambda plan, today: iter(()))]


def half_a_refund() -> list[Change]:
    """Of what was paid beyond a claim a penny is never asked back."""
    owe_back = ledger.owe_back

    def less(position: ledger.Position, pence: int, *more: Any) -> ledger.Journal:
        return owe_back(position, max(pence - 1, 0), *more)

    return [(ledger, "owe_back", less)]


def awarded_at_another_price() -> list[Change]:
    """Who wins a competition is ordered from at a penny more than they asked."""
    place = competitions.place_order

    def dearer(work: Any, requirement: Any, listing: Any, hourly_pence: int, **more: Any) -> Any:
        return place(work, requirement, listing, hourly_pence + 1, **more)

    return [(competitions, "place_order", dearer)]


def closing_ends_support() -> list[Change]:
    """Once a closure is decided, the orders there are over."""
    take_nobody_new = closures._take_nobody_new

    def and_end(work: Any, supplier_id: Any) -> Iterator[Any]:
        yield from take_nobody_new(work, supplier_id)
        for order in closures.AT_CLOSURE.running(work.message, work):
            yield order.as_ended(work.message.today, "service_closes", True)

    return [(closures, "_take_nobody_new", and_end)]


PLANTED: tuple[Callable[[], list[Change]], ...] = (
    no_inbox,
    repeat_inside_a_batch,
    gap_ignored,
    queued_subject_overtaken,
    grouped_by_type,
    place_without_its_lock,
    timers_do_not_wait,
    answer_stored_after_reply,
    undo_missing,
    float_money,
    offset_before_effect,
    deleted_before_acknowledged,
    relay_reads_on_from_its_last,
    same_four_weeks_paid_twice,
    spent_beyond_and_not_disputed,
    return_comes_out_of_nothing,
    visit_posted_twice,
    odd_penny_lost,
    new_share_a_week_late,
    new_price_half_heard,
    paid_ahead_and_forgotten,
    cover_by_sevenths_of_a_week,
    cover_is_no_reason,
    early_visit_posted_twice,
    early_support_keeps_what_it_does_not_need,
    early_support_goes_on_and_its_money_does_not,
    stopped_and_paid_all_the_same,
    nominee_left_out,
    half_a_refund,
    switch_stays_behind,
    awarded_at_another_price,
    closing_ends_support,
)
