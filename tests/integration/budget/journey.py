"""Facts as budget hears them, by the two services it listens to, and what must hold of its books at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.assessment import AssessmentCompleted, Needs, PlanAgreed, PlanProposed
from shared.contracts.base import Fact, Period, PlanLine, Route, Slot, SupplierKind, Support
from shared.contracts.marketplace import (
    ClaimAccepted,
    ListingPublished,
    OrderCancelled,
    OrderEnded,
    OrderPlaced,
    SupportStarted,
    VisitRecorded,
)
from shared.money import price_of
from shared.runtime.records import Record
from shared.runtime.timers import Timers
from shared.runtime.watermarks import Watermark
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running

NOW = datetime(2050, 1, 3, 12, tzinfo=UTC)
STARTS = date(2050, 1, 3)
YEAR, YEAR_END = date(2049, 4, 1), date(2050, 3, 31)
TEAM, AREA = "older-people-north", "north"
FORTY_HOURS = 2400
COSTS, INDICATED, SHORT = 98760, 55000, 43760
"""A week: forty hours at £24.69, the same at the £13.75 of the council's policy, and what is missing."""
COMMITTED = 1241554
"""88 days of £987.60 a week, from 3 January to 31 March 2050."""
ACCOUNTS = (
    "allocated", "contribution", "available", "committed", "delivered", "disputed", "paid", "accounted_for", "returned",
    "owed_back",
)  # fmt: skip
CREDITS = ("allocated", "contribution", "disputed")
REASON = "Synthetic: no provider in the north takes anybody at the policy's rate."


def a_line(minutes: int = FORTY_HOURS, hourly_pence: int = 2469, **more: Any) -> PlanLine:
    said: dict[str, Any] = {
        "line_id": uuid4(),
        "support": Support.HOME_CARE,
        "kind_wanted": SupplierKind.PROVIDER,
        "route": Route.COUNCIL_MANAGED,
        "pattern": (Slot(weekday=0, starts="08:00", minutes=60),),
        "weekly_minutes": minutes,
        "hourly_pence": hourly_pence,
        "weekly_pence": price_of(minutes, hourly_pence),
    }
    return PlanLine(**said | more)


@dataclass
class Person:
    """One person's journey, as facts. `plan` has one line of forty hours unless it is given others."""

    lines: tuple[PlanLine, ...] = field(default_factory=lambda: (a_line(),))
    starts_on: date = STARTS
    points: int = 80
    person_id: UUID = field(default_factory=uuid4)
    assessment_id: UUID = field(default_factory=uuid4)
    plan_id: UUID = field(default_factory=uuid4)
    order_id: UUID = field(default_factory=uuid4)
    supplier_id: UUID = field(default_factory=uuid4)
    budget_id: UUID = UUID(int=0)

    def assessed(self, **more: Any) -> AssessmentCompleted:
        said: dict[str, Any] = {
            "assessment_id": self.assessment_id,
            "person_id": self.person_id,
            "eligible": True,
            "needs": Needs(points=self.points, weekly_minutes=FORTY_HOURS, area=AREA),
            "completed_on": date(2050, 1, 3),
            "team": TEAM,
        }
        return AssessmentCompleted(**said | more)

    def proposed(self, **more: Any) -> PlanProposed:
        return PlanProposed(**self._plan() | more)

    def agreed(self, **more: Any) -> PlanAgreed:
        window = {"first_review_from": date(2050, 2, 14), "first_review_by": date(2050, 2, 28)}
        return PlanAgreed(**self._plan() | {"budget_id": self.budget_id, "agreed_on": STARTS} | window | more)

    def _plan(self) -> dict[str, Any]:
        return {
            "plan_id": self.plan_id,
            "revision": 1,
            "assessment_id": self.assessment_id,
            "person_id": self.person_id,
            "area": AREA,
            "lines": self.lines,
            "weekly_pence": sum(line.weekly_pence for line in self.lines),
            "starts_on": self.starts_on,
            "team": TEAM,
        }

    def ordered(self, line: PlanLine | None = None, **more: Any) -> OrderPlaced:
        wanted = line or self.lines[0]
        said: dict[str, Any] = {
            "order_id": self.order_id,
            "requirement_id": uuid4(),
            "plan_id": self.plan_id,
            "budget_id": self.budget_id,
            "person_id": self.person_id,
            "supplier_id": self.supplier_id,
            "supplier_kind": SupplierKind.PROVIDER,
            "line": wanted,
            "route": wanted.route,
            "hourly_pence": wanted.hourly_pence,
            "weekly_minutes": wanted.weekly_minutes,
            "weekly_pence": wanted.weekly_pence,
            "starts_on": self.starts_on,
        }
        return OrderPlaced(**said | more)

    def cancelled(self) -> OrderCancelled:
        return OrderCancelled(
            **self._of_order(), plan_id=self.plan_id, because="person_chose_another", need_remains=True
        )

    def ended(self, weeks: int) -> OrderEnded:
        """After so many whole weeks of support."""
        last_day = self.starts_on + timedelta(days=7 * weeks - 1)
        return OrderEnded(
            **self._of_order(), plan_id=self.plan_id, last_day=last_day, because="moved_away", need_remains=False
        )

    def started(self, on: date = STARTS) -> SupportStarted:
        of_order = {name: value for name, value in self._of_order().items() if name != "budget_id"}
        return SupportStarted(**of_order, plan_id=self.plan_id, line_id=self.lines[0].line_id, started_on=on)

    def visited(self, pence: int = 2469, at: datetime = NOW, **more: Any) -> VisitRecorded:
        said: dict[str, Any] = {"visit_id": uuid4(), "started_at": at, "minutes": 60, "pence": pence}
        return VisitRecorded(**self._of_order() | said | more)

    def accepted(self, pence: int, delivered_pence: int, **more: Any) -> ClaimAccepted:
        period = Period(first=STARTS, last=date(2050, 1, 9))
        said: dict[str, Any] = {"claim_id": uuid4(), "period": period, "pence": pence}
        return ClaimAccepted(**self._of_order() | said | {"delivered_pence": delivered_pence} | more)

    def _of_order(self) -> dict[str, Any]:
        named = ("order_id", "budget_id", "person_id", "supplier_id")
        return {name: getattr(self, name) for name in named}


