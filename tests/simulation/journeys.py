"""Which journeys are played? Councils, people and suppliers drawn from a seed; all synthetic.

What a client asks depends only on the seed and on answers that are the same under every schedule: so that the same
journey may be played twice, once calmly and once in trouble, and must end in the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.assessment import models as assessment
from services.assessment.actions import assessments, people, plans, reviews
from services.assessment.rules.outcomes import Ground as Grounds
from services.assessment.rules.outcomes import Outcome as Unable
from services.assessment.rules.outcomes import OutcomeFinding
from services.budget import models as budget
from services.budget.actions import budgets
from services.budget.actions import claims as payments
from services.marketplace import models as market
from services.marketplace.actions import claims, listings, offers, suppliers, visits
from services.marketplace.rules.visits import Outcome
from services.safeguarding import models as safeguarding
from services.safeguarding.actions import concerns, restrictions
from services.safeguarding.rules import decisions
from shared.clock import LONDON
from shared.contracts.base import PlanLine, Route, Slot, SupplierKind, Support
from shared.contracts.safeguarding import Level
from shared.money import price_of
from shared.roles import ROLES
from shared.runtime.messages import Caller
from shared.runtime.rows import Row
from shared.runtime.service import Decision
from shared.testing.simulation.clients import Ask, Script, Until, id_in
from shared.testing.simulation.world import World

COUNCILS = ("E99999999", "E99999998")
OPENS = datetime(2024, 6, 3, 9, tzinfo=LONDON).astimezone(UTC)
STARTS = date(2024, 6, 17)
PEOPLE = UUID("7d2f0c1e-0000-5000-8000-000000000001")
AREA, TEAM, PRICE = "north", "older-people-north", 2469
PROGRAMS = ("assessment", "budget", "marketplace", "safeguarding")


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON).astimezone(UTC)


@dataclass
class Supplier:
    council: str
    name: str
    price: int
    supplier_id: UUID = UUID(int=0)
    listing_id: UUID = UUID(int=0)


@dataclass
class Person:
    """One person: what is drawn for them, and the ids they come by."""

    council: str
    name: str
    slots: tuple[Slot, ...]
    lines: int
    buys: bool
    refusals: int
    outcomes: tuple[Outcome, ...]
    overclaims: bool
    revises: bool
    late: bool
    ids: dict[str, UUID] = field(default_factory=dict)
    orders: list[tuple[int, UUID, Supplier]] = field(default_factory=list)


Chapter = tuple[datetime, dict[str, Callable[[], Script]]]


class Journey:
    """Everything that clients do in one run, chapter by chapter. The clock moves between chapters only."""

    def __init__(self, seed: str, world: World) -> None:
        self.world, self.chance = world, Random(f"journey {seed}")
        councils = COUNCILS[: self.chance.choice((1, 1, 2))]
        people = self.chance.choice((1, 1, 1, 2, 3))
        self.suppliers = [self._supplier(council, n) for council in councils for n in range(2)]
        self.people = [self._person(council, n) for council in councils for n in range(people)]
        self.councils = councils

    def _supplier(self, council: str, n: int) -> Supplier:
        return Supplier(council, f"Synthetic Homecare {n}", PRICE)

    def _person(self, council: str, n: int) -> Person:
        chance = self.chance
        days = sorted(chance.sample(range(7), chance.choice((2, 2, 3))))
        minutes = chance.choice((35, 45, 60))
        slots = tuple(
            Slot(weekday=day, starts=_starts(0), minutes=minutes, time_critical=chance.random() < 0.3) for day in days
        )
        lines = chance.choice((1, 1, 1, 2))
        likely = (Outcome.RECORDED, Outcome.RECORDED, Outcome.MISSED, Outcome.FRUSTRATED)
        outcomes = tuple(chance.choice(likely) for _ in range(6))
        return Person(
            council, f"{council}-{n}", slots, lines, n == 0 or chance.random() < 0.7, chance.choice((0, 0, 1)),
            outcomes, chance.random() < 0.5, chance.random() < 0.25, chance.random() < 0.5,
        )  # fmt: skip

    def chapters(self) -> Iterator[Chapter]:
        yield OPENS, {f"open {one}": lambda one=one: self.open_market(one) for one in self.councils}
        yield OPENS, {**self._each(self.come_to_an_order), **self._apps()}
        yield at(STARTS, 6), self._each(self.start)
        weeks = {
            **self._each(self.deliver),
            **{f"restrict {one}": lambda one=one: self.restrict(one) for one in self.councils},
        }
        yield at(STARTS + timedelta(days=7), 1), weeks
        yield at(STARTS + timedelta(days=13), 9), self._each(self.start_late)
        soon = {"time": lambda: self.let_time_pass(400)}
        yield at(STARTS + timedelta(days=self.chance.choice((20, 40, 42))), 9), {**self._each(self.review), **soon}

    def _apps(self) -> dict[str, Callable[[], Script]]:
        """Beside a person's own journey, and beside each other, apps are let see them, and are not any more."""
        pairs = [(one, n) for one in self.people for n in range(2)]
        return {f"app {n} of {one.name}": lambda one=one, n=n: self.let_see(one, f"app-{n}") for one, n in pairs}

    def let_see(self, one: Person, app: str) -> Script:
        priya = self.who(one.council, "practitioner", team=TEAM)
        person = yield Until(lambda: one.ids.get("person"), "registered")
        yield self.ask("assessment", people.give_consent, priya, people.GiveConsent(client_id=app), person)
        yield self.ask("assessment", people.withdraw_consent, priya, people.WithdrawConsent(client_id=app), person)
        yield self.ask("assessment", people.give_consent, priya, people.GiveConsent(client_id=app), person)

    def _each(self, does: Callable[[Person], Script]) -> dict[str, Callable[[], Script]]:
        return {f"{does.__name__} {one.name}": lambda one=one: does(one) for one in self.people}

    # ── the market ────────────────────────────────────────────────────────────────────────────────────────────────
    def open_market(self, council: str) -> Script:
        cora = self.who(council, "commissioner")
        for one in (one for one in self.suppliers if one.council == council):
            body = suppliers.RegisterSupplier(name=one.name, kind=SupplierKind.PROVIDER, synthetic=True)
            one.supplier_id = id_in((yield self.ask("marketplace", suppliers.register_supplier, cora, body)))
            listing = listings.PublishListing(
                support=Support.HOME_CARE, areas=(AREA,), hourly_pence=one.price, room_minutes=6000
            )
            made = yield self.ask("marketplace", listings.publish_listing, cora, listing, one.supplier_id)
            one.listing_id = id_in(made)
            yield self.until(budget.ListingCopy, "listing_id", one.listing_id)
            yield self.until(safeguarding.Supplier, "supplier_id", one.supplier_id)

    # ── a person, up to their orders ──────────────────────────────────────────────────────────────────────────────
    def come_to_an_order(self, one: Person) -> Script:
        yield from self.assess(one)
        yield from self.plan(one)
        yield from self.buy(one)

    def assess(self, one: Person) -> Script:
        priya, amir = self.who(one.council, "practitioner", team=TEAM), self.who(one.council, "approver")
        register = people.RegisterPerson(team=TEAM, given_name=f"Synthetic-{one.name}", family_name="Person")
        one.ids["person"] = id_in((yield self.ask("assessment", people.register_person, priya, register)))
        consent = people.GiveConsent(client_id="broker-app")
        yield self.ask("assessment", people.give_consent, priya, consent, one.ids["person"])
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
        asked = self.ask("assessment", plans.propose_plan, priya, _plan(one, one.lines), one.ids["assessment"])
        one.ids["plan"] = id_in((yield asked))
        yield from self.make_final(one)
        if one.revises:
            again = _plan(one, one.lines, revision=2)
            yield self.ask("assessment", plans.propose_plan_again, priya, again, one.ids["plan"])
            yield from self.make_final(one)
        yield self.ask("assessment", plans.agree_plan, amir, plans.AgreePlan(), one.ids["plan"])

    def make_final(self, one: Person) -> Script:
        """Budget's answer to the revision on the table; where it is short, somebody raises it and says why."""
        state = yield self.until(assessment.Plan, "plan_id", one.ids["plan"], "state", ("short", "affordable"))
        if state == "affordable":
            return
        found = self.row(budget.Budget, "assessment_id", one.ids["assessment"])
        weekly = sum(line.weekly_pence for line in _lines(one, one.lines))
        body = budgets.FinaliseBudget(
            plan_id=one.ids["plan"], weekly_pence=weekly, council_pence=weekly - 700, person_pence=700,
            reason="Synthetic: nobody asks less.",
        )  # fmt: skip
        bo = self.who(one.council, "budget_officer")
        yield self.ask("budget", budgets.finalise_budget, bo, body, found["budget_id"])
        yield self.until(assessment.Plan, "plan_id", one.ids["plan"], "state", ("affordable",))

    def buy(self, one: Person) -> Script:
        wanted = lambda: self._requirements(one)  # noqa: E731
        for requirement in sorted((yield Until(wanted, "requirements"))):
            yield from self.find(one, requirement)

    def _requirements(self, one: Person) -> list[UUID] | None:
        rows = [row for row in self.rows(market.Requirement) if row["plan_id"] == one.ids["plan"]]
        return [row["requirement_id"] for row in rows] if len(rows) == one.lines else None

    def find(self, one: Person, requirement: UUID) -> Script:
        """Offers, refusals, one that nobody answers; then an order, if this person buys."""
        first, second = (each for each in self.suppliers if each.council == one.council)
        if not one.buys:
            yield self.offer(one, requirement, first)
            return
        for _ in range(one.refusals):
            offer = id_in((yield self.offer(one, requirement, second)))
            refusal = offers.RefuseOffer(because="no_staff")
            yield self.ask("marketplace", offers.refuse_offer, self.supplier(second), refusal, offer)
        if one.refusals:
            yield self.offer(one, requirement, second)
        offer = id_in((yield self.offer(one, requirement, first)))
        accepted = yield self.ask("marketplace", offers.accept_offer, self.supplier(first), offers.AcceptOffer(), offer)
        number = int(_starts(1) in self.row(market.Order, "order_id", id_in(accepted))["line"])
        one.orders.append((number, id_in(accepted), first))
        yield self.until(market.Order, "order_id", id_in(accepted), "state", ("confirmed", "held"))

    def offer(self, one: Person, requirement: UUID, supplier: Supplier) -> Ask:
        body = offers.MakeOffer(listing_id=supplier.listing_id, price_pence=PRICE, hours_to_answer=48)
        return self.ask("marketplace", offers.make_offer, self.who(one.council, "broker"), body, requirement)

    # ── support, claims, payment ──────────────────────────────────────────────────────────────────────────────────
    def start(self, one: Person) -> Script:
        if not one.late:
            yield from self.start_late(one)

    def start_late(self, one: Person) -> Script:
        yield from ()
        started = [row["order_id"] for row in self.rows(market.Order) if row["state"] == "started"]
        for _, order, supplier in one.orders:
            if order in started:
                continue
            body = visits.StartSupport(started_on=STARTS)
            yield self.ask("marketplace", visits.start_support, self.supplier(supplier), body, order)

    def deliver(self, one: Person) -> Script:
        if one.late:
            return
        for number, order, supplier in one.orders:
            for slot, outcome in zip(one.slots, one.outcomes[number * 3 :], strict=False):
                body = _visit(slot, number, outcome)
                yield self.ask("marketplace", visits.record_visit, self.supplier(supplier), body, order)
        for number, order, supplier in one.orders:
            yield from self.claim(one, number, order, supplier)

    def claim(self, one: Person, number: int, order: UUID, supplier: Supplier) -> Script:
        lines = list(_claimed(one, number))
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

    def let_time_pass(self, steps: int) -> Script:
        """Nobody asks for anything, and things go on."""
        until = self.world.steps + steps
        yield Until(lambda: not self.world.wild or self.world.steps >= until, "time")

    # ── concerns, restrictions ────────────────────────────────────────────────────────────────────────────────────
    def restrict(self, council: str) -> Script:
        supplier = [each for each in self.suppliers if each.council == council][1]
        sam, cora = self.who(council, "safeguarding_practitioner"), self.who(council, "commissioner")
        priya = self.who(council, "practitioner", team=TEAM)
        concern = id_in((yield self.ask("safeguarding", concerns.raise_concern, priya, _concern(supplier))))
        decided = concerns.DecideConcern(
            needs=True, abuse=False, unable_to_protect=False, reasons="Synthetic: not met.", other_enquiry=False
        )
        yield self.ask("safeguarding", concerns.decide_concern, sam, decided, concern)
        body = restrictions.ProposeRestriction(
            supplier_id=supplier.supplier_id, level=Level.NO_NEW_PLACEMENTS, because=decisions.Ground.STAFFING,
            reasons="Synthetic: staff are missing.", review_on=STARTS + timedelta(days=14), concern_id=concern,
        )  # fmt: skip
        found = id_in((yield self.ask("safeguarding", restrictions.propose_restriction, sam, body)))
        place = self.ask("safeguarding", restrictions.place_restriction, cora, restrictions.PlaceRestriction(), found)
        yield place
        yield Until(lambda: self._is_restricted(supplier, True), "restricted")
        if self._lifts(council):
            lift = restrictions.LiftRestriction(reason="Synthetic: mended.")
            yield self.ask("safeguarding", restrictions.lift_restriction, cora, lift, found)
            yield Until(lambda: self._is_restricted(supplier, False), "lifted")

    def _lifts(self, council: str) -> bool:
        return sum(one.council == council and one.overclaims for one in self.people) % 2 == 0

    def _is_restricted(self, supplier: Supplier, wanted: bool) -> bool:
        row = self.row(market.Restriction, "supplier_id", supplier.supplier_id)
        return bool(row and (row["placed"] != "[]") is wanted)

    # ── reviews ───────────────────────────────────────────────────────────────────────────────────────────────────
    def review(self, one: Person) -> Script:
        review = self.row(assessment.Review, "plan_id", one.ids["plan"])
        if review["due_from"] > self.world.now.date():
            return
        yield self.until(assessment.Review, "review_id", review["review_id"], "state", ("due", "overdue"))
        priya = self.who(one.council, "practitioner", team=TEAM)
        held = reviews.HoldReview(summary="Synthetic: it works.")
        yield self.ask("assessment", reviews.hold_review, priya, held, review["review_id"])

    # ── asking and seeing ─────────────────────────────────────────────────────────────────────────────────────────
    def ask(
        self, service: str, verb: Decision, caller: Caller, body: BaseModel, target: UUID | None = None, **more: Any
    ) -> Ask:
        return Ask(service, verb, caller, body, target, **more)

    def who(self, council: str, role: str, **more: Any) -> Caller:
        return Caller(role, f"{role}-app", council, role, frozenset(ROLES[role]), limit_pence=10**9, **more)

    def supplier(self, supplier: Supplier) -> Caller:
        return self.who(supplier.council, "supplier", supplier_id=supplier.supplier_id)

    def rows(self, row: type[Row]) -> Iterator[dict[str, Any]]:
        """What is committed, as columns."""
        names = [column.name for column in row.kind.columns]
        stored = self.world.homes[row.__module__.split(".")[1]].database.rows(row.kind.name)
        return (dict(zip(names, values, strict=True)) for values in stored.values())

    def row(self, row: type[Row], column: str, value: Any) -> Any:
        return next((found for found in self.rows(row) if found[column] == value), None)

    def until(self, row: type[Row], column: str, value: Any, then: str = "", states: tuple[str, ...] = ()) -> Until:
        """Until there is such a row, in one of these states."""

        def seen() -> Any:
            found = self.row(row, column, value)
            if found is None or not then:
                return found
            return found[then] if found[then] in states else None

        return Until(seen, f"{row.kind.name} {value} {states}")


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


