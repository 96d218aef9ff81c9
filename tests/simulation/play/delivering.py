"""From an order to payment: support starts, visits are recorded, claimed and paid; support ends, and a visit comes late."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.budget import models as budget
from services.budget.actions import claims as payments
from services.marketplace import models as market
from services.marketplace.actions import claims, orders, visits
from services.marketplace.rules.visits import Outcome
from shared.contracts.base import Slot
from shared.testing.simulation.clients import Script, id_in
from tests.simulation.play.asking import Asking
from tests.simulation.play.cast import LAST_DAY, STARTS, Person, Supplier, claimed, planned_at


class Delivering(Asking):
    def start(self, one: Person) -> Script:
        if not one.late:
            yield from self.start_late(one)

    def start_late(self, one: Person) -> Script:
        yield from ()
        started = self._started()
        for _, order, supplier in one.orders:
            if order in started:
                continue
            body = visits.StartSupport(started_on=STARTS)
            status = None if self.races else 200  # it may be cancelled at the same time
            yield self.ask("marketplace", visits.start_support, self.supplier(supplier), body, order, status=status)

    def deliver(self, one: Person) -> Script:
        if one.late:
            return
        started = self._started()
        running = [each for each in one.orders if each[1] in started]
        for number, order, supplier in running:
            for slot, outcome in zip(one.slots, one.outcomes[number * 3 :], strict=False):
                body = _visit(slot, number, outcome)
                yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), body, order)
        for number, order, supplier in running:
            yield from self.claim(one, number, order, supplier)

    def _started(self) -> set[UUID]:
        return {row["order_id"] for row in self.rows(market.Order) if row["state"] == "started"}

    def claim(self, one: Person, number: int, order: UUID, supplier: Supplier) -> Script:
        lines = list(claimed(one, number, supplier.price))
        if not lines:
            return
        period = claims.ClaimedPeriod(first=STARTS, last=STARTS + timedelta(days=6))
        body = claims.SubmitClaim(period=period, lines=tuple(lines))
        claim = id_in((yield self.ask("marketplace", claims.submit_claim, self.supplier(supplier), body, order)))
        fin = self.who(one.council, "finance")
        row = self.row(market.Claim, "claim_id", claim)
        if row["state"] == "disputed":
            settled = claims.SettleClaim(pence=row["delivered_pence"], reason="Synthetic: what was delivered.")
            yield self.ask("marketplace", claims.settle_claim, fin, settled, claim)
        yield self.until(budget.Claim, "claim_id", claim)
        yield self.until(budget.Commitment, "order_id", order, "state", ("committed", "short"))
        yield self.ask("budget", payments.pay_claim, fin, payments.PayClaim(), claim)
        yield self.until(market.Claim, "claim_id", claim, "state", ("paid",))

    def end(self, one: Person) -> Script:
        """Support ends, from a day that has come; what was given in its last days is reported afterwards."""
        if one.fate != "end":
            return
        started = self._started()
        for number, order, supplier in (each for each in one.orders if each[1] in started):
            body = orders.EndOrder(last_day=LAST_DAY, because="no_need", need_remains=False)
            yield self.ask("marketplace", orders.end_order, self.who(one.council, "broker"), body, order)
            for slot in one.slots:
                late = _visit(slot, number, Outcome.RECORDED, weeks=1)
                yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), late, order)


def _visit(slot: Slot, number: int, outcome: Outcome, weeks: int = 0) -> visits.RecordVisit:
    planned = planned_at(slot, number) + timedelta(weeks=weeks)
    if outcome is Outcome.RECORDED:
        return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=planned, minutes=slot.minutes)
    started = planned if outcome is Outcome.FRUSTRATED else None
    return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=started, because="not_said")
