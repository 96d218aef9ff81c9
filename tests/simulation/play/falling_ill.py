"""Too ill for one's route, and well again: the council manages for a time, and the same suppliers go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.assessment.actions import switching
from services.budget import models as budget
from services.budget.actions import claims as payments
from services.marketplace import models as market
from services.marketplace.actions import claims, visits
from services.marketplace.rules.visits import Outcome
from shared.contracts.base import Route, Slot
from shared.money import price_of
from shared.testing.simulation.clients import Script, Until, id_in
from tests.simulation.play.cast import STARTS, TEAM, Person, Supplier, planned_at, way_of
from tests.simulation.play.delivering import Delivering, a_visit

ILL = (STARTS + timedelta(days=7), STARTS + timedelta(days=13))
"""The second week; `sooner` is said to last longer, and does not."""


class FallingIll(Delivering):
    def fall_ill(self, one: Person) -> Script:
        """Every line that somebody is paid ahead for is the council's to manage, for a time. What was due has gone out."""
        yield from ()
        until = ILL[1] + timedelta(days=30 if one.ill == "sooner" else 0)
        for _, order, _ in self._paid_to_them(one):
            yield Until(lambda order=order: self._is_paid(order), "the first payment")  # type: ignore[misc]
            body = switching.SwitchRoute(
                line_id=self._line_of(order), route=Route.COUNCIL_MANAGED, until=until, because="too_ill",
                reasons="Synthetic: in hospital.",
            )  # fmt: skip
            yield self.ask("assessment", switching.switch_route, self._pat(one), body, one.ids["plan"])

    def recover(self, one: Person) -> Script:
        """Well again, at once or by the day that was said; what was given meanwhile is claimed as invoices are, and paid."""
        for number, order, supplier in self._paid_to_them(one):
            yield Until(lambda order=order: self._heard(order), "the switch")  # type: ignore[misc]
            if one.ill == "sooner":
                back = switching.SwitchBack(line_id=self._line_of(order), because="well_again", reasons="Synthetic.")
                yield self.ask("assessment", switching.switch_back, self._pat(one), back, one.ids["plan"])
            came = [slot for slot in one.slots if self._is_to_come(order, slot, number)]
            for slot in came:
                body = a_visit(slot, number, Outcome.RECORDED, weeks=1)
                yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), body, order)
            if came:
                yield from self._be_paid(one, number, order, supplier, came)

    def _is_to_come(self, order: UUID, slot: Slot, number: int) -> bool:
        """On this order, which may have taken another's place meanwhile; not where somebody else came in the PA's place."""
        planned = planned_at(slot, number) + timedelta(weeks=1)
        began = self.row(market.Order, "order_id", order)["started_on"]
        return planned.date() >= began and not self._told(order, planned)

    def _be_paid(self, one: Person, number: int, order: UUID, supplier: Supplier, came: list[Slot]) -> Script:
        lines = tuple(
            claims.ClaimedLine(
                planned_at=planned_at(slot, number) + timedelta(weeks=1), minutes=slot.minutes,
                pence=price_of(slot.minutes, supplier.price),
            )
            for slot in came
        )  # fmt: skip
        first = max(ILL[0], self.row(market.Order, "order_id", order)["started_on"])
        asked = claims.SubmitClaim(period=claims.ClaimedPeriod(first=first, last=ILL[1]), lines=lines)
        claim = id_in((yield self.ask("marketplace", claims.submit_claim, self.supplier(supplier), asked, order)))
        yield self.until(budget.Claim, "claim_id", claim)
        fin = self.who(one.council, "finance")
        yield self.ask("budget", payments.pay_claim, fin, payments.PayClaim(), claim)
        yield self.until(market.Claim, "claim_id", claim, "state", ("paid",))

    def _paid_to_them(self, one: Person) -> Iterator[tuple[int, UUID, Supplier]]:
        started = self._started()
        for number, order, supplier in one.orders:
            if order in started and way_of(one, number)[1] is not Route.COUNCIL_MANAGED:
                yield number, order, supplier

    def _line_of(self, order: UUID) -> UUID:
        return UUID(json.loads(self.row(market.Order, "order_id", order)["line"])["line_id"])

    def _is_paid(self, order: UUID) -> bool:
        row = self.row(budget.Commitment, "order_id", order)
        return bool(row["pay_from"] and row["pay_from"] > self.world.now.date())

    def _heard(self, order: UUID) -> bool:
        both = (self.row(row, "order_id", order) for row in (market.Order, budget.Commitment))
        return all(json.loads(row["switched"]) for row in both)

    def _pat(self, one: Person) -> Any:
        return self.who(one.council, "practitioner", team=TEAM)
