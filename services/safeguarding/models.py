"""What does safeguarding remember? What it heard that may matter together, and what humans made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.safeguarding.rules import states
from services.safeguarding.rules.alerts import Kind, Owner
from services.safeguarding.rules.decisions import Category, Duty, Ground, Location, SourceOfRisk
from services.safeguarding.rules.enquiries import Ended
from services.safeguarding.rules.spending import Paid
from services.safeguarding.rules.waiting import Matter
from shared.clock import civil_date
from shared.contracts.base import Period, Reason, Route, SupplierKind, Support
from shared.contracts.safeguarding import Level, LiftingTold, RestrictionTold
from shared.runtime.rows import Row, table


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a history: who did what, when, and what they wrote."""

    at: datetime
    by: str
    verb: str
    text: str = ""


@table("supplier", key=("supplier_id",), indexes=(("location_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier(Row):
    """That there is such a supplier: a restriction of one that nobody knows would protect nobody. By `location_id`, of the
    public register, other councils know it too."""

    supplier_id: UUID
    supplier_kind: SupplierKind
    location_id: str | None = None


@table("miss", key=("visit_id",), indexes=(("person_id", "week"), ("supplier_id", "week")))
@dataclass(frozen=True, slots=True, kw_only=True)
class Miss(Row):
    """A missed visit that was heard. `day` is its London day and `week` that day's Monday; `said_at` when it was said."""

    visit_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    day: date
    week: date
    time_critical: bool
    said_at: datetime


@table("stand_in", key=("order_id",), indexes=(("covers_order_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn(Row):
    """An order that stands in for another from `first` to `last`: on those days nobody is missed of the other, and who comes
    on this one comes for that."""

    order_id: UUID
    covers_order_id: UUID
    person_id: UUID
    first: date
    last: date


@table("welfare_check", key=("check_id",), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareCheck(Row):
    """A check that was asked for: it is not asked for again."""

    check_id: UUID
    person_id: UUID
    because: Reason
    by: date


@table("watch", key=("plan_id", "line_id"), indexes=(("quarter",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Row):
    """A line of an agreed plan. Its agreement and its start meet here, made by whichever is heard first."""

    plan_id: UUID
    line_id: UUID
    person_id: UUID
    agreed_on: date | None = None
    starts_on: date | None = None
    started_on: date | None = None
    team: str | None = None
    quarter: date | None = None
    route: Route | None = None
    suppliers: tuple[UUID, ...] = ()


@table("figure", key=("budget_id",), indexes=(("quarter",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Row):
    """A budget a week as indicated, as finally given for each revision, and the agreed revision with its team."""

    budget_id: UUID
    team: str | None = None
    quarter: date | None = None
    revision: int | None = None
    indicated_pence: int | None = None
    finals: tuple[tuple[int, int], ...] = ()


@table("waiting", key=("matter", "about"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Row):
    """Something that should be answered: since when it stands, by when it is owed, and whether it is over."""

    matter: Matter
    about: UUID
    person_id: UUID
    since: date
    answer_by: date | None = None
    over: bool = False


@table("delivered", key=("order_id", "week"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Row):
    """On which days of a week visits of an order were made: Monday is 1, Tuesday 2, Wednesday 4 …"""

    order_id: UUID
    week: date
    days: int = 0


@table("spending", key=("order_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Row):
    """Direct payments for an order of a plan's line, and the days on which something of them was accounted for."""

    order_id: UUID
    person_id: UUID
    paid: tuple[Paid, ...] = ()
    accounted: tuple[date, ...] = ()
    line_id: UUID | None = None


@table("switched_line", key=("line_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedLine(Row):
    """The days on which the council manages a line in the place of whoever is paid for it."""

    line_id: UUID
    person_id: UUID
    days: tuple[Period, ...] = ()


@table("claiming", key=("order_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming(Row):
    """An order that the council manages: when support began, and when something was last claimed for it."""

    order_id: UUID
    person_id: UUID
    started_on: date | None = None
    claimed_on: date | None = None
    over: bool = False

    @property
    def since(self) -> date | None:
        """The last sign that money is asked for; None before support begins."""
        return self.claimed_on or self.started_on


@table("alert", key=("alert_id",), indexes=(("state",), ("supplier_id",), ("person_id",)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Row):
    """What a rule found, about a person or about a supplier. Its id follows from what it is about, never from chance.

    `as_of` is when the latest of its evidence was said: like all else here, the same for every order of arrival.
    """

    alert_id: UUID
    alert_kind: Kind
    owner: Owner
    rule: str
    state: states.Alert
    person_id: UUID | None
    supplier_id: UUID | None
    because: Reason
    evidence: tuple[UUID, ...]
    as_of: datetime
    acknowledged_by: str | None = None
    closed_by: str | None = None
    history: tuple[Note, ...] = ()


@table("concern", key=("concern_id",), indexes=(("person_id",), ("supplier_id",)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Concern(Row):
    """What a human reported, in their words, and what was decided under Care Act 2014 s.42. All of it stays here."""

    concern_id: UUID
    state: states.Concern
    raised_by: str
    raised_at: datetime
    person_id: UUID | None
    supplier_id: UUID | None
    category: Category
    location: Location
    source_of_risk: SourceOfRisk
    what: str
    alert_id: UUID | None
    needs: bool | None = None
    abuse: bool | None = None
    unable_to_protect: bool | None = None
    duty: Duty | None = None
    because: tuple[Reason, ...] = ()
    reasons: str = ""
    decided_by: str | None = None
    also: tuple[Category, ...] = ()
    ended: Ended | None = None
    concluded_on: date | None = None
    concluded_by: str | None = None
    closed_by: str | None = None
    history: tuple[Note, ...] = ()

    @property
    def categories(self) -> tuple[Category, ...]:
        """All kinds of abuse it is about: the first named, and those besides."""
        return self.category, *self.also

    @property
    def reported_on(self) -> date:
        """The London day on which it was raised."""
        return civil_date(self.raised_at)


@table("restriction", key=("restriction_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction(Row):
    """What was proposed about a supplier, and what a commissioner decided. Empty `supports` means all support."""

    restriction_id: UUID
    supplier_id: UUID
    concern_id: UUID | None
    state: states.Restriction
    level: Level
    supports: tuple[Support, ...]
    because: Ground
    reasons: str
    review_on: date
    proposed_by: str
    decided_by: str | None = None
    history: tuple[Note, ...] = ()


@table("notice", key=("restriction_id",), indexes=(("location_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Row):
    """All of a restriction that other councils may be told, and nothing else: their workers read this row."""

    restriction_id: UUID
    location_id: str
    level: Level
    supports: tuple[Support, ...]
    since: date
    lifted_on: date | None = None


@table("told", key=("told_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Row):
    """What this council was told: that another (`placed_by`) restricted a supplier it knows. It restricts nothing here."""

    told_id: UUID
    supplier_id: UUID
    level: Level
    supports: tuple[Support, ...]
    placed_by: str
    since: date
    lifted_on: date | None = None

    def as_told(self) -> RestrictionTold:
        return RestrictionTold(
            told_id=self.told_id,
            supplier_id=self.supplier_id,
            level=self.level,
            supports=self.supports,
            placed_by=self.placed_by,
            since=self.since,
        )

    def as_lifted(self, lifted_on: date) -> LiftingTold:
        return LiftingTold(
            told_id=self.told_id, supplier_id=self.supplier_id, placed_by=self.placed_by, lifted_on=lifted_on
        )
