"""How does a person come to a plan that is agreed? From a request on, step by step, over the public HTTP APIs only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from care.demo.buying import Purchase
from care.demo.council import Council
from care.demo.pattern import plan_of
from care.demo.people import AREA, SQUARE, Staff
from care.demo.teller import Teller, a_week
from shared.money import pounds

UNABLE_TWO_WAYS, UNABLE = "abcd", "ei"
"""Outcomes (R§1.1) that Ada cannot achieve: four on two grounds, two on one."""
GROUNDS = ["needs_assistance", "significantly_longer"]
DEARER = "Synthetic: no agency with room asks less; the needs cannot be met for the indicated figure."


@dataclass
class Journey:
    """One person's journey, and the ids it has come by so far. `lines` are those of the plan to come, each with what it becomes
    (`purchases`); `wishes` are about who comes."""

    council: Council
    staff: Staff
    tell: Teller
    name: str
    lines: Sequence[dict[str, Any]]
    starts_on: date
    unable: tuple[str, str] = (UNABLE_TWO_WAYS, UNABLE)
    wishes: Sequence[dict[str, Any]] = ()
    ids: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    verdict: dict[str, Any] = field(default_factory=dict)
    purchases: list[Purchase] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.purchases = [Purchase(self.staff, self.tell, self.ids, line) for line in self.lines]

    @property
    def first(self) -> Purchase:
        """What the first line of the plan became."""
        return self.purchases[0]

    @property
    def order(self) -> dict[str, Any]:
        return self.first.order

    @property
    def pattern(self) -> list[dict[str, Any]]:
        pattern: list[dict[str, Any]] = self.lines[0]["pattern"]
        return pattern

    @property
    def hours(self) -> float:
        return sum(int(line["weekly_minutes"]) for line in self.lines) / 60

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
            "team": self.staff.team,
            "given_name": f"Synthetic-{self.name}",
            "family_name": f"Person-{self.name}",
            "date_of_birth": "1941-05-02",
            "nhs_number": "999 000 0018",
            "address": f"{len(self.name)} Made Up Street, Nowhere",
            "contact": f"made up number of {self.name}",
        }

    def assess(self, *, returned: bool = False) -> None:
        practitioner, approver = self.staff.practitioner, self.staff.approver
        begun = practitioner.post(
            "assessment", f"/v1/requests/{self.ids['request']}/assessment", {"area": AREA, "square": SQUARE}
        )
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
        self.plan = plan_of(self.lines, self.starts_on)
        where = f"/v1/assessments/{self.ids['assessment']}/plan"
        body = self.plan | {"wishes": list(self.wishes), "choices": self._choices()}
        plan = self.staff.practitioner.post("assessment", where, body)
        self.ids["plan"] = plan["plan_id"]
        self.tell.say("assessment", f"plan proposed: {self.hours:g} hours at home, {a_week(plan['weekly_pence'])}")
        self.verdict = self.staff.practitioner.eventually(
            "budget", f"/v1/plans/{plan['plan_id']}/adequacy", lambda found: found
        )
        self.tell.say("budget", self.verdict["in_words"])
        return self.verdict

    def _choices(self) -> list[dict[str, Any]]:
        """All routes are offered; which were chosen, by whom and why, is kept."""
        why = {"chosen_by": "person", "reasons": "Synthetic: chosen by the person once every route was explained."}
        return [{"route": route, **why} for route in dict.fromkeys(line["route"] for line in self.lines)]

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
        """At what the plan costs today: for a PA that is more than the wage."""
        body = self._figure(max(self.plan["weekly_pence"], self.verdict["weekly_cost_pence"]), person_pence)
        problem = self.staff.budget_officer.refused("budget", self._where("finalise"), body)
        self.tell.say("budget", f"raised without a reason? {problem['errors'][0]['detail']}")
        final = self._make_final(body, DEARER)
        shares = f"council {pounds(final['council_pence'])}, person {pounds(final['person_pence'])}"
        self.tell.say("budget", f"final budget: {a_week(final['weekly_pence'])} ({shares}), with a reason")

    def recost(self, weekly_pence: int, reason: str) -> dict[str, Any]:
        """A final figure made anew: a budget is not a cap."""
        return self._make_final(self._figure(weekly_pence), reason)

    def _make_final(self, figure: dict[str, Any], reason: str) -> dict[str, Any]:
        body = figure | {"reason": reason}
        final: dict[str, Any] = self.staff.budget_officer.post("budget", self._where("finalise"), body)
        return final

    def _figure(self, weekly_pence: int, person_pence: int = 0) -> dict[str, Any]:
        shares = {"council_pence": weekly_pence - person_pence, "person_pence": person_pence}
        return {"plan_id": self.ids["plan"], "weekly_pence": weekly_pence, **shares, "reason": ""}

    def _where(self, verb: str) -> str:
        return f"/v1/budgets/{self.ids['budget']}/{verb}"

    def agree(self) -> None:
        self.await_plan("affordable")
        where = f"/v1/plans/{self.ids['plan']}/agree"
        proposer = self.council.voice("approver", sub="priya", limit_pence=10**9)
        problem = proposer.refused("assessment", where)
        self.tell.say("assessment", f"agreed by its author? {problem['errors'][0]['detail']}")
        plan = self.staff.approver.post("assessment", where)
        self.tell.say("assessment", f"agreed on {plan['agreed_on']} by somebody else, within their yearly limit")

    def decide_direct_payment(self) -> dict[str, Any]:
        """A right on request: each condition of s.31 by itself, with its reason."""
        found = dict.fromkeys(("has_capacity", "requested", "can_manage", "appropriate"), True)
        body = found | {"paid_to": "person", "reasons": "Synthetic: wants to choose who comes, with help of a payroll."}
        made: dict[str, Any] = self.staff.budget_officer.post("budget", self._where("direct-payment-decisions"), body)
        met = sum(one["met"] for one in made["conditions"])
        self.tell.say("budget", f"direct payment {made['state']}: {met} of {len(made['conditions'])} conditions met")
        return made

    def ledger(self) -> dict[str, Any]:
        ledger: dict[str, Any] = self.staff.finance.get("budget", self._where("ledger"), limit=200)
        return ledger

    def up_to_agreement(self) -> None:
        """A journey told once already is not told again."""
        if "person" not in self.ids:
            self.request()
        self.assess()
        self.await_budget()
        self.propose()
        self.await_plan("short")
        self.finalise()
        self.agree()
        for purchase in self.purchases:
            purchase.await_requirement()


def _step(step: dict[str, Any]) -> str:
    mark = "" if step["verified"] else "  (not verified)"
    return f"{step['because']} [{step.get('source', step['rule'])}]{mark}"