def _lines(one: Person, lines: int, revision: int = 1) -> tuple[PlanLine, ...]:
    return tuple(_line(one, number, revision) for number in range(lines))


def _line(one: Person, number: int, revision: int) -> PlanLine:
    """The second line's visits are in the afternoon."""
    slots = tuple(slot.model_copy(update={"starts": _starts(number)}) for slot in one.slots)
    minutes = sum(slot.minutes for slot in slots)
    return PlanLine(
        line_id=uuid5(PEOPLE, f"{one.name}/{number}/{revision}"),
        support=Support.HOME_CARE,
        kind_wanted=SupplierKind.PROVIDER,
        route=Route.COUNCIL_MANAGED,
        pattern=slots,
        weekly_minutes=minutes,
        hourly_pence=PRICE,
        weekly_pence=price_of(minutes, PRICE),
    )


def _starts(number: int) -> str:
    return ("09:00", "15:00")[number]


def _plan(one: Person, lines: int, revision: int = 1) -> plans.ProposePlan:
    made = _lines(one, lines, revision)
    return plans.ProposePlan(lines=made, weekly_pence=sum(line.weekly_pence for line in made), starts_on=STARTS)


def _planned_at(slot: Slot, number: int) -> datetime:
    return at(STARTS + timedelta(days=slot.weekday), int(_starts(number)[:2]))


def _visit(slot: Slot, number: int, outcome: Outcome) -> visits.RecordVisit:
    planned = _planned_at(slot, number)
    if outcome is Outcome.RECORDED:
        return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=planned, minutes=slot.minutes)
    started = planned if outcome is Outcome.FRUSTRATED else None
    return visits.RecordVisit(planned_at=planned, outcome=outcome, started_at=started, because="not_said")


def _claimed(one: Person, number: int) -> Iterator[claims.ClaimedLine]:
    """All that was planned, where more is claimed than was delivered; else what was."""
    for slot, outcome in zip(one.slots, one.outcomes[number * 3 :], strict=False):
        if one.overclaims or outcome is not Outcome.MISSED:
            pence = price_of(slot.minutes, PRICE)
            yield claims.ClaimedLine(planned_at=_planned_at(slot, number), minutes=slot.minutes, pence=pence)


def _concern(supplier: Supplier) -> concerns.RaiseConcern:
    return concerns.RaiseConcern(
        supplier_id=supplier.supplier_id,
        category=decisions.Category.NEGLECT,
        location=decisions.Location.OWN_HOME,
        source_of_risk=decisions.SourceOfRisk.SERVICE_PROVIDER,
        what="Synthetic: nobody came.",
    )
