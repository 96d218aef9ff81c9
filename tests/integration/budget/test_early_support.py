"""Urgent support and reablement are paid out of a purse of the council's own, which has what they cost and is no budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.assessment import ReablementStarted, UrgentSupportAgreed
from shared.contracts.base import Basis, ClaimKind, Fact, Period, Route, Slot, SupplierKind, Support, ToBuy
from shared.contracts.marketplace import ClaimAccepted, OrderCancelled, OrderEnded, OrderPlaced, VisitRecorded
from shared.testing.facts import hear
from tests.integration.budget.journey import NOW, STARTS, TEAM, YEAR, Person, World, a_line, balances, sweep

DAILY = tuple(Slot(weekday=day, starts="08:00", minutes=60) for day in range(7))
HOUR = 2800
LAST = STARTS + timedelta(days=13)
TWO_WEEKS = 14 * HOUR


@dataclass
class Early:
    """One urgent support, from 3 to 16 January 2050 as it was decided, an hour a day; told as facts."""

    until: date = LAST
    starts_on: date = STARTS
    person_id: UUID = field(default_factory=uuid4)
    early_id: UUID = field(default_factory=uuid4)
    order_id: UUID = field(default_factory=uuid4)
    supplier_id: UUID = field(default_factory=uuid4)

    @property
    def wanted(self) -> ToBuy:
        return ToBuy(support=Support.HOME_CARE, weekly_minutes=420, pattern=DAILY, area="north")

    def agreed(self, **more: Any) -> UrgentSupportAgreed:
        said: dict[str, Any] = {
            "urgent_id": self.early_id, "person_id": self.person_id, "support": Support.HOME_CARE, "weekly_minutes": 420,
            "starts_on": self.starts_on, "until": self.until, "team": TEAM, "to_buy": self.wanted,
        }  # fmt: skip
        return UrgentSupportAgreed(**said | more)

    def ordered(self, **more: Any) -> OrderPlaced:
        line = a_line(420, HOUR, pattern=DAILY, line_id=self.early_id, kind_wanted=SupplierKind.IN_HOUSE)
        said: dict[str, Any] = {
            **self._of_order(), "requirement_id": uuid4(), "supplier_kind": SupplierKind.IN_HOUSE, "line": line,
            "route": Route.COUNCIL_MANAGED, "hourly_pence": HOUR, "weekly_minutes": 420, "weekly_pence": 7 * HOUR,
            "starts_on": self.starts_on, "ends_on": self.until, "basis": Basis.URGENT,
        }  # fmt: skip
        return OrderPlaced(**said | more)

    def visited(self, days: int = 0, pence: int = HOUR) -> VisitRecorded:
        named = {name: value for name, value in self._of_order().items() if name != "plan_id"}
        at = NOW + timedelta(days=days)
        return VisitRecorded(**named, visit_id=uuid4(), started_at=at, minutes=60, pence=pence)

    def accepted(self, pence: int, delivered_pence: int, **more: Any) -> ClaimAccepted:
        named = {name: value for name, value in self._of_order().items() if name != "plan_id"}
        said: dict[str, Any] = {
            "claim_id": uuid4(), "period": Period(first=STARTS, last=LAST), "pence": pence,
            "delivered_pence": delivered_pence, "kind": ClaimKind.INTERNAL_RECHARGE,
        }  # fmt: skip
        return ClaimAccepted(**named | said | more)

    def ended(self, last_day: date) -> OrderEnded:
        return OrderEnded(**self._of_order(), last_day=last_day, because="support_needed", need_remains=False)

    def cancelled(self) -> OrderCancelled:
        return OrderCancelled(**self._of_order(), because="support_needed", need_remains=False)

    def _of_order(self) -> dict[str, Any]:
        named = ("order_id", "person_id", "supplier_id")
        whose: dict[str, Any] = {name: getattr(self, name) for name in named}
        return {**whose, "plan_id": self.early_id, "budget_id": self.early_id}


async def ledger(world: World, early: Early) -> dict[str, Any]:
    found = await world.budget.as_("finance").read(f"/v1/early-support/{early.early_id}/ledger")
    return dict(found)


async def purse(world: World, early: Early, year: date = YEAR) -> dict[str, int]:
    every = (await ledger(world, early))["purses"]
    return next(one for one in every if one["year"] == str(year))


def figures(shown: dict[str, int]) -> dict[str, int]:
    named = ("allocated", "contribution", "available", "committed", "delivered", "disputed", "paid")
    return {name: shown[name] for name in named if shown[name]}


ORDERS = [
    each for each in permutations(("agreed", "ordered", "visited")) if each.index("ordered") < each.index("visited")
]
"""An order and its visits are said in turn."""


@pytest.mark.parametrize("order", ORDERS)
async def test_its_purse_has_what_its_visits_cost_whatever_is_heard_first(world: World, order: tuple[str, ...]) -> None:
    early = Early()
    facts: dict[str, Fact] = {"agreed": early.agreed(), "ordered": early.ordered(), "visited": early.visited()}
    await world.says(*(facts[name] for name in order))
    assert figures(await purse(world, early)) == {
        "allocated": TWO_WEEKS, "committed": TWO_WEEKS - HOUR, "delivered": HOUR,
    }  # fmt: skip
    (committed,) = [fact for kind, fact in await world.said() if kind == "budget.funds_committed.v1"]
    assert (committed["pence"], committed["period"]["last"]) == (TWO_WEEKS, str(LAST))
    assert await world.kinds() == ["funds_committed"]


async def test_nobody_waits_for_money_and_nothing_is_paid_by_the_person(world: World) -> None:
    """Care Act 2014 s.19(3): before any assessment, of needs or of means; the purse starts with nothing and gets what is
    missing. That nothing is asked of the person is our own reading for urgent support (RULES §3.4 for reablement)."""
    early = Early()
    await world.says(early.agreed(), early.ordered(weekly_pence=7 * 900_000, hourly_pence=900_000))
    assert await world.kinds() == ["funds_committed"]
    assert (await purse(world, early))["contribution"] == 0


async def test_a_claim_is_paid_out_of_it_by_an_internal_recharge(world: World) -> None:
    early = Early()
    claim = early.accepted(2 * HOUR, 2 * HOUR)
    await world.says(early.agreed(), early.ordered(), early.visited(), early.visited(1), claim)
    elsewhere = await world.budget.as_("finance", team="elsewhere").post(f"/v1/claims/{claim.claim_id}/pay")
    assert elsewhere.status_code == 404
    paid = await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    assert (paid["state"], paid["claim_kind"]) == ("paid", "internal_recharge")
    assert (await purse(world, early))["paid"] == 2 * HOUR
    await balances(world.budget)
    team = await world.budget.as_("practitioner", team=TEAM).read("/v1/claims")
    assert [one["claim_id"] for one in team["items"]] == [str(claim.claim_id)]
    assert (await world.budget.as_("practitioner", team="elsewhere").read("/v1/claims"))["items"] == []


async def test_what_comes_to_more_than_was_set_aside_is_met_and_nobody_disputes_it(world: World) -> None:
    early = Early(until=STARTS)
    visit = early.visited(pence=3 * HOUR)
    await world.says(early.agreed(), early.ordered(), visit, early.accepted(4 * HOUR, 3 * HOUR))
    assert figures(await purse(world, early)) == {"allocated": 4 * HOUR, "delivered": 4 * HOUR}
    assert await world.kinds() == ["funds_committed"]


async def test_after_its_last_day_money_follows_a_week_at_a_time_until_somebody_ends_it(world: World) -> None:
    """Support never stops by software; what its last days do not need is the council's again."""
    early = Early()
    await world.says(early.agreed(), early.ordered())
    assert await sweep(world, datetime(2050, 1, 16, 1, tzinfo=UTC)) == 1
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.funds_committed.v1", 7 * HOUR)
    assert fact["period"] == {"first": "2050-01-17", "last": "2050-01-23"}
    assert await sweep(world, datetime(2050, 1, 23, 1, tzinfo=UTC)) == 1
    assert (await purse(world, early))["committed"] == 28 * HOUR
    await world.says(early.visited(22), early.ended(date(2050, 1, 25)))
    assert figures(await purse(world, early)) == {
        "allocated": 23 * HOUR, "committed": 22 * HOUR, "delivered": HOUR,
    }  # fmt: skip
    assert await sweep(world, datetime(2050, 3, 30, 1, tzinfo=UTC)) == 0


