"""Up to an agreed plan and its reviews: who needs what, what it costs, who may see it."""

from __future__ import annotations

from services.assessment import models as assessment
from services.assessment.actions import assessments, people, plans, reviews
from services.assessment.rules.outcomes import Ground as Grounds
from services.assessment.rules.outcomes import Outcome as Unable
from services.assessment.rules.outcomes import OutcomeFinding
from services.budget import models as budget
from services.budget.actions import budgets
from shared.testing.simulation.clients import Script, Until, id_in
from tests.simulation.play.asking import Asking
from tests.simulation.play.cast import AREA, TEAM, Person, lines_of, plan_anew, plan_of


class Planning(Asking):
    def register(self, one: Person) -> Script:
        priya = self.who(one.council, "practitioner", team=TEAM)
        register = people.RegisterPerson(team=TEAM, given_name=f"Synthetic-{one.name}", family_name="Person")
        one.ids["person"] = id_in((yield self.ask("assessment", people.register_person, priya, register)))
        consent = people.GiveConsent(client_id="broker-app")
        yield self.ask("assessment", people.give_consent, priya, consent, one.ids["person"])

    def assess(self, one: Person) -> Script:
        priya, amir = self.who(one.council, "practitioner", team=TEAM), self.who(one.council, "approver")
        if "person" not in one.ids:
            yield from self.register(one)
        wish = people.RequestSupport(route_of_access="community", presenting_need="Synthetic: help at home.")
        request = id_in((yield self.ask("assessment", people.request_support, priya, wish, one.ids["person"])))
        begun = yield self.ask(
            "assessment", assessments.begin_assessment, priya, assessments.BeginAssessment(area=AREA), request
        )
        one.ids["assessment"] = known = id_in(begun)
        yield self.ask("assessment", assessments.amend_assessment, priya, _findings(one), known)
        yield self.ask("assessment", assessments.submit_assessment, priya, assessments.SubmitAssessment(), known)
        yield self.ask("assessment", assessments.approve_assessment, amir, assessments.ApproveAssessment(), known)
        yield self.until(budget.Budget, "assessment_id", known)

    def plan(self, one: Person) -> Script:
        priya, amir = self.who(one.council, "practitioner", team=TEAM), self.who(one.council, "approver")
        asked = self.ask("assessment", plans.propose_plan, priya, plan_of(one, one.lines), one.ids["assessment"])
        one.ids["plan"] = id_in((yield asked))
        yield from self.make_final(one)
        if one.revises:
            again = plan_of(one, one.lines, revision=2)
            yield self.ask("assessment", plans.propose_plan_again, priya, again, one.ids["plan"])
            yield from self.make_final(one)
        yield self.ask("assessment", plans.agree_plan, amir, plans.AgreePlan(), one.ids["plan"])

    def make_final(self, one: Person) -> Script:
        """Budget's answer to the revision on the table; where it is short, somebody raises it and says why."""
        state = yield self.until(assessment.Plan, "plan_id", one.ids["plan"], "state", ("short", "affordable"))
        if state == "affordable":
            return
        found = self.row(budget.Budget, "assessment_id", one.ids["assessment"])
        check = self.row(budget.PlanCheck, "plan_id", one.ids["plan"])
        weekly = max(sum(line.weekly_pence for line in lines_of(one, one.lines)), check["weekly_cost_pence"])
        body = budgets.FinaliseBudget(
            plan_id=one.ids["plan"], weekly_pence=weekly, council_pence=weekly - 700, person_pence=700,
            reason="Synthetic: nobody asks less.",
        )  # fmt: skip
        bo = self.who(one.council, "budget_officer")
        yield self.ask("budget", budgets.finalise_budget, bo, body, found["budget_id"])
        yield self.until(assessment.Plan, "plan_id", one.ids["plan"], "state", ("affordable",))

    def agree_anew(self, one: Person) -> Script:
        """While support runs: the plan in force holds until this one is agreed."""
        priya, amir = self.who(one.council, "practitioner", team=TEAM), self.who(one.council, "approver")
        body = plan_anew(one)
        asked = self.ask("assessment", plans.propose_plan_anew, priya, body, one.ids["plan"])
        one.ids["plan"], one.lines = id_in((yield asked)), len(body.lines)
        yield from self.make_final(one)
        yield self.ask("assessment", plans.agree_plan, amir, plans.AgreePlan(), one.ids["plan"])

    def let_see(self, one: Person, app: str) -> Script:
        priya = self.who(one.council, "practitioner", team=TEAM)
        person = yield Until(lambda: one.ids.get("person"), "registered")
        yield self.ask("assessment", people.give_consent, priya, people.GiveConsent(client_id=app), person)
        yield self.ask("assessment", people.withdraw_consent, priya, people.WithdrawConsent(client_id=app), person)
        yield self.ask("assessment", people.give_consent, priya, people.GiveConsent(client_id=app), person)

    def review(self, one: Person) -> Script:
        review = self.row(assessment.Review, "plan_id", one.ids["plan"])
        if review["due_from"] > self.world.now.date():
            return
        yield self.until(assessment.Review, "review_id", review["review_id"], "state", ("due", "overdue"))
        priya = self.who(one.council, "practitioner", team=TEAM)
        held = reviews.HoldReview(summary="Synthetic: it works.")
        yield self.ask("assessment", reviews.hold_review, priya, held, review["review_id"])


def _findings(one: Person) -> assessments.AmendAssessment:
    found = tuple(
        OutcomeFinding(outcome=each, able=False, grounds=frozenset(list(Grounds)[:1])) for each in list(Unable)[:3]
    )
    return assessments.AmendAssessment(
        impairment=True,
        wellbeing_impact=True,
        findings=found,
        estimated_minutes=sum(slot.minutes for slot in one.slots),
        reasons="Synthetic: three outcomes.",
    )
