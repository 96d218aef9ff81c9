"""What may a person be asked to pay towards support outside a care home? Means less what they must keep.

Sources: Care Act 2014 s.14 and s.17; Care and Support (Charging and Assessment of Resources) Regulations 2014 (SI
2014/2672) reg 7, 12, 25; the formula as councils publish it (RULES §3.4). Figures are rows of the `charging` policy. A
charge is never below nothing and never above what the support costs (s.14(4)). The steps add up to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from services.budget.rules.capital import Home, Notional, Shrunk, home_steps, notional_steps, shrunk, worth
from services.budget.rules.failures import Failure, NotSo, those
from services.budget.rules.policies import InForce, Row
from shared.explain import Source, Step, because

DECLARED = Source("The person's means, as declared and checked in the financial assessment")
ACT = Source("Care Act 2014 s.14")
FREE = Source("Care Act 2014 s.14; Care and Support (Preventing Needs for Care and Support) Regulations 2014")
LOWEST_AGE = 18


class IncomeKind(StrEnum):
    """`earnings` and the mobility parts of DLA and PIP are left out in full; the night part of a care benefit where no
    night care is given (RULES §3.4)."""

    PENSION = "pension"
    CARE_BENEFIT = "care_benefit"
    OTHER = "other"
    EARNINGS = "earnings"
    MOBILITY = "mobility"
    NIGHT_CARE = "night_care"


class Household(StrEnum):
    SINGLE = "single"
    LONE_PARENT = "lone_parent"
    COUPLE = "couple"


class Premium(StrEnum):
    NONE = "none"
    DISABILITY = "disability"
    DISABILITY_ENHANCED = "disability_enhanced"


@dataclass(frozen=True, slots=True)
class Income:
    kind: IncomeKind
    weekly_pence: int


@dataclass(frozen=True, slots=True)
class Means:
    """What a person has: capital in pence (half of what is joint), the rest pence a week. Never leaves this service.

    `housing_pence` is rent, mortgage and council tax not met by benefits; `disability_pence` actual, reasonable,
    disability-related costs; `other_pence` what else the council allows. A `home` and `notional` capital are besides.
    """

    capital_pence: int
    income: tuple[Income, ...]
    age: int
    pension_age: bool
    household: Household = Household.SINGLE
    premium: Premium = Premium.NONE
    housing_pence: int = 0
    disability_pence: int = 0
    other_pence: int = 0
    children: int = 0
    night_care: bool = False
    exempt: bool = False
    home: Home | None = None
    notional: Notional | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """The reasoning and its sum, pence a week. `full_cost`: capital is above the upper limit, so nothing else counts."""

    steps: tuple[Step, ...]
    full_cost: bool = False

    @property
    def weekly_pence(self) -> int:
        return sum(step.effect for step in self.steps)


class MeansUnsound(NotSo):
    """What was declared cannot be so."""

    title = "The means cannot be as declared"


def charge(means: Means, cost_pence: int, policy: InForce) -> Charge:
    """What the person pays a week towards support that costs `cost_pence` a week. Raises MeansUnsound."""
    be_sound(means)
    if means.exempt:
        return Charge((Step("CHARGE-0", because("charge_exempt"), 0, FREE),))
    why, means = capital_steps(means, cost_pence, policy), counted(means, cost_pence, policy)
    if means.capital_pence > int(policy.row("capital_upper").figure):
        return Charge((*why, _full_cost(cost_pence, policy)), full_cost=True)
    steps = (*why, *has(means, policy), *keeps(means, policy))
    left = sum(step.effect for step in steps)
    return Charge((*steps, *within(left, cost_pence)))


# ── all capital that counts ───────────────────────────────────────────────────────────────────────────────────────
def counted(means: Means, cost_pence: int, policy: InForce) -> Means:
    """With all capital that counts as one sum: a home that is not left out, and what is left of notional capital."""
    has_pence, found = _in_hand(means), shrunk_of(means, cost_pence, policy)
    whole = has_pence + (found.left_pence if found else 0)
    return replace(means, capital_pence=whole, home=None, notional=None)


def capital_steps(means: Means, cost_pence: int, policy: InForce) -> tuple[Step, ...]:
    """Why that capital counts; nothing where there is neither home nor notional capital."""
    found = shrunk_of(means, cost_pence, policy)
    said = notional_steps(means.notional, found) if means.notional and found else ()
    return (*home_steps(means.home, policy), *said)


def shrunk_of(means: Means, cost_pence: int, policy: InForce) -> Shrunk | None:
    """What is left of notional capital on this day, at what the person pays for this support with it and without it."""
    if means.notional is None:
        return None

    def pays(capital_pence: int) -> int:
        alone = replace(means, capital_pence=capital_pence, home=None, notional=None)
        return charge(alone, cost_pence, policy).weekly_pence

    return shrunk(means.notional, _in_hand(means), policy.on, pays)


def _in_hand(means: Means) -> int:
    return means.capital_pence + worth(means.home)


def be_sound(means: Means) -> None:
    """An adult's own means, none below nothing. Raises MeansUnsound."""
    young = Failure("age", "CHARGE-AGE", because("not_an_adult")) if means.age < LOWEST_AGE else None
    if found := those((young,)):
        raise MeansUnsound(found)


