"""Who could take this requirement on, in which order, and why not the others?

Hard constraints exclude, each with a reason; what is left is scored, each point with a reason. Every candidate comes
back. Only what is known counts: no quality is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from services.marketplace.rules.distance import NEAREST, about_km
from services.marketplace.rules.states import ListingState
from services.marketplace.rules.suppliers import Terms
from services.marketplace.rules.wages import Age, Floors, below_the_floor
from shared.contracts.base import Employer, PlanLine, Reason, Route, SupplierKind, Support
from shared.contracts.safeguarding import Level
from shared.contracts.supply import EvidenceKind
from shared.explain import Source, Step, because

OWN = Source("Caremarket's own operating threshold; a council may set others")
POINTS = Source("Caremarket's own points for wishes and records: made up, no council's table", verified=False)
FAMILIAR = "familiar_worker"
RECORD_DAYS = 28
ENOUGH_VISITS = 20
"""Fewer visits say nothing of whoever makes them (our own threshold)."""
OFTEN = 4096
"""Steps of each kind that are kept: the same are given over and over, to whoever asks, and nobody changes one."""


@dataclass(frozen=True, slots=True)
class Record:
    """A supplier's own visits of the last four weeks: how many were planned and told of, and how many of them were missed."""

    visits: int
    missed: int


