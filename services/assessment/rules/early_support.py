"""May support begin before the assessment, and for how long at first?

Sources: Care Act 2014 s.19(3) (urgent needs may be met before an assessment); Care and Support (Charging and Assessment
of Resources) Regulations 2014, SI 2014/2672, reg 3(3) (reablement is free for up to six weeks). Both from memory,
unverified. The four weeks of urgent support are our own. What ends is the decision, never the support by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from services.assessment.rules.failures import Failure, NotSo
from shared.explain import because


class Early(StrEnum):
    URGENT = "urgent"
    REABLEMENT = "reablement"


LONGEST_DAYS: Mapping[Early, int] = {Early.URGENT: 28, Early.REABLEMENT: 42}
"""The first day included. What is needed longer is decided again."""


class EarlySupportNotSo(NotSo):
    """Early support would end before it begins, or run longer than one decision may say."""

    title = "The days of this support do not hold"


def hold_for_a_time(early: Early, starts_on: date, until: date) -> None:
    """From a day to a day, both included, within what one decision may say. Raises EarlySupportNotSo."""
    if failures := tuple(_against(early, starts_on, until)):
        raise EarlySupportNotSo(failures)


def _against(early: Early, starts_on: date, until: date) -> Iterator[Failure]:
    if until < starts_on:
        yield Failure("until", "EARLY-1", because("last_before_first", days=(starts_on - until).days))
    if until - starts_on >= timedelta(days=LONGEST_DAYS[early]):
        yield Failure("until", "EARLY-2", because("early_support_too_long", longest_days=LONGEST_DAYS[early]))
