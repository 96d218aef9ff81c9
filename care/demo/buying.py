"""How is one line of a plan bought, by whichever route? It is matched, offered or chosen, ordered, started and claimed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from care.demo.people import Staff, Supplier
from care.demo.teller import Teller, a_week
from shared.money import pounds


@dataclass
class Purchase:
    """A line of a plan and what becomes of it. `ids` are the journey's: the first line's requirement and order stand there
    too."""

    staff: Staff
    tell: Teller
    ids: dict[str, str]
    line: dict[str, Any]
    requirement: str = ""
    order: dict[str, Any] = field(default_factory=dict)
    claim: dict[str, Any] = field(default_factory=dict)

    @property
    def pattern(self) -> list[dict[str, Any]]:
        pattern: list[dict[str, Any]] = self.line["pattern"]
        return pattern

    @property
    def where(self) -> str:
        """The order's own address."""
        return f"/v1/orders/{self.order['order_id']}"

    def await_requirement(self) -> dict[str, Any]:
        mine = (self.ids["plan"], self.line["line_id"])
        requirement: dict[str, Any] = self.staff.broker.eventually(
            "marketplace",
            "/v1/requirements",
            lambda page: next((one for one in page["items"] if (one["plan_id"], one["line"]["line_id"]) == mine), None),
            state="open",
            limit=200,
        )
        self.requirement = requirement["requirement_id"]
        self.ids.setdefault("requirement", self.requirement)
        return requirement

    def matches(self) -> dict[str, Any]:
        """Everybody who lists such support, best first, each with its reasons."""
        where = f"/v1/requirements/{self.requirement}/matches"
        matches: dict[str, Any] = self.staff.broker.get("marketplace", where)
        return matches

    def match(self, names: dict[str, str]) -> dict[str, Any]:
        matches = self.matches()
        self.tell.say("marketplace", "who could do it, best first, each with its reasons:")
        for one in matches["ranked"]:
            reasons = "; ".join(step["because"].rstrip(".") for step in one["steps"])
            self.tell.detail(f"{names[one['supplier_id']]}: {one['score']} points. {reasons}.")
        for one in matches["excluded"]:
            reasons = "; ".join(why["detail"].rstrip(".") for why in one["reasons"])
            self.tell.detail(f"{names.get(one['supplier_id'], 'another')}: no. {reasons}.")
        return matches

    def offer(self, supplier: Supplier) -> str:
        body = {"listing_id": supplier.listing_id, "price_pence": supplier.price, "hours_to_answer": 48}
        where = f"/v1/requirements/{self.requirement}/offers"
        return str(self.staff.broker.post("marketplace", where, body)["offer_id"])

    def accept(self, supplier: Supplier, *, state: str = "confirmed") -> None:
        """The supplier is asked and says yes; `state` is what budget's answer makes of the order."""
        placed = supplier.voice.post("marketplace", f"/v1/offers/{self.offer(supplier)}/accept")
        self._placed(placed, f"{supplier.name} accepts", state)

    def choose(self, supplier: Supplier) -> None:
        """Who holds a direct payment chooses whom to employ or to buy from, without a round of offers."""
        where = f"/v1/requirements/{self.requirement}/choose"
        body = {"listing_id": supplier.listing_id, "reason": "Synthetic: somebody the person knows and trusts."}
        placed = self.staff.broker.post("marketplace", where, body)
        self._placed(placed, f"{supplier.name} is chosen by the person", "confirmed")

    def buy(self, supplier: Supplier) -> None:
        """In the way of its route."""
        if self.line["route"] == "direct_payment":
            self.choose(supplier)
        else:
            self.accept(supplier)

    def _placed(self, order: dict[str, Any], how: str, state: str) -> None:
        self.order = order
        self.ids.setdefault("order", order["order_id"])
        self.tell.say("marketplace", f"{how}: order placed, {a_week(order['weekly_pence'])}")
        self.await_order(state)
        if state == "confirmed":
            self._tell_ledger()

    def _tell_ledger(self) -> None:
        ledger = self.staff.finance.get("budget", f"/v1/budgets/{self.ids['budget']}/ledger")
        purse = ledger["purses"][0]
        said = f"{pounds(purse['committed'])} committed to the end of the financial year, {pounds(purse['available'])} left"
        self.tell.say("budget", said)

    def await_order(self, state: str) -> None:
        self.order = self.staff.broker.eventually(
            "marketplace", self.where, lambda order: order["state"] == state and order
        )

    def start(self, supplier: Supplier, on: date) -> None:
        self.order = supplier.voice.post("marketplace", f"{self.where}/start", {"started_on": on.isoformat()})
        self.tell.say("marketplace", f"support starts on {on:%A %d %B %Y}")

    def refused_start(self, supplier: Supplier, on: date) -> dict[str, Any]:
        return supplier.voice.refused("marketplace", f"{self.where}/start", {"started_on": on.isoformat()})
