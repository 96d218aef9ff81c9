"""Before any plan: urgent support or reablement, bought at once; it goes on past its last day until somebody ends it, or until
what the plan buys instead starts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.assessment import models as assessment
from services.assessment.actions import early_support
from services.budget import models as budget
from services.budget.actions import claims as payments
from services.marketplace import models as market
from services.marketplace.actions import claims, visits
from services.marketplace.rules.visits import Outcome
from services.safeguarding import models as safeguarding
from shared.clock import LONDON
from shared.contracts.base import Support
from shared.money import price_of
from shared.testing.simulation.clients import Script, Until, id_in
from tests.simulation.play.buying import Buying
from tests.simulation.play.cast import AREA, TEAM, Person, Supplier, at

BEGINS = date(2024, 6, 3)
FIRST_WEEK = (BEGINS, BEGINS + timedelta(days=6))
NOON = "12:00"
NEVER_BOUGHT = "nobody comes"
TOLD_AHEAD = timedelta(days=7)


class Early(Buying):
    """`one.early` is what becomes of it: `ended` after a week, `goes on` until the end or until the plan's support starts, or
    `nobody comes`."""

    def help_at_once(self, one: Person) -> Script:
        priya = self.who(one.council, "practitioner", team=TEAM)
        slots = tuple(slot.model_copy(update={"starts": NOON}) for slot in one.slots)
        said: dict[str, Any] = {
            "support": Support.HOME_CARE, "weekly_minutes": sum(slot.minutes for slot in slots), "starts_on": BEGINS,
            "until": one.early_until, "reasons": "Synthetic: it cannot wait.",
            "buy": early_support.Buy(pattern=slots, area=AREA),
        }  # fmt: skip
        person = one.ids["person"]
        if one.urgent:
            urgent = early_support.AgreeUrgentSupport(**said)
            asked = self.ask("assessment", early_support.agree_urgent_support, priya, urgent, person)
        else:
            first = early_support.StartReablement(**said)
            asked = self.ask("assessment", early_support.start_reablement, priya, first, person)
        one.ids["early"] = id_in((yield asked))
        requirement = (yield self.until(market.Requirement, "plan_id", one.ids["early"]))["requirement_id"]
        if one.early != NEVER_BOUGHT:
            yield from self._begin(one, requirement)

    def _begin(self, one: Person, requirement: UUID) -> Script:
        supplier = self._of(one.council)[one.early_from]
        offer = id_in((yield self.offer(one, requirement, supplier)))
        yield self.accept(supplier, offer)
        order = (yield Until(lambda: self._running(requirement), "early order"))["order_id"]
        one.ids["early order"] = order
        yield self.until(market.Order, "order_id", order, "state", ("confirmed",))
        body = visits.StartSupport(started_on=BEGINS)
        yield self.ask("marketplace", visits.start_support, self.supplier(supplier), body, order)

    def deliver_early(self, one: Person) -> Script:
        """Its first week is told and claimed; of some that was all they needed."""
        yield from self.let_it_go_on(one)
        if "early order" in one.ids:
            yield from self._tell_the_week(one, one.ids["early order"], self._of(one.council)[one.early_from])
        if one.early == "ended":
            yield from self.end_early(one)

    def _tell_the_week(self, one: Person, order: UUID, supplier: Supplier) -> Script:
        came = []
        for slot, outcome in zip(one.slots, one.early_outcomes, strict=False):
            visit = _visit(at(BEGINS + timedelta(days=slot.weekday), 12), slot.minutes, outcome)
            yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), visit, order)
            if outcome is not Outcome.MISSED:
                pence = price_of(slot.minutes, supplier.price)
                came.append(claims.ClaimedLine(planned_at=visit.planned_at, minutes=slot.minutes, pence=pence))
        if not came:
            return
        body = claims.SubmitClaim(
            period=claims.ClaimedPeriod(first=FIRST_WEEK[0], last=FIRST_WEEK[1]), lines=tuple(came)
        )
        claim = id_in((yield self.ask("marketplace", claims.submit_claim, self.supplier(supplier), body, order)))
        yield self.until(budget.Claim, "claim_id", claim)
        fin = self.who(one.council, "finance")
        yield self.ask("budget", payments.pay_claim, fin, payments.PayClaim(), claim)
        yield self.until(market.Claim, "claim_id", claim, "state", ("paid",))

    def let_it_go_on(self, one: Person) -> Script:
        """Whatever time has brought has been seen to, before anybody says more: money for the days to come, and the team's
        questions."""
        yield from ()
        if one.early and self.row(assessment.EarlySupport, "early_id", one.ids["early"])["state"] != "ended":
            yield Until(lambda: self._money_follows(one), "early support's money")
            yield Until(lambda: self._is_asked(one), "early support's alerts")

    def let_it_be_over(self, one: Person) -> Script:
        """Where what the plan buys has started in its place, its money is free before time goes on."""
        yield from ()
        order = one.ids.get("early order")
        if order and self.row(market.Order, "order_id", order)["state"] == "ended":
            yield self.until(budget.Commitment, "order_id", order, "state", ("released",))

    def _money_follows(self, one: Person) -> bool:
        if "early order" not in one.ids:
            return True
        row = self.row(budget.Commitment, "order_id", one.ids["early order"])
        return bool(row["state"] == "released" or row["last"] > self._today)

    def _is_asked(self, one: Person) -> bool:
        asked = [row for row in self.rows(safeguarding.Alert) if row["person_id"] == one.ids["person"]]
        found = {row["rule"] for row in asked}
        return all(rule in found for rule, day in self._questions(one) if day <= self._today)

    def _questions(self, one: Person) -> Iterator[tuple[str, date]]:
        if one.early_until - TOLD_AHEAD > BEGINS:
            yield "early_support_ending", one.early_until - TOLD_AHEAD
        yield "early_support_undecided", one.early_until
        if one.early == NEVER_BOUGHT:
            yield "early_support_not_started", BEGINS + timedelta(days=2)

    @property
    def _today(self) -> date:
        return self.world.now.astimezone(LONDON).date()

    def end_early(self, one: Person) -> Script:
        """Somebody says that it is over: what still ran ends with this day."""
        priya = self.who(one.council, "practitioner", team=TEAM)
        body = early_support.EndEarlySupport(early_id=one.ids["early"], outcome="support_needed")
        yield self.ask("assessment", early_support.end_early_support, priya, body, one.ids["person"])
        requirement = self.row(market.Requirement, "plan_id", one.ids["early"])["requirement_id"]
        if "early order" in one.ids:
            yield self.until(budget.Commitment, "order_id", one.ids["early order"], "state", ("released",))
        else:
            yield self.until(market.Requirement, "requirement_id", requirement, "state", ("withdrawn",))

    def end_at_last(self, one: Person) -> Script:
        if one.early and one.early != "ended":
            yield from self.let_it_go_on(one)
            yield from self.end_early(one)


def _visit(planned: datetime, minutes: int, outcome: Outcome) -> visits.RecordVisit:
    if outcome is Outcome.RECORDED:
        return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=planned, minutes=minutes)
    started = planned if outcome is Outcome.FRUSTRATED else None
    return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=started, because="not_said")
