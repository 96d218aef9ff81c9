"""Does a plan hold together? Hours, prices, totals and days, all that is wrong at once.

Source: Care Act 2014 s.25 (what a plan must contain; from memory, unverified) and s.26 (the budget is the cost of
meeting the needs). The arithmetic itself is the contract's: shared/contracts/base.py, PlanLine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.assessment.rules.failures import Failure, NotSo
from shared.contracts.base import PlanLine, Slot
from shared.explain import because
from shared.money import price_of

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class ProposedPlan:
    """What is put on the table, as far as the rules look at it."""

    lines: tuple[PlanLine, ...]
    weekly_pence: int
    starts_on: date


class PlanInconsistent(NotSo):
    """The plan does not hold together."""

    title = "The plan does not hold together"


def check_plan(plan: ProposedPlan, today: date) -> tuple[Failure, ...]:
    """Everything that is wrong with the plan (Care Act ss.25, 26); empty when it holds together."""
    return tuple(failure for rule in RULES for failure in rule(plan, today))


def hold_together(plan: ProposedPlan, today: date) -> None:
    """Raise PlanInconsistent with everything check_plan finds (Care Act ss.25, 26)."""
    if failures := check_plan(plan, today):
        raise PlanInconsistent(failures)


def have_a_line(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """A plan says how needs will be met: at least one line (Care Act s.25)."""
    if not plan.lines:
        yield Failure("lines", "PLAN-1", because("no_lines"))


def start_today_or_later(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """A plan is made for what is to come (Care Act s.25)."""
    if plan.starts_on < today:
        yield Failure("starts_on", "PLAN-2", because("starts_in_the_past", days=(today - plan.starts_on).days))


def add_up_the_pattern(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """A line's hours are its planned visits, and there are some (PlanLine: pattern, weekly_minutes)."""
    for at, line in enumerate(plan.lines):
        visits = sum(slot.minutes for slot in line.pattern)
        if visits != line.weekly_minutes:
            reason = because("minutes_differ", line=at + 1, pattern_minutes=visits, weekly_minutes=line.weekly_minutes)
            yield Failure(f"lines[{at}].weekly_minutes", "PLAN-3", reason)
        if not visits:
            yield Failure(f"lines[{at}].pattern", "PLAN-4", because("no_visits", line=at + 1))


def price_each_line(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """A line costs its minutes at its hourly price, rounded once, half up (Care Act s.26; shared.money)."""
    for at, line in enumerate(plan.lines):
        price = price_of(line.weekly_minutes, line.hourly_pence)
        if price != line.weekly_pence:
            reason = because("price_differs", line=at + 1, priced_pence=price, weekly_pence=line.weekly_pence)
            yield Failure(f"lines[{at}].weekly_pence", "PLAN-5", reason)


def add_up_the_lines(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """The plan costs what its lines cost (Care Act s.26)."""
    total = sum(line.weekly_pence for line in plan.lines)
    if total != plan.weekly_pence:
        reason = because("total_differs", lines_pence=total, weekly_pence=plan.weekly_pence)
        yield Failure("weekly_pence", "PLAN-6", reason)


def keep_visits_apart(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """Two visits of one line never overlap, Sunday night into Monday included (PlanLine: pattern)."""
    for at, line in enumerate(plan.lines):
        for first, second in overlaps(line.pattern):
            reason = because("visits_overlap", line=at + 1, first=first + 1, second=second + 1)
            yield Failure(f"lines[{at}].pattern[{second}]", "PLAN-7", reason)


def name_lines_apart(plan: ProposedPlan, today: date) -> Iterator[Failure]:
    """Each line becomes a requirement of its own, so its id is used once (PlanAgreed)."""
    times = Counter(line.line_id for line in plan.lines)
    for at, line in enumerate(plan.lines):
        if times[line.line_id] > 1:
            yield Failure(f"lines[{at}].line_id", "PLAN-8", because("line_repeated", line=at + 1))


RULES = (
    have_a_line,
    start_today_or_later,
    add_up_the_pattern,
    price_each_line,
    add_up_the_lines,
    keep_visits_apart,
    name_lines_apart,
)


def overlaps(pattern: Sequence[Slot]) -> Iterator[tuple[int, int]]:
    """Pairs of positions whose visits overlap in the week, which wraps: Sunday 23:30 runs into Monday."""
    for second in range(len(pattern)):
        for first in range(second):
            if _meet(pattern[first], pattern[second]):
                yield first, second


def _meet(one: Slot, other: Slot) -> bool:
    apart = (_minute_of_week(other) - _minute_of_week(one)) % MINUTES_A_WEEK
    return apart < one.minutes or (MINUTES_A_WEEK - apart) % MINUTES_A_WEEK < other.minutes


def _minute_of_week(slot: Slot) -> int:
    hours, minutes = slot.starts.split(":")
    return slot.weekday * MINUTES_A_DAY + int(hours) * 60 + int(minutes)
