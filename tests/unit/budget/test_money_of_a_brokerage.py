"""Do our sums come out as a council's own brokerage had them? Cases published with Hackney's code (PEERS.md (b1), (b2))."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.budget.rules import ledger
from services.budget.rules.commitments import commitment_pence, commitment_period, unneeded_pence, year_money
from services.budget.rules.payments import payment_pence, payment_period
from shared.contracts.base import Period
from shared.money import price_of, weekly_over, yearly

WEEK = 70_000
DECEMBER = date(2022, 12, 1)
BUDGET, YEAR = UUID(int=1), date(2022, 4, 1)


def day(number: int) -> date:
    return date(2022, 12, number)


# ── lbh-asc-brokerage-api, real-world acceptance cases ────────────────────────────────────────────────────────────
def test_hackney_b1_two_carers_a_week_and_a_year() -> None:
    """PEERS (b1) cases 1 and 2: £344.40 and £212.10 a week, £556.50 together, £28,938.00 a year of 52 weeks."""
    assert 34_440 + 21_210 == 55_650
    assert yearly(55_650) == 2_893_800
    assert weekly_over(55_650, DECEMBER, DECEMBER + timedelta(days=52 * 7 - 1)) == 2_893_800


def test_hackney_b1_a_day_s_calls_at_their_average_price_are_rounded_once() -> None:
    """PEERS (b1) case 1: 60, 30, 30 and 45 minutes cost £49.20 a day, £17.89 an hour; call by call it would be a penny more."""
    calls = (60, 30, 30, 45)
    assert price_of(sum(calls), 1_789) == 4_920
    assert sum(price_of(each, 1_789) for each in calls) == 4_921


def test_hackney_b1_replacing_support_ends_the_old_order_the_day_before() -> None:
    """PEERS (b1) case 10, on approve: the parent ends on the child's start less one day: no day is set aside for twice."""
    whole = commitment_period(day(1))
    old = commitment_pence(WEEK, whole) - unneeded_pence(WEEK, whole, day(8) - timedelta(days=1))
    new = commitment_pence(40_000, commitment_period(day(8)))
    assert old == WEEK
    assert new == weekly_over(40_000, day(8), date(2023, 3, 31))


def test_hackney_b1_what_the_person_pays_never_changes_what_the_supplier_is_paid() -> None:
    """PEERS (b1) case 6: a charge the council collects is cost +1, payment 0: gross is the council's part and the person's."""
    gross = year_money(WEEK, 0, [WEEK], day(1))
    net = year_money(WEEK, 8_490, [WEEK], day(1))
    assert gross.council_pence == net.council_pence + net.person_pence
    assert net.person_pence == weekly_over(8_490, day(1), date(2023, 3, 31))
    purse = ledger.Purse(BUDGET, YEAR).post(ledger.allocate(net.council_pence, net.person_pence))
    assert purse.available == purse.funded == gross.council_pence


def test_hackney_b1_a_clawback_of_a_direct_payment_lowers_what_was_paid_and_costs_nothing() -> None:
    """PEERS (b1) case 6: direct-payment clawback is cost 0, payment −1."""
    position = ledger.Position(committed=WEEK).post(ledger.pay_out(ledger.Position(committed=WEEK), WEEK))
    after = position.post(ledger.give_back(position, 20_000))
    assert (after.paid, after.returned) == (WEEK - 20_000, 20_000)
    assert (after.committed, after.delivered, after.disputed) == (0, 0, 0)


def test_hackney_b2_a_refund_is_what_was_paid_less_what_the_next_version_comes_to() -> None:
    """PEERS (b2), by version: paid £700.00, then found to be £600.00 and £550.00; net of both refunds the £550.00 stay paid."""
    position = ledger.Position(paid=WEEK)
    for back in (10_000, 5_000):
        position = position.post(ledger.owe_back(position, back))
    assert (position.paid, position.owed_back) == (55_000, 15_000)
    position = position.post(ledger.receive_back(position, 15_000))
    assert (position.paid, position.owed_back, position.returned) == (55_000, 0, 15_000)


