"""Who plays? People and suppliers, what is drawn for them, and the ids they come by; all synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from services.assessment.actions import plans
from services.assessment.models import RouteChosen
from services.marketplace.actions import claims
from services.marketplace.rules.groups import Sharing
from services.marketplace.rules.visits import Outcome
from shared.clock import LONDON
from shared.contracts.base import Employer, PlanLine, Route, Slot, SupplierKind, Support
from shared.money import price_of

COUNCILS = ("E99999999", "E99999998")
OPENS = datetime(2024, 6, 3, 9, tzinfo=LONDON).astimezone(UTC)
STARTS = date(2024, 6, 17)
LAST_DAY = STARTS + timedelta(days=13)
"""Of the orders that are ended."""
PEOPLE = UUID("7d2f0c1e-0000-5000-8000-000000000001")
AREA, TEAM, PRICE, DEARER = "north", "older-people-north", 2469, 300
ROOM_MINUTES = 6000
"""A week, of every listing as it is published first."""


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON).astimezone(UTC)


Way = tuple[SupplierKind, Route]
"""Who gives the support of a line, and how the money for it goes."""

LANES: dict[str, tuple[Way, Way]] = {
    "provider": ((SupplierKind.PROVIDER, Route.COUNCIL_MANAGED),) * 2,
    "in house": ((SupplierKind.IN_HOUSE, Route.COUNCIL_MANAGED),) * 2,
    "isf": ((SupplierKind.PROVIDER, Route.ISF),) * 2,
    "pa": ((SupplierKind.PA, Route.DIRECT_PAYMENT),) * 2,
    "agency": ((SupplierKind.PROVIDER, Route.DIRECT_PAYMENT),) * 2,
    "mixed": ((SupplierKind.PA, Route.DIRECT_PAYMENT), (SupplierKind.IN_HOUSE, Route.COUNCIL_MANAGED)),
    "together": ((SupplierKind.PROVIDER, Route.COUNCIL_MANAGED),) * 2,
    "pool": ((SupplierKind.PA, Route.COUNCIL_MANAGED),) * 2,
}
"""A journey is one of these; the ways of a plan's first and second line."""
INSURED_UNTIL = STARTS + timedelta(days=15)
"""Of whoever employs a PA, in the journeys where that insurance is not renewed: all of their PAs lose it."""
ANEW = STARTS + timedelta(days=9)
"""The day from which plans that are agreed anew hold, and support of their changed lines starts."""
ABSENT = (STARTS + timedelta(days=8), STARTS + timedelta(days=10))


@dataclass
class Supplier:
    council: str
    name: str
    price: int
    kind: SupplierKind = SupplierKind.PROVIDER
    employer: Employer | None = None
    lapses: bool = False
    works_for: str = ""
    """The name of whoever employs this PA, and is given support by nobody else's."""
    location: str | None = None
    """The public register's id of it, the same in both councils."""
    supplier_id: UUID = UUID(int=0)
    listing_id: UUID = UUID(int=0)


@dataclass
class Person:
    """One person: what is drawn for them, and the ids they come by. `fate` is what becomes of what was ordered."""

    council: str
    name: str
    slots: tuple[Slot, ...]
    lines: int
    buys: bool
    refusals: int
    outcomes: tuple[Outcome, ...]
    overclaims: bool
    revises: bool
    late: bool
    fate: str = ""
    lane: str = "provider"
    decided_late: bool = False
    """The direct payment is agreed only after money should have gone out, and was spent."""
    absent: bool = False
    anew: str = ""
    """What becomes of the lines when the plan is agreed anew: `changed` until their successor starts, `left out`."""
    ill: str = ""
    """Too ill to manage what is paid to them: until the day that is said, or well again `sooner`."""
    early: str = ""
    """What becomes of support that comes before any plan; empty where nobody asks for any."""
    urgent: bool = True
    """Urgent support, or else reablement."""
    early_until: date = STARTS
    early_from: int = 0
    """Which of the council's suppliers gives it."""
    early_outcomes: tuple[Outcome, ...] = ()
    stopped: bool = False
    """Their direct payment is stopped while support runs (s.33)."""
    nominee: bool = False
    """Somebody for them receives the payment, and employs."""
    asked_back: bool = False
    """A visit that was claimed for is found not to have been made."""
    competes: bool = False
    """Several suppliers are asked at once, and answer with a price."""
    competition: UUID | None = None
    ids: dict[str, UUID] = field(default_factory=dict)
    orders: list[tuple[int, UUID, Supplier]] = field(default_factory=list)
    raced: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    """The offers of a requirement that several suppliers race for."""
    leaves: str = ""
    """When whoever buys together with others leaves: `early`, before support starts; `midway`; `end`; or never."""
    alone: bool = False
    """Their need remains when they leave early, and they order alone."""


