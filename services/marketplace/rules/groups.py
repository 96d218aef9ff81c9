"""May these people buy one support together, and what is each one's share of it?

Several people with budgets of their own share one care worker's time, or an outing. The price of the visit is split by
the group's own rule, to the penny, by largest remainder. Shares always add up to the price (our own rules; councils tell
of pooling that failed for being hard to work out).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo, those
from shared.contracts.base import Basis, PlanLine, Slot
from shared.explain import Source, Step, because
from shared.money import MINUTES_AN_HOUR, price_of, to_pence

OWN = Source("Caremarket's own rule; a council may set another")
LEAST = 2
MOST_DAYS_BACK = 35
"""How far back somebody may leave: as long as a claim may be (our own threshold)."""


class Sharing(StrEnum):
    """How the price of a visit is split: the same for everybody, or by the minutes that each one's plan has a week."""

    EQUALLY = "equally"
    BY_MINUTES = "by_minutes"


class GroupUnsound(NotSo):
    """These people cannot buy this together, or somebody cannot leave on that day."""

    title = "The group purchase does not hold together"


@dataclass(frozen=True, slots=True)
class Share:
    """One member's part: of the price of a week or of a visit, in pence; `odd_penny` where theirs was rounded up."""

    pence: int
    odd_penny: bool


def split(pence: int, weights: Sequence[int]) -> tuple[Share, ...]:
    """By largest remainder: whole pence that add up to the price. Of equal remainders the earlier is rounded up."""
    whole = sum(weights)
    parts = [divmod(pence * weight, whole) for weight in weights]
    odd = pence - sum(part for part, _ in parts)
    first = sorted(range(len(parts)), key=lambda n: (-parts[n][1], n))[:odd]
    return tuple(Share(part + (n in first), n in first) for n, (part, _) in enumerate(parts))


def weights(sharing: Sharing, minutes: Sequence[int]) -> tuple[int, ...]:
    """What each one's part follows from; `minutes` are those of each one's own plan a week."""
    return tuple(minutes) if sharing is Sharing.BY_MINUTES else (1,) * len(minutes)


def hourly_of(weekly_pence: int, minutes: int) -> int:
    """What a share comes to for an hour of one's own, in pence: to compare with what the plan expects."""
    return to_pence(Decimal(weekly_pence) * MINUTES_AN_HOUR / minutes)


def visits_of(lines: Sequence[PlanLine]) -> tuple[Slot, ...]:
    """The group's own visits: at the same times as everybody's, each as long as the longest stay."""
    slots: dict[tuple[int, str], Slot] = {}
    for slot in (slot for line in lines for slot in line.pattern):
        longest = slots.get((slot.weekday, slot.starts))
        if longest is None or slot.minutes > longest.minutes:
            slots[slot.weekday, slot.starts] = slot
    return tuple(slots[key] for key in sorted(slots))


def be_a_group(lines: Sequence[PlanLine], people: Sequence[UUID], bases: Sequence[Basis] = (Basis.PLAN,)) -> None:
    """Two people at least, each once, who want the same support at the same times, each out of their own budget. Raises
    GroupUnsound."""
    times = {frozenset((slot.weekday, slot.starts) for slot in line.pattern) for line in lines}
    alone = Failure("requirements", "GROUP-1", because("nobody_to_share_with", least=LEAST))
    twice = Failure("requirements", "GROUP-2", because("person_twice"))
    other = Failure("requirements", "GROUP-3", because("support_differs"))
    apart = Failure("requirements", "GROUP-4", because("times_differ"))
    early = Failure("requirements", "GROUP-8", because("no_plan_yet"))
    found = those(
        (
            alone if len(set(people)) < LEAST else None,
            twice if len(set(people)) < len(people) else None,
            other if len({line.support for line in lines}) > 1 else None,
            apart if len(times) > 1 or frozenset() in times else None,
            early if set(bases) != {Basis.PLAN} else None,
        )
    )
    if found:
        raise GroupUnsound(found)


def leave_on_a_day_that_came(last_day: date, today: date) -> None:
    """Said once the day has come, and not much later: shares are worked out anew from the day after. Raises GroupUnsound."""
    late = Failure("last_day", "GROUP-5", because("day_not_come", days=(last_day - today).days))
    long_ago = Failure("last_day", "GROUP-6", because("left_too_long_ago", most=MOST_DAYS_BACK))
    back = today - last_day
    if found := those((late if back < timedelta() else None, long_ago if back.days > MOST_DAYS_BACK else None)):
        raise GroupUnsound(found)


def nothing_recorded_after(last_day: date, recorded: int) -> None:
    """A visit that was recorded was shared with whoever left: it is not taken back from the others. Raises GroupUnsound."""
    if recorded:
        reason = because("visits_shared_since", visits=recorded)
        raise GroupUnsound((Failure("last_day", "GROUP-7", reason),))


def steps_of_share(
    hourly_pence: int, weekly_minutes: int, sharing: Sharing, minutes: Sequence[int], n: int
) -> tuple[Step, ...]:
    """How the `n`-th member's weekly share came about; the effects, in pence, add up to it. Nobody else's share is in it."""
    price = price_of(weekly_minutes, hourly_pence)
    share = split(price, weights(sharing, minutes))[n]
    reason = because("shared_equally", members=len(minutes))
    if sharing is Sharing.BY_MINUTES:
        reason = because("shared_by_minutes", own_minutes=minutes[n], all_minutes=sum(minutes), members=len(minutes))
    whole = Step(
        "GROUP-PRICE", because("group_price", hourly_pence=hourly_pence, weekly_minutes=weekly_minutes), price, OWN
    )
    others = Step("GROUP-SHARE", reason, share.pence - share.odd_penny - price, OWN)
    odd = Step("GROUP-PENNY", because("odd_penny"), 1, OWN)
    return (whole, others, odd) if share.odd_penny else (whole, others)
