"""What somebody decides about support that runs: a direct payment is stopped, a claim that was too high is lowered, a service
is to close."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.assessment import models as assessment
from services.budget import models as budget
from services.budget.actions import direct_payments, refunds
from services.budget.actions.direct_payments import WhyStopped
from services.marketplace import models as market
from services.marketplace.actions import claims, closures
from services.marketplace.actions import refunds as lowering
from shared.contracts.base import Route
from shared.runtime.messages import Caller
from shared.testing.simulation.clients import Script, Until, id_in
from tests.simulation.play.cast import STARTS, Person, Supplier, planned_at
from tests.simulation.play.delivering import Delivering

PARTIES = ("carers", "trade_union")


class Deciding(Delivering):
    people: list[Person]

    # ── stopped (s.33) ────────────────────────────────────────────────────────────────────────────────────────────
    def stop_payment(self, one: Person) -> Script:
        """A named person's decision, cover confirmed. What was due has gone out; nothing goes out after."""
        if Route.DIRECT_PAYMENT not in self._routes(one) or not self._paid_ahead(one):
            return
        yield from self.await_payments(one, though_withheld=False)
        found = self.row(budget.Budget, "assessment_id", one.ids["assessment"])
        body = direct_payments.StopDirectPayment(
            because=WhyStopped.PERSON_ASKED,
            reasons="Synthetic: it is too much.",
            cover="Synthetic: the agency goes on.",
        )
        bo = self.who(one.council, "budget_officer")
        yield self.ask("budget", direct_payments.stop_direct_payment, bo, body, found["budget_id"])

    # ── too high (refunds by revision) ────────────────────────────────────────────────────────────────────────────
    def ask_back(self, one: Person) -> Script:
        """The first visit that was claimed for was not made after all: the council asks, or the supplier credits it."""
        for number, order, supplier in list(one.orders):
            claim = self._settled(order)
            if claim is None:
                continue
            lines = claim["lines"]
            first = next(slot for slot in one.slots if self._iso(slot, number) in lines)
            body = lowering.LowerClaim(
                lines=(claims.ClaimedLine(planned_at=planned_at(first, number), minutes=0, pence=0),),
                because="visit_not_made", reason="Synthetic: nobody came.",
            )  # fmt: skip
            yield from self._lower(one, supplier, claim["claim_id"], body)

    def _iso(self, slot: Any, number: int) -> str:
        return f"{planned_at(slot, number):%Y-%m-%dT%H:%M:%S}"

    def _settled(self, order: UUID) -> Any:
        """The first week's claim, where it was accepted and is worth anything."""
        made = (row for row in self.rows(market.Claim) if (row["order_id"], row["first"]) == (order, STARTS))
        return next((row for row in made if row["pence"]), None)

    def _lower(self, one: Person, supplier: Supplier, claim: UUID, body: lowering.LowerClaim) -> Script:
        fin = self.who(one.council, "finance")
        if one.overclaims:
            credit = lowering.credit_claim
            status = yield self.ask("marketplace", credit, self.supplier(supplier), body, claim, status=None)
        else:
            status = yield self.ask("marketplace", lowering.ask_back, fin, body, claim, status=None)
        if self.row(market.Claim, "claim_id", claim)["revisions"] == "[]":
            assert status.status == 422  # settled for less than its lines: that one had not been paid for
            return
        yield Until(lambda: self.row(budget.Claim, "claim_id", claim)["revision"] == 2, "a revision")
        if self.row(budget.Claim, "claim_id", claim)["owed_back_pence"] and not one.revises:
            yield self.ask("budget", refunds.receive_refund, fin, refunds.ReceiveRefund(), claim)

    # ── a service closes ──────────────────────────────────────────────────────────────────────────────────────────
    def decide_to_close(self, council: str) -> Script:
        """Proposed, consulted on, decided by somebody else; whoever is reached is supported on until somebody ends it."""
        yield Until(self._time_has_spoken, "what time had to tell")
        supplier = next(one for one in self.suppliers if one.council == council)
        cora, colin = self.who(council, "commissioner"), self._another(council)
        affected = closures.AffectedBesides(carers=1, journeys_a_week=2, meals_a_week=3, posts=1, post_hours_a_week=9)
        proposed = closures.ProposeClosure(
            closes_on=STARTS + timedelta(days=120), affected=affected, reason="Synthetic: no money for the roof."
        )
        asked = self.ask("marketplace", closures.propose_closure, cora, proposed, supplier.supplier_id)
        closure = id_in((yield asked))
        yield self.ask("marketplace", closures.consult_parties, cora, closures.ConsultParties(parties=PARTIES), closure)
        for party in PARTIES:
            answer = closures.NoteAnswer(party=party, answer="Synthetic: we would rather not.")
            yield self.ask("marketplace", closures.note_answer, cora, answer, closure)
        decided = closures.DecideClosure(reason="Synthetic: no money for the roof.")
        yield self.ask("marketplace", closures.decide_closure, colin, decided, closure)
        yield Until(lambda: self._is_known(supplier), "everybody heard whom it reaches")

    def _time_has_spoken(self) -> bool:
        """Whether a listing's take-up was compared before it was withdrawn, or not any more, is for the schedule to say."""
        due = self.world.homes["marketplace"].database.rows("due").values()
        return all(row["at"] > self.world.now for row in due)

    def _is_known(self, supplier: Supplier) -> bool:
        """Of everybody who is supported there: their review is brought forward, their plan looked at without it."""
        there = [row for row in self.rows(market.Order) if row["supplier_id"] == supplier.supplier_id]
        reached = {row["person_id"]: row["plan_id"] for row in there if row["state"] == "started"}
        reviews = {row["person_id"] for row in self.rows(assessment.Review) if row["because"] == "closure"}
        checked = {row["person_id"] for row in self.rows(budget.PlanCheck) if row["ground"]}
        return reached.keys() <= reviews & checked

    def _another(self, council: str) -> Caller:
        cora = self.who(council, "commissioner")
        return Caller("colin", cora.client_id, council, cora.role, cora.scopes, limit_pence=cora.limit_pence)
