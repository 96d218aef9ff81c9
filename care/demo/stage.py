"""What does every chapter of the demo share? The council, its clock, who tells, who sells, and the lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from care.demo.buying import Purchase
from care.demo.council import Council
from care.demo.delivery import Missed, Workers, never
from care.demo.lane import Journey
from care.demo.people import Staff, Supplier
from care.demo.teller import Teller


@dataclass
class Share:
    """One purchase of a lane: from whom, who comes, and which visits nobody made."""

    purchase: Purchase
    supplier: Supplier
    workers: Workers
    is_missed: Missed = never


@dataclass
class Lane:
    """One person's way through the market: what is bought, from whom, from which Monday on."""

    title: str
    journey: Journey
    first: date
    shares: Sequence[Share]

    @property
    def name(self) -> str:
        return self.journey.name


@dataclass(repr=False)
class Stage:
    """`move` moves the sandbox clock of all services; `found` is what the report and the tests look at."""

    council: Council
    move: Callable[[datetime], None]
    tell: Teller
    staff: Staff
    suppliers: list[Supplier] = field(default_factory=list)
    own: dict[str, Supplier] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)

    def alert(self, rule: str, person: str = "", supplier: str = "") -> dict[str, Any]:
        """The alert that a rule raised about somebody, once it is there, in words."""

        def looks(page: dict[str, Any]) -> Any:
            theirs = (one for one in page["items"] if one["rule"] == rule)
            return next((one for one in theirs if self._is_about(one, person, supplier)), None)

        found = self.staff.safeguarder.eventually("safeguarding", "/v1/alerts", looks, limit=200)
        whole: dict[str, Any] = self.staff.safeguarder.get("safeguarding", f"/v1/alerts/{found['alert_id']}")
        self.found.setdefault("others_alerts", []).append(whole)
        return whole

    @staticmethod
    def _is_about(alert: dict[str, Any], person: str, supplier: str) -> bool:
        return person in ("", alert["person_id"]) and supplier in ("", alert["supplier_id"])

    def review_of(self, journey: Journey, state: str) -> dict[str, Any]:
        """A person's review, once it is in that state."""

        def looks(page: dict[str, Any]) -> Any:
            mine = [one for one in page["items"] if one["plan_id"] == journey.ids["plan"] and one["state"] == state]
            return mine and mine[0]

        review: dict[str, Any] = self.staff.practitioner.eventually("assessment", "/v1/reviews", looks, limit=200)
        return review

    def hold_review(self, journey: Journey, summary: str, achieved: Sequence[str] = ()) -> dict[str, Any]:
        """`achieved` says how far, of each outcome that was assessed, in their order."""
        fallen = self.review_of(journey, "due")
        where = f"/v1/reviews/{fallen['review_id']}/hold"
        outcomes = "".join(journey.unable)
        said = [{"outcome": one, "how_far": far} for one, far in zip(outcomes, achieved, strict=False)]
        self.staff.practitioner.post("assessment", where, {"summary": summary, "achieved": said})
        return fallen
