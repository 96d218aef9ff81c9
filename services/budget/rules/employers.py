"""What does being an employer cost besides pay, and what does the law ask of one? Insurance, payroll, sickness,
training, and whoever comes meanwhile.

Sources, as rows of the `employment` policy: sick pay and holiday (RULES §4.2), employers' liability insurance (§4.3), and
what a council itself says payroll, insurance, sickness and training cost (§4.4, LOCAL): no figure of a council's is used
for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.budget.rules.employment import HUNDRED, lawful_pay
from services.budget.rules.policies import InForce
from shared.explain import Step, because
from shared.money import WEEKS_A_YEAR, to_pence

HOLIDAY_WEEKS, MOST_HOLIDAY_DAYS = Decimal("5.6"), Decimal(28)


def running_costs(policy: InForce, first_job: bool = True) -> tuple[Step, ...]:
    """A week of what an employer pays besides pay, where the council says what it is; none where its own percentage
    stands for all of it. Insurance is one for all jobs."""
    if policy.find("on_cost_percent"):
        return ()
    return tuple(step for cost in COSTS for step in cost(policy, first_job))


def insure_against_injury(policy: InForce, first_job: bool) -> Iterator[Step]:
    """Employers' liability insurance (RULES §4.3), a week of its yearly price."""
    if first_job and (row := policy.find("insurance_cost")):
        reason = because("liability_insurance", yearly_pence=int(row.figure))
        yield Step("EMPLOY-7", reason, to_pence(row.figure / WEEKS_A_YEAR), row.source)


def run_the_payroll(policy: InForce, first_job: bool) -> Iterator[Step]:
    """A payroll service, for each job (RULES §4.4, LOCAL)."""
    if row := policy.find("payroll_cost"):
        yield Step("EMPLOY-8", because("payroll", weekly_pence=int(row.figure)), int(row.figure), row.source)


def keep_for_sick_pay(policy: InForce, first_job: bool) -> Iterator[Step]:
    """Statutory Sick Pay for as many weeks a year as the council reckons with (RULES §4.2)."""
    if row := policy.find("sick_weeks"):
        rate = policy.row("sick_pay")
        reason = because("sick_pay_reserve", sick_pay_pence=int(rate.figure), weeks=int(row.figure))
        source = rate.source if row.verified else row.source
        yield Step("EMPLOY-9", reason, to_pence(rate.figure * row.figure / WEEKS_A_YEAR), source)


def train(policy: InForce, first_job: bool) -> Iterator[Step]:
    """Training, for each job (RULES §4.4)."""
    if row := policy.find("training_cost"):
        reason = because("training", yearly_pence=int(row.figure))
        yield Step("EMPLOY-10", reason, to_pence(row.figure / WEEKS_A_YEAR), row.source)


def cover_absence(minutes: int, wage_pence: int, policy: InForce) -> tuple[Step, ...]:
    """A week of what whoever comes costs while the PA is on holiday (RULES §4.2, §9 case 27), and sick for as long as the
    council reckons with. Not the PA's own holiday pay, which accrues besides; no part of a direct payment either, because the
    council pays whoever covers. The wages of those weeks have gone out by then and come back as surplus later, so the
    budget holds this until it is needed. None where the council's own percentage stands for all of it."""
    row = policy.find("cover_weeks")
    if row is None or policy.find("on_cost_percent"):
        return ()
    sick = policy.find("sick_weeks")
    weeks = row.figure + (sick.figure if sick else 0)
    pay = lawful_pay(minutes, wage_pence, policy).effect
    reason = because("cover_for_absence", weeks=f"{weeks:f}", weekly_pence=pay)
    return (Step("EMPLOY-12", reason, to_pence(weeks * pay / WEEKS_A_YEAR), row.source),)


COSTS = (insure_against_injury, run_the_payroll, keep_for_sick_pay, train)


def sick_pay(weekly_earnings_pence: int, policy: InForce) -> int:
    """A week of Statutory Sick Pay: the flat rate, or its percentage of earnings where the year has one and that is
    lower (RULES §4.2)."""
    flat, part = int(policy.row("sick_pay").figure), policy.find("sick_pay_percent")
    return flat if part is None else min(flat, to_pence(part.figure * weekly_earnings_pence / HUNDRED))


def holiday_hours(weekly_hours: Decimal) -> Decimal:
    """A year's paid holiday of regular hours: 5.6 weeks (RULES §4.2, §9 case 27)."""
    return weekly_hours * HOLIDAY_WEEKS


def holiday_days(days_a_week: int) -> Decimal:
    """The same in days, never more than 28 (RULES §4.2, §9 case 27)."""
    return min(days_a_week * HOLIDAY_WEEKS, MOST_HOLIDAY_DAYS)


def holiday_accrued(hours_worked: Decimal, policy: InForce) -> Decimal:
    """Of irregular hours: 12.07 % of those worked (RULES §4.2, §9 case 27)."""
    return hours_worked * policy.row("holiday_percent").figure / HUNDRED


@dataclass(frozen=True, slots=True)
class Insurance:
    """What an employer has against injury at work. `only_close_family`: nobody else is employed."""

    cover_pence: int
    days_without: int = 0
    only_close_family: bool = False


def is_enough(insurance: Insurance, policy: InForce) -> bool:
    """At least £5 million, unless only close family is employed (RULES §4.3, §9 case 29)."""
    return insurance.only_close_family or insurance.cover_pence >= policy.row("liability_cover").figure


def exposure_pence(insurance: Insurance, policy: InForce) -> int:
    """The fine for the days without cover: for information, as the direct-payment agreement is what asks for it (RULES
    §4.3, §9 case 29)."""
    return 0 if insurance.only_close_family else insurance.days_without * int(policy.row("liability_fine").figure)
