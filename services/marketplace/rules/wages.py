"""Is whoever is employed privately paid at least the lowest lawful wage of their age?

Sources: National Minimum Wage Regulations, by the rows of the `wage_floor` policy (RULES §4.1, §9 case 23). Of an age only
the band is known, and the day on which that next changes: no date of birth is asked for. Where no band was recorded it is the
adult one, which is the highest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.marketplace.rules.failures import Failure
from shared.contracts.base import Employer, Reason
from shared.explain import because

PRIVATE = frozenset({Employer.PERSON, Employer.NOMINEE})
"""Whoever they employ is paid the wage that is listed, and chosen at it."""
YEARS_OF_18_TO_20 = 3


class WageBand(StrEnum):
    """The bands of the national minimum wage since April 2024, by the age they begin at."""

    FROM_16 = "from_16"
    FROM_18 = "from_18"
    FROM_21 = "from_21"


@dataclass(frozen=True, slots=True)
class Age:
    """What is known of a PA's age: a band, and until they are 21 the birthday on which it next changes."""

    band: WageBand = WageBand.FROM_21
    turns_on: date | None = None

    def turns(self) -> tuple[tuple[date, WageBand], ...]:
        """The days on which another band begins, with it: at 18 and at 21."""
        if self.turns_on is None:
            return ()
        if self.band is WageBand.FROM_18:
            return ((self.turns_on, WageBand.FROM_21),)
        return ((self.turns_on, WageBand.FROM_18), (years_after(self.turns_on, YEARS_OF_18_TO_20), WageBand.FROM_21))

    def on(self, day: date) -> WageBand:
        """The band of that day."""
        begun = [band for since, band in self.turns() if since <= day]
        return begun[-1] if begun else self.band

    def next_turn(self, day: date) -> date | None:
        """The first day after this one on which another band begins."""
        return next((since for since, _ in self.turns() if since > day), None)


@dataclass(frozen=True, slots=True)
class Floors:
    """The lowest lawful wages of a day, pence an hour."""

    day: date
    from_16: int
    from_18: int
    from_21: int

    def of(self, age: Age) -> int:
        by_band = {
            WageBand.FROM_16: self.from_16,
            WageBand.FROM_18: self.from_18,
            WageBand.FROM_21: self.from_21,
        }
        return by_band[age.on(self.day)]


def below_the_floor(employer: Employer | None, wage_pence: int, age: Age, floors: Floors) -> Reason | None:
    """A contract below the floor of that age on that day is not lawful (RULES §4.1, §9 case 23); who works for themselves, and
    whoever is paid by somebody else than the person, is not paid what is listed."""
    floor = floors.of(age)
    if employer not in PRIVATE or wage_pence >= floor:
        return None
    return because("wage_below_floor", wage_pence=wage_pence, floor_pence=floor)


def why_no_age(employer: Employer | None, band: WageBand | None, turns_on: date | None, today: date) -> Failure | None:
    """An age is said of whoever is employed privately, with the day it next matters until they are 21 (our own rules)."""
    if band is None and turns_on is None:
        return None
    if employer not in PRIVATE:
        return Failure("wage_band", "SUPPLIER-8", because("band_without_a_wage"))
    young = band in (WageBand.FROM_16, WageBand.FROM_18)
    if young is not (turns_on is not None):
        return Failure("turns_on", "SUPPLIER-9", because("turning_day_and_band_differ"))
    if turns_on is not None and turns_on <= today:
        return Failure("turns_on", "SUPPLIER-10", because("turned_already"))
    return None


def years_after(day: date, years: int) -> date:
    """The same day of a later year; after a 29 February the first of March where that year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
