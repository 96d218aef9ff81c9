"""What happens in the demo? A council's first quarter: Ada told whole, five lanes beside hers, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from care.demo import lanes
from care.demo.council import Council
from care.demo.delivery import UPLOAD, WEEKS, Missed, at_hour, claim_weeks, pay, rows_of, upload
from care.demo.lane import Journey
from care.demo.lanes import NEEDS, STARTS
from care.demo.market import import_public_data
from care.demo.measures import by_route, measure, visits_by_route
from care.demo.national import published_beside
from care.demo.pattern import FULL, NEXT, SHORT, line_of, week_of
from care.demo.people import PRICE, Staff, settle_suppliers
from care.demo.stage import Lane, Share, Stage
from care.demo.stories import (
    absence,
    before_plan,
    beside,
    channelling,
    closure,
    employer,
    money,
    preferences,
    quarter,
    restriction,
    together,
)
from care.demo.teller import Teller
from shared.clock import LONDON
from shared.money import pounds

__all__ = ["OPENS", "PERSON_PENCE", "UPLOAD", "WEEKS", "Story"]

OPENS = datetime(2024, 6, 3, 9, tzinfo=LONDON).astimezone(UTC)
MISSED = (3, 4)
"""Evenings (weekdays of the first week) on which nobody came, to any of the three people; and one critical morning."""
PERSON_PENCE = 6771
AGENCY = ("cw-11", "cw-12", "cw-13", "cw-14", "cw-15", "cw-16")
"""Who comes from Ada's agency, by turns: four visits a day, and not the same few."""
ROUND = ("cw-17", "cw-18")
"""Who goes from Ben to Cleo, by turns."""


