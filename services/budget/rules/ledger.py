"""Where is the money? A double-entry ledger, in pence, for each budget and financial year.

Source: DOMAIN.md, Ledger. What funds a budget (allocated, contribution) and what is owed beyond it (disputed) are
credits; where the money stands (available, committed, delivered, …) are debits. Every journal sums to zero, no balance
ever falls below zero, so commitments can never exceed what is allocated. What was delivered beyond a commitment is a
fact: it is posted and becomes a disputed liability, never refused.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Account(StrEnum):
    ALLOCATED = "allocated"
    CONTRIBUTION = "contribution"
    AVAILABLE = "available"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    PAID = "paid"
    ACCOUNTED_FOR = "accounted_for"
    RESERVED = "reserved"
    RETURNED = "returned"
    OWED_BACK = "owed_back"


CREDITS = frozenset({Account.ALLOCATED, Account.CONTRIBUTION, Account.DISPUTED})
"""Accounts that say where money comes from: their balance grows with negative entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting: debits are positive, credits negative, in pence."""

    account: Account
    pence: int


class JournalNotBalanced(Exception):
    """The entries of a journal do not sum to zero: a mistake in a constructor, never in the data."""


class BalanceBelowZero(Exception):
    """Posting would take an account below zero; nothing was posted."""

    def __init__(self, account: Account, pence: int) -> None:
        super().__init__(f"{account.value} would be {pence}")
        self.account, self.pence = account, pence


class MoreThanHeld(Exception):
    """The verb takes more than the order or the budget holds for it."""

    def __init__(self, verb: str, asked_pence: int, held_pence: int) -> None:
        super().__init__(f"{verb}: {asked_pence} asked, {held_pence} held")
        self.verb, self.asked_pence, self.held_pence = verb, asked_pence, held_pence


@dataclass(frozen=True, slots=True)
class Journal:
    """What one verb posts. Entries of zero are left out."""

    verb: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        if sum(entry.pence for entry in self.entries):
            raise JournalNotBalanced(self.verb)


@dataclass(frozen=True, slots=True)
class Short:
    """Not enough is available. A normal answer, not an error: a re-costing opens, for a budget is not a cap."""

    short_pence: int


@dataclass(frozen=True, slots=True)
class Purse:
    """The balances of one budget in the financial year that began on `year`. Every balance is 0 or more."""

    budget_id: UUID
    year: date
    allocated: int = 0
    contribution: int = 0
    available: int = 0
    committed: int = 0
    delivered: int = 0
    disputed: int = 0
    paid: int = 0
    accounted_for: int = 0
    reserved: int = 0
    returned: int = 0
    owed_back: int = 0

    def post(self, journal: Journal) -> Self:
        return replace(self, **balances_after(self, journal))

    @property
    def funded(self) -> int:
        return self.allocated + self.contribution

    @property
    def difference(self) -> int:
        """Debits less credits: always 0."""
        return sum((-1 if account in CREDITS else 1) * int(getattr(self, account.value)) for account in Account)


@dataclass(frozen=True, slots=True)
class Position:
    """One order's part of a purse: what is set aside for it, delivered and unpaid, disputed, paid and not yet accounted
    for, accounted for, given back, and what its supplier owes back."""

    committed: int = 0
    delivered: int = 0
    disputed: int = 0
    paid: int = 0
    accounted_for: int = 0
    returned: int = 0
    owed_back: int = 0

    def post(self, journal: Journal) -> Self:
        return replace(self, **balances_after(self, journal))


def allocate(council_pence: int, person_pence: int) -> Journal:
    """The year's money: the council's part and the person's contribution become available (Care Act s.26)."""
    return _allocation("allocate", council_pence, person_pence)


def raise_allocation(council_pence: int, person_pence: int = 0) -> Journal:
    """More money for the same year (DOMAIN.md: a budget is not a cap). Both parts are what is added."""
    return _allocation("raise_allocation", council_pence, person_pence)


