"""The ledger balances whatever happens: each verb by example, and any order of verbs by property."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.budget.rules.ledger import (
    Account,
    BalanceBelowZero,
    Entry,
    Journal,
    JournalNotBalanced,
    MoreThanHeld,
    Position,
    Purse,
    Short,
    account_for,
    account_less,
    adjust_to_claim,
    allocate,
    commit_funds,
    cover,
    deliver,
    give_back,
    owe_back,
    pay,
    pay_out,
    raise_allocation,
    receive_back,
    recharge,
    release,
    reserve,
    settle_inhouse,
)

Posting = Callable[[Purse, Position], Journal | Short]

EMPTY = Purse(UUID(int=1), date(2026, 4, 1))
FUNDED = EMPTY.post(allocate(43229, 6771))


def committing(pence: int) -> Posting:
    return lambda purse, _: commit_funds(purse, pence)


def delivering(pence: int) -> Posting:
    return lambda _, position: deliver(position, pence)


def after(*verbs: Posting) -> tuple[Purse, Position]:
    """A purse of 500.00 and one order's position after the verbs, each given both as they then stand."""
    purse, position = FUNDED, Position()
    for verb in verbs:
        journal = verb(purse, position)
        assert isinstance(journal, Journal)
        purse, position = purse.post(journal), position.post(journal)
    return purse, position


def test_an_allocation_is_the_council_s_part_and_the_person_s_and_all_of_it_is_available() -> None:
    assert (FUNDED.allocated, FUNDED.contribution, FUNDED.available, FUNDED.funded) == (43229, 6771, 50000, 50000)


def test_committing_takes_from_what_is_available() -> None:
    purse, position = after(committing(20000))
    assert (purse.available, purse.committed, position.committed) == (30000, 20000, 20000)


def test_committing_more_than_is_available_says_by_how_much_it_is_short() -> None:
    assert commit_funds(FUNDED, 50001) == Short(1)
    assert isinstance(commit_funds(FUNDED, 50000), Journal)


def test_raising_the_allocation_makes_room() -> None:
    raised = FUNDED.post(raise_allocation(1))
    assert raised.allocated == 43230
    assert isinstance(commit_funds(raised, 50001), Journal)


def test_releasing_gives_back_what_was_set_aside_and_no_more() -> None:
    purse, position = after(committing(20000), lambda _, position: release(position, 5000))
    assert (purse.available, position.committed) == (35000, 15000)
    with pytest.raises(MoreThanHeld):
        release(position, 15001)


def test_a_visit_within_the_commitment_is_delivered_out_of_it() -> None:
    purse, _ = after(committing(20000), delivering(6000))
    assert (purse.committed, purse.delivered, purse.disputed) == (14000, 6000, 0)


def test_what_is_delivered_beyond_the_commitment_is_posted_as_disputed_never_refused() -> None:
    purse, position = after(committing(5000), delivering(6000))
    assert (purse.available, purse.committed, purse.delivered, purse.disputed) == (45000, 0, 6000, 1000)
    assert position == Position(committed=0, delivered=6000, disputed=1000)


def test_an_order_s_excess_never_draws_on_another_order_s_commitment() -> None:
    purse, _ = after(committing(20000))
    purse = purse.post(deliver(Position(), 6000))
    assert (purse.committed, purse.disputed) == (20000, 6000)


def test_a_commitment_that_comes_after_the_visit_covers_it() -> None:
    purse, position = after(delivering(6000), committing(20000), lambda _, position: cover(position))
    assert (purse.committed, purse.delivered, purse.disputed) == (14000, 6000, 0)
    assert position == Position(committed=14000, delivered=6000)


def test_a_claim_accepted_above_the_record_is_delivered_further() -> None:
    purse, _ = after(committing(7000), delivering(6000), lambda _, position: adjust_to_claim(position, 6000, 7500))
    assert (purse.committed, purse.delivered, purse.disputed) == (0, 7500, 500)


def test_a_claim_accepted_below_the_record_clears_the_dispute_first_then_returns_to_the_commitment() -> None:
    purse, _ = after(committing(5000), delivering(6000), lambda _, position: adjust_to_claim(position, 6000, 4500))
    assert (purse.committed, purse.delivered, purse.disputed) == (500, 4500, 0)


