"""How long and how much: to the end of the financial year, by the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.rules.commitments import (
    Funded,
    FundedLine,
    YearMoney,
    commitment_pence,
    commitment_period,
    money_of,
    superseded,
    visits_pence,
    year_money,
    years_from,
)
from shared.contracts.base import Period
from shared.money import financial_year_end, financial_year_start, weekly_over


def test_an_open_ended_order_commits_to_31_march() -> None:
    assert commitment_period(date(2026, 11, 23)) == Period(first=date(2026, 11, 23), last=date(2027, 3, 31))
    assert commitment_period(date(2027, 4, 1)).last == date(2028, 3, 31)


def test_an_order_that_ends_sooner_commits_to_its_end() -> None:
    assert commitment_period(date(2026, 11, 23), date(2026, 12, 6)).last == date(2026, 12, 6)
    assert commitment_period(date(2026, 11, 23), date(2027, 12, 6)).last == date(2027, 3, 31)


def test_two_weeks_cost_two_weeks() -> None:
    assert commitment_pence(98760, commitment_period(date(2026, 11, 23), date(2026, 12, 6))) == 197520


WEEK = ((0, 60), (0, 30), (3, 45))
"""Two visits on Mondays, one on Thursdays."""


@pytest.mark.parametrize(
    ("first", "last", "pence"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), 1900 + 950 + 1425),
        (date(2026, 11, 23), date(2026, 11, 23), 2850),  # a Monday: a cover of one day with most of the week's visits
        (date(2026, 11, 24), date(2026, 11, 25), 0),  # and of two days with none
        (date(2026, 11, 24), date(2026, 11, 23), 0),
    ],
)
def test_a_few_days_cost_what_their_visits_cost(first: date, last: date, pence: int) -> None:
    assert visits_pence(WEEK, 1900, Period(first=first, last=last)) == pence


@given(hourly=st.integers(0, 9000), days=st.integers(1, 92), kept=st.integers(-1, 99))
def test_what_days_cost_until_a_day_and_after_it_is_what_they_cost(hourly: int, days: int, kept: int) -> None:
    first = date(2026, 11, 23)
    period, last_day = Period(first=first, last=first + timedelta(days=days - 1)), first + timedelta(days=kept - 1)
    before = Period(first=first, last=min(last_day, period.last))
    after = visits_pence(WEEK, hourly, period, last_day)
    assert visits_pence(WEEK, hourly, before) + after == visits_pence(WEEK, hourly, period)


def test_a_year_s_money_is_split_between_the_council_and_the_person() -> None:
    assert year_money(50000, 6771, [50000], date(2027, 3, 18)) == YearMoney(86458, 13542)


@given(
    lines=st.lists(st.integers(0, 200000), min_size=1, max_size=9),
    spare=st.integers(0, 1000),
    person=st.integers(0, 10**6),
    start=st.dates(date(2026, 4, 1), date(2027, 3, 31)),
)
def test_a_plan_s_orders_always_fit_the_money_of_its_year(
    lines: list[int], spare: int, person: int, start: date
) -> None:
    money = year_money(sum(lines) + spare, person, lines, start)
    orders = sum(commitment_pence(line, commitment_period(start)) for line in lines)
    assert orders <= money.council_pence + money.person_pence
    assert min(money.council_pence, money.person_pence) >= 0


@st.composite
def employed(draw: st.DrawFn) -> list[tuple[int, int]]:
    """The wage of some jobs, and what employing adds to each."""
    return draw(st.lists(st.tuples(st.integers(0, 200000), st.integers(0, 60000)), min_size=1, max_size=6))


def in_jobs(wages: list[int], first: date) -> tuple[FundedLine, ...]:
    return tuple(FundedLine(uuid4(), wage, first, employed_minutes=600) for wage in wages)


@given(
    jobs=employed(),
    others=st.lists(st.integers(0, 200000), max_size=4),
    spare=st.integers(0, 100),
    start=st.dates(date(2026, 4, 1), date(2027, 3, 31)),
)
def test_wages_and_what_employing_adds_always_fit_the_money_of_their_year_however_they_are_rounded(
    jobs: list[tuple[int, int]], others: list[int], spare: int, start: date
) -> None:
    """DOMAIN.md, Ledger: each order is rounded by itself, and none is short of a penny for it; nor is much left over."""
    lines = (*in_jobs([wage for wage, _ in jobs], start), *(FundedLine(uuid4(), each, start) for each in others))
    weekly = sum(wage + adds for wage, adds in jobs) + sum(others) + spare
    money = money_of(Funded(weekly, 0, start, lines), financial_year_start(start)).council_pence
    period = commitment_period(start)
    rest = sum(commitment_pence(each, period) for each in others)
    at_once = sum(commitment_pence(wage + adds, period) for wage, adds in jobs)
    each_part = sum(commitment_pence(part, period) for job in jobs for part in job)
    assert max(at_once, each_part) + rest <= money
    assert money <= weekly_over(weekly, start, period.last) + len(lines) + len(jobs)


@given(
    kept=employed(),
    gone=employed(),
    new=employed(),
    start=st.dates(date(2026, 4, 1), date(2027, 3, 31)),
    after=st.integers(1, 200),
)
def test_jobs_that_go_on_end_and_begin_under_a_plan_agreed_anew_always_fit_too(
    kept: list[tuple[int, int]], gone: list[tuple[int, int]], new: list[tuple[int, int]], start: date, after: int
) -> None:
    end = financial_year_end(start)
    anew = min(start + timedelta(days=after), end)
    before = anew - timedelta(days=1)
    stays, ended = (in_jobs([wage for wage, _ in jobs], start) for jobs in (kept, gone))
    first = Funded(sum(map(sum, (*kept, *gone))), 0, start, (*stays, *ended))
    added = in_jobs([wage for wage, _ in new], anew)
    second = superseded(first, Funded(sum(map(sum, (*kept, *new))), 0, anew, (*stays, *added)), min(start, before))
    needed = sum(weekly_over(sum(job), start, end) for job in kept)
    needed += sum(weekly_over(sum(job), start, before) for job in gone)
    needed += sum(weekly_over(sum(job), anew, end) for job in new)
    assert needed <= money_of(second, financial_year_start(start)).council_pence


OTHER = st.lists(st.integers(0, 200000), min_size=1, max_size=5)


@given(
    kept=OTHER,
    gone=OTHER,
    new=OTHER,
    start=st.dates(date(2026, 4, 1), date(2027, 3, 31)),
    after=st.integers(0, 200),
)
def test_a_plan_agreed_anew_has_the_money_for_what_goes_on_what_ended_and_what_is_new(
    kept: list[int], gone: list[int], new: list[int], start: date, after: int
) -> None:
    """Each order is rounded once, as it was when its money was set aside: never a penny short (DOMAIN.md, Ledger)."""
    end = financial_year_end(start)
    anew = min(start + timedelta(days=after), end)
    lines = [FundedLine(uuid4(), each, start) for each in (*kept, *gone)]
    first = Funded(sum(kept) + sum(gone), 0, start, tuple(lines))
    stays = [replace(line, first=anew) for line in lines[: len(kept)]]
    added = [FundedLine(uuid4(), each, anew) for each in new]
    second = superseded(first, Funded(sum(kept) + sum(new), 0, anew, (*stays, *added)), start)
    money = money_of(second, financial_year_start(start))
    last = max(anew - timedelta(days=1), start)
    needed = sum(weekly_over(each, start, end) for each in kept)
    needed += sum(weekly_over(each, start, last) for each in gone) + sum(weekly_over(each, anew, end) for each in new)
    assert money.council_pence == needed


def test_a_plan_that_was_funded_once_has_the_same_money_either_way_it_is_counted() -> None:
    line = FundedLine(uuid4(), 50000, date(2027, 3, 18))
    funded = Funded(50000, 6771, date(2027, 3, 18), (line,))
    assert money_of(funded, date(2026, 4, 1)) == YearMoney(86458, 13542)
    assert money_of(funded, date(2027, 4, 1)).council_pence > money_of(funded, date(2026, 4, 1)).council_pence


def test_a_plan_agreed_for_the_next_year_changes_that_year_and_those_after_it() -> None:
    known = [date(2025, 4, 1), date(2026, 4, 1), date(2027, 4, 1)]
    assert years_from(date(2026, 11, 23), known) == (date(2026, 4, 1), date(2027, 4, 1))
    assert years_from(date(2028, 4, 2), known) == (date(2028, 4, 1),)