async def test_one_that_ends_before_its_last_roll_gives_back_all_days_after(world: World) -> None:
    early = Early()
    await world.says(early.agreed(), early.ordered())
    await sweep(world, datetime(2050, 1, 16, 1, tzinfo=UTC))
    await world.says(early.ended(date(2050, 1, 10)))
    assert figures(await purse(world, early)) == {"allocated": 8 * HOUR, "committed": 8 * HOUR}


async def test_over_the_end_of_the_financial_year_each_year_bears_its_own_days(world: World) -> None:
    early = Early(starts_on=date(2050, 3, 28), until=date(2050, 4, 2))
    await world.says(early.agreed(), early.ordered())
    assert (await purse(world, early))["committed"] == 4 * HOUR
    await sweep(world, datetime(2050, 3, 31, 1, tzinfo=UTC))
    assert (await purse(world, early, date(2050, 4, 1)))["committed"] == 2 * HOUR
    await sweep(world, datetime(2050, 4, 2, 1, tzinfo=UTC))
    assert (await purse(world, early, date(2050, 4, 1)))["committed"] == 9 * HOUR
    await world.says(early.ended(date(2050, 4, 3)))
    assert (await purse(world, early, date(2050, 4, 1)))["committed"] == 3 * HOUR
    assert (await purse(world, early))["committed"] == 4 * HOUR