def able_to_pay(means: Means, policy: InForce) -> int:
    """What the person could be asked for towards support of any price, pence a week: before the cost caps it. For whom
    the limits of capital leave to be assessed."""
    return max(sum(step.effect for step in (*has(means, policy), *keeps(means, policy))), 0)


# ── what a person has ─────────────────────────────────────────────────────────────────────────────────────────────
def has(means: Means, policy: InForce) -> Iterator[Step]:
    """Income that counts, and what capital is taken to bring in (reg 25)."""
    every = sum(income.weekly_pence for income in means.income)
    yield Step("CHARGE-1", because("income_in_all"), every, DECLARED)
    if left_out := disregarded(means):
        yield Step("CHARGE-2", because("income_left_out"), -left_out, DECLARED)
    if brought := tariff_income(means.capital_pence, policy):
        lower = policy.row("capital_lower")
        yield Step("CHARGE-3", because("tariff_income", lower_pence=int(lower.figure)), brought, lower.source)


def disregarded(means: Means) -> int:
    """Earnings and mobility benefits in full; the night part of a care benefit where nobody comes at night (§3.4)."""
    out = {IncomeKind.EARNINGS, IncomeKind.MOBILITY} | (set() if means.night_care else {IncomeKind.NIGHT_CARE})
    return sum(income.weekly_pence for income in means.income if income.kind in out)


def tariff_income(capital_pence: int, policy: InForce) -> int:
    """A pound a week for every £250, or part of it, above the lower limit (reg 25; RULES §9 case 6). Up to the upper
    limit; above it nobody asks."""
    above = max(capital_pence - int(policy.row("capital_lower").figure), 0)
    step = int(policy.row("tariff_step").figure)
    return -(-above // step) * 100


# ── what a person keeps ───────────────────────────────────────────────────────────────────────────────────────────
def keeps(means: Means, policy: InForce) -> Iterator[Step]:
    """Housing, the minimum income guarantee, disability-related costs, what else is allowed (§3.4)."""
    if means.housing_pence:
        yield Step("CHARGE-4", because("housing_costs"), -means.housing_pence, DECLARED)
    for row in guaranteed(means, policy):
        yield Step("CHARGE-5", because("minimum_income", part=row.rule_id), -int(row.figure), row.source)
    if means.children:
        row = policy.row("mig_child")
        kept = int(row.figure) * means.children
        yield Step("CHARGE-5", because("minimum_income", part=row.rule_id, number=means.children), -kept, row.source)
    if means.disability_pence:
        yield Step("CHARGE-6", because("disability_costs"), -means.disability_pence, DECLARED)
    if means.other_pence:
        yield Step("CHARGE-7", because("other_allowed"), -means.other_pence, DECLARED)


def guaranteed(means: Means, policy: InForce) -> tuple[Row, ...]:
    """The rows of the minimum income guarantee for this household (reg 7). A figure that is not published is an error."""
    pension = means.pension_age
    basic = {
        Household.SINGLE: "mig_pension_age" if pension else "mig_single",
        Household.LONE_PARENT: "mig_pension_age" if pension else "mig_lone_parent",
        Household.COUPLE: "mig_couple_pension_age" if pension else "mig_couple",
    }[means.household]
    rows = (policy.row(basic, means.age),)
    return rows if means.premium is Premium.NONE else (*rows, policy.row(f"mig_{means.premium.value}"))


def minimum_income(means: Means, policy: InForce) -> int:
    """What must be left to live on, pence a week (reg 7; RULES §9 case 8)."""
    return sum(int(row.figure) for row in guaranteed(means, policy))


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────────────────────
def within(left_pence: int, cost_pence: int) -> Iterator[Step]:
    """Never below nothing, never above what the support costs (s.14(4))."""
    if left_pence < 0:
        yield Step("CHARGE-8", because("nothing_left"), -left_pence, ACT)
    if left_pence > cost_pence:
        yield Step("CHARGE-9", because("no_more_than_cost", cost_pence=cost_pence), cost_pence - left_pence, ACT)


def _full_cost(cost_pence: int, policy: InForce) -> Step:
    upper = policy.row("capital_upper")
    return Step("CHARGE-10", because("above_upper_limit", upper_pence=int(upper.figure)), cost_pence, upper.source)