def test_a_claim_as_recorded_posts_nothing() -> None:
    assert adjust_to_claim(Position(delivered=6000), 6000, 6000).entries == ()


def test_paying_takes_what_was_delivered_and_no_more() -> None:
    purse, position = after(committing(20000), delivering(6000), lambda _, position: pay(position, 6000))
    assert (purse.delivered, purse.paid, position.paid) == (0, 6000, 6000)
    with pytest.raises(MoreThanHeld):
        pay(position, 1)


def test_what_was_paid_is_accounted_for_or_comes_back() -> None:
    purse, position = after(
        committing(6000),
        lambda _, position: pay_out(position, 6000),
        lambda _, position: account_for(position, 5500),
        lambda _, position: give_back(position, 500),
        lambda purse, _: reserve(purse, 4000),
    )
    assert (purse.paid, purse.accounted_for, purse.returned, purse.reserved) == (0, 5500, 500, 4000)
    assert reserve(purse, 40001) == Short(1)
    assert (position.paid, position.accounted_for, position.returned) == (0, 5500, 500)
    with pytest.raises(MoreThanHeld):
        give_back(position, 1)


def test_money_goes_out_ahead_of_delivery_only_from_what_is_set_aside() -> None:
    purse, position = after(committing(6000), lambda _, position: pay_out(position, 4000))
    assert (purse.committed, purse.paid, position.committed) == (2000, 4000, 2000)
    with pytest.raises(MoreThanHeld):
        pay_out(position, 2001)


def test_what_a_return_shows_beyond_what_was_paid_out_is_disputed_never_refused() -> None:
    purse, position = after(
        committing(6000), lambda _, position: pay_out(position, 4000), lambda _, position: account_for(position, 4700)
    )
    assert (purse.paid, purse.accounted_for, purse.disputed, purse.committed) == (0, 4700, 700, 2000)
    assert position.disputed == 700


def test_no_more_is_owed_back_than_was_paid_and_no_more_comes_back_than_is_owed() -> None:
    """PEERS (b2), refunds by version: the detail after payment is worth less, the difference is a refund."""
    with pytest.raises(MoreThanHeld):
        owe_back(Position(paid=900), 901)
    with pytest.raises(MoreThanHeld):
        receive_back(Position(owed_back=900), 901)
    with pytest.raises(MoreThanHeld):
        account_less(Position(accounted_for=900), 901)


def test_an_internal_recharge_moves_money_as_a_payment_does_and_is_marked() -> None:
    paid, recharged = pay(Position(delivered=900), 900), recharge(Position(delivered=900), 900)
    assert (recharged.verb, recharged.entries) == ("recharge", paid.entries)


def test_a_one_off_purchase_of_the_council_s_own_service_is_settled_by_paying_out_less() -> None:
    """RULES §9 case 20."""
    purse, position = after(committing(6000), lambda _, position: settle_inhouse(position, 1500))
    assert (purse.accounted_for, position.committed) == (1500, 4500)
    with pytest.raises(MoreThanHeld):
        settle_inhouse(position, 4501)


def test_a_journal_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(JournalNotBalanced):
        Journal("conjure", (Entry(Account.AVAILABLE, 1),))


def test_a_posting_below_zero_is_refused_whole() -> None:
    journal = commit_funds(FUNDED, 10)
    assert isinstance(journal, Journal)
    with pytest.raises(BalanceBelowZero) as refused:
        EMPTY.post(journal)
    assert refused.value.account == Account.AVAILABLE


NEGATIVE: dict[str, Callable[[], Any]] = {
    "allocate": lambda: allocate(-1, 1),
    "raise": lambda: raise_allocation(1, -1),
    "commit": lambda: commit_funds(FUNDED, -1),
    "reserve": lambda: reserve(FUNDED, -1),
    "release": lambda: release(Position(committed=5), -1),
    "deliver": lambda: deliver(Position(), -1),
    "pay": lambda: pay(Position(delivered=5), -1),
    "pay_out": lambda: pay_out(Position(committed=5), -1),
    "account_for": lambda: account_for(Position(paid=5), -1),
    "give_back": lambda: give_back(Position(paid=5), -1),
    "owe_back": lambda: owe_back(Position(paid=5), -1),
    "receive_back": lambda: receive_back(Position(owed_back=5), -1),
    "account_less": lambda: account_less(Position(accounted_for=5), -1),
}


