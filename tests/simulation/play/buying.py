"""From what is wanted to an order: the market, offers, refusals, races, frameworks, and orders that are cancelled."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.budget import models as budget
from services.budget.actions import budgets
from services.marketplace import models as market
from services.marketplace.actions import choices, evidence, frameworks, listings, offers, orders, suppliers
from services.marketplace.rules.frameworks import Ranking
from services.safeguarding import models as safeguarding
from shared.contracts.base import Employer, Route, Support
from shared.contracts.supply import EvidenceKind
from shared.money import price_of
from shared.runtime.messages import Caller
from shared.testing.simulation.clients import Ask, Script, Until, id_in
from tests.simulation.play.asking import Asking
from tests.simulation.play.cast import (
    AREA,
    DEARER,
    INSURED_UNTIL,
    PRICE,
    ROOM_MINUTES,
    Group,
    Person,
    Supplier,
    Way,
    lines_of,
    starts,
    way_of,
)

OF_EMPLOYERS = (
    EvidenceKind.REGISTRATION, EvidenceKind.CRIMINAL_RECORD_CHECK, EvidenceKind.RIGHT_TO_WORK, EvidenceKind.CONTRACT,
    EvidenceKind.PAYROLL, EvidenceKind.PENSION, EvidenceKind.COVER_PLAN,
)  # fmt: skip


class Buying(Asking):
    together: list[Group]

    def compete(self, one: Person, requirement: UUID) -> Script:
        """Several are asked at once: see `competing`."""
        raise NotImplementedError

    def open_market(self, council: str) -> Script:
        cora = self.who(council, "commissioner")
        for one in (one for one in self._of(council) if not one.works_for):
            yield from self._enter(cora, one, None)

    def hire(self, person: Person) -> Script:
        """The PAs whom this person could employ come into the market once there is somebody to employ them."""
        cora = self.who(person.council, "commissioner")
        for one in (one for one in self.suppliers if one.works_for == person.name):
            yield from self._enter(cora, one, person.ids["person"])

    def _enter(self, cora: Caller, one: Supplier, employed_by: UUID | None) -> Script:
        body = suppliers.RegisterSupplier(
            name=one.name, kind=one.kind, synthetic=True, employer=one.employer, for_person_id=employed_by,
            reference=one.location,
        )  # fmt: skip
        one.supplier_id = id_in((yield self.ask("marketplace", suppliers.register_supplier, cora, body)))
        for shown in self._evidence(one):
            yield self.ask("marketplace", evidence.record_evidence, cora, shown, one.supplier_id)
        listing = listings.PublishListing(
            support=Support.HOME_CARE, areas=(AREA,), hourly_pence=one.price, room_minutes=ROOM_MINUTES
        )
        one.listing_id = id_in(
            (yield self.ask("marketplace", listings.publish_listing, cora, listing, one.supplier_id))
        )
        yield self.until(budget.ListingCopy, "listing_id", one.listing_id)
        yield self.until(safeguarding.Supplier, "supplier_id", one.supplier_id)

    def _evidence(self, one: Supplier) -> tuple[evidence.RecordEvidence, ...]:
        """What whoever gives care at home shows before support starts; of a PA, who employs them."""
        first, last = date(2024, 1, 1), INSURED_UNTIL if one.lapses else date(2030, 12, 31)
        insured, least = EvidenceKind.EMPLOYERS_LIABILITY, 500_000_000
        shown = (EvidenceKind.REGISTRATION,) if one.employer is None else OF_EMPLOYERS
        return (
            *(evidence.RecordEvidence(kind=kind, holds_from=first) for kind in shown),
            evidence.RecordEvidence(kind=insured, holds_from=first, holds_until=last, cover_pence=least),
        )

    def set_up_framework(self, council: str) -> Script:
        """The first supplier is called off first; whether it must take the order, the journey says."""
        on_it = tuple(one.supplier_id for one in self._of(council)[:2])
        body = frameworks.SetUpFramework(
            support=Support.HOME_CARE, suppliers=on_it, ranking=Ranking.IN_ORDER, first=date(2024, 6, 1),
            last=date(2025, 5, 31), obliged=self.framework == "obliged",
        )  # fmt: skip
        yield self.ask("marketplace", frameworks.set_up_framework, self.who(council, "commissioner"), body)

    def _of(self, council: str) -> list[Supplier]:
        return [one for one in self.suppliers if one.council == council]

    # ── finding a supplier ────────────────────────────────────────────────────────────────────────────────────────
    def buy(self, one: Person) -> Script:
        if self.buys_together(one):
            return
        wanted = lambda: self._requirements(one)  # noqa: E731
        for requirement in sorted((yield Until(wanted, "requirements"))):
            if self.framework:
                yield from self.be_called_off(one, requirement)
            elif not one.buys:
                yield self.offer(one, requirement, self._wanted_of(one, requirement)[0])
            elif self.races:
                yield from self.let_them_race(one, requirement)
            elif one.competes:
                yield from self.compete(one, requirement)
            else:
                yield from self.find(one, requirement)
        for number, order, supplier in list(one.orders):
            yield from self._see_to(one, number, order, supplier)

    def buy_anew(self, one: Person) -> Script:
        """What the plan agreed anew still looks for; whoever supports the person already is asked first."""
        yield Until(lambda: self._requirements(one), "requirements of the new plan")
        known = {order for _, order, _ in one.orders}
        for row in [row for row in self.rows(market.Requirement) if row["plan_id"] == one.ids["plan"]]:
            if row["state"] == "open":
                yield from self.order_from(one, row["requirement_id"], self._wanted_of(one, row["requirement_id"])[0])
        for number, order, supplier in [each for each in one.orders if each[1] not in known]:
            yield from self._see_to(one, number, order, supplier)

    def buys_together(self, one: Person) -> bool:
        """Somebody buys for all of a group, whoever of them is ready last."""
        return any(one.name in group.names for group in self.together)

    def _requirements(self, one: Person) -> list[UUID] | None:
        rows = [row for row in self.rows(market.Requirement) if row["plan_id"] == one.ids["plan"]]
        return [row["requirement_id"] for row in rows] if len(rows) == one.lines else None

    def find(self, one: Person, requirement: UUID) -> Script:
        """Refusals, an offer that nobody answers, then one that is accepted."""
        them = self._wanted_of(one, requirement)
        if self._way(one, requirement)[1] is Route.DIRECT_PAYMENT or len(them) < 3:
            yield from self.order_from(one, requirement, them[-1 if one.fate == "dear" else 0])
            return
        first, second, dear = them
        for _ in range(one.refusals):
            offer = id_in((yield self.offer(one, requirement, second)))
            refusal = offers.RefuseOffer(because="no_staff")
            yield self.ask("marketplace", offers.refuse_offer, self.supplier(second), refusal, offer)
        if one.refusals:
            yield self.offer(one, requirement, second)
        yield from self.order_from(one, requirement, dear if one.fate == "dear" else first)

    def order_from(self, one: Person, requirement: UUID, supplier: Supplier) -> Script:
        if self._way(one, requirement)[1] is Route.DIRECT_PAYMENT:
            body = choices.ChooseListing(listing_id=supplier.listing_id, reason="Synthetic: they know each other.")
            yield self.ask("marketplace", choices.choose_listing, self.who(one.council, "broker"), body, requirement)
        else:
            offer = id_in((yield self.offer(one, requirement, supplier)))
            yield self.accept(supplier, offer)
        yield from self._note_order(one, requirement)

    def _way(self, one: Person, requirement: UUID) -> Way:
        return way_of(one, int(starts(1) in self.row(market.Requirement, "requirement_id", requirement)["line"]))

    def _wanted_of(self, one: Person, requirement: UUID) -> list[Supplier]:
        """Of the kind that the line asks for, and nobody else's PA; where somebody employs PAs the council's pool only covers."""
        kind, route = self._way(one, requirement)
        them = [each for each in self._of(one.council) if each.kind is kind and each.works_for in ("", one.name)]
        return [each for each in them if each.employer is not Employer.POOL or route is Route.COUNCIL_MANAGED]

    def be_called_off(self, one: Person, requirement: UUID) -> Script:
        """The order is there at once; or the supplier is asked, and accepts."""
        if self.framework == "asked":
            offer = yield self.until(market.Offer, "requirement_id", requirement)
            yield self.accept(self._of(one.council)[0], offer["offer_id"])
        yield from self._note_order(one, requirement)

    def accept(self, supplier: Supplier, offer: UUID, status: int | None = 200) -> Ask:
        who = self.supplier(supplier)
        return self.ask("marketplace", offers.accept_offer, who, offers.AcceptOffer(), offer, status=status)

    def _note_order(self, one: Person, requirement: UUID) -> Script:
        order = yield Until(lambda: self._running(requirement), "order")
        supplier = next(each for each in self.suppliers if each.supplier_id == order["supplier_id"])
        one.orders.append((int(starts(1) in order["line"]), order["order_id"], supplier))

    def _running(self, requirement: UUID) -> Any:
        found = (row for row in self.rows(market.Order) if row["requirement_id"] == requirement)
        return next((row for row in found if row["state"] not in ("cancelled", "ended")), None)

    # ── racing for it ─────────────────────────────────────────────────────────────────────────────────────────────
    def let_them_race(self, one: Person, requirement: UUID) -> Script:
        """Two are asked, and both accept: one of them is too late."""
        asked = []
        for supplier in self._of(one.council)[:2]:
            asked.append(id_in((yield self.offer(one, requirement, supplier))))
        one.raced[requirement] = tuple(asked)
        yield from self._note_order(one, requirement)

    def race(self, one: Person, n: int) -> Script:
        """One of the two, at every requirement of this person."""
        supplier, answered = self._of(one.council)[n], set[UUID]()
        while len(answered) < one.lines:
            due = yield Until(lambda: sorted(one.raced.keys() - answered), "offers to race for")
            yield self.accept(supplier, one.raced[due[0]][n], status=None)
            answered.add(due[0])

    def cancel_at_once(self, one: Person, n: int) -> Script:
        """Two brokers saw the same order, and cancel it: the second saw what is so no more."""
        broker = self.who(one.council, "broker", team=str(n))
        for _, order, _ in one.orders:
            seen, body = self.row(market.Order, "order_id", order), orders.CancelOrder(because="no_need")
            if seen["state"] in ("confirmed", "held"):
                version = {"if_match": seen["version"], "status": None}
                yield self.ask("marketplace", orders.cancel_order, broker, body, order, **version)

    # ── what becomes of it ────────────────────────────────────────────────────────────────────────────────────────
    def _see_to(self, one: Person, number: int, order: UUID, supplier: Supplier) -> Script:
        """The money is set aside, or is short and raised; or it is cancelled, and ordered again elsewhere."""
        state = yield self.until(market.Order, "order_id", order, "state", ("confirmed", "held"))
        if state == "held":
            yield from self.raise_budget(one, order)
            yield self.until(market.Order, "order_id", order, "state", ("confirmed",))
        if one.fate.startswith("cancel") and not self.races:
            again = one.fate == "cancel and order again"
            body = orders.CancelOrder(because="no_need", need_remains=again)
            yield self.ask("marketplace", orders.cancel_order, self.who(one.council, "broker"), body, order)
            one.orders.remove((number, order, supplier))
            if again:
                requirement = self.row(market.Order, "order_id", order)["requirement_id"]
                yield from self.order_from(one, requirement, self._wanted_of(one, requirement)[:2][-1])
                yield self.until(market.Order, "order_id", one.orders[-1][1], "state", ("confirmed",))

    def raise_budget(self, one: Person, order: UUID) -> Script:
        """To what all lines come to at the dearest price, or by what this order is short: with what employing adds it may be
        more."""
        minutes = sum(line.weekly_minutes for line in lines_of(one, one.lines, 1 + one.revises))
        now = self.row(budget.Budget, "assessment_id", one.ids["assessment"])["weekly_pence"]
        short = self.row(budget.Commitment, "order_id", order)["short_pence"]
        yield from self.raise_budget_to(one, max(price_of(minutes, PRICE + DEARER) + 2, now + short))

    def raise_budget_to(self, one: Person, weekly: int) -> Script:
        """A budget is not a cap: somebody raises it, and says why."""
        found = self.row(budget.Budget, "assessment_id", one.ids["assessment"])
        if found["weekly_pence"] >= weekly:
            return
        body = budgets.FinaliseBudget(
            plan_id=one.ids["plan"], weekly_pence=weekly, council_pence=weekly, person_pence=0,
            reason="Synthetic: nobody else has room.",
        )  # fmt: skip
        bo = self.who(one.council, "budget_officer")
        yield self.ask("budget", budgets.finalise_budget, bo, body, found["budget_id"])

    def offer(self, one: Person, requirement: UUID, supplier: Supplier) -> Ask:
        body = offers.MakeOffer(listing_id=supplier.listing_id, price_pence=supplier.price, hours_to_answer=48)
        return self.ask("marketplace", offers.make_offer, self.who(one.council, "broker"), body, requirement)