def a_listing(hourly_pence: int = 2469, **more: Any) -> ListingPublished:
    said: dict[str, Any] = {
        "listing_id": uuid4(),
        "supplier_id": uuid4(),
        "supplier_kind": SupplierKind.PROVIDER,
        "support": Support.HOME_CARE,
        "areas": (AREA,),
        "hourly_pence": hourly_pence,
        "room_minutes": 6000,
    }
    return ListingPublished(**said | more)


@dataclass
class World:
    """The services that speak to budget, and budget itself."""

    budget: Running
    speaker: Speaker = field(default_factory=lambda: Speaker(now=NOW))

    async def says(self, *facts: Fact) -> None:
        """Each heard in a batch of its own, the books looked at after each."""
        for fact in facts:
            await hear(self.budget, self.speaker.say(fact))
            await balances(self.budget)

    def records(self, *facts: Fact) -> list[Record]:
        return [self.speaker.say(fact) for fact in facts]

    async def said(self) -> list[tuple[str, dict[str, Any]]]:
        return await self.budget.outbox()

    async def last(self) -> tuple[str, dict[str, Any]]:
        return (await self.said())[-1]

    async def kinds(self) -> list[str]:
        return [kind.removeprefix("budget.").removesuffix(".v1") for kind, _ in await self.said()]

    async def the_budget_of(self, person: Person) -> dict[str, Any]:
        found = await self.budget.as_("budget_officer").read("/v1/budgets", assessment_id=person.assessment_id)
        (one,) = found["items"]
        person.budget_id = UUID(one["budget_id"])
        shown: dict[str, Any] = one
        return shown

    async def indicated(self, person: Person, *listings: Fact) -> Person:
        """A budget, and a plan measured against these listings."""
        await self.says(*(listings or (a_listing(),)), person.assessed(), person.proposed())
        await self.the_budget_of(person)
        return person

    def figure(self, person: Person, weekly: int = COSTS, person_pence: int = 0, **more: Any) -> dict[str, Any]:
        shares = {"weekly_pence": weekly, "council_pence": weekly - person_pence, "person_pence": person_pence}
        return {"plan_id": str(person.plan_id), "reason": REASON} | shares | more

    async def finalised(self, person: Person, weekly: int = COSTS, **more: Any) -> dict[str, Any]:
        where = f"/v1/budgets/{person.budget_id}/finalise"
        done: dict[str, Any] = await self.budget.as_("budget_officer").done(where, self.figure(person, weekly, **more))
        await balances(self.budget)
        return done

    async def funded(self, person: Person) -> Person:
        """Final at what the market charges, and agreed."""
        await self.indicated(person)
        await self.finalised(person)
        await self.says(person.agreed())
        return person

    async def ledger(self, person: Person, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = await self.budget.as_("finance").read(f"/v1/budgets/{person.budget_id}/ledger", **more)
        return shown

    async def purse(self, person: Person, year: date = YEAR) -> dict[str, int]:
        every = (await self.ledger(person))["purses"]
        return next((purse for purse in every if purse["year"] == str(year)), {})


async def balances(budget: Running) -> None:
    """Every journal sums to zero, every purse is the sum of its journals, positions are parts of their purse."""
    purses = await budget.rows("select * from purse")
    for purse in purses:
        key = (purse["budget_id"], purse["year"], purse["council_id"])
        where = "where budget_id = $1 and year = $2 and council_id = $3"
        journals = await budget.rows(f"select * from journal {where} order by number", *key)
        assert [each["number"] for each in journals] == list(range(1, purse["journals"] + 1))
        _posted(purse, journals)
        positions = await budget.rows(f"select * from position {where}", *key)
        for account in ("committed", "delivered", "disputed", "paid", "accounted_for", "returned", "owed_back"):
            assert purse[account] == sum(each[account] for each in positions)


def _posted(purse: dict[str, Any], journals: Sequence[dict[str, Any]]) -> None:
    for account in ACCOUNTS:
        sign = -1 if account in CREDITS else 1
        assert purse[account] == sign * sum(each[account] for each in journals), account
    for journal in journals:
        assert sum(journal[account] for account in (*ACCOUNTS, "reserved")) == 0


async def sweep(world: World, at: datetime) -> int:
    """Let what is due at that time speak, as if all that others said before had been heard; gives how many did."""
    await world.budget.as_("ops").done("/sandbox/clock", {"to": at})
    timers = Timers(world.budget.worker, world.budget.app.state.service, world.budget.settings.kafka_bootstrap)
    heard = datetime(2100, 1, 1, tzinfo=UTC)
    others = ("assessment", "marketplace")
    timers.tide.latest = {name: Watermark(service=name, at=heard, ends={}) for name in others}
    spoke = await timers.sweep()
    await balances(world.budget)
    return spoke