@pytest.mark.parametrize("verb", NEGATIVE.values(), ids=NEGATIVE.keys())
def test_no_verb_takes_a_negative_sum(verb: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="below zero"):
        verb()


POSTINGS: dict[str, Callable[[Purse, Position, int, int], Journal | Short]] = {
    "raise_allocation": lambda purse, at, one, other: raise_allocation(one, other),
    "commit": lambda purse, at, one, other: commit_funds(purse, one),
    "release": lambda purse, at, one, other: release(at, one),
    "deliver": lambda purse, at, one, other: deliver(at, one),
    "cover": lambda purse, at, one, other: cover(at),
    "adjust_to_claim": lambda purse, at, one, other: adjust_to_claim(at, one, other),
    "pay": lambda purse, at, one, other: pay(at, one),
    "recharge": lambda purse, at, one, other: recharge(at, one),
    "pay_out": lambda purse, at, one, other: pay_out(at, one),
    "settle_inhouse": lambda purse, at, one, other: settle_inhouse(at, one),
    "account_for": lambda purse, at, one, other: account_for(at, one),
    "reserve": lambda purse, at, one, other: reserve(purse, one),
    "give_back": lambda purse, at, one, other: give_back(at, one),
    "owe_back": lambda purse, at, one, other: owe_back(at, one),
    "owe_back_accounted": lambda purse, at, one, other: owe_back(at, one, Account.ACCOUNTED_FOR),
    "receive_back": lambda purse, at, one, other: receive_back(at, one),
    "account_less": lambda purse, at, one, other: account_less(at, one),
}
OF_THE_PURSE = {"raise_allocation", "reserve"}
"""What concerns the budget as a whole, and no order."""
PENCE = st.integers(0, 30000)
COMMANDS = st.lists(st.tuples(st.sampled_from(sorted(POSTINGS)), st.integers(0, 2), PENCE, PENCE), max_size=40)


@given(COMMANDS)
def test_whatever_happens_the_ledger_balances_and_commitments_stay_within_the_allocation(
    commands: list[tuple[str, int, int, int]],
) -> None:
    obey(commands)


MANY = int(os.environ.get("CARE_LEDGER_COMMANDS", "100000"))
"""10^6 in the long form: CARE_LEDGER_COMMANDS=1000000."""
AT_A_TIME, RUNS = MANY // 100, 100


@settings(max_examples=RUNS, deadline=None, database=None)
@given(st.integers(0, 2**64))
def test_a_hundred_thousand_commands_leave_the_ledger_balanced(seed: int) -> None:
    """Long lives of one purse: Hypothesis draws the seed, and shrinks to it; the same seed gives the same life."""
    lots = random.Random(seed)
    verbs = sorted(POSTINGS)
    posted = obey(
        (lots.choice(verbs), lots.randrange(3), lots.randint(0, 30000), lots.randint(0, 30000))
        for _ in range(AT_A_TIME)
    )
    assert posted > AT_A_TIME / 10


def obey(commands: Iterable[tuple[str, int, int, int]]) -> int:
    """Do all of them to one funded purse and three orders, the books looked at after each; gives how many were posted."""
    purse, orders, posted = FUNDED, [Position(), Position(), Position()], 0
    for verb, which, one, other in commands:
        try:
            journal = POSTINGS[verb](purse, orders[which], one, other)
        except MoreThanHeld:
            continue
        if isinstance(journal, Journal):
            posted += 1
            purse = purse.post(journal)
            orders[which] = orders[which] if verb in OF_THE_PURSE else orders[which].post(journal)
        holds(purse, orders)
    return posted


def holds(purse: Purse, orders: list[Position]) -> None:
    assert purse.difference == 0
    assert min(getattr(purse, account.value) for account in Account) >= 0
    assert purse.available + purse.committed <= purse.funded
    for account in ("committed", "delivered", "disputed", "paid", "accounted_for", "returned", "owed_back"):
        assert sum(getattr(order, account) for order in orders) == getattr(purse, account)
