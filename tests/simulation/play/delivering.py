"""From an order to payment: support starts, visits are recorded, claimed and paid; support ends, and a visit comes late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.budget import models as budget
from services.budget.actions import claims as payments
from services.budget.actions import direct_payments, surplus
from services.marketplace import models as market
from services.marketplace.actions import claims, covers, orders, visits
from services.marketplace.rules.visits import Outcome
from shared.contracts.base import Route, Slot, SupplierKind
from shared.contracts.budget import PaidTo
from shared.money import price_of
from shared.testing.simulation.clients import Script, Until, id_in, said
from tests.simulation.play.asking import Asking
from tests.simulation.play.cast import (
    ABSENT,
    ANEW,
    LAST_DAY,
    STARTS,
    Person,
    Supplier,
    claimed,
    planned_at,
    way_of,
)

PERIOD = timedelta(days=28)
EVERYTHING = 10**9
"""More than anybody's surplus: the answer says how much it is."""


class Delivering(Asking):
    def decide_payment(self, one: Person) -> Script:
        """Asked for and agreed: somebody else than whoever made the budget final decides."""
        if Route.DIRECT_PAYMENT not in self._routes(one):
            return
        found = self.row(budget.Budget, "assessment_id", one.ids["assessment"])
        body = direct_payments.DecideDirectPayment(
            has_capacity=True, requested=True, paid_to=PaidTo.NOMINEE if one.nominee else PaidTo.PERSON,
            can_manage=True, appropriate=True, agrees=one.nominee, reasons="Synthetic: with help from a payroll service.",
        )  # fmt: skip
        bo = self.who(one.council, "budget_officer")
        yield self.ask("budget", direct_payments.decide_direct_payment, bo, body, found["budget_id"])

    def _routes(self, one: Person) -> set[Route]:
        return {way_of(one, number)[1] for number in range(one.lines)}

    def _paid_ahead(self, one: Person) -> list[UUID]:
        ahead = [order for number, order, _ in one.orders if way_of(one, number)[1] is not Route.COUNCIL_MANAGED]
        return [order for order in ahead if order in self._started()]

    def await_payments(self, one: Person, though_withheld: bool = True) -> Script:
        """All that time has brought has gone out; or, before a direct payment is agreed, it was said why not."""
        for order in self._paid_ahead(one):
            yield Until(lambda order=order: self._stands(order, though_withheld), "money paid ahead")  # type: ignore[misc]

    def _stands(self, order: UUID, though_withheld: bool) -> bool:
        row = self.row(budget.Commitment, "order_id", order)
        if row["withheld"]:
            return though_withheld
        return bool(row["pay_from"] and row["pay_from"] > self.world.now.date())

    def start(self, one: Person) -> Script:
        if not one.late:
            yield from self.start_late(one)

    def start_late(self, one: Person) -> Script:
        yield from ()
        begun = {row["order_id"] for row in self.rows(market.Order) if row["state"] in ("started", "ended")}
        for _, order, supplier in one.orders:
            if order in begun:
                continue
            body = visits.StartSupport(started_on=STARTS)
            status = None if self.races else 200  # it may be cancelled at the same time
            yield self.ask("marketplace", visits.start_support, self.supplier(supplier), body, order, status=status)

    def start_anew(self, one: Person) -> Script:
        """Support for changed lines starts: the orders in whose place they are ran until the day before."""
        yield from ()
        waiting = {row["order_id"] for row in self.rows(market.Order) if row["state"] == "confirmed"}
        for _, order, supplier in one.orders:
            if order in waiting:
                body = visits.StartSupport(started_on=ANEW)
                yield self.ask("marketplace", visits.start_support, self.supplier(supplier), body, order)

    def deliver(self, one: Person) -> Script:
        if one.late:
            return
        started = self._started()
        running = [each for each in one.orders if each[1] in started]
        for number, order, supplier in running:
            for slot, outcome in zip(one.slots, one.outcomes[number * 3 :], strict=False):
                body = a_visit(slot, number, outcome)
                yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), body, order)
        yield from self.await_payments(one)
        for number, order, supplier in running:
            yield from self.claim(one, number, order, supplier)
        if one.decided_late:
            yield from self.decide_payment(one)
            yield from self.await_payments(one, though_withheld=False)
        if one.absent:
            yield from self.be_absent(running)

    def be_absent(self, running: list[tuple[int, UUID, Supplier]]) -> Script:
        """The PA says so; somebody of the council's pool comes."""
        for _, order, pa in (each for each in running if each[2].kind is SupplierKind.PA):
            body = covers.ReportAbsence(first=ABSENT[0], last=ABSENT[1], because="ill")
            yield self.ask("marketplace", covers.report_absence, self.supplier(pa), body, order)
            for own in self._covering(order):
                yield self.until(budget.Commitment, "order_id", own, "state", ("committed", "short"))

    def _covering(self, order: UUID) -> list[UUID]:
        """The orders of whoever came while that one's PA was away."""
        covered = [row for row in self.rows(market.Cover) if row["order_id"] == order and not row["is_lapse"]]
        return [row["covering_order_id"] for row in covered if row["covering_order_id"]]

    def be_covered(self, one: Person) -> Script:
        """Whoever came says so, and claims it; the PA's own file says that they did not come themselves."""
        yield from ()
        for number, order, pa in one.orders:
            for own in self._covering(order):
                yield self.until(market.Order, "order_id", own, "state", ("ended", "cancelled"))
                covering = self.row(market.Order, "order_id", own)
                if covering["state"] == "ended":
                    yield from self._stand_in(one, number, covering)
                    yield from self._say_missed(one, number, order, pa, covering)

    def _stand_in(self, one: Person, number: int, covering: dict[str, Any]) -> Script:
        whoever = next(each for each in self.suppliers if each.supplier_id == covering["supplier_id"])
        came = []
        for slot, outcome in self._planned(one, number, covering):
            visit = a_visit(slot, number, outcome, weeks=1)
            yield self.ask("marketplace", visits.record_visit, self.supplier(whoever), visit, covering["order_id"])
            if outcome is not Outcome.MISSED:
                pence = price_of(slot.minutes, whoever.price)
                line = claims.ClaimedLine(planned_at=visit.planned_at, minutes=slot.minutes, pence=pence)
                came.append(line)
        if came:
            yield from self._claim_cover(one, covering, whoever, came)

    def _claim_cover(
        self, one: Person, covering: dict[str, Any], whoever: Supplier, came: list[claims.ClaimedLine]
    ) -> Script:
        period = claims.ClaimedPeriod(first=covering["started_on"], last=covering["last_day"])
        body, fin = claims.SubmitClaim(period=period, lines=tuple(came)), self.who(one.council, "finance")
        asked = self.ask("marketplace", claims.submit_claim, self.supplier(whoever), body, covering["order_id"])
        claim = id_in((yield asked))
        yield self.until(budget.Claim, "claim_id", claim)
        yield self.ask("budget", payments.pay_claim, fin, payments.PayClaim(), claim)
        yield self.until(market.Claim, "claim_id", claim, "state", ("paid",))

    def _say_missed(self, one: Person, number: int, order: UUID, pa: Supplier, covering: dict[str, Any]) -> Script:
        """As long as their own order runs."""
        last = self.row(market.Order, "order_id", order)["last_day"]
        for slot, _ in self._planned(one, number, covering):
            visit = a_visit(slot, number, Outcome.MISSED, weeks=1)
            if last is None or visit.planned_at.date() <= last:
                yield self.ask("marketplace", visits.record_visit, self.supplier(pa), visit, order)

    def _planned(self, one: Person, number: int, covering: dict[str, Any]) -> Iterator[tuple[Slot, Outcome]]:
        for slot, outcome in zip(one.slots, one.outcomes[number * 3 :], strict=False):
            day = (planned_at(slot, number) + timedelta(weeks=1)).date()
            if covering["started_on"] <= day <= covering["last_day"]:
                yield slot, outcome

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
        if way_of(one, number)[1] is not Route.COUNCIL_MANAGED:
            return
        yield self.until(budget.Commitment, "order_id", order, "state", ("committed", "short"))
        yield self.ask("budget", payments.pay_claim, fin, payments.PayClaim(), claim)
        yield self.until(market.Claim, "claim_id", claim, "state", ("paid",))

    def end(self, one: Person) -> Script:
        """Support ends, from a day that has come; what was given in its last days is reported afterwards."""
        if one.fate != "end":
            return
        started = self._started()
        running = [each for each in one.orders if each[1] in started]
        yield from self.await_payments(one)
        yield from self._await_cover(running)
        for number, order, supplier in running:
            yield Until(lambda seller=supplier: self._may_be_left(one, seller), "a review before support is withdrawn")  # type: ignore[misc]
            body = orders.EndOrder(last_day=LAST_DAY, because="no_need", need_remains=False)
            yield self.ask("marketplace", orders.end_order, self.who(one.council, "broker"), body, order)
            for slot in one.slots if self._came_before(one, number) else ():
                late = a_visit(slot, number, Outcome.RECORDED, weeks=1)
                if not self._told(order, late.planned_at):
                    yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), late, order)
        for _, order, _ in running:
            yield self.until(budget.Commitment, "order_id", order, "state", ("released",))
        if any(way_of(one, number)[1] is not Route.COUNCIL_MANAGED for number, _, _ in running):
            yield from self.give_back(one)

    def _may_be_left(self, one: Person, supplier: Supplier) -> bool:
        """At a service that closes a review is held first."""
        closing = self.row(market.Closure, "supplier_id", supplier.supplier_id)
        return closing is None or self.row(market.Reviewed, "person_id", one.ids["person"]) is not None

    def _told(self, order: UUID, planned: datetime) -> bool:
        """Whether something was said of that visit: of one that somebody else made, that the PA did not."""
        return any(row["order_id"] == order and row["planned_at"] == planned for row in self.rows(market.Visit))

    def _came_before(self, one: Person, number: int) -> bool:
        """Whether money that goes out ahead was delivered for is known by now: a visit told later changes nothing."""
        came = not one.late and Outcome.RECORDED in one.outcomes[number * 3 :][: len(one.slots)]
        return came or way_of(one, number)[1] is Route.COUNCIL_MANAGED

    def _await_cover(self, running: list[tuple[int, UUID, Supplier]]) -> Script:
        """Where insurance has lapsed, somebody else was looked for before anybody ends it."""
        for _, order, pa in running:
            if pa.lapses:
                yield Until(lambda order=order: self._covered(order), "cover after a lapse")  # type: ignore[misc]

    def _covered(self, order: UUID) -> bool:
        return any(row["order_id"] == order and row["is_lapse"] for row in self.rows(market.Cover))

    def give_back(self, one: Person) -> Script:
        """What was paid out for days after the last one, and is not kept in reserve."""
        found, fin = (
            self.row(budget.Budget, "assessment_id", one.ids["assessment"])["budget_id"],
            self.who(one.council, "finance"),
        )
        asked = yield self.ask("budget", surplus.return_surplus, fin, _given(EVERYTHING), found, status=409)
        if left := said(asked).get("surplus_pence"):
            yield self.ask("budget", surplus.return_surplus, fin, _given(left), found)


def _given(pence: int) -> surplus.ReturnSurplus:
    return surplus.ReturnSurplus(pence=pence)


def a_visit(slot: Slot, number: int, outcome: Outcome, weeks: int = 0) -> visits.RecordVisit:
    planned = planned_at(slot, number) + timedelta(weeks=weeks)
    if outcome is Outcome.RECORDED:
        return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=planned, minutes=slot.minutes)
    started = planned if outcome is Outcome.FRUSTRATED else None
    return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=started, because="not_said")