def bring_to(purse: Purse, council_pence: int, person_pence: int) -> Journal | Short:
    """Change the year's money to these two figures; Short where that would take away what is no longer available."""
    council, person = council_pence - purse.allocated, person_pence - purse.contribution
    if council + person + purse.available < 0:
        return Short(-(council + person + purse.available))
    return _journal(
        "bring_to",
        (Account.AVAILABLE, council + person),
        (Account.ALLOCATED, -council),
        (Account.CONTRIBUTION, -person),
    )


def bring_towards(purse: Purse, council_pence: int, person_pence: int) -> Journal:
    """As `bring_to`, as far as it goes: what is set aside or spent stays in the council's part (DOMAIN.md, Ledger)."""
    journal = bring_to(purse, council_pence, person_pence)
    if isinstance(journal, Journal):
        return journal
    reached = bring_to(purse, council_pence + journal.short_pence, person_pence)
    assert isinstance(reached, Journal)  # no less than is free is taken away
    return reached


def commit_funds(purse: Purse, pence: int) -> Journal | Short:
    """Set money aside for an order, out of what is available; Short says by how much it is not there."""
    if pence > purse.available:
        return Short(pence - purse.available)
    return _move("commit", Account.AVAILABLE, Account.COMMITTED, pence)


def release(position: Position, pence: int) -> Journal:
    """What an order no longer needs becomes available again (DOMAIN.md, Ledger)."""
    _held("release", pence, position.committed)
    return _move("release", Account.COMMITTED, Account.AVAILABLE, pence)


def deliver(position: Position, pence: int) -> Journal:
    """A visit was made: from the order's commitment as far as it goes, beyond it disputed, never refused."""
    _not_negative("deliver", pence)
    covered = min(pence, position.committed)
    return _journal(
        "deliver",
        (Account.DELIVERED, pence),
        (Account.COMMITTED, -covered),
        (Account.DISPUTED, covered - pence),
    )


def cover(position: Position) -> Journal:
    """A commitment that came after the visits, or was raised since, takes over what was disputed (DOMAIN.md)."""
    pence = min(position.committed, position.disputed)
    return _journal("cover", (Account.COMMITTED, -pence), (Account.DISPUTED, pence))


def adjust_to_claim(position: Position, recorded_pence: int, accepted_pence: int) -> Journal:
    """The accepted claim replaces the record: more is delivered; less clears the dispute first, then the commitment."""
    more = accepted_pence - recorded_pence
    if more >= 0:
        return replace(deliver(position, more), verb="adjust_to_claim")
    _held("adjust_to_claim", -more, position.delivered)
    undisputed = min(-more, position.disputed)
    return _journal(
        "adjust_to_claim",
        (Account.DELIVERED, more),
        (Account.DISPUTED, undisputed),
        (Account.COMMITTED, -more - undisputed),
    )


def pay(position: Position, pence: int) -> Journal:
    """An accepted claim is owed and paid, whether or not the commitment covered it; never more than was delivered."""
    _held("pay", pence, position.delivered)
    return _move("pay", Account.DELIVERED, Account.PAID, pence)


def recharge(position: Position, pence: int) -> Journal:
    """As `pay`, for the council's own service: money moves between its own accounts (DOMAIN.md, Routes)."""
    return replace(pay(position, pence), verb="recharge")


def pay_out(position: Position, pence: int) -> Journal:
    """Money goes out ahead of delivery, out of what is set aside for the order (DOMAIN.md, Routes)."""
    _held("pay_out", pence, position.committed)
    return _move("pay_out", Account.COMMITTED, Account.PAID, pence)


def take_along(position: Position, pence: int) -> Journal:
    """Money paid out ahead for an order that is over is there for the one in its place: set aside again, to be carried."""
    _held("take_along", pence, position.paid)
    return _move("take_along", Account.PAID, Account.COMMITTED, pence)


