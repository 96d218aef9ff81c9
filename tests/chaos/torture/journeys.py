"""What is asked for? Whole journeys, from a request to an order with money behind it, and restrictions on suppliers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid5

from care.demo.pattern import SHORT, week_of
from shared.money import price_of
from tests.chaos.torture.clients import KEYS, Client

COUNCILS = ("E99999991", "E99999992", "E99999993")
"""Codes no council has; everybody in them is made up."""
AREA, PRICE, ROOM, FULL_AFTER = "north", 2469, 50_000, 100
FOUND = {
    "impairment": True,
    "wellbeing_impact": True,
    "findings": [{"outcome": code, "able": False, "grounds": ["needs_assistance"]} for code in "bc"],
    "estimated_minutes": 420,
    "reasons": "Synthetic.",
}


@dataclass
class Market:
    """A supplier of one council, with room for FULL_AFTER journeys."""

    client: Client
    supplier: str = ""
    listing: str = ""

    async def open(self, mark: str) -> None:
        self.supplier = await register(self.client, mark)
        body = {"support": "home_care", "areas": [AREA], "hourly_pence": PRICE, "room_minutes": ROOM}
        where = f"/v1/suppliers/{self.supplier}/listings"
        listed = await self.client.post("list", mark, "marketplace", "commissioner", where, body)
        self.listing = listed["listing_id"]


async def register(client: Client, mark: str) -> str:
    body = {"name": f"Synthetic {mark}", "kind": "provider", "synthetic": True}
    made = await client.post("register", mark, "marketplace", "commissioner", "/v1/suppliers", body)
    return str(made["supplier_id"])


@dataclass
class Journey:
    """One made-up person of one council."""

    market: Market
    mark: str

    @property
    def client(self) -> Client:
        return self.market.client

    async def go(self) -> None:
        assessment, person = await self.assessed()
        plan = await self.planned(assessment)
        await self.bought(plan, person)

    async def assessed(self) -> tuple[str, str]:
        person = (await self._post("person", "assessment", "practitioner", "/v1/people", _identity(self.mark)))[
            "person_id"
        ]
        asked = {"route_of_access": "community", "presenting_need": "Synthetic."}
        request = await self._post("request", "assessment", "practitioner", f"/v1/people/{person}/requests", asked)
        where = f"/v1/requests/{request['request_id']}/assessment"
        begun = await self._post("begin", "assessment", "practitioner", where, {"area": AREA})
        where = f"/v1/assessments/{begun['assessment_id']}"
        await self._post("amend", "assessment", "practitioner", f"{where}/amend", FOUND)
        await self._post("submit", "assessment", "practitioner", f"{where}/submit")
        await self._post("approve", "assessment", "approver", f"{where}/approve")
        return begun["assessment_id"], person

    async def proposed(self, assessment: str) -> tuple[str, str, int]:
        """A plan, and budget's word on it; gives the budget's id, the plan's, and pence a week."""
        budget = await self.client.read(
            "budget", "budget_officer", "/v1/budgets", lambda page: page["items"], assessment_id=assessment
        )
        body = a_plan(f"{self.client.council}/{self.mark}")
        made = await self._post("propose", "assessment", "practitioner", f"/v1/assessments/{assessment}/plan", body)
        await self._plan_becomes(made["plan_id"], ("short", "affordable"))
        return budget[0]["budget_id"], made["plan_id"], body["weekly_pence"]

    async def planned(self, assessment: str) -> str:
        budget, plan, weekly = await self.proposed(assessment)
        figures = {"plan_id": plan, "weekly_pence": weekly, "council_pence": weekly, "person_pence": 0}
        where = f"/v1/budgets/{budget}/finalise"
        await self._post("finalise", "budget", "budget_officer", where, {**figures, "reason": "Synthetic: as needed."})
        await self._plan_becomes(plan, ("affordable",))
        await self._post("agree", "assessment", "approver", f"/v1/plans/{plan}/agree")
        return plan

    async def bought(self, plan: str, person: str) -> None:
        def mine(page: Any) -> Any:
            return next((one for one in page["items"] if one["plan_id"] == plan), None)

        found = await self.client.read("marketplace", "broker", "/v1/requirements", mine, state="open", limit=200)
        body = {"listing_id": self.market.listing, "price_pence": PRICE, "hours_to_answer": 48}
        where = f"/v1/requirements/{found['requirement_id']}/offers"
        offer = await self._post("offer", "marketplace", "broker", where, body)
        where = f"/v1/offers/{offer['offer_id']}/accept"
        order = await self._post("accept", "marketplace", "supplier", where, supplier_id=self.market.supplier)
        where = f"/v1/orders/{order['order_id']}"
        await self.client.read("marketplace", "broker", where, lambda one: one["state"] == "confirmed")

    async def _plan_becomes(self, plan: str, states: Sequence[str]) -> None:
        await self.client.read("assessment", "practitioner", f"/v1/plans/{plan}", lambda one: one["state"] in states)

    async def _post(self, step: str, service: str, role: str, path: str, body: Any = None, **who: Any) -> Any:
        return await self.client.post(step, self.mark, service, role, path, body, **who)


