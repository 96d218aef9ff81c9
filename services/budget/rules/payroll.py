"""What does a payroll return say employing cost, line by line, and does that agree with what was reckoned?

A return that says wages alone accounts for what employing adds in proportion, holiday left out (ADR 12). One that says what
National Insurance, pension and holiday came to accounts for each of them by itself; where one differs from what was
reckoned, the difference is said by a code. What it does not say still goes in proportion.

Source: RULES §4.2 (employer NI, pension, holiday), §2.4 (holiday is kept until it is taken).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.rules.employing import part_of
from shared.contracts.base import EmployingCost, EmployingItem, Reason
from shared.explain import Step, because
from shared.money import weekly_over

TOLERANCE_PENCE = 100
"""A payroll rounds each pay period and works by the tax year's weeks. A pound a line is our own operating threshold."""
NI, PENSION, HOLIDAY = EmployingItem.EMPLOYER_NI, EmployingItem.PENSION, EmployingItem.HOLIDAY
RULES_OF = {NI: ("EMPLOY-4", "EMPLOY-5"), PENSION: ("EMPLOY-6",)}
LOCAL = "EMPLOY-2"
"""The step that stands for all of it, where a council says one percentage."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Holiday pay that a return showed, in pence, and the last day of the return's period."""

    on: date
    pence: int


@dataclass(frozen=True, slots=True)
class Differing:
    """Where a return's own lines differ from what was reckoned."""

    claim_id: UUID
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What employing adds to one order, a week, as it was reckoned: its steps, the wage they come on top of, the part that is
    kept for holiday, since `first`. `taken` is what returns showed of that before."""

    steps: tuple[Step, ...]
    weekly_pence: int
    employing_pence: int
    holiday_pence: int
    first: date
    taken: tuple[Taken, ...] = ()

    def of(self, wages_pence: int, *rules: str) -> int:
        """What these steps come to for so much in wages, in proportion."""
        return part_of(wages_pence, sum(step.effect for step in self.steps if step.rule in rules), self.weekly_pence)

    def added(self, wages_pence: int) -> int:
        """All that employing adds to so much in wages, except holiday."""
        return part_of(wages_pence, self.employing_pence - self.holiday_pence, self.weekly_pence)

    @property
    def is_local(self) -> bool:
        return any(step.rule == LOCAL for step in self.steps)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a return accounts for, in pence: wages with all that it says nothing else of, and each of its own lines."""

    wages_pence: int
    lines: tuple[EmployingCost, ...] = ()
    differences: tuple[Reason, ...] = ()

    @property
    def pence(self) -> int:
        return self.wages_pence + sum(line.pence for line in self.lines)

    @property
    def holiday_pence(self) -> int:
        return sum(line.pence for line in self.lines if line.item is HOLIDAY)


def spend(wages_pence: int, lines: tuple[EmployingCost, ...], reckoned: Reckoned, last: date) -> Spent:
    """A return up to `last`, beside what was reckoned. Without lines: in proportion, as it always was."""
    rest = reckoned.added(wages_pence) - sum(_in_proportion(wages_pence, line, reckoned) for line in lines)
    return Spent(wages_pence + max(rest, 0), lines, tuple(differ(wages_pence, lines, reckoned, last)))


def _in_proportion(wages_pence: int, line: EmployingCost, reckoned: Reckoned) -> int:
    """What of the proportion the line stands for; of a council's one percentage, what it says itself."""
    if line.item is HOLIDAY:
        return 0
    return line.pence if reckoned.is_local else reckoned.of(wages_pence, *RULES_OF[line.item])


def differ(wages_pence: int, lines: tuple[EmployingCost, ...], reckoned: Reckoned, last: date) -> Iterator[Reason]:
    """Where a line and what was reckoned for it are more than TOLERANCE_PENCE apart."""
    said = {line.item: line.pence for line in lines}
    if reckoned.is_local:
        yield from _beyond_local(said.get(NI, 0) + said.get(PENSION, 0), reckoned.added(wages_pence))
    else:
        yield from _ni_and_pension(said, wages_pence, reckoned)
    kept = holiday_kept(reckoned, last)
    if said.get(HOLIDAY, 0) > kept + TOLERANCE_PENCE:
        yield because("holiday_beyond_reserve", said_pence=said[HOLIDAY], kept_pence=kept)


def _ni_and_pension(said: dict[EmployingItem, int], wages_pence: int, reckoned: Reckoned) -> Iterator[Reason]:
    ni, pension = (reckoned.of(wages_pence, *RULES_OF[item]) for item in (NI, PENSION))
    if NI in said and abs(said[NI] - ni) > TOLERANCE_PENCE:
        yield because("employer_ni_differs", said_pence=said[NI], reckoned_pence=ni)
    if PENSION in said and abs(said[PENSION] - pension) > TOLERANCE_PENCE:
        yield because("pension_differs", said_pence=said[PENSION], reckoned_pence=pension)


def _beyond_local(said_pence: int, reckoned_pence: int) -> Iterator[Reason]:
    if said_pence > reckoned_pence + TOLERANCE_PENCE:
        yield because("beyond_local_on_costs", said_pence=said_pence, reckoned_pence=reckoned_pence)


def holiday_kept(reckoned: Reckoned, last: date) -> int:
    """The reserve: what accrued since the first day, up to `last`, less what was taken; never below 0 (RULES §2.4, §4.2)."""
    accrued = weekly_over(reckoned.holiday_pence, reckoned.first, last)
    return max(accrued - taken_since(reckoned.taken, reckoned.first), 0)


def taken_since(taken: Iterable[Taken], first: date) -> int:
    """Holiday pay that returns showed from a day on."""
    return sum(each.pence for each in taken if each.on >= first)
