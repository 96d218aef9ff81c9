"""What happens in the demo? A council's first weeks: one journey told whole, three beside it, and what goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from care.demo.council import Council
from care.demo.lane import Journey
from care.demo.market import import_public_data
from care.demo.pattern import FULL, SHORT, visit_file, visits, week_of
from care.demo.people import PRICE, Staff, Supplier, settle_suppliers
from care.demo.teller import Teller
from shared.clock import LONDON
from shared.money import pounds, price_of

OPENS = datetime(2024, 6, 3, 9, tzinfo=LONDON).astimezone(UTC)
STARTS = date(2024, 6, 17)
WEEKS = 2
MISSED = (3, 4)
"""Evenings (weekdays of the first week) on which nobody came, to any of the three people; and one critical morning."""
PERSON_PENCE = 6771
UPLOAD = ("order_reference", "planned_start", "actual_start", "minutes", "outcome", "because")


class Story:
    """Plays the lane. `move` moves the sandbox clock of all services."""

    def __init__(self, council: Council, move: Callable[[datetime], None], tell: Teller) -> None:
        self.council, self.move, self.tell = council, move, tell
        self.staff = Staff.of(council)
        self.suppliers: list[Supplier] = []
        self.ada = self._journey("Ada", week_of(FULL, outing=True), tell)
        self.others = [self._journey(name, week_of(SHORT), tell.quiet()) for name in ("Ben", "Cleo")]
        self.last = self._journey("Dev", week_of(SHORT), tell.quiet())
        self.found: dict[str, Any] = {}

    def _journey(self, name: str, pattern: list[dict[str, Any]], tell: Teller) -> Journey:
        """Ada needs much; the others two outcomes' worth, and a visit a day."""
        journey = Journey(self.council, self.staff, tell, name, pattern, STARTS)
        return journey if name == "Ada" else replace(journey, unable=("", "bc"))

    def play(self) -> None:
        for chapter in (
            self.open_market, self.assess, self.budget, self.agree, self.buy, self.others_follow, self.deliver,
            self.notice, self.pay, self.restrict, self.review,
        ):  # fmt: skip
            chapter()

    # ── chapters ──────────────────────────────────────────────────────────────────────────────────────────────────
    def open_market(self) -> None:
        self.tell.chapter("The council opens its market")
        self.found["imports"] = import_public_data(self.staff, self.tell)
        self.suppliers = settle_suppliers(self.council, self.staff)
        said = ", ".join(f"{one.name.rpartition(' ')[2]}" for one in self.suppliers)
        self.tell.say("marketplace", f"four synthetic home care agencies publish prices and room: {said}")

    def assess(self) -> None:
        self.tell.chapter("Ada asks for support and is assessed")
        self.ada.request()
        self.ada.assess(returned=True)

    def budget(self) -> None:
        self.tell.chapter("A budget that is explained, and does not buy the plan")
        self.ada.await_budget()
        self.found["adequacy"] = self.ada.propose()
        self.ada.refuse_agreement()

    def agree(self) -> None:
        self.tell.chapter("The budget is raised with a reason, and the plan agreed")
        self.ada.finalise(PERSON_PENCE)
        self.ada.agree()

    def buy(self) -> None:
        self.tell.chapter("Finding a supplier")
        self.ada.await_requirement()
        self.found["matches"] = self.ada.match({one.supplier_id: one.name for one in self.suppliers})
        first, second = self.suppliers[0], self.suppliers[1]
        first.voice.post(
            "marketplace", f"/v1/offers/{self.ada.offer(first)}/refuse", {"because": "no_staff_at_these_times"}
        )
        self.tell.say("marketplace", f"{first.name} refuses: no staff at these times")
        self.ada.accept(second)

    def others_follow(self) -> None:
        for other in self.others:
            other.up_to_agreement()
            other.accept(self.suppliers[1])
        self.last.up_to_agreement()
        self.tell.say("assessment", "meanwhile Ben and Cleo go the same way to the same agency; Dev is still looking")

    def deliver(self) -> None:
        self.tell.chapter(f"Support starts on {STARTS:%d %B %Y}: two weeks of visits")
        self.move(datetime.combine(STARTS, datetime.min.time(), LONDON).replace(hour=6).astimezone(UTC))
        for journey in (self.ada, *self.others):
            journey.start(self.suppliers[1])
        for week in range(WEEKS):
            end = STARTS + timedelta(days=7 * (week + 1))
            self.move(datetime.combine(end, datetime.min.time(), LONDON).replace(hour=1).astimezone(UTC))
            self._upload(week)

    def _upload(self, week: int) -> None:
        rows = [row for journey in (self.ada, *self.others) for row in self._rows(journey, week)]
        file = visit_file(UPLOAD, rows)
        report = self.suppliers[1].voice.upload("marketplace", "/v1/visit-uploads", file)
        again = self.suppliers[1].voice.upload("marketplace", "/v1/visit-uploads", file)
        missed = sum(row[4] == "missed" for row in rows)
        told = f"week {week + 1}: {report['read']} visits uploaded, {missed} missed; sent again by mistake: {again['new']} new"
        self.tell.say("marketplace", told)

    def _rows(self, journey: Journey, week: int) -> list[tuple[Any, ...]]:
        """A visit is late by five minutes; on two days of the first week the last visit is missed."""
        monday = STARTS + timedelta(days=7 * week)
        rows: list[tuple[Any, ...]] = []
        for at, minutes in visits(journey.pattern, monday, 1):
            if self._is_missed(journey, at, week):
                rows.append((journey.ids["order"], at.isoformat(), "", "", "missed", "no_staff"))
            else:
                came = (at + timedelta(minutes=5)).isoformat()
                rows.append((journey.ids["order"], at.isoformat(), came, minutes, "delivered", ""))
        return rows

    def _is_missed(self, journey: Journey, at: datetime, week: int) -> bool:
        local = at.astimezone(LONDON)
        last = max(str(slot["starts"]) for slot in journey.pattern if slot["weekday"] == local.weekday())
        if week == 0 and local.weekday() in MISSED:
            return f"{local:%H:%M}" == last
        return journey is self.ada and week == 1 and local.weekday() == 5 and f"{local:%H:%M}" == "07:30"

    def notice(self) -> None:
        self.tell.chapter("Missed visits are noticed")
        commissioner, supplier = self.staff.commissioner, self.suppliers[1]
        alert = commissioner.eventually("safeguarding", "/v1/alerts", lambda page: page["items"] and page["items"][0])
        whole = commissioner.get("safeguarding", f"/v1/alerts/{alert['alert_id']}")
        self.tell.say("safeguarding", f"to {supplier.name}'s commissioner: {whole['explanation']}")
        commissioner.post("safeguarding", f"/v1/alerts/{alert['alert_id']}/acknowledge")
        alerts = self.staff.safeguarder.eventually("safeguarding", "/v1/alerts", self._told_of_all)
        for one in (one for one in alerts["items"] if one["person_id"] == self.ada.ids["person"]):
            whole_one = self.staff.safeguarder.get("safeguarding", f"/v1/alerts/{one['alert_id']}")
            self.tell.say("safeguarding", f"about Ada: {whole_one['explanation']}")
            self.found.setdefault("alerts", []).append(whole_one)
        self.found["alerts"].append(commissioner.get("safeguarding", f"/v1/alerts/{alert['alert_id']}"))
        self._check_welfare()

    def _told_of_all(self, page: dict[str, Any]) -> Any:
        people = {one["person_id"] for one in page["items"]}
        return {journey.ids["person"] for journey in (self.ada, *self.others)} <= people and page

    def _check_welfare(self) -> None:
        checks = self.staff.practitioner.eventually(
            "assessment",
            "/v1/welfare-checks",
            lambda page: len(page["items"]) >= 1 + len(self.others) and page["items"],
        )
        mine = next(one for one in checks if one["person_id"] == self.ada.ids["person"])
        where = f"/v1/welfare-checks/{mine['check_id']}/make"
        self.staff.practitioner.post("assessment", where, {"outcome": "seen_and_well"})
        self.tell.say("assessment", f"{len(checks)} welfare checks asked for; Ada is seen, and well")

    def pay(self) -> None:
        self.tell.chapter("The claim is matched with the visits")
        supplier, journey = self.suppliers[1], self.ada
        claim = supplier.voice.post("marketplace", f"/v1/orders/{journey.ids['order']}/claims", self._claim())
        self.tell.say(
            "marketplace", f"{supplier.name} claims {pounds(claim['claimed_pence'])}; state: {claim['state']}"
        )
        self.tell.details(difference["detail"] for difference in claim["differences"])
        self.tell.detail(
            "each visit is priced by itself, to the penny: that is why two weeks are not twice the weekly figure"
        )
        self.found["claim"] = claim
        settled = {"pence": claim["delivered_pence"], "reason": "Synthetic: only visits that were made are paid."}
        where = f"/v1/claims/{claim['claim_id']}"
        self.staff.finance.post("marketplace", f"{where}/settle", settled)
        self.tell.say("marketplace", f"settled at {pounds(claim['delivered_pence'])}: visits made, not visits planned")
        self.staff.finance.eventually("budget", "/v1/claims", self._has_claim(claim["claim_id"]), limit=200)
        paid = self.staff.finance.post("budget", f"{where}/pay")
        supplier.voice.eventually("marketplace", where, lambda one: one["state"] == "paid")
        self.tell.say("budget", f"paid {pounds(paid['pence'])} on {paid['paid_on']}; every journal sums to zero")
        self.found["ledger"] = self.staff.finance.get(
            "budget", f"/v1/budgets/{journey.ids['budget']}/ledger", limit=200
        )

    @staticmethod
    def _has_claim(claim_id: str) -> Callable[[Any], Any]:
        return lambda page: any(one["claim_id"] == claim_id for one in page["items"])

    def _claim(self) -> dict[str, Any]:
        """Every planned visit is claimed, the missed ones too: that is the difference."""
        lines = [
            {"planned_at": at.isoformat(), "minutes": minutes, "pence": price_of(minutes, PRICE)}
            for at, minutes in visits(self.ada.pattern, STARTS, WEEKS)
        ]
        last = STARTS + timedelta(days=7 * WEEKS - 1)
        return {"period": {"first": STARTS.isoformat(), "last": last.isoformat()}, "lines": lines}

    def restrict(self) -> None:
        self.tell.chapter("A concern leads to a restriction")
        supplier, today = self.suppliers[1], STARTS + timedelta(days=7 * WEEKS)
        concern = self.staff.practitioner.post("safeguarding", "/v1/concerns", self._concern(supplier))
        body = {"supplier_id": supplier.supplier_id, "level": "no_new_placements", "because": "visits_missed"}
        body |= {
            "reasons": "Synthetic: visits missed for three people in one week.",
            "concern_id": concern["concern_id"],
        }
        body |= {"review_on": (today + timedelta(days=28)).isoformat()}
        proposed = self.staff.safeguarder.post("safeguarding", "/v1/restrictions", body)
        where = f"/v1/restrictions/{proposed['restriction_id']}"
        placed = time.monotonic()
        self.staff.commissioner.post("safeguarding", f"{where}/place")
        self.tell.say("safeguarding", f"proposed by Sam, placed by Cora: no new placements at {supplier.name}")
        refused = self._await_restricted(supplier)
        self.found["restricted_seconds"] = time.monotonic() - placed
        self.tell.say("marketplace", f"an offer for Dev there is refused: {refused}")
        self.staff.commissioner.post("safeguarding", f"{where}/lift", {"reason": "Synthetic: staffing is mended."})
        self._await_unrestricted(supplier)
        self.last.accept(supplier)
        self.tell.say("marketplace", "lifted by decision: Dev's offer goes through")

    def _concern(self, supplier: Supplier) -> dict[str, Any]:
        return {
            "supplier_id": supplier.supplier_id,
            "person_id": self.ada.ids["person"],
            "category": "neglect_and_acts_of_omission",
            "location": "own_home",
            "source_of_risk": "service_provider",
            "what": "Synthetic: nobody came on two evenings and one morning.",
        }

    def _await_restricted(self, supplier: Supplier) -> str:
        matches = self.staff.broker.eventually(
            "marketplace", f"/v1/requirements/{self.last.ids['requirement']}/matches", self._excludes(supplier, True)
        )
        body = {"listing_id": supplier.listing_id, "price_pence": PRICE, "hours_to_answer": 48}
        where = f"/v1/requirements/{self.last.ids['requirement']}/offers"
        problem = self.staff.broker.refused("marketplace", where, body)
        reasons = next(one["reasons"] for one in matches["excluded"] if one["supplier_id"] == supplier.supplier_id)
        return str(reasons[0]["detail"] if reasons else problem["detail"])

    def _await_unrestricted(self, supplier: Supplier) -> None:
        where = f"/v1/requirements/{self.last.ids['requirement']}/matches"
        self.staff.broker.eventually("marketplace", where, self._excludes(supplier, False))

    @staticmethod
    def _excludes(supplier: Supplier, wanted: bool) -> Callable[[Any], Any]:
        def looks(matches: dict[str, Any]) -> Any:
            excluded = any(one["supplier_id"] == supplier.supplier_id for one in matches["excluded"])
            return matches if excluded is wanted else None

        return looks

    def review(self) -> None:
        self.tell.chapter("Time passes, and a review falls due")
        due = self._review_of_ada("scheduled")
        self.tell.say("assessment", f"the first review is due from {due['due_from']} to {due['due_by']} (6 to 8 weeks)")
        opens = datetime.fromisoformat(f"{due['due_from']}T09:00").replace(tzinfo=LONDON).astimezone(UTC)
        self.move(opens)
        fallen = self._review_of_ada("due")
        self.tell.say("assessment", f"the clock is moved to {due['due_from']}: it is due")
        held = {"summary": "Synthetic: the plan works; evenings are kept now."}
        self.staff.practitioner.post("assessment", f"/v1/reviews/{fallen['review_id']}/hold", held)
        following = self._review_of_ada("scheduled")
        self.tell.say("assessment", f"held; the next one is due by {following['due_by']} (within 12 months)")
        self.found["reviews"] = [fallen, following]

    def _review_of_ada(self, state: str) -> dict[str, Any]:
        def looks(page: dict[str, Any]) -> Any:
            mine = [one for one in page["items"] if one["plan_id"] == self.ada.ids["plan"] and one["state"] == state]
            return mine and mine[0]

        review: dict[str, Any] = self.staff.practitioner.eventually("assessment", "/v1/reviews", looks, limit=200)
        return review