async def restrict(client: Client, mark: str) -> None:
    """A supplier is registered, and may take on nothing new from then on."""
    supplier = await register(client, mark)
    role, body = "safeguarding_practitioner", {
        "supplier_id": supplier, "level": "no_new_placements", "because": "regulatory_action",
        "reasons": "Synthetic.", "review_on": (_today() + timedelta(days=28)).isoformat(),
    }  # fmt: skip
    restriction = await _once_known(client, mark, role, body)
    where = f"/v1/restrictions/{restriction['restriction_id']}/place"
    await client.post("place", mark, "safeguarding", "commissioner", where)


async def _once_known(client: Client, mark: str, role: str, body: Any) -> Any:
    """Safeguarding hears of the supplier after a while; each try that it refuses has a key of its own, and no effect."""
    tries = 0
    while True:
        try:
            return await client.post("restrict", f"{mark}/{tries}", "safeguarding", role, "/v1/restrictions", body)
        except AssertionError:
            tries += 1
            if tries > 500:
                raise
            await asyncio.sleep(0.2)


def a_plan(mark: str) -> dict[str, Any]:
    """A visit of an hour a day. The same journey proposes the same plan, so that a key always carries the same body."""
    pattern = week_of(SHORT)
    minutes = sum(slot["minutes"] for slot in pattern)
    line = {
        "line_id": str(uuid5(KEYS, f"line/{mark}")), "support": "home_care", "kind_wanted": "provider",
        "route": "council_managed", "pattern": pattern, "weekly_minutes": minutes, "hourly_pence": PRICE,
        "weekly_pence": price_of(minutes, PRICE),
    }  # fmt: skip
    chosen = {"route": line["route"], "chosen_by": "person", "reasons": "Synthetic."}
    total = {"lines": [line], "weekly_pence": line["weekly_pence"], "starts_on": _today().isoformat()}
    return total | {"choices": [chosen]}


def _identity(mark: str) -> dict[str, Any]:
    return {
        "team": "north", "given_name": f"Synthetic-{mark}", "family_name": "Person", "date_of_birth": "1941-05-02",
        "nhs_number": "999 000 0018", "address": "1 Made Up Street", "contact": "made up",
    }  # fmt: skip


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Load:
    """Writers that go one journey after another, and one that restricts suppliers, until they are told to stop; what is
    begun is finished. `ended` names the file that lists what was finished, and why it broke if it did: a run that goes
    on begins behind it."""

    clients: Sequence[Client]
    writers: int
    ended: Path
    stopped: bool = False
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self) -> None:
        before = {line.partition(" ")[0] for line in self._lines()}
        works = [(f"w{n}", Journeys(self.clients[n % len(self.clients)]).go) for n in range(self.writers)]
        works.append(("r", partial(restrict, self.clients[0])))
        self._tasks = [asyncio.create_task(self._write(who, work, before)) for who, work in works]

    async def _write(self, who: str, work: Callable[[str], Awaitable[None]], before: set[str]) -> None:
        marks = (mark for n in count() if (mark := f"{who}-{n}") not in before)
        while not self.stopped:
            mark = next(marks)
            broke = ""
            try:
                await work(mark)
            except AssertionError as error:
                broke = " ".join(str(error).split())
            with self.ended.open("a") as file:
                file.write(f"{mark} {broke}\n")

    def _lines(self) -> list[str]:
        return self.ended.read_text().splitlines() if self.ended.exists() else []

    @property
    def broke(self) -> list[str]:
        return [line for line in self._lines() if line.partition(" ")[2]]

    @property
    def journeys(self) -> int:
        """How many came to their end."""
        return len(self._lines()) - len(self.broke)

    async def finish(self) -> None:
        self.stopped = True
        await asyncio.gather(*self._tasks)


@dataclass
class Journeys:
    """One writer's journeys: when a supplier has no room left the next one is registered."""

    client: Client
    market: Market | None = None
    bought: int = 0

    async def go(self, mark: str) -> None:
        if self.market is None or self.bought >= FULL_AFTER:
            self.market, self.bought = Market(self.client), 0
            await self.market.open(f"market/{mark}")
        self.bought += 1
        await Journey(self.market, mark).go()
