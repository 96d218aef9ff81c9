"""What does the local market charge now for a line of a plan, and what else is there with room?

Sources: Care and Support Statutory Guidance 11.24 (sufficiency: enough to meet the needs at local-market quality) and
10.27 (no arbitrary caps). For a PA the price is what employing costs, never the bare wage (RULES §4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.budget.rules.direct_payments import InhouseRule
from services.budget.rules.employers import cover_absence, running_costs
from services.budget.rules.employment import employment_cost, wage_floor
from services.budget.rules.policies import InForce
from shared.contracts.base import PlanLine, Reason, Route, SupplierKind, Support
from shared.explain import Source, Step, because
from shared.money import price_of

LISTED = Source("The market's own listings, as said in ListingPublished")
RUNS = Source("The running order's own price, as said in OrderPlaced and OrderRepriced")
PLANNED = Source("The plan's own price: nobody is listed")


@dataclass(frozen=True, slots=True)
class Listing:
    """A live listing, as budget heard of it. For a PA `hourly_pence` is the wage asked."""

    listing_id: UUID
    kind: SupplierKind
    support: Support
    areas: frozenset[str]
    hourly_pence: int
    room_minutes: int
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """The person's own running order for a line: its price an hour (of a PA whom they employ the wage) and a week, and how
    much of it there is. Its room is taken by the person alone, and so is there for the line if that goes on as it is."""

    line_id: UUID
    supplier_id: UUID
    kind: SupplierKind
    route: Route
    hourly_pence: int
    weekly_pence: int
    weekly_minutes: int
    employs: bool = False

    def is_for(self, line: PlanLine) -> bool:
        """A line that goes on untouched keeps its own id; one that is changed is bought anew."""
        same = (self.route, self.weekly_minutes) == (line.route, line.weekly_minutes)
        return self.line_id == line.line_id and same


@dataclass(frozen=True, slots=True)
class Market:
    """Who is listed for new support in one person's area, and what employing costs there on that day. `inhouse` is what
    the council lets direct payments buy of its own services as a standing arrangement; `running` what the person has."""

    area: str
    listings: tuple[Listing, ...]
    employment: InForce
    inhouse: InhouseRule = InhouseRule.ALLOWED
    running: tuple[Running, ...] = ()

    def own(self, line: PlanLine) -> Running | None:
        """What the person has already, where the line goes on as it is."""
        return next((each for each in self.running if each.is_for(line)), None)

    def selling(self, line: PlanLine) -> tuple[Listing, ...]:
        """Listings of any kind for the line's support in the area, with the skills it needs, that its route may buy."""
        here = (listing for listing in self.listings if self.area in listing.areas)
        able = (listing for listing in here if listing.support == line.support and has_skills(listing, line))
        return tuple(listing for listing in able if self.may_buy(line, listing.kind))

    def may_buy(self, line: PlanLine, kind: SupplierKind) -> bool:
        """A direct payment buys the council's own services week by week only where its policy allows it (RULES §2.4)."""
        return may_buy_standing(self.inhouse, line.route, kind)


def may_buy_standing(rule: InhouseRule, route: Route, kind: SupplierKind | None) -> bool:
    """Week by week: a direct payment buys the council's own services so only where its policy allows it; a single purchase
    is decided for itself (RULES §2.4, §9 case 20)."""
    own_by_payment = kind is SupplierKind.IN_HOUSE and route is Route.DIRECT_PAYMENT
    return not own_by_payment or rule is InhouseRule.ALLOWED


def not_by_direct_payment() -> Reason:
    """Why such a purchase is not made (RULES §2.4)."""
    return because("inhouse_not_by_direct_payment")


@dataclass(frozen=True, slots=True)
class CostedLine:
    """What one line costs a week at today's prices. The steps add up to `weekly_pence`."""

    line: PlanLine
    because: Reason
    steps: tuple[Step, ...]
    listing: Listing | None
    runs: bool = False

    @property
    def weekly_pence(self) -> int:
        return sum(step.effect for step in self.steps)

    @property
    def has_room(self) -> bool:
        return self.runs or (self.listing is not None and self.listing.room_minutes >= self.line.weekly_minutes)


def has_skills(listing: Listing, line: PlanLine) -> bool:
    """Whoever comes must have what the line asks for; a language is a skill."""
    return set(line.skills) <= set(listing.skills)