NO_RECORD = Record(0, 0)


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restriction in force on a supplier; empty `supports` means all support."""

    level: Level
    supports: tuple[Support, ...] = ()


@dataclass(frozen=True, slots=True)
class Replaced:
    """A running order of the person's that goes on until what is wanted starts: its room is free for that."""

    order_id: UUID
    supplier_id: UUID
    listing_id: UUID
    weekly_minutes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requirement: `known_suppliers` support the person already; None where that is not known."""

    line: PlanLine
    area: str
    known_suppliers: frozenset[UUID] | None = None
    person_id: UUID | None = None
    replaces: Replaced | None = None
    inhouse_standing: bool = True
    """The council lets a direct payment buy its own services week by week."""
    family_may_be_paid: bool = False
    """The council found it necessary that the person's direct payment pays close family."""
    floors: Floors | None = None
    """The lowest lawful wages, where somebody is to be employed."""
    any_kind: bool = False
    """Nobody asked for a kind of supplier: urgent support and reablement are often wanted from whoever can come."""
    square: str | None = None
    """About where support is given."""

    def room_at(self, candidate: Candidate) -> int:
        """Minutes a week: what the supplier says, and what the order to be replaced takes of the same listing."""
        own = self.replaces is not None and self.replaces.listing_id == candidate.listing_id
        return candidate.room_minutes + (self.replaces.weekly_minutes if own and self.replaces else 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing as it stands: pence an hour, room in minutes a week, restrictions in force on its supplier."""

    listing_id: UUID
    supplier_id: UUID
    kind: SupplierKind
    support: Support
    areas: tuple[str, ...]
    hourly_pence: int
    room_minutes: int
    state: ListingState = ListingState.LIVE
    restrictions: tuple[Restricted, ...] = ()
    skills: tuple[str, ...] = ()
    terms: tuple[Terms, ...] = ()
    employer: Employer | None = None
    missing: tuple[EvidenceKind, ...] = ()
    """What the policy needs before a start there, where that was looked at."""
    for_person_id: UUID | None = None
    """Whose PA it is, where the person or a nominee employs."""
    close_family_in_household: bool = False
    age: Age = Age()
    record: Record | None = None
    """What became of their visits lately, where that was looked at."""
    square: str | None = None
    """About where whoever comes starts out."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Points (our own thresholds): the price carries most; a lower price than planned gains little, on purpose."""

    price: int = 50
    below_price: int = 10
    room: int = 20
    continuity: int = 20
    terms: int = 3
    """For each of the terms followed: what people who work there have counts for those they come to."""
    familiar: int = 10
    wish: int = 5
    most_missed: int = 10
    """A point less for each percent of visits missed, at most so many."""
    distance: int = 10
    """Two points less for every five kilometres."""


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with the lines of its score, or with every reason why it is excluded."""

    candidate: Candidate
    score: int
    lines: tuple[Step, ...]
    excluded: tuple[Reason, ...]


Constraint = Callable[[Wanted, Candidate], Reason | None]
Constraints = tuple[Constraint, ...]


def listing_is_live(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """A withdrawn listing takes nobody new (our own rule, from ListingWithdrawn)."""
    return None if candidate.state is ListingState.LIVE else because("listing_not_live")


def is_the_kind_wanted(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """The plan says which kind of supplier the person wants (Care Act 2014 s.25; the person's choice)."""
    if wanted.any_kind or candidate.kind is wanted.line.kind_wanted:
        return None
    return because("kind_not_wanted", kind=candidate.kind.value, wanted=wanted.line.kind_wanted.value)


def offers_the_support(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """The listing is for what the plan line buys (Care Act 2014 s.25)."""
    if candidate.support is wanted.line.support:
        return None
    return because("support_not_offered", support=candidate.support.value, wanted=wanted.line.support.value)


def serves_the_area(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """The supplier says where it works (its own listing)."""
    return None if wanted.area in candidate.areas else because("area_not_served", area=wanted.area)


def has_room(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """The supplier says how many minutes a week it can take on (its own listing)."""
    room = wanted.room_at(candidate)
    if room >= wanted.line.weekly_minutes:
        return None
    return because("no_room", room_minutes=room, weekly_minutes=wanted.line.weekly_minutes)


def is_not_restricted(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """No new offers from `no_new_placements` upwards; advice alone excludes nobody (the RestrictionPlaced contract)."""
    for restricted in candidate.restrictions:
        covers = not restricted.supports or wanted.line.support in restricted.supports
        if covers and restricted.level.stops_new_offers:
            return because("supplier_restricted", level=restricted.level.value)
    return None


def has_the_skills(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """Whoever comes must have what the line asks for; a language is a skill (Care Act 2014 s.25; the listing's word)."""
    missing = [skill for skill in wanted.line.skills if skill not in candidate.skills]
    return because("skill_missing", skill=missing[0], missing=len(missing)) if missing else None


def can_be_bought_on_the_route(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """Whom the person or a nominee employs, or who works for themselves, is paid with a direct payment (Care Act 2014
    s.31); the council's pool is the council's own."""
    if candidate.employer in (None, Employer.POOL) or wanted.line.route is Route.DIRECT_PAYMENT:
        return None
    return because("route_cannot_buy", employer=candidate.employer.value, route=wanted.line.route.value)


def is_not_the_council_s_own_by_direct_payment(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """A direct payment buys the council's own services as a standing arrangement only where its policy says so (RULES §2.4,
    §9 case 20: TLAP, Paying for in-house services with a direct payment)."""
    own = candidate.kind is SupplierKind.IN_HOUSE and wanted.line.route is Route.DIRECT_PAYMENT
    return because("inhouse_not_by_direct_payment") if own and not wanted.inhouse_standing else None


def is_no_close_family_but_by_necessity(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """A direct payment pays close family of the household only where the council finds that necessary, with reasons it keeps
    (SI 2014/2871 reg 3; RULES §2.4, §9 case 19)."""
    related = candidate.close_family_in_household and is_theirs(wanted, candidate) is None
    barred = related and not wanted.family_may_be_paid
    return because("close_family_not_necessary") if barred and wanted.line.route is Route.DIRECT_PAYMENT else None


def is_paid_the_lowest_wage(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """Nobody is employed below the floor of their age on the first day (National Minimum Wage Regulations; RULES §4.1, §9
    case 23)."""
    if wanted.floors is None or is_theirs(wanted, candidate):  # nobody is told of somebody else's PA
        return None
    return below_the_floor(candidate.employer, candidate.hourly_pence, candidate.age, wanted.floors)


def is_theirs(wanted: Wanted, candidate: Candidate) -> Reason | None:
    """A PA whom the person or a nominee employs is there for that person alone (our own rule, from who employs)."""
    return None if candidate.for_person_id in (None, wanted.person_id) else because("employed_for_another")


CONSTRAINTS: Constraints = (
    listing_is_live,
    is_the_kind_wanted,
    offers_the_support,
    serves_the_area,
    has_room,
    is_not_restricted,
    has_the_skills,
    can_be_bought_on_the_route,
    is_not_the_council_s_own_by_direct_payment,
    is_no_close_family_but_by_necessity,
    is_paid_the_lowest_wage,
    is_theirs,
)


def why_excluded(wanted: Wanted, candidate: Candidate, constraints: Constraints = CONSTRAINTS) -> tuple[Reason, ...]:
    """Every hard constraint the candidate fails, in their order."""
    return tuple([reason for each in constraints if (reason := each(wanted, candidate)) is not None])


def score_price(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step:
    """A point less for each percent above the planned price, a few more below it (our own threshold)."""
    return _price(candidate.hourly_pence, wanted.line.hourly_pence, weights.price, weights.below_price)


@lru_cache(maxsize=OFTEN)
def _price(hourly: int, planned: int, most: int, below: int) -> Step:
    if not planned:
        return Step("MATCH-PRICE", because("price_not_planned", hourly_pence=hourly), 0, OWN)
    cheaper = planned - hourly
    percent = cheaper * 100 // planned if cheaper >= 0 else -(-cheaper * 100 // planned)  # towards zero
    code = "price_above_planned" if hourly > planned else "price_within_planned"
    reason = because(code, hourly_pence=hourly, planned_pence=planned)
    return Step("MATCH-PRICE", reason, max(0, most + min(percent, below)), OWN)


def score_room(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step:
    """Full points where there is room for twice the hours, so that support can grow (our own threshold)."""
    return _room(wanted.room_at(candidate), wanted.line.weekly_minutes, weights.room)


@lru_cache(maxsize=OFTEN)
def _room(room: int, need: int, most: int) -> Step:
    spare = max(0, min(room - need, need))
    points = most * spare // need if need else most
    return Step("MATCH-ROOM", because("room_to_grow", room_minutes=room, weekly_minutes=need), points, OWN)


def supports_already(wanted: Wanted, candidate: Candidate) -> bool:
    """Whoever is to be replaced included (our own rule)."""
    replaced = wanted.replaces is not None and wanted.replaces.supplier_id == candidate.supplier_id
    return replaced or candidate.supplier_id in (wanted.known_suppliers or ())


def score_continuity(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step | None:
    """Points for a supplier who supports the person already, whoever is to be replaced included; silent where that is not
    known (our own threshold)."""
    if wanted.known_suppliers is None:
        return None
    return _continuity(supports_already(wanted, candidate), weights.continuity)


@lru_cache(maxsize=OFTEN)
def _continuity(known: bool, most: int) -> Step:
    code, points = ("supports_already", most) if known else ("new_to_the_person", 0)
    return Step("MATCH-CONTINUITY", because(code), points, OWN)


def score_terms(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step | None:
    """A few points for each of the terms followed; silent where none is known (our own threshold)."""
    followed = len(set(candidate.terms))
    if not followed:
        return None
    return Step("MATCH-TERMS", because("follows_terms", terms=followed), followed * weights.terms, OWN)


def score_skills(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step | None:
    """No points: who lacks a skill is excluded, who has them all is no better for it. Said where the line asks for any."""
    skills = len(wanted.line.skills)
    return Step("MATCH-SKILLS", because("has_the_skills", skills=skills), 0, OWN) if skills else None


def score_familiar(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step | None:
    """A wish that the same people come is met, as far as anybody can say, by who comes already (Care Act 2014 s.1(3): the
    person's own wishes). Silent where nobody wished it, or who comes is not known."""
    wished = any(each.characteristic == FAMILIAR for each in wanted.line.preferences)
    if not wished or wanted.known_suppliers is None:
        return None
    if supports_already(wanted, candidate):
        return Step("MATCH-FAMILIAR", because("wish_for_the_same_people_met"), weights.familiar, POINTS)
    return Step("MATCH-FAMILIAR", because("wish_for_the_same_people_not_met"), 0, POINTS)


def score_wishes(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step | None:
    """Points for each other lawful wish that the listing says it can meet (`smoking:non_smoker` among its skills); the others
    exclude nobody and go with the offer (Care Act 2014 s.1(3))."""
    wishes = [f"{one.characteristic}:{one.wanted}" for one in wanted.line.preferences if one.characteristic != FAMILIAR]
    if not wishes:
        return None
    met = sum(wish in candidate.skills for wish in wishes)
    return Step("MATCH-WISHES", because("wishes_met", met=met, wishes=len(wishes)), met * weights.wish, POINTS)


def score_record(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step | None:
    """What became of their own visits lately, with the count it rests on; of too few nothing is made (our own points)."""
    record = candidate.record
    if record is None:
        return None
    if record.visits < ENOUGH_VISITS:
        return Step("MATCH-RECORD", because("too_few_visits", visits=record.visits, least=ENOUGH_VISITS), 0, POINTS)
    reason = because("visits_missed", visits=record.visits, missed=record.missed, days=RECORD_DAYS)
    percent = record.missed * 100 // record.visits
    return Step("MATCH-RECORD", reason, -min(percent, weights.most_missed), POINTS)


def score_distance(wanted: Wanted, candidate: Candidate, weights: Weights) -> Step:
    """The nearer, the more points: the way is somebody's time, and what makes a visit late. Between squares of 5 or 10 km, for
    no place is known; where one of the two is not, there are no points, and that is said (our own points; ADR 22)."""
    return _distance(wanted.square, candidate.square, weights.distance)


@lru_cache(maxsize=OFTEN)
def _distance(theirs: str | None, square: str | None, most: int) -> Step:
    if theirs is None or square is None:
        return Step("MATCH-DISTANCE", because("distance_not_known"), 0, POINTS)
    km = about_km(theirs, square)
    reason = because("about_so_far", km=km) if km else because("in_the_same_square")
    return Step("MATCH-DISTANCE", reason, max(0, most - 2 * (km // NEAREST)), POINTS)


SCORES: tuple[Callable[[Wanted, Candidate, Weights], Step | None], ...] = (
    score_price,
    score_room,
    score_continuity,
    score_distance,
    score_terms,
    score_skills,
    score_familiar,
    score_wishes,
    score_record,
)


def match(wanted: Wanted, candidate: Candidate, weights: Weights, constraints: Constraints = CONSTRAINTS) -> Match:
    """One candidate, excluded or scored."""
    excluded = why_excluded(wanted, candidate, constraints)
    if excluded:
        return Match(candidate, 0, (), excluded)
    lines = tuple([step for score in SCORES if (step := score(wanted, candidate, weights)) is not None])
    return Match(candidate, sum([line.effect for line in lines]), lines, ())


def rank(
    wanted: Wanted,
    candidates: Iterable[Candidate],
    weights: Weights | None = None,
    constraints: Constraints = CONSTRAINTS,
) -> tuple[Match, ...]:
    """All candidates: the ranked first, best first, then the excluded; ties by listing id, whatever order they came in.

    A ranking for somebody to choose from, never the choice: the person is not told which agency to use.
    """
    chosen = weights or Weights()
    matches = (match(wanted, candidate, chosen, constraints) for candidate in candidates)
    return tuple(sorted(matches, key=_order))


def _order(found: Match) -> tuple[bool, int, UUID]:
    return (bool(found.excluded), -found.score, found.candidate.listing_id)