async def test_going_on_over_the_end_of_the_financial_year(world: World) -> None:
    """The week that money is set aside for is cut in two by 31 March."""
    early = Early(starts_on=date(2050, 3, 20), until=date(2050, 3, 28))
    await world.says(early.agreed(), early.ordered())
    await sweep(world, datetime(2050, 3, 28, 1, tzinfo=UTC))
    assert (await purse(world, early))["committed"] == 12 * HOUR
    await sweep(world, datetime(2050, 3, 31, 1, tzinfo=UTC))
    assert (await purse(world, early, date(2050, 4, 1)))["committed"] == 4 * HOUR
    await sweep(world, datetime(2050, 4, 4, 1, tzinfo=UTC))
    assert (await purse(world, early, date(2050, 4, 1)))["committed"] == 11 * HOUR


@pytest.mark.parametrize("heard_first", ["agreed", "ordered"])
async def test_an_order_that_is_cancelled_leaves_nothing_behind_and_another_is_paid_for(
    world: World, heard_first: str
) -> None:
    early = Early()
    both = [early.agreed(), early.ordered()]
    await world.says(*(both if heard_first == "agreed" else reversed(both)), early.cancelled())
    assert figures(await purse(world, early)) == {}
    again = Early(person_id=early.person_id, early_id=early.early_id)
    await world.says(again.ordered())
    assert figures(await purse(world, early)) == {"allocated": TWO_WEEKS, "committed": TWO_WEEKS}


async def test_whoever_covers_for_a_pa_of_the_pool_borrows_and_gives_back(world: World) -> None:
    early = Early()
    cover = uuid4()
    standing_in = early.ordered(
        order_id=cover, supplier_id=uuid4(), covers_order_id=early.order_id, starts_on=STARTS + timedelta(days=1),
        ends_on=STARTS + timedelta(days=2),
    )  # fmt: skip
    await world.says(early.agreed(), early.ordered(), standing_in)
    assert figures(await purse(world, early)) == {"allocated": TWO_WEEKS, "committed": TWO_WEEKS}
    positions = {one["order_id"]: one["committed"] for one in (await ledger(world, early))["positions"]}
    assert positions == {str(early.order_id): 12 * HOUR, str(cover): 2 * HOUR}
    assert await sweep(world, datetime(2050, 1, 5, 1, tzinfo=UTC)) == 1  # the cover's last day, and no day after it
    assert figures(await purse(world, early)) == {"allocated": TWO_WEEKS, "committed": TWO_WEEKS}


async def test_it_is_shown_apart_and_no_personal_budget_counts_it(world: World) -> None:
    person = await world.funded(Person())
    before = await world.purse(person)
    early = Early(person_id=person.person_id)
    await world.says(early.agreed(), early.ordered(), early.visited())
    assert await world.purse(person) == before
    budgets = await world.budget.as_("finance").read("/v1/budgets", person_id=str(person.person_id))
    assert [one["budget_id"] for one in budgets["items"]] == [str(person.budget_id)]
    assert (await world.budget.as_("finance").get(f"/v1/budgets/{early.early_id}/ledger")).status_code == 404
    assert (await world.budget.as_("finance").get(f"/v1/early-support/{person.plan_id}/ledger")).status_code == 404
    (shown,) = (await world.budget.as_("finance").read("/v1/early-support", person_id=str(person.person_id)))["items"]
    assert (shown["early_id"], shown["basis"], shown["until"]) == (str(early.early_id), "urgent", str(LAST))
    assert figures(shown["purses"][0]) == {"allocated": TWO_WEEKS, "committed": TWO_WEEKS - HOUR, "delivered": HOUR}
    (order,) = (await ledger(world, early))["commitments"]
    assert (order["basis"], order["plan_id"], order["until"]) == ("urgent", None, str(LAST))


async def test_another_team_and_a_supplier_see_none_of_it(world: World) -> None:
    early = Early()
    await world.says(early.agreed(), early.ordered())
    where = f"/v1/early-support/{early.early_id}/ledger"
    assert (await world.budget.as_("practitioner", team=TEAM).get(where)).status_code == 200
    stranger = world.budget.as_("practitioner", team="elsewhere")
    assert (await stranger.get(where)).status_code == 404
    assert (await stranger.read("/v1/early-support"))["items"] == []


async def test_reablement_is_no_part_of_a_personal_budget(world: World) -> None:
    """RULES §2.1 exclusions, §3.4."""
    early = Early()
    said = {"reablement_id": early.early_id, "person_id": early.person_id, "starts_on": STARTS, "until": LAST}
    fact = ReablementStarted(**said, team=TEAM, to_buy=early.wanted)
    await world.says(fact, early.ordered(basis=Basis.REABLEMENT))
    (shown,) = (await world.budget.as_("finance").read("/v1/early-support"))["items"]
    assert (shown["basis"], shown["purses"][0]["committed"]) == ("reablement", TWO_WEEKS)


async def test_what_is_not_bought_here_has_no_purse_and_what_is_heard_twice_has_one(world: World) -> None:
    early, elsewhere = Early(), Early()
    await world.says(elsewhere.agreed(to_buy=None), early.agreed(), early.ordered())
    record = world.speaker.say(early.visited())
    await hear(world.budget, [record, record])
    shown = (await world.budget.as_("finance").read("/v1/early-support"))["items"]
    assert [one["early_id"] for one in shown] == [str(early.early_id)]
    assert (await purse(world, early))["delivered"] == HOUR