@dataclass
class Group:
    """Several people of one council who buy their only line together; `outcomes` are those of its visits, week by week."""

    council: str
    names: tuple[str, ...]
    sharing: Sharing
    asked: tuple[int, ...]
    """Which of the council's suppliers, in turn: all but the last refuse."""
    outcomes: tuple[Outcome, ...]
    overclaims: bool
    group_id: UUID = UUID(int=0)
    orders: dict[str, UUID] = field(default_factory=dict)
    """By the name of whose it is."""


def way_of(one: Person, number: int) -> Way:
    return LANES[one.lane][number]


def lines_of(one: Person, lines: int, revision: int = 1) -> tuple[PlanLine, ...]:
    return tuple(_line(one, number, revision) for number in range(lines))


def _line(one: Person, number: int, revision: int) -> PlanLine:
    """The second line's visits are in the afternoon."""
    slots = tuple(slot.model_copy(update={"starts": starts(number)}) for slot in one.slots)
    minutes = sum(slot.minutes for slot in slots)
    kind, route = way_of(one, number)
    return PlanLine(
        line_id=uuid5(PEOPLE, f"{one.name}/{number}/{revision}"),
        support=Support.HOME_CARE,
        kind_wanted=kind,
        route=route,
        pattern=slots,
        weekly_minutes=minutes,
        hourly_pence=PRICE,
        weekly_pence=price_of(minutes, PRICE),
    )


def starts(number: int) -> str:
    return ("09:00", "15:00")[number]


def plan_of(one: Person, lines: int, revision: int = 1) -> plans.ProposePlan:
    made = lines_of(one, lines, revision)
    weekly = sum(line.weekly_pence for line in made)
    return plans.ProposePlan(lines=made, weekly_pence=weekly, starts_on=STARTS, choices=_chosen(made))


def _chosen(lines: tuple[PlanLine, ...]) -> tuple[RouteChosen, ...]:
    routes = sorted({line.route for line in lines})
    return tuple(RouteChosen(route, "person", "Synthetic: it suits me.") for route in routes)


def plan_anew(one: Person) -> plans.ProposePlanAnew:
    """The first line is changed or goes on; a second one goes on or is left out; one more is new where any is left out."""
    first, *others = lines_of(one, one.lines, 1 + one.revises)
    if one.anew == "changed":
        first = _line(one, 0, 3).model_copy(update={"replaces_line_id": first.line_id})
    if one.anew == "left out":
        others = [_line(one, 1, 3)]
    made = (first, *others)
    weekly = sum(line.weekly_pence for line in made)
    more = {"choices": _chosen(made), "reason": "Synthetic: needs changed."}
    return plans.ProposePlanAnew(lines=made, weekly_pence=weekly, starts_on=ANEW, **more)


def planned_at(slot: Slot, number: int) -> datetime:
    return at(STARTS + timedelta(days=slot.weekday), int(starts(number)[:2]))


def claimed(one: Person, number: int, price: int) -> Iterator[claims.ClaimedLine]:
    """All that was planned, where more is claimed than was delivered; else what was."""
    for slot, outcome in zip(one.slots, one.outcomes[number * 3 :], strict=False):
        if one.overclaims or outcome is not Outcome.MISSED:
            pence = price_of(slot.minutes, price)
            yield claims.ClaimedLine(planned_at=planned_at(slot, number), minutes=slot.minutes, pence=pence)
