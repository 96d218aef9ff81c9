"""What does an hour of a directly employed personal assistant cost? The wage is not the cost: the law adds to it.

Sources, as rows of the `employment` policy: minimum wage by date and age (RULES §4.1: SI 2024/432, SI 2025/401,
gov.uk), employer National Insurance and the Employment Allowance, pension, 12.07 % holiday (§4.2), and a council's own
figure for on-costs where it publishes one (Norfolk 2023-24, 26.08 %: §4.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from services.budget.rules.policies import InForce, Row
from shared.explain import Step, because
from shared.money import WEEKS_A_YEAR, price_of, to_pence, yearly

ADULT_AGE = 25
"""An age at which the National Living Wage has applied in every year (RULES §4.1: 25+, then 23+, then 21+)."""
HUNDRED = Decimal(100)


def wage_floor(policy: InForce, age: int = ADULT_AGE) -> Row:
    """The lowest lawful hourly wage in pence at that age, on the policy's day (National Minimum Wage Regulations)."""
    return policy.row("wage_floor", age)


def employment_cost(minutes: int, wage_pence: int, policy: InForce, relief_pence: int = 0) -> tuple[Step, ...]:
    """What a week of `minutes` costs the employer, step by step, in pence; the steps add up (RULES §4.1, §4.2).

    A wage below the floor is lifted to it. `relief_pence` is this job's part of the Employment Allowance a week.
    """
    pay = lawful_pay(minutes, wage_pence, policy)
    if local := policy.find("on_cost_percent"):
        return (pay, Step("EMPLOY-2", because("local_on_costs"), percent(local, pay.effect), local.source))
    holiday = accrue_holiday(pay.effect, policy)
    earned = pay.effect + holiday.effect
    return (pay, holiday, *insure(earned, policy, relief_pence), *put_into_pension(earned, policy))


def lawful_pay(minutes: int, wage_pence: int, policy: InForce) -> Step:
    """The wage asked, never below the minimum (RULES §4.1: SI 2024/432, SI 2025/401)."""
    floor = wage_floor(policy)
    wage = max(wage_pence, int(floor.figure))
    code = because("pay_at_wage", paid_minutes=minutes, wage_pence=wage, floor_pence=int(floor.figure))
    return Step("EMPLOY-1", code, price_of(minutes, wage), floor.source)


def accrue_holiday(pay_pence: int, policy: InForce) -> Step:
    """5.6 weeks of holiday, 12.07 % of pay = 5.6/46.4 (RULES §4.2)."""
    row = policy.row("holiday_percent")
    return Step("EMPLOY-3", because("holiday_pay"), percent(row, pay_pence), row.source)


def insure(earned_pence: int, policy: InForce, relief_pence: int) -> Iterator[Step]:
    """Employer National Insurance above the secondary threshold, less the Employment Allowance (RULES §4.2)."""
    rate, threshold = policy.row("employer_ni_percent"), policy.row("employer_ni_threshold")
    owed = percent(rate, max(earned_pence - int(threshold.figure), 0))
    if owed:
        yield Step("EMPLOY-4", because("employer_ni", threshold_pence=int(threshold.figure)), owed, rate.source)
    if taken := min(owed, relief_pence):
        source = policy.row("employment_allowance").source
        yield Step("EMPLOY-5", because("employment_allowance", relief_pence=relief_pence), -taken, source)


def put_into_pension(earned_pence: int, policy: InForce) -> Iterator[Step]:
    """3 % of the qualifying band where a year's earnings are above the trigger (RULES §4.2, §9 case 25)."""
    if yearly(earned_pence) <= policy.row("pension_trigger").figure:
        return
    rate, lower = policy.row("pension_employer_percent"), policy.row("pension_lower")
    band = min(yearly(earned_pence), int(policy.row("pension_upper").figure)) - int(lower.figure)
    owed = to_pence(rate.figure * band / WEEKS_A_YEAR / HUNDRED)
    yield Step("EMPLOY-6", because("employer_pension"), owed, rate.source)


def weekly_allowance(policy: InForce) -> int:
    """A week of the Employment Allowance: one allowance per employer, whatever the number of jobs (RULES §4.2)."""
    row = policy.find("employment_allowance")
    return int(row.figure) // WEEKS_A_YEAR if row else 0


def percent(row: Row, pence: int) -> int:
    return to_pence(row.figure * pence / HUNDRED)
