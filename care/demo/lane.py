"""How does a journey go, from a request to running support? Step by step, over the public HTTP APIs only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from care.demo.council import Council
from care.demo.pattern import plan_of
from care.demo.people import AREA, PRICE, TEAM, Staff, Supplier
from care.demo.teller import Teller, a_week
from shared.money import pounds

UNABLE_TWO_WAYS, UNABLE = "abcd", "ei"
"""Outcomes (R§1.1) that Ada cannot achieve: four on two grounds, two on one."""
GROUNDS = ["needs_assistance", "significantly_longer"]


@dataclass
class Journey:
    """One person's journey, and the ids it has come by so far."""

    council: Council
    staff: Staff
    tell: Teller
    name: str
    pattern: list[dict[str, Any]]
    starts_on: date
    unable: tuple[str, str] = (UNABLE_TWO_WAYS, UNABLE)
    ids: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)

    @property
    def hours(self) -> float:
        return sum(int(slot["minutes"]) for slot in self.pattern) / 60

    # ── asking and assessing ──────────────────────────────────────────────────────────────────────────────────────
    def request(self) -> None:
        person = self.staff.practitioner.post("assessment", "/v1/people", self._identity())
        self.ids["person"] = person["person_id"]
        where = f"/v1/people/{self.ids['person']}"
        daughter = {
            "role": "family",
            "name": "Synthetic Daughter",
            "contact": "made up number of a daughter",
            "first": "2024-01-01",
        }
        self.staff.practitioner.post("assessment", f"{where}/speakers", daughter)
        asked = {"route_of_access": "community", "presenting_need": "Synthetic: help at home after a stroke."}
        self.ids["request"] = self.staff.practitioner.post("assessment", f"{where}/requests", asked)["request_id"]
        self.tell.say("assessment", f"{self.name} asks for support; name and address stay in this service")

    def _identity(self) -> dict[str, Any]:
        return {
            "team": TEAM,
            "given_name": f"Synthetic-{self.name}",
            "family_name": f"Person-{self.name}",
            "date_of_birth": "1941-05-02",
            "nhs_number": "999 000 0018",
            "address": f"{len(self.name)} Made Up Street, Nowhere",
            "contact": f"made up number of {self.name}",
        }

    def assess(self, *, returned: bool = False) -> None:
        practitioner, approver = self.staff.practitioner, self.staff.approver
        begun = practitioner.post("assessment", f"/v1/requests/{self.ids['request']}/assessment", {"area": AREA})
        self.ids["assessment"] = begun["assessment_id"]
        where = f"/v1/assessments/{self.ids['assessment']}"
        practitioner.post("assessment", f"{where}/amend", self._found())
        practitioner.post("assessment", f"{where}/submit")
        if returned:
            approver.post("assessment", f"{where}/return", {"note": "Synthetic: say more about the mornings."})
            practitioner.post("assessment", f"{where}/amend", self._found())
            practitioner.post("assessment", f"{where}/submit")
            self.tell.say("assessment", "returned once for edits; the note stays in its history")
        approver.post("assessment", f"{where}/approve")
        self._tell_determination(where)

    def _found(self) -> dict[str, Any]:
        two = [{"outcome": code, "able": False, "grounds": GROUNDS} for code in self.unable[0]]
        one = [{"outcome": code, "able": False, "grounds": GROUNDS[:1]} for code in self.unable[1]]
        return {
            "impairment": True,
            "wellbeing_impact": True,
            "findings": [*two, *one],
            "estimated_minutes": int(self.hours * 60),
            "reasons": "Synthetic: six of the ten outcomes cannot be achieved without help.",
        }

    def _tell_determination(self, where: str) -> None:
        told = self.staff.practitioner.get("assessment", f"{where}/explanation")
        self.tell.say("assessment", f"determined: {told['decided']}, approved by somebody else than its author")
        self.tell.details(step["because"] for step in told["steps"])

    # ── budget and plan ───────────────────────────────────────────────────────────────────────────────────────────
    def await_budget(self) -> dict[str, Any]:
        budget: dict[str, Any] = self.staff.budget_officer.eventually(
            "budget",
            "/v1/budgets",
            lambda page: page["items"] and page["items"][0],
            assessment_id=self.ids["assessment"],
        )
        self.ids["budget"] = budget["budget_id"]
        explained = self.staff.budget_officer.get("budget", f"/v1/budgets/{budget['budget_id']}/explanation")
        self.tell.say("budget", f"indicative budget: {a_week(budget['indicated_pence'])}, explained:")
        self.tell.details(_step(step) for step in explained["steps"])
        return budget

    def propose(self) -> dict[str, Any]:
        self.plan = plan_of(self.pattern, PRICE, self.starts_on)
        where = f"/v1/assessments/{self.ids['assessment']}/plan"
        plan = self.staff.practitioner.post("assessment", where, self.plan)
        self.ids["plan"] = plan["plan_id"]
        self.tell.say("assessment", f"plan proposed: {self.hours:g} hours at home, {a_week(plan['weekly_pence'])}")
        verdict: dict[str, Any] = self.staff.practitioner.eventually(
            "budget", f"/v1/plans/{plan['plan_id']}/adequacy", lambda found: found
        )
        self.tell.say("budget", verdict["in_words"])
        return verdict

    def await_plan(self, state: str) -> dict[str, Any]:
        plan: dict[str, Any] = self.staff.practitioner.eventually(
            "assessment", f"/v1/plans/{self.ids['plan']}", lambda plan: plan["state"] == state and plan
        )
        return plan

    def refuse_agreement(self) -> None:
        self.await_plan("short")
        problem = self.staff.approver.refused("assessment", f"/v1/plans/{self.ids['plan']}/agree")
        self.tell.say("assessment", f"may it be agreed? {problem['detail']} Allowed: {', '.join(problem['allowed'])}.")

    def finalise(self, person_pence: int = 0) -> None:
        weekly = self.plan["weekly_pence"]
        body = {"plan_id": self.ids["plan"], "weekly_pence": weekly, "council_pence": weekly - person_pence}
        body |= {"person_pence": person_pence, "reason": ""}
        where = f"/v1/budgets/{self.ids['budget']}/finalise"
        problem = self.staff.budget_officer.refused("budget", where, body)
        self.tell.say("budget", f"raised without a reason? {problem['errors'][0]['detail']}")
        body["reason"] = "Synthetic: no agency with room asks less; the needs cannot be met for the indicated figure."
        final = self.staff.budget_officer.post("budget", where, body)
        shares = f"council {pounds(final['council_pence'])}, person {pounds(final['person_pence'])}"
        self.tell.say("budget", f"final budget: {a_week(final['weekly_pence'])} ({shares}), with a reason")

    def agree(self) -> None:
        self.await_plan("affordable")
        where = f"/v1/plans/{self.ids['plan']}/agree"
        proposer = self.council.voice("approver", sub="priya", limit_pence=10**9)
        problem = proposer.refused("assessment", where)
        self.tell.say("assessment", f"agreed by its author? {problem['errors'][0]['detail']}")
        plan = self.staff.approver.post("assessment", where)
        self.tell.say("assessment", f"agreed on {plan['agreed_on']} by somebody else, within their yearly limit")

    # ── buying ────────────────────────────────────────────────────────────────────────────────────────────────────
    def await_requirement(self) -> dict[str, Any]:
        mine = self.ids["plan"]
        requirement: dict[str, Any] = self.staff.broker.eventually(
            "marketplace",
            "/v1/requirements",
            lambda page: next((one for one in page["items"] if one["plan_id"] == mine), None),
            state="open",
            limit=200,
        )
        self.ids["requirement"] = requirement["requirement_id"]
        return requirement

    def match(self, names: dict[str, str]) -> dict[str, Any]:
        where = f"/v1/requirements/{self.ids['requirement']}/matches"
        matches: dict[str, Any] = self.staff.broker.get("marketplace", where)
        self.tell.say("marketplace", "who could do it, best first, each with its reasons:")
        for one in matches["ranked"]:
            reasons = "; ".join(step["because"].rstrip(".") for step in one["steps"])
            self.tell.detail(f"{names[one['supplier_id']]}: {one['score']} points. {reasons}.")
        for one in matches["excluded"]:
            reasons = "; ".join(why["detail"].rstrip(".") for why in one["reasons"])
            self.tell.detail(f"{names.get(one['supplier_id'], 'another')}: no. {reasons}.")
        return matches

    def offer(self, supplier: Supplier) -> str:
        body = {"listing_id": supplier.listing_id, "price_pence": PRICE, "hours_to_answer": 48}
        where = f"/v1/requirements/{self.ids['requirement']}/offers"
        offer = self.staff.broker.post("marketplace", where, body)
        return str(offer["offer_id"])

    def accept(self, supplier: Supplier) -> None:
        self.order = supplier.voice.post("marketplace", f"/v1/offers/{self.offer(supplier)}/accept")
        self.ids["order"] = self.order["order_id"]
        self.tell.say("marketplace", f"{supplier.name} accepts: order placed, {a_week(self.order['weekly_pence'])}")
        self.await_order("confirmed")
        ledger = self.staff.finance.get("budget", f"/v1/budgets/{self.ids['budget']}/ledger")
        purse = ledger["purses"][0]
        said = f"{pounds(purse['committed'])} committed to the end of the financial year, {pounds(purse['available'])} left"
        self.tell.say("budget", said)

    def await_order(self, state: str) -> None:
        where = f"/v1/orders/{self.ids['order']}"
        self.order = self.staff.broker.eventually("marketplace", where, lambda order: order["state"] == state and order)

    def start(self, supplier: Supplier) -> None:
        where = f"/v1/orders/{self.ids['order']}/start"
        supplier.voice.post("marketplace", where, {"started_on": self.starts_on.isoformat()})
        self.tell.say("marketplace", f"support starts on {self.starts_on:%A %d %B %Y}")

    def up_to_agreement(self) -> None:
        """A journey told once already is not told again."""
        self.request()
        self.assess()
        self.await_budget()
        self.propose()
        self.await_plan("short")
        self.finalise()
        self.agree()
        self.await_requirement()


def _step(step: dict[str, Any]) -> str:
    mark = "" if step["verified"] else "  (not verified)"
    return f"{step['because']} [{step.get('source', step['rule'])}]{mark}"
