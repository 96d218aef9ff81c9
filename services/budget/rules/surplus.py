"""Is what was paid out and not spent surplus? Only after the days to come, the reserves, and what the council lets stand;
of support that is over, once the last wages are accounted for, all of it.

Source: RULES §2.4: keep a reserve for holiday, notice and redundancy before calling anything surplus; no national number
of weeks exists, so the council's own row says it (St Helens: 8 weeks, LOCAL). Reserves: RULES §4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.budget.rules.payroll import Taken, taken_since
from services.budget.rules.policies import InForce
from shared.contracts.base import Route, SupplierKind
from shared.explain import Source, Step, because
from shared.money import weekly_over

LEDGER = Source("The council's own ledger")
NOTICE = Source("Statutory notice: a week after a month, a week a year from two years, at most 12 (gullands.com)")
REDUNDANCY = Source(
    "Statutory redundancy: two years' service, 1½ weeks a year at most, 20 years at most, from RULES §4.2"
)
DAYS_A_MONTH, DAYS_A_YEAR = 30, 365
MOST_NOTICE, MOST_YEARS, REDUNDANCY_AFTER = 12, 20, 2


@dataclass(frozen=True, slots=True)
class Holding:
    """What one order's payments have left in somebody's hands. `first` is the first day of
    support, `paid_until` the last one that is paid for. A week costs `cost_pence`: the wage or price of `weekly_pence`, and
    what employing adds to it, of which `holiday_pence` are kept until holiday is taken. Support ended after `last`, where
    that is known; `settled`: what was spent is accounted for up to that day, the last wages with it. `taken` is
    the holiday pay that returns showed. `kept_pence` were paid for days that the council came to manage: they are taken
    off what goes out for the days after."""

    route: Route
    kind: SupplierKind | None
    weekly_pence: int
    cost_pence: int
    holiday_pence: int
    unaccounted_pence: int
    first: date
    paid_until: date | None
    last: date | None = None
    settled: bool = False
    kept_pence: int = 0
    taken: tuple[Taken, ...] = ()

    @property
    def is_employment(self) -> bool:
        return self.kind is SupplierKind.PA and self.route is Route.DIRECT_PAYMENT

    def goes_on(self, on: date) -> bool:
        return self.last is None or on <= self.last


def surplus(holdings: Iterable[Holding], council: InForce, employment: InForce) -> tuple[Step, ...]:
    """The steps add up to what may be taken back, never below 0. Raises PolicyHasNoRow where the council has no row."""
    every = tuple(holdings)
    steps = tuple(step for holding in every for step in _of_one(holding, council.on, employment))
    weeks = council.row("dp_surplus_weeks")
    kept = sum(each.cost_pence for each in every if each.goes_on(council.on)) * int(weeks.figure)
    steps += (Step("SURPLUS-6", because("weeks_may_stand", weeks=int(weeks.figure)), -kept, weeks.source),)
    total = sum(step.effect for step in steps)
    return steps if total >= 0 else (*steps, Step("SURPLUS-7", because("nothing_is_surplus"), -total, LEDGER))


def _of_one(holding: Holding, on: date, employment: InForce) -> Iterator[Step]:
    yield Step("SURPLUS-1", because("paid_and_unaccounted"), holding.unaccounted_pence, LEDGER)
    if coming := days_to_come(holding, on):
        yield Step("SURPLUS-2", because("paid_for_days_to_come"), -coming, LEDGER)
    if holding.kept_pence and holding.goes_on(on):
        yield Step(
            "SURPLUS-8", because("kept_for_days_after"), -min(holding.kept_pence, holding.unaccounted_pence), LEDGER
        )
    if holding.is_employment and (holding.goes_on(on) or not holding.settled):
        yield from reserves(holding, on, employment)


def days_to_come(holding: Holding, on: date) -> int:
    """What was paid for today and the days after it: not surplus, for support goes on. At most what is unaccounted."""
    if holding.paid_until is None or holding.paid_until < on:
        return 0
    return min(weekly_over(holding.cost_pence, on, holding.paid_until), holding.unaccounted_pence)


def reserves(holding: Holding, on: date, employment: InForce) -> Iterator[Step]:
    """What an employer will owe: holiday as it accrues in the year, notice, redundancy (RULES §4.2). Once employment is over
    nothing more accrues; what did is owed until the last wages are accounted for."""
    after = on if holding.last is None else min(on, holding.last + timedelta(days=1))
    served = max((after - holding.first).days, 0)
    holiday = employment.row("holiday_percent")
    began = after - timedelta(days=min(served, DAYS_A_YEAR))
    accrued = weekly_over(holding.holiday_pence, began, after - timedelta(days=1))
    yield Step(
        "SURPLUS-3", because("holiday_reserve"), -max(accrued - taken_since(holding.taken, began), 0), holiday.source
    )
    if weeks := notice_weeks(served):
        yield Step("SURPLUS-4", because("notice_reserve", weeks=weeks), -weeks * holding.weekly_pence, NOTICE)
    if years := redundancy_years(served):
        owed = years * holding.weekly_pence * 3 // 2
        yield Step("SURPLUS-5", because("redundancy_reserve", years=years), -owed, REDUNDANCY)


def notice_weeks(days_served: int) -> int:
    """A week after a month, from two years a week for each, at most twelve (RULES §4.2)."""
    years = days_served // DAYS_A_YEAR
    return min(years, MOST_NOTICE) if years >= REDUNDANCY_AFTER else int(days_served >= DAYS_A_MONTH)


def redundancy_years(days_served: int) -> int:
    """Complete years once there are two, at most twenty (RULES §4.2). The age, which this service does not know, could
    only make it less than the 1½ weeks each that are reserved, and so could the cap on a week's pay."""
    years = days_served // DAYS_A_YEAR
    return min(years, MOST_YEARS) if years >= REDUNDANCY_AFTER else 0