class Story(Stage):
    """Plays the council's first quarter. `move` moves the sandbox clock of all services."""

    def __init__(self, council: Council, move: Callable[[datetime], None], tell: Teller) -> None:
        super().__init__(council, move, tell, Staff.of(council))
        self.ada = self._journey("Ada", [line_of(week_of(FULL, outing=True), PRICE)], tell)
        self.others = [
            self._short(name, [line_of(week_of(at), PRICE)]) for name, at in (("Ben", SHORT), ("Cleo", NEXT))
        ]
        self.last = self._short("Dev", restriction.lines())

    def _journey(self, name: str, wanted: list[dict[str, Any]], tell: Teller) -> Journey:
        return Journey(self.council, self.staff, tell, name, wanted, STARTS)

    def _short(self, name: str, wanted: list[dict[str, Any]]) -> Journey:
        """Two outcomes' worth, and a visit a day; told once already."""
        return replace(self._journey(name, wanted, self.tell.quiet()), unable=NEEDS)

    def play(self) -> None:
        for chapter in (
            self.open_market, self.help_at_once, self.assess, self.budget, self.agree, self.buy, self.others_follow,
            self.open_lanes, self.buy_together, self.end_early, self.deliver, self.notice, self.pay, self.account,
            self.share_anew, self.restrict, self.stand_in, self.review, self.watch_teams, self.compare, self.end_quarter,
        ):  # fmt: skip
            chapter()

    # ── Ada ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def open_market(self) -> None:
        self.tell.chapter("The council opens its market")
        self.found["imports"] = import_public_data(self.staff, self.tell)
        self.suppliers = settle_suppliers(self.council, self.staff)
        said = ", ".join(f"{one.name.rpartition(' ')[2]}" for one in self.suppliers)
        self.tell.say("marketplace", f"four synthetic home care agencies publish prices and room: {said}")
        lanes.open_own_services(self)

    def help_at_once(self) -> None:
        self.tell.chapter("Two people are helped before anybody is assessed")
        before_plan.agree(self, [self._short(name, []) for name in before_plan.DAYS])

    def end_early(self) -> None:
        self.tell.chapter("What was bought before any plan is paid for, and ended")
        self.move(at_hour(STARTS, 5))
        before_plan.end(self)

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
        bought = self.ada.first
        bought.await_requirement()
        names = {one.supplier_id: one.name for one in (*self.suppliers, *self.own.values())}
        self.found["matches"] = bought.match(names)
        first, second = self.suppliers[0], self.suppliers[1]
        refused = {"because": "no_staff_at_these_times"}
        first.voice.post("marketplace", f"/v1/offers/{bought.offer(first)}/refuse", refused)
        self.tell.say("marketplace", f"{first.name} refuses: no staff at these times")
        bought.accept(second)

    def others_follow(self) -> None:
        for other in self.others:
            other.up_to_agreement()
            other.first.accept(self.suppliers[1])
        self.last.up_to_agreement()
        self.tell.say("assessment", "meanwhile Ben and Cleo go the same way to the same agency; Dev is still looking")

    # ── the lanes ─────────────────────────────────────────────────────────────────────────────────────────────────
    def open_lanes(self) -> None:
        self.tell.chapter("Five other lanes open beside Ada's")
        five, whose = lanes.others(self), self._share(self.ada)
        ada = Lane("outsourced provider, council-managed", self.ada, STARTS, [whose])
        self.lanes = {"Elif": five["Elif"], "Ada": ada, **five}
        for name in ("Gita", "Hugo", "Iris"):
            lanes.order(self, five[name])
        employer.tell_missing(self, five["Gita"])
        self.tell.chapter("Wishes about who comes, lawful and not")
        preferences.play(self, five["Elif"])
        self.tell.chapter("Money runs short")
        money.play(self, five["Finn"])

    def buy_together(self) -> None:
        self.tell.chapter("Three people buy one evening together")
        together.buy(self)

    def _share(self, journey: Journey) -> Share:
        workers = AGENCY if journey is self.ada else ROUND
        return Share(journey.first, self.suppliers[1], workers, self._missed_of(journey))

    def _missed_of(self, journey: Journey) -> Missed:
        """On two days of the first week the last visit is missed; of Ada's also one critical morning of the second."""

        def is_missed(at: datetime) -> bool:
            local, slots = at.astimezone(LONDON), journey.pattern
            last = max(str(slot["starts"]) for slot in slots if slot["weekday"] == local.weekday())
            if local.date() < lanes.LATER and local.weekday() in MISSED:
                return f"{local:%H:%M}" == last
            critical = local.date() >= lanes.LATER and local.weekday() == 5 and f"{local:%H:%M}" == "07:30"
            return journey is self.ada and critical

        return is_missed

    def deliver(self) -> None:
        self.tell.chapter(f"Support starts on {STARTS:%d %B %Y}: two weeks of visits")
        self.move(at_hour(STARTS, 6))
        for journey in (self.ada, *self.others):
            journey.first.start(self.suppliers[1], STARTS)
        now = [lane for lane in self.lanes.values() if lane.first == STARTS and lane.name != "Ada"]
        for lane in now:
            lanes.start(lane)
        together.start(self)
        employer.refuse_start(self, self.lanes["Gita"])
        for week in range(WEEKS):
            self.move(at_hour(STARTS + timedelta(days=7 * (week + 1)), 1))
            self._upload(week)
            lanes.deliver(now, week)
            if not week:
                employer.insure(self, self.lanes["Gita"])

    def _upload(self, week: int) -> None:
        monday = STARTS + timedelta(days=7 * week)
        shares = [self._share(journey) for journey in (self.ada, *self.others)]
        rows = [row for one in shares for row in rows_of(one.purchase, monday, one.is_missed, one.workers)]
        report, again = (upload(self.suppliers[1], rows) for _ in range(2))
        missed = sum(row[4] == "missed" for row in rows)
        told = f"week {week + 1}: {report['read']} visits uploaded, {missed} missed; sent again by mistake: {again['new']} new"
        self.tell.say("marketplace", told)

    def notice(self) -> None:
        self.tell.chapter("Missed visits are noticed")
        commissioner, supplier = self.staff.commissioner, self.suppliers[1]
        alert = commissioner.eventually("safeguarding", "/v1/alerts", self._of_supplier, limit=200)
        whole = commissioner.get("safeguarding", f"/v1/alerts/{alert['alert_id']}")
        self.tell.say("safeguarding", f"to {supplier.name}'s commissioner: {whole['explanation']}")
        commissioner.post("safeguarding", f"/v1/alerts/{alert['alert_id']}/acknowledge")
        alerts = self.staff.safeguarder.eventually("safeguarding", "/v1/alerts", self._told_of_all, limit=200)
        for one in (one for one in alerts["items"] if one["person_id"] == self.ada.ids["person"]):
            whole_one = self.staff.safeguarder.get("safeguarding", f"/v1/alerts/{one['alert_id']}")
            self.tell.say("safeguarding", f"about Ada: {whole_one['explanation']}")
            self.found.setdefault("alerts", []).append(whole_one)
        self.found["alerts"].append(commissioner.get("safeguarding", f"/v1/alerts/{alert['alert_id']}"))
        self._check_welfare()

    @staticmethod
    def _of_supplier(page: dict[str, Any]) -> Any:
        return next((one for one in page["items"] if one["rule"] == "visits_missed_by_supplier"), None)

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
        """Every planned visit is claimed, the missed ones too: that is the difference."""
        self.tell.chapter("The claim is matched with the visits")
        supplier, bought = self.suppliers[1], self.ada.first
        claim = claim_weeks(supplier, bought, STARTS)
        self.tell.say(
            "marketplace", f"{supplier.name} claims {pounds(claim['claimed_pence'])}; state: {claim['state']}"
        )
        self.tell.details(difference["detail"] for difference in claim["differences"])
        self.tell.detail(
            "each visit is priced by itself, to the penny: that is why two weeks are not twice the weekly figure"
        )
        self.found["claim"] = claim
        settled = {"pence": claim["delivered_pence"], "reason": "Synthetic: only visits that were made are paid."}
        self.staff.finance.post("marketplace", f"/v1/claims/{claim['claim_id']}/settle", settled)
        self.tell.say("marketplace", f"settled at {pounds(claim['delivered_pence'])}: visits made, not visits planned")
        paid = pay(self.staff, bought)
        self.tell.say("budget", f"paid {pounds(paid['pence'])} on {paid['paid_on']}; every journal sums to zero")
        self.found["ledger"] = self.ada.ledger()

    # ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────
    def account(self) -> None:
        self.tell.chapter("Each lane claims in its own kind, through the same matching")
        for name in ("Elif", "Finn", "Hugo", "Iris"):
            lanes.claim_and_account(self, self.lanes[name])

    def share_anew(self) -> None:
        self.tell.chapter("One of the three leaves, and the others share anew")
        together.attend(self)
        together.leave(self)

    def restrict(self) -> None:
        self.tell.chapter("A concern leads to a restriction, felt on every route at once")
        restriction.play(self, self.ada, self.last)

    def stand_in(self) -> None:
        """Gita's two weeks are over a week later than the others'."""
        self.tell.chapter("A PA's pay is accounted for, and a PA falls ill")
        self.move(at_hour(lanes.LATER + timedelta(days=7 * WEEKS), 1))
        for week in range(WEEKS):
            lanes.deliver([self.lanes["Gita"]], week)
        lanes.claim_and_account(self, self.lanes["Gita"])
        absence.play(self, self.lanes["Iris"])
        self.tell.chapter("A day centre is to close")
        closure.decide(self, self.lanes["Iris"])

    def review(self) -> None:
        self.tell.chapter("Time passes, and a review falls due")
        due = self.review_of(self.ada, "scheduled")
        self.tell.say("assessment", f"the first review is due from {due['due_from']} to {due['due_by']} (6 to 8 weeks)")
        self.move(at_hour(date.fromisoformat(due["due_from"]), 9))
        self.tell.say("assessment", f"the clock is moved to {due['due_from']}: it is due")
        fallen = self.hold_review(self.ada, "Synthetic: the plan works; evenings are kept now.", lanes.ACHIEVED["Ada"])
        for name in ("Elif", "Finn", "Gita", "Hugo"):
            self.hold_review(self.lanes[name].journey, "Synthetic: it was talked over at home.", lanes.ACHIEVED[name])
        following = self.review_of(self.ada, "scheduled")
        self.tell.say("assessment", f"held; the next one is due by {following['due_by']} (within 12 months)")
        self.found["reviews"] = [fallen, following]
        absence.settle(self, self.lanes["Iris"])
        closure.review_first(self, self.lanes["Iris"])
        self.tell.chapter("An employer's insurance ends")
        employer.lapse(self, self.lanes["Gita"])

    def watch_teams(self) -> None:
        """Last, since nobody sees to what these people agree."""
        self.tell.chapter("One team is found to send its people one way")
        channelling.play(self, date.fromisoformat(self.found["reviews"][0]["due_from"]))

    def compare(self) -> None:
        self.tell.chapter("Six lanes on the same measures")
        self.found["measures"] = measure(self)
        self.found["groups"] = by_route(visits_by_route(self, [*self.lanes.values(), *self._beside()]))
        for one in self.found["measures"]:
            self.tell.detail(one.in_words)

    def _beside(self) -> list[Lane]:
        return [Lane("beside Ada", journey, STARTS, [self._share(journey)]) for journey in self.others]

    def end_quarter(self) -> None:
        """Nine more weeks of the same, and what else a quarter brings."""
        self.found["national"] = published_beside(self)
        quarter.play(self, self._beside())
        beside.hold_late(self, self.others)
        beside.play(self, self.others[1], self.last)
        beside.close(self)