def test_hackney_b2_gross_is_what_was_paid_net_is_what_stays_paid_and_the_signs_sum_to_nothing() -> None:
    """PEERS (b1) case 6, (b2): a refund is cost 0, payment −1; every journal of it sums to zero."""
    position, journals = ledger.Position(committed=WEEK), []
    for make in (
        lambda one: ledger.deliver(one, WEEK),
        lambda one: ledger.pay(one, WEEK),
        lambda one: ledger.owe_back(one, 20_000),
        lambda one: ledger.receive_back(one, 20_000),
    ):
        journals.append(make(position))
        position = position.post(journals[-1])
    assert [sum(entry.pence for entry in journal.entries) for journal in journals] == [0, 0, 0, 0]
    assert position.paid + position.returned == WEEK


# ── lbh-adult-social-care-api, acceptance pack: £700 a week in December 2022 ──────────────────────────────────────
@pytest.mark.parametrize(
    ("first", "last", "pence"),
    [
        (day(1), day(3), 30_000),
        (day(4), day(4), 10_000),
        (day(1), date(2022, 12, 31), 310_000),
    ],
)
def test_hackney_b2_days_are_paid_by_the_day_both_included(first: date, last: date, pence: int) -> None:
    """PEERS (b2): to 3 Dec £300.00, then 4 Dec alone £100.00; 31 days (4 weeks 3 days) £3,100.00."""
    assert weekly_over(WEEK, first, last) == pence


def test_hackney_b2_a_second_run_for_the_same_days_pays_nothing() -> None:
    """PEERS (b2): to 31 Dec twice, the second makes nothing: the next period begins after the last one that was paid."""
    paid = payment_period(day(1), day(31))
    assert paid is not None
    rest = payment_period(paid.last + timedelta(days=1), day(31))
    assert rest == Period(first=day(29), last=day(31))
    assert payment_period(rest.last + timedelta(days=1), day(31)) is None
    assert payment_pence(WEEK, paid, 10**9) + payment_pence(WEEK, rest, 10**9) == 310_000


@pytest.mark.parametrize(
    ("accepted", "refund"),
    [
        (weekly_over(40_000, day(1), day(7)), 30_000),
        (weekly_over(WEEK, day(2), day(7)), 10_000),
        (weekly_over(WEEK, day(1), day(5)), 20_000),
    ],
    ids=["the price becomes 400", "it starts on 2 December", "it ends on 5 December"],
)
def test_hackney_b2_a_later_version_leaves_the_difference_to_one_side(accepted: int, refund: int) -> None:
    """PEERS (b2): of a week that was recorded at £700.00, −£300.00, −£100.00 and −£200.00 go back to what is set aside."""
    before = ledger.Position(committed=WEEK)
    recorded = before.post(ledger.deliver(before, WEEK))
    after = recorded.post(ledger.adjust_to_claim(recorded, WEEK, accepted))
    assert (after.delivered, after.committed, after.disputed) == (WEEK - refund, refund, 0)


def test_hackney_b2_a_day_more_than_was_recorded_is_owed_as_well() -> None:
    """PEERS (b2): the start becomes 30 Nov after 1-7 was paid: +£100.00; beyond what is set aside it is disputed, not lost."""
    held = ledger.Position(delivered=WEEK)
    after = held.post(ledger.adjust_to_claim(held, WEEK, weekly_over(WEEK, date(2022, 11, 30), day(7))))
    assert (after.delivered, after.disputed) == (80_000, 10_000)


def test_hackney_b2_more_cannot_come_back_than_was_paid_out() -> None:
    """PEERS (b2): reclaims of £2,500 on a core cost of £1,000 are refused."""
    with pytest.raises(ledger.MoreThanHeld):
        ledger.give_back(ledger.Position(paid=100_000), 250_000)
