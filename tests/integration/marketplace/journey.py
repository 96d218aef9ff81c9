"""The steps from an agreed plan to a claim, as tests of marketplace take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.marketplace.rules.visits import starts_at
from shared.clock import civil_date
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Period, PlanLine, Route, Slot, SupplierKind, Support
from shared.contracts.budget import FundsCommitted, FundsShort
from shared.runtime.timers import Timers
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Caller, Running

AREA = "north"
EMPLOYER = UUID(int=4711)
"""Who wants, and employs, a PA where a test names nobody."""
SLOTS = tuple(Slot(weekday=day, starts="08:00", minutes=60, time_critical=day == 0) for day in range(7))


def today() -> date:
    return civil_date(datetime.now(UTC))


def a_line(**more: Any) -> PlanLine:
    said: dict[str, Any] = {
        "line_id": uuid4(),
        "support": Support.HOME_CARE,
        "kind_wanted": SupplierKind.PROVIDER,
        "route": Route.COUNCIL_MANAGED,
        "pattern": SLOTS,
        "weekly_minutes": 420,
        "hourly_pence": 2400,
        "weekly_pence": 16800,
    }
    return PlanLine(**said | more)


def a_plan(*lines: PlanLine, **more: Any) -> PlanAgreed:
    chosen = lines or (a_line(),)
    said: dict[str, Any] = {
        "plan_id": uuid4(),
        "revision": 1,
        "assessment_id": uuid4(),
        "budget_id": uuid4(),
        "person_id": EMPLOYER if any(line.kind_wanted is SupplierKind.PA for line in chosen) else uuid4(),
        "area": AREA,
        "lines": chosen,
        "weekly_pence": sum(line.weekly_pence for line in chosen),
        "starts_on": today() - timedelta(days=30),
        "agreed_on": today() - timedelta(days=35),
        "team": "older-people-north",
        "first_review_from": today(),
        "first_review_by": today(),
    }
    return PlanAgreed(**said | more)


@dataclass
class Market:
    """One marketplace, the services it hears, and short words for the usual steps."""

    service: Running
    assessment: Speaker = field(default_factory=Speaker)
    budget: Speaker = field(default_factory=Speaker)
    safeguarding: Speaker = field(default_factory=Speaker)

    def supplier(self, supplier_id: str | UUID, **claims: Any) -> Caller:
        return self.service.as_("supplier", supplier_id=str(supplier_id), sub=f"of-{supplier_id}", **claims)

    @property
    def broker(self) -> Caller:
        return self.service.as_("broker")

    @property
    def commissioner(self) -> Caller:
        return self.service.as_("commissioner")

    async def said(self, name: str) -> list[dict[str, Any]]:
        """The facts of a type it said, in order."""
        return [fact for kind, fact in await self.service.outbox() if kind == f"marketplace.{name}.v1"]

    async def a_supplier(self, **more: Any) -> dict[str, Any]:
        whose = {"for_person_id": str(EMPLOYER)} if more.get("employer") in ("person", "nominee") else {}
        body = {"name": "Synthetic Care", "kind": "provider", "synthetic": True, **whose, **more}
        registered: dict[str, Any] = await self.commissioner.done("/v1/suppliers", body)
        return registered

    async def shows(self, supplier_id: str, *kinds: str, **more: Any) -> list[dict[str, Any]]:
        """Evidence of these kinds, each for two years around today where nothing else is said."""
        days = {"holds_from": str(today() - timedelta(days=365)), "holds_until": str(today() + timedelta(days=365))}
        recorded = []
        for kind in kinds:
            body = {
                "kind": kind,
                **days,
                **({"cover_pence": 500_000_000} if kind == "employers_liability" else {}),
                **more,
            }
            recorded.append(await self.commissioner.done(f"/v1/suppliers/{supplier_id}/evidence", body))
        return recorded

    async def a_listing(
        self, supplier: dict[str, Any] | None = None, *, hourly_pence: int = 2300, room_minutes: int = 2000, **more: Any
    ) -> dict[str, Any]:
        """What a supplier lists; a provider registered for it, where none is given."""
        registered = supplier or await self.a_supplier()
        if supplier is None:
            await self.shows(registered["supplier_id"], "registration", "employers_liability")
        listing = {
            "support": "home_care",
            "areas": [AREA],
            "hourly_pence": hourly_pence,
            "room_minutes": room_minutes,
            **more,
        }
        where = f"/v1/suppliers/{registered['supplier_id']}/listings"
        published: dict[str, Any] = await self.commissioner.done(where, listing)
        return published

    async def a_requirement(self, plan: PlanAgreed | None = None) -> dict[str, Any]:
        agreed = plan or a_plan()
        await hear(self.service, self.assessment.say(agreed))
        page = await self.broker.read("/v1/requirements", person_id=str(agreed.person_id))
        requirement: dict[str, Any] = page["items"][0]
        return requirement

    async def an_offer(
        self, requirement: dict[str, Any], listing: dict[str, Any], price_pence: int = 2300, hours: int = 48
    ) -> dict[str, Any]:
        body = {"listing_id": listing["listing_id"], "price_pence": price_pence, "hours_to_answer": hours}
        offer: dict[str, Any] = await self.broker.done(f"/v1/requirements/{requirement['requirement_id']}/offers", body)
        return offer

    async def an_order(self) -> dict[str, Any]:
        """Accepted; the money is not committed yet."""
        listing = await self.a_listing()
        offer = await self.an_offer(await self.a_requirement(), listing)
        where = f"/v1/offers/{offer['offer_id']}/accept"
        order: dict[str, Any] = await self.supplier(listing["supplier_id"]).done(where)
        return order

    async def commit(self, order: dict[str, Any]) -> None:
        await hear(self.service, self.budget.say(committed(order)))

    async def a_started_order(self) -> dict[str, Any]:
        order = await self.an_order()
        await self.commit(order)
        where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
        started: dict[str, Any] = await self.supplier(order["supplier_id"]).done(where, body)
        return started

    async def a_started_order_of(self, route: Route, *shown: str, **form: Any) -> dict[str, Any]:
        """Support by a supplier of any kind, on any route."""
        supplier = await self.a_supplier(**form)
        await self.shows(supplier["supplier_id"], *shown)
        line = a_line(kind_wanted=SupplierKind(form["kind"]), route=route)
        offer = await self.an_offer(await self.a_requirement(a_plan(line)), await self.a_listing(supplier))
        order = await self.supplier(supplier["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
        await self.commit(order)
        where, body = f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]}
        started: dict[str, Any] = await self.supplier(order["supplier_id"]).done(where, body)
        return started

    async def a_visit(self, order: dict[str, Any], days_ago: int, **more: Any) -> dict[str, Any]:
        where = f"/v1/orders/{order['order_id']}/visits"
        done: dict[str, Any] = await self.supplier(order["supplier_id"]).done(where, a_visit(days_ago) | more)
        return done


def at(days_ago: int) -> datetime:
    """When the visit of that day was planned."""
    return starts_at(today() - timedelta(days=days_ago), SLOTS[0])


def a_visit(days_ago: int) -> dict[str, Any]:
    planned = at(days_ago).isoformat()
    return {"planned_at": planned, "outcome": "recorded", "started_at": planned, "minutes": 60}


def committed(order: dict[str, Any]) -> FundsCommitted:
    return FundsCommitted(
        order_id=UUID(order["order_id"]),
        budget_id=UUID(order["budget_id"]),
        person_id=UUID(order["person_id"]),
        pence=order["weekly_pence"] * 10,
        period=Period(first=today(), last=today() + timedelta(days=70)),
    )


def short(order: dict[str, Any]) -> FundsShort:
    return FundsShort(
        order_id=UUID(order["order_id"]),
        budget_id=UUID(order["budget_id"]),
        person_id=UUID(order["person_id"]),
        short_pence=100,
        recost_by=today(),
    )


async def sweep(market: Market) -> int:
    """How many timers spoke of those that are due."""
    return await Timers(market.service.worker, market.service.app.state.service, "").sweep()