def cost_line(line: PlanLine, market: Market, relief_pence: int = 0, first_job: bool = True) -> CostedLine:
    """What the person has already, at its own price, where the line goes on as it is. Otherwise the cheapest listing of the
    wanted kind with room; without room the cheapest, shown so; else the planned price.

    Guidance 11.24 (sufficiency). `relief_pence` is the line's part of the Employment Allowance a week; what an employer
    pays once, whatever the number of jobs, stands at the `first_job`.
    """
    wanted = [listing for listing in market.selling(line) if listing.kind == line.kind_wanted]
    roomy = [listing for listing in wanted if listing.room_minutes >= line.weekly_minutes]
    if own := market.own(line):
        extra = besides_pay(line, own.hourly_pence, market, first_job) if own.employs else ()
        cost = (*running_cost(line, own, market, relief_pence), *extra)
        return CostedLine(line, because("goes_on", hourly_pence=own.hourly_pence), cost, None, runs=True)
    if not wanted:
        extra = besides_pay(line, 0, market, first_job)
        return CostedLine(line, not_sold(line, market), planned_cost(line, market, relief_pence, extra), None)
    listing = cheapest(roomy or wanted)
    cost = (
        *listed_cost(line, listing, market, relief_pence, employed=person_employs(line)),
        *besides_pay(line, listing.hourly_pence, market, first_job),
    )
    return CostedLine(line, charged(listing, bool(roomy)), cost, listing)


def besides_pay(line: PlanLine, wage_pence: int, market: Market, first_job: bool) -> tuple[Step, ...]:
    """What whoever employs bears besides pay, and whoever comes when the PA does not (RULES §4.2-4.4); nothing where the
    person employs nobody. No wage is below the lowest."""
    if not person_employs(line):
        return ()
    cover = cover_absence(line.weekly_minutes, wage_pence, market.employment)
    return (*running_costs(market.employment, first_job), *cover)


def not_sold(line: PlanLine, market: Market) -> Reason:
    """Nobody is listed; or the line's route may not buy what it wants (RULES §2.4, §9 case 20)."""
    if market.may_buy(line, line.kind_wanted):
        return because("nobody_listed")
    return not_by_direct_payment()


def charged(listing: Listing, roomy: bool) -> Reason:
    """Which price it is, and whether anybody at all has room at it (guidance 11.24)."""
    price = listing.hourly_pence
    if roomy:
        return because("cheapest_with_room", hourly_pence=price, room_minutes=listing.room_minutes)
    return because("no_room", hourly_pence=price, room_minutes=listing.room_minutes)


def listed_cost(
    line: PlanLine, listing: Listing, market: Market, relief_pence: int = 0, *, employed: bool = True
) -> tuple[Step, ...]:
    """A listing's price for the line's hours; for a PA whom the person employs, what employing at that wage costs (RULES §4).
    The council's pool, bought by the council, costs its price: the council bears what employing adds."""
    if employed and listing.kind == SupplierKind.PA:
        return employment_cost(line.weekly_minutes, listing.hourly_pence, market.employment, relief_pence)
    hours = because("hours_at_price", line_minutes=line.weekly_minutes, hourly_pence=listing.hourly_pence)
    return (Step("ADEQ-1", hours, price_of(line.weekly_minutes, listing.hourly_pence), LISTED),)


def running_cost(line: PlanLine, own: Running, market: Market, relief_pence: int = 0) -> tuple[Step, ...]:
    """The order's own price (guidance 11.24: what the needs cost to meet is what they do cost); for a PA what employing at
    the wage paid costs."""
    if own.employs:
        return employment_cost(line.weekly_minutes, own.hourly_pence, market.employment, relief_pence)
    runs = because("runs_at_price", line_minutes=line.weekly_minutes, hourly_pence=own.hourly_pence)
    return (Step("ADEQ-3", runs, own.weekly_pence, RUNS),)


def planned_cost(
    line: PlanLine, market: Market, relief_pence: int = 0, extra: tuple[Step, ...] = ()
) -> tuple[Step, ...]:
    """Nobody listed: the plan's own price; for a PA at least what employing at the lowest wage costs (RULES §4.1)."""
    planned = Step("ADEQ-2", because("planned_price", hourly_pence=line.hourly_pence), line.weekly_pence, PLANNED)
    if not person_employs(line):
        return (planned,)
    floor = int(wage_floor(market.employment).figure)
    lawful = (*employment_cost(line.weekly_minutes, floor, market.employment, relief_pence), *extra)
    return max((planned,), lawful, key=lambda steps: sum(step.effect for step in steps))


def cheapest(listings: Iterable[Listing]) -> Listing:
    """By price, then most room, then id, so that the same market always gives the same answer."""
    return min(listings, key=lambda each: (each.hourly_pence, -each.room_minutes, each.listing_id))


def person_employs(line: PlanLine) -> bool:
    """The Employment Allowance is the person's own as an employer: PA lines on a direct payment (RULES §4.2)."""
    return line.kind_wanted == SupplierKind.PA and line.route == Route.DIRECT_PAYMENT
