"""A purse outside the personal budget has what its orders cost, to the penny, whatever becomes of them; and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from services.budget.common.books import BY_BUDGET_ID, Books
from services.budget.common.orders import GOES_ON_DAYS, go_on, release, seek_funds, take
from services.budget.common.outside import keep_nothing_free
from services.budget.models import Commitment, Funding, Held, HeldKind
from services.budget.rules.commitments import commitment_period, visits_pence
from services.budget.rules.states import CommitmentState
from shared.contracts.assessment import ConsentGiven
from shared.contracts.base import Basis, Fact, Period
from shared.contracts.budget import FundsCommitted
from shared.money import financial_year_end
from shared.runtime.records import decode
from shared.runtime.unit_of_work import UnitOfWork
from shared.testing.facts import Speaker

EARLY, ORDER, PERSON = (UUID(int=number) for number in (1, 2, 3))
days = st.dates(date(2024, 1, 1), date(2025, 12, 31))
visits_a_week = st.lists(st.tuples(st.integers(0, 6), st.integers(5, 300)), min_size=1, max_size=14).map(tuple)
prices = st.integers(1, 9_999)
ways = st.lists(st.sampled_from(("visit", "dear visit", "claim", "less", "roll")), max_size=12)


def books_of_nobody() -> Books:
    """An empty unit of work, in which everything there is was fetched."""
    work = UnitOfWork()
    work.begin(decode(Speaker().say(ConsentGiven(consent_id=EARLY, person_id=PERSON, client_id="an-app"))))
    for load in BY_BUDGET_ID.all:
        work.asked[load] = {(EARLY, work.message.council)}
        work.watch(load)
    return Books(work, EARLY, PERSON)


class Kept:
    """One early support, one order for it, and its books."""

    def __init__(self, first: date, length: int, visits: tuple[tuple[int, int], ...], hourly: int) -> None:
        self.books, self.hourly, until = books_of_nobody(), hourly, first + timedelta(days=length)
        council, period = self.books.work.message.council, commitment_period(first, until)
        self.funding = self.books.work.put(
            Funding(
                council_id=council, plan_id=EARLY, budget_id=EARLY, person_id=PERSON, agreed=True, team="north",
                starts_on=first, until=until, basis=Basis.URGENT,
            )
        )  # fmt: skip
        self.said: list[Fact] = []
        order = Commitment(
            council_id=council, order_id=ORDER, budget_id=EARLY, person_id=PERSON, state=CommitmentState.WAITING,
            plan_id=EARLY, first=period.first, last=period.last, until=until, hourly_pence=hourly, visits=visits,
            weekly_pence=0, basis=Basis.URGENT,
        )  # fmt: skip
        self.do(seek_funds(self.books, self.books.work.put(order), self.funding))

    @property
    def order(self) -> Commitment:
        return self.books.work.one(Commitment, ORDER)

    def do(self, facts: Iterator[Fact]) -> None:
        self.said += facts

    def post(self, what: HeldKind, pence: int, recorded: int = 0) -> None:
        on = self.order.first
        assert on is not None  # money was set aside from a day on
        held = Held(what, uuid5(ORDER, str(len(self.said))), on, pence, recorded, owed=what is HeldKind.CLAIM, since=on)
        self.do(take(self.books, self.order, held))

    def roll(self) -> None:
        """As the timer does, on the last day that money is set aside for."""
        order = self.order
        assert order.last is not None
        if order.until == order.last:
            self.do(go_on(self.books, order, self.funding))
        else:
            period = commitment_period(order.last + timedelta(days=1), order.until)
            longer = replace(order, first=period.first, last=period.last)
            self.do(seek_funds(self.books, longer, self.funding))

    def step(self, way: str) -> None:
        steps: dict[str, Callable[[], None]] = {
            "visit": lambda: self.post(HeldKind.VISIT, self.hourly),
            "dear visit": lambda: self.post(HeldKind.VISIT, 1_000_000),
            "claim": lambda: self.post(HeldKind.CLAIM, 2 * self.hourly, self.hourly),
            "less": lambda: self.post(HeldKind.CLAIM, 0, min(self.hourly, self._delivered)),
            "roll": self.roll,
        }
        steps[way]()

    @property
    def _delivered(self) -> int:
        assert self.order.first is not None
        return sum(one.delivered for one in self.books.positions(ORDER) if one.year <= self.order.first)

    def holds(self) -> None:
        for purse in self.books.purses():
            assert purse.allocated == purse.committed + purse.delivered + purse.paid
            assert purse.contribution == purse.disputed == purse.available == 0
            assert purse.balances.difference == 0


@given(days, st.integers(0, 60), visits_a_week, prices, ways)
def test_it_has_what_is_set_aside_and_delivered_and_nobody_disputes_it(
    first: date, length: int, visits: tuple[tuple[int, int], ...], hourly: int, steps: list[str]
) -> None:
    kept = Kept(first, length, visits, hourly)
    kept.holds()
    for way in steps:
        kept.step(way)
        kept.holds()
    assert {type(fact) for fact in kept.said} == {FundsCommitted}


@given(days, st.integers(0, 60), visits_a_week, prices, st.integers(0, 10), st.integers(-5, 80))
def test_once_it_is_over_the_days_it_ran_are_set_aside_and_no_other(
    first: date, length: int, visits: tuple[tuple[int, int], ...], hourly: int, rolls: int, ran: int
) -> None:
    """However often it went on; of a day no money was sought for yet nothing is."""
    kept = Kept(first, length, visits, hourly)
    for _ in range(rolls):
        kept.roll()
    assert kept.order.last is not None
    last_day = min(max(first, first + timedelta(days=ran)), kept.order.last)
    kept.do(release(kept.books, kept.order, last_day))
    keep_nothing_free(kept.books, kept.funding)
    kept.holds()
    committed = sum(purse.committed for purse in kept.books.purses())
    assert committed == visits_pence(visits, hourly, Period(first=first, last=last_day))


@given(days, visits_a_week, prices, st.integers(1, 10))
def test_each_time_a_week_more_is_set_aside_and_no_day_twice_or_not_at_all(
    first: date, visits: tuple[tuple[int, int], ...], hourly: int, rolls: int
) -> None:
    kept = Kept(first, 0, visits, hourly)
    for _ in range(rolls):
        kept.roll()
    periods = [fact.period for fact in kept.said if isinstance(fact, FundsCommitted)]
    assert periods[0].first == first
    for before, after in pairwise(periods):
        assert after.first == before.last + timedelta(days=1)
        longest = (after.last - after.first).days + 1
        assert longest <= GOES_ON_DAYS
        cut = [one.last for one in (before, after) if one.last == financial_year_end(one.last)]
        assert longest == GOES_ON_DAYS or cut
    assert sum(fact.pence for fact in kept.said if isinstance(fact, FundsCommitted)) == visits_pence(
        visits, hourly, Period(first=first, last=periods[-1].last)
    )