def account_for(position: Position, pence: int, item: str | None = None) -> Journal:
    """A payroll return or statement shows what a payment was spent on (SI 2014/2871; DOMAIN.md, Routes): beyond what was
    paid out it is disputed, never refused. A return's own `item` is posted by itself, under its name."""
    _not_negative("account_for", pence)
    covered = min(pence, position.paid)
    return _journal(
        f"account_for_{item}" if item else "account_for",
        (Account.ACCOUNTED_FOR, pence),
        (Account.PAID, -covered),
        (Account.DISPUTED, covered - pence),
    )


def settle_inhouse(position: Position, pence: int) -> Journal:
    """A one-off purchase of the council's own service, settled by paying out that much less (RULES §2.4)."""
    _held("settle_inhouse", pence, position.committed)
    return _move("settle_inhouse", Account.COMMITTED, Account.ACCOUNTED_FOR, pence)


def reserve(purse: Purse, pence: int) -> Journal | Short:
    """Keep money for holiday, notice and redundancy before calling anything surplus (RULES §2.4)."""
    if pence > purse.available:
        return Short(pence - purse.available)
    return _move("reserve", Account.AVAILABLE, Account.RESERVED, pence)


def give_back(position: Position, pence: int) -> Journal:
    """A surplus of what was paid out comes back (RULES §2.4: no national number of weeks exists)."""
    _held("give_back", pence, position.paid)
    return _move("give_back", Account.PAID, Account.RETURNED, pence)


def owe_back(position: Position, pence: int, out_of: Account = Account.PAID) -> Journal:
    """A claim that was paid is too high: what was paid beyond it is its supplier's to give back. Out of what is accounted for
    where the claim itself was the account of it (ADR 18). Never more than was paid."""
    _held("owe_back", pence, getattr(position, out_of.value))
    return _move("owe_back", out_of, Account.OWED_BACK, pence)


def receive_back(position: Position, pence: int) -> Journal:
    """It came back. What had been paid beyond what was set aside is no liability any more; the rest is the council's again."""
    _held("receive_back", pence, position.owed_back)
    undisputed = min(pence, position.disputed)
    return _journal(
        "receive_back",
        (Account.OWED_BACK, -pence),
        (Account.DISPUTED, undisputed),
        (Account.RETURNED, pence - undisputed),
    )


def account_less(position: Position, pence: int) -> Journal:
    """A return or statement accounted for too much: that part is disputed no longer, or is in somebody's hands again."""
    _held("account_less", pence, position.accounted_for)
    undisputed = min(pence, position.disputed)
    return _journal(
        "account_less",
        (Account.ACCOUNTED_FOR, -pence),
        (Account.DISPUTED, undisputed),
        (Account.PAID, pence - undisputed),
    )


def _allocation(verb: str, council: int, person: int) -> Journal:
    _not_negative(verb, council)
    _not_negative(verb, person)
    return _journal(
        verb, (Account.AVAILABLE, council + person), (Account.ALLOCATED, -council), (Account.CONTRIBUTION, -person)
    )


def _move(verb: str, out_of: Account, into: Account, pence: int) -> Journal:
    _not_negative(verb, pence)
    return _journal(verb, (into, pence), (out_of, -pence))


def _journal(verb: str, *entries: tuple[Account, int]) -> Journal:
    return Journal(verb, tuple(Entry(account, pence) for account, pence in entries if pence))


def balances_after(balances: DataclassInstance, journal: Journal) -> dict[str, Any]:
    """The accounts that change, of whatever keeps some of them by name. Raises BalanceBelowZero."""
    kept = {field.name for field in fields(balances)}
    after: dict[str, int] = {}
    for entry in journal.entries:
        name = entry.account.value
        if name in kept:
            change = -entry.pence if entry.account in CREDITS else entry.pence
            after[name] = after.get(name, getattr(balances, name)) + change
    for name, pence in after.items():
        if pence < 0:
            raise BalanceBelowZero(Account(name), pence)
    return after


def _held(verb: str, asked: int, held: int) -> None:
    _not_negative(verb, asked)
    if asked > held:
        raise MoreThanHeld(verb, asked, held)


def _not_negative(verb: str, pence: int) -> None:
    if pence < 0:
        raise ValueError(f"{verb}: {pence} is below zero")
