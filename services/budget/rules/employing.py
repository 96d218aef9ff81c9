"""What does employing add to the wage of one order, a week? It goes out with the direct payment, so that nobody becomes an
employer without the money for it.

Source: RULES §4.1-4.4, as adequacy reckons them; the reserve for holiday is kept until it is taken (§2.4, §4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.budget.rules.employers import running_costs
from services.budget.rules.employment import employment_cost, percent, weekly_allowance
from services.budget.rules.policies import InForce
from shared.contracts.base import Employer, Reason, Route, SupplierKind
from shared.explain import Source, Step, because
from shared.money import to_pence

ORDER = Source("The order's own price, as said in OrderPlaced")


@dataclass(frozen=True, slots=True)
class Job:
    """One order of a PA, a week; `all_minutes` are those of every PA the person employs by their plan, as far as the need
    goes on. `first_job`: no other order of the budget bears what an employer pays once."""

    minutes: int
    hourly_pence: int
    weekly_pence: int
    all_minutes: int
    first_job: bool = True


@dataclass(frozen=True, slots=True)
class NotPublished:
    """Nobody published what employing costs on a day. A normal answer, not an error: the order waits for the figure, with an
    owner and a date, and no figure is guessed (RULES §4)."""

    on: date

    @property
    def because(self) -> Reason:
        return because("employing_not_published", day=self.on.isoformat())


@dataclass(frozen=True, slots=True)
class Employing:
    """What employing adds, a week. The steps add up to `pence`; `holiday_pence` of it are kept until holiday is taken."""

    steps: tuple[Step, ...]
    holiday_pence: int

    @property
    def pence(self) -> int:
        return sum(step.effect for step in self.steps)


def is_employed(kind: SupplierKind, route: Route, employer: Employer | None) -> bool:
    """By the person or a nominee, out of a direct payment. A PA of whom nobody said who employs them counts as theirs."""
    elsewhere = employer in (Employer.POOL, Employer.NONE)
    return kind is SupplierKind.PA and route is Route.DIRECT_PAYMENT and not elsewhere


def employing(job: Job, policy: InForce) -> Employing:
    """The lawful cost less the wage, which goes out besides (RULES §4). Raises PolicyHasNoRow."""
    relief = weekly_allowance(policy) * job.minutes // max(job.all_minutes, job.minutes, 1)
    lawful = employment_cost(job.minutes, job.hourly_pence, policy, relief)
    cost = (*lawful, *running_costs(policy, job.first_job))
    wage = min(job.weekly_pence, sum(step.effect for step in cost))
    steps = (*cost, Step("EMPLOY-11", because("wage_besides", wage_pence=wage), -wage, ORDER))
    holiday = percent(policy.row("holiday_percent"), lawful[0].effect)
    return Employing(steps, min(holiday, sum(step.effect for step in steps)))


def is_dearer_or_cheaper(before: Job, after: Job, policy: InForce) -> bool:
    """Whether a job costs its employer something else since other jobs began or ended, on one and the same day. Raises
    PolicyHasNoRow."""
    then, now = employing(before, policy), employing(after, policy)
    return (then.pence, then.holiday_pence) != (now.pence, now.holiday_pence)


def part_of(pence: int, part_pence: int, whole_pence: int) -> int:
    """What of a sum is the part, in proportion, in pence, half up once; 0 where there is no whole."""
    return to_pence(Decimal(pence) * part_pence / whole_pence) if whole_pence else 0
