"""Which capital counts besides what a person has in hand: a home, and what they are treated as still having?

Sources: RULES §3.1, §3.7, §9 cases 11 and 12. A home is left out for who lives in it. Against any other a charge may be
deferred, up to the equity limit: nine tenths of its value, less the lower limit and charges that go before, as
Gloucestershire publishes it; nearing that, it is looked at again. Notional capital shrinks week by week by what is paid
because of it. Nobody here has read the annexes of the statutory guidance, so every step says that it is unverified. All sums
are pence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.budget.rules.policies import InForce
from shared.explain import Source, Step, because

EQUITY_PERCENT = 90
"""Of a home's value: the rest is kept for what selling costs (RULES §3.7, Gloucestershire's published policy)."""
WARN_PERCENT = 70
"""Of the equity limit: there a deferred payment is looked at again (RULES §3.7)."""
HOME = Source("Care and support statutory guidance, Annex B: not read in the original (RULES §3.1)", verified=False)
DEFERRED = Source(
    "Deferred payments, as Gloucestershire publishes them; the guidance was not read in the original (RULES §3.7)",
    verified=False,
)
DEPRIVED = Source("Care and support statutory guidance, Annex E: not read in the original (RULES §3.7)", verified=False)
DAYS_A_WEEK = 7


class HomeIs(StrEnum):
    """Why a home is left out of capital, or that it is not (RULES §3.1): who lives in it, the first twelve weeks of a move into
    a care home, whoever else lives there whom the rules protect."""

    LIVED_IN = "lived_in"
    TWELVE_WEEKS = "twelve_weeks"
    SOMEBODY_ELSE_LIVES_THERE = "somebody_else_lives_there"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Home:
    """A home of the person's: its value, charges that go before the council's, and what is deferred against it so far, where
    the person and the council agreed to that."""

    value_pence: int
    standing: HomeIs
    before_pence: int = 0
    deferred_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Notional:
    """Capital that a person is treated as still having, from a day on: they gave it away to pay less."""

    pence: int
    since: date


@dataclass(frozen=True, slots=True)
class Equity:
    """How much may be deferred against a home, how much is, and whether it is time to look at it again."""

    limit_pence: int
    deferred_pence: int
    near: bool

    @property
    def left_pence(self) -> int:
        return max(self.limit_pence - self.deferred_pence, 0)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Notional capital on a day: what is left of it after whole weeks, and what it falls by in the next one."""

    left_pence: int
    weeks: int
    falls_pence: int


def equity_limit(home_pence: int, charges_before_pence: int, policy: InForce) -> int:
    """How much may be deferred against a home: 90 % of its value, less the lower limit and charges that go before
    (RULES §3.7, §9 case 11)."""
    lower = int(policy.row("capital_lower").figure)
    return max(home_pence * EQUITY_PERCENT // 100 - lower - charges_before_pence, 0)


def nears_the_limit(deferred_pence: int, limit_pence: int) -> bool:
    """From 70 % of the limit on."""
    return deferred_pence * 100 >= limit_pence * WARN_PERCENT


def equity_of(home: Home | None, policy: InForce) -> Equity | None:
    """Where a payment is deferred against a home that counts."""
    if home is None or home.deferred_pence is None or home.standing is not HomeIs.COUNTED:
        return None
    limit = equity_limit(home.value_pence, home.before_pence, policy)
    return Equity(limit, home.deferred_pence, nears_the_limit(home.deferred_pence, limit))


def worth(home: Home | None) -> int:
    """What of a home is capital: nothing where it is left out, else its value less what selling costs and what goes before."""
    if home is None or home.standing is not HomeIs.COUNTED:
        return 0
    return max(home.value_pence * EQUITY_PERCENT // 100 - home.before_pence, 0)


def notional_left(notional_pence: int, pays_pence: int, would_pay_pence: int, weeks: int) -> int:
    """Capital a person is treated as having shrinks each week by what they pay above what they would without it
    (RULES §3.7, §9 case 12)."""
    return max(notional_pence - max(pays_pence - would_pay_pence, 0) * weeks, 0)


def shrunk(notional: Notional, has_pence: int, on: date, pays: Callable[[int], int]) -> Shrunk:
    """Week by week, for what is paid falls with it. `pays` gives a week's charge for so much capital, `has_pence` is what there
    really is. A day before it began counts no week."""
    left, would = notional.pence, pays(has_pence)
    weeks = max((on - notional.since).days, 0) // DAYS_A_WEEK
    for _ in range(weeks):
        after = notional_left(left, pays(has_pence + left), would, 1)
        if after == left:
            break
        left = after
    return Shrunk(left, weeks, left - notional_left(left, pays(has_pence + left), would, 1))


# ── in words ──────────────────────────────────────────────────────────────────────────────────────────────────────
def home_steps(home: Home | None, policy: InForce) -> Iterator[Step]:
    """Whether it counts, how much may be deferred against it, and a warning near that. They change no figure by themselves."""
    if home is None:
        return
    if home.standing is not HomeIs.COUNTED:
        yield Step("CAPITAL-1", because("home_left_out", reason=home.standing.value), 0, HOME)
        return
    yield Step("CAPITAL-2", because("home_counts", counted_pence=worth(home), percent=EQUITY_PERCENT), 0, HOME)
    found = equity_of(home, policy)
    if found is not None:
        limit = because("equity_limit", limit_pence=found.limit_pence, deferred_pence=found.deferred_pence)
        yield Step("CAPITAL-3", limit, 0, DEFERRED)
        if found.near:
            warning = because("near_the_equity_limit", left_pence=found.left_pence, percent=WARN_PERCENT)
            yield Step("CAPITAL-4", warning, 0, DEFERRED)


def notional_steps(notional: Notional, found: Shrunk) -> Iterator[Step]:
    """What is left of it, and what it will fall by. They change no figure by themselves: the capital that counts does."""
    said = because("notional_capital", left_pence=found.left_pence, began_pence=notional.pence, weeks=found.weeks)
    yield Step("CAPITAL-5", said, 0, DEPRIVED)
    if found.falls_pence:
        yield Step("CAPITAL-6", because("notional_falls", weekly_pence=found.falls_pence), 0, DEPRIVED)
