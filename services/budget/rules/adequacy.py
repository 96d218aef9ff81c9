"""Does the budget buy the plan at what the local market charges now? If not: what is short, and what else exists?

Source: Care and Support Statutory Guidance 11.24 (sufficiency), 10.27 (no arbitrary caps). The verdict is about money:
a line nobody has room for is said in `warnings` and by its reason, because raising the budget alone would not cure it. A
line that its route may not buy (RULES §2.4) is bought by no figure: the plan is not agreed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from services.budget.rules.employers import cover_absence, running_costs
from services.budget.rules.employment import weekly_allowance
from services.budget.rules.market import CostedLine, Listing, Market, cost_line, listed_cost, person_employs
from shared.contracts.base import PlanLine, Reason, SupplierKind
from shared.contracts.budget import Alternative, Shortfall
from shared.explain import Step, because

MOST_ALTERNATIVES = 5
"""A line, so that a fact stays small (64 KiB); the cheapest come first."""
MOST_IN_ALL = 60
"""A plan, for the same reason."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Adequate when what the lines cost in all is within the budget: money may move between lines.

    `shortfalls` compare each line with its own share and so may add up to more than `short_pence`, the whole's.
    """

    weekly_budget_pence: int
    weekly_cost_pence: int
    shortfalls: tuple[Shortfall, ...]
    alternatives: tuple[Alternative, ...]
    warnings: tuple[tuple[UUID, Reason], ...]
    steps: tuple[Step, ...]
    forbidden: tuple[UUID, ...] = ()

    @property
    def short_pence(self) -> int:
        return max(self.weekly_cost_pence - self.weekly_budget_pence, 0)

    @property
    def adequate(self) -> bool:
        return not self.short_pence and not self.forbidden


def adequate(lines: Sequence[PlanLine], weekly_budget_pence: int, market: Market) -> Verdict:
    """Compare the weekly budget with today's cost of every line (guidance 11.24). Pence a week."""
    costed = cost_lines(lines, market)
    cost = sum(each.weekly_pence for each in costed)
    barred = forbidden(lines, market)
    short = not_bought(costed, weekly_budget_pence, barred)
    return Verdict(
        weekly_budget_pence=weekly_budget_pence,
        weekly_cost_pence=cost,
        shortfalls=tuple(shortfall(each, part) for each, part in short),
        alternatives=tuple(found for each, _ in short for found in alternatives(each, market))[:MOST_IN_ALL],
        warnings=tuple((each.line.line_id, each.because) for each in costed if not each.has_room),
        steps=tuple(step for each in costed for step in each.steps),
        forbidden=barred,
    )


def forbidden(lines: Sequence[PlanLine], market: Market) -> tuple[UUID, ...]:
    """The lines that want of the council's own services what a direct payment may not buy (RULES §2.4, §9 case 20)."""
    return tuple(line.line_id for line in lines if not market.may_buy(line, line.kind_wanted))


def without_a_supplier(closes_on: date) -> Reason:
    """Why a verdict was looked at again: a supplier of the plan's support closes (guidance 11.24)."""
    return because("closure", closes_on=closes_on.isoformat())


def cost_lines(lines: Sequence[PlanLine], market: Market) -> tuple[CostedLine, ...]:
    """Each line's cost; the one Employment Allowance is shared by hours among the person's own jobs (RULES §4.2)."""
    hours = [line.weekly_minutes if person_employs(line) else 0 for line in lines]
    allowance = weekly_allowance(market.employment) if any(hours) else 0
    reliefs = [allowance * each // (sum(hours) or 1) for each in hours]
    first = next((place for place, line in enumerate(lines) if person_employs(line)), 0)
    return tuple(
        cost_line(line, market, relief, place == first)
        for place, (line, relief) in enumerate(zip(lines, reliefs, strict=True))
    )


def not_bought(
    costed: Sequence[CostedLine], weekly_budget_pence: int, barred: Sequence[UUID]
) -> tuple[tuple[CostedLine, int], ...]:
    """The lines that cost more than their share of a budget that is short, and those no figure buys, with their share
    (guidance 11.24; RULES §2.4)."""
    parts = share_by_hours(weekly_budget_pence, [each.line.weekly_minutes for each in costed])
    short = sum(each.weekly_pence for each in costed) > weekly_budget_pence
    return tuple(
        (each, part)
        for each, part in zip(costed, parts, strict=True)
        if each.line.line_id in barred or (short and each.weekly_pence > part)
    )


def shortfall(costed: CostedLine, share_pence: int) -> Shortfall:
    """One line the budget does not buy, a week (guidance 11.24)."""
    return Shortfall(
        line_id=costed.line.line_id,
        budget_pence=share_pence,
        cost_pence=costed.weekly_pence,
        short_pence=max(costed.weekly_pence - share_pence, 0),
        because=costed.because,
    )


def alternatives(costed: CostedLine, market: Market) -> tuple[Alternative, ...]:
    """Other support of any kind with room: cheaper than the line, or any at all where the line found no room."""
    roomy = (each for each in market.selling(costed.line) if each.room_minutes >= costed.line.weekly_minutes)
    offers = [alternative(costed.line, each, market) for each in roomy]
    useful = [offer for offer in offers if offer.weekly_pence < costed.weekly_pence or not costed.has_room]
    return tuple(sorted(useful, key=lambda offer: (offer.weekly_pence, offer.listing_id))[:MOST_ALTERNATIVES])


def alternative(line: PlanLine, listing: Listing, market: Market) -> Alternative:
    """A PA is priced at what employing costs, without counting on the Employment Allowance (RULES §4.2)."""
    employment = market.employment
    extra: tuple[Step, ...] = ()
    if listing.kind == SupplierKind.PA:
        cover = cover_absence(line.weekly_minutes, listing.hourly_pence, employment)
        extra = (*running_costs(employment), *cover)
    return Alternative(
        line_id=line.line_id,
        listing_id=listing.listing_id,
        supplier_kind=listing.kind,
        weekly_pence=sum(step.effect for step in (*listed_cost(line, listing, market), *extra)),
        room_minutes=listing.room_minutes,
    )


def share_by_hours(pence: int, minutes: Sequence[int]) -> tuple[int, ...]:
    """A sum shared in proportion to hours, each part rounded down, the last one taking what is left."""
    whole = sum(minutes)
    parts = [pence * each // whole if whole else 0 for each in minutes[:-1]]
    return (*parts, pence - sum(parts)) if minutes else ()


def hours_bought(weekly_pence: int, hourly_pence: int) -> Decimal:
    """How many hours a week the sum buys at that price, to a tenth of an hour, half up (RULES §9 case 41)."""
    return (Decimal(weekly_pence) / hourly_pence).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
