"""May support begin before the assessment, for how long at first, and is enough said for it to be bought?

Sources: Care Act 2014 s.19(3) (urgent needs may be met before an assessment); Care and Support (Charging and Assessment
of Resources) Regulations 2014, SI 2014/2672, reg 3(3) (reablement is free for up to six weeks). Both from memory,
unverified. The four weeks of urgent support are our own. What ends is the decision, never the support by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from services.assessment.rules.failures import Failure, NotSo, those
from services.assessment.rules.plans import overlaps
from shared.contracts.base import Slot, Support
from shared.explain import because


class Early(StrEnum):
    URGENT = "urgent"
    REABLEMENT = "reablement"


LONGEST_DAYS: Mapping[Early, int] = {Early.URGENT: 28, Early.REABLEMENT: 42}
"""The first day included. What is needed longer is decided again."""


class EarlySupportNotSo(NotSo):
    """Early support would end before it begins, or run longer than one decision may say; or is to be bought and it is not said
    what, or when in the week."""

    title = "This support does not hold together"


def hold_for_a_time(early: Early, starts_on: date, until: date) -> None:
    """From a day to a day, both included, within what one decision may say. Raises EarlySupportNotSo."""
    if failures := tuple(_against(early, starts_on, until)):
        raise EarlySupportNotSo(failures)


def _against(early: Early, starts_on: date, until: date) -> Iterator[Failure]:
    if until < starts_on:
        yield Failure("until", "EARLY-1", because("last_before_first", days=(starts_on - until).days))
    if until - starts_on >= timedelta(days=LONGEST_DAYS[early]):
        yield Failure("until", "EARLY-2", because("early_support_too_long", longest_days=LONGEST_DAYS[early]))


def be_complete(support: Support | None, weekly_minutes: int, pattern: Sequence[Slot]) -> Support:
    """What is bought is support of a kind, at planned visits that come to its minutes and never overlap, as a line of a plan
    does (PlanLine); gives the support. Raises EarlySupportNotSo."""
    visits = sum(slot.minutes for slot in pattern)
    failures = those(
        (
            Failure("support", "EARLY-3", because("nothing_to_buy")) if support is None else None,
            Failure("buy.pattern", "EARLY-4", because("no_visits_to_buy")) if not visits else None,
            Failure(
                "weekly_minutes", "EARLY-5", because("visits_differ", minutes=visits, weekly_minutes=weekly_minutes)
            )
            if visits != weekly_minutes
            else None,
            Failure("buy.pattern", "EARLY-6", because("visits_meet")) if any(overlaps(pattern)) else None,
        )
    )
    if support is None or failures:
        raise EarlySupportNotSo(failures)
    return support
